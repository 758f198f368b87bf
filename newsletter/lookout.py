"""Settings and an issue's files -> what the network says about the issue."""

import datetime as dt
import secrets
from collections.abc import Iterator

from newsletter.checking import Draft, Report
from newsletter.checking.online import (
    Exit,
    Lookout,
    Origin,
    ProgressCallbacks,
    Resolver,
    inquire,
    open_network,
)
from newsletter.files import read_words
from newsletter.gateway import provider_class
from newsletter.language import say
from newsletter.links import UnsubscribeLinks
from newsletter.net import Network
from newsletter.press import Manuscript, reply_to_of, stationery_for
from newsletter.reviewing import silence_of
from newsletter.settings import FILE, Settings, find_secret, line_of_setting, parse_nameserver


def open_lookout(settings: Settings, callbacks: ProgressCallbacks, *, now: dt.datetime) -> Lookout:
    """Prepare queries according to the settings; what is already known is not asked again."""
    resolver, network = open_ways(settings)
    return Lookout(
        resolver=resolver,
        network=network,
        now=now,
        cache=settings.root / ".newsletter" / "links.json",
        contact=reply_to_of(settings),
        public_url=settings.newsletter.public_url or "",
        callbacks=callbacks,
    )


def open_ways(settings: Settings) -> tuple[Resolver, Network]:
    """Prepare to ask the DNS and web servers according to the settings."""
    table = settings.check
    return open_network(
        parse_nameserver(table.nameserver) if table.nameserver else None,
        allow_internal=table.allow_internal,
    )


def look_online(settings: Settings, lookout: Lookout, manuscript: Manuscript) -> Report:
    """Ask the network about an issue in all its languages."""
    return inquire(
        lookout,
        _drafts(settings, manuscript),
        way_out_of(settings),
        [_origin(settings, manuscript)],
        silence=silence_of(settings),
    )


def _drafts(settings: Settings, manuscript: Manuscript) -> Iterator[Draft]:
    for issue in manuscript.issues.values():
        source = read_words(settings.root / issue.path)
        yield Draft(issue=issue, editions=(), sender="", unsubscribe="", source=source)


def way_out_of(settings: Settings) -> Exit:
    """Return how readers unsubscribe by a link, or why there is none to be tried."""
    public_url, provider = settings.newsletter.public_url, provider_class(settings)
    secret = find_secret(settings.root, "NEWSLETTER_SECRET")
    url, why_not = "", None
    if not public_url:
        why_not = say("no public_url: readers leave by mail")
    elif settings.newsletter.is_here_alone and not (
        provider.capabilities.mails or settings.check.allow_internal
    ):
        why_not = say(
            "{url} is on this machine alone; that will do for a rehearsal", url=public_url
        )
    elif not provider.capabilities.own_unsubscribe:
        why_not = say(
            "{provider} puts its own unsubscribe link into the mail", provider=provider.name
        )
    elif secret is None:
        why_not = say("NEWSLETTER_SECRET is not set, so no unsubscribe link can be made")
    else:
        nobody = secrets.token_urlsafe(16)
        url = UnsubscribeLinks(public_url, secret.reveal()).link_for(nobody)
    line = line_of_setting(settings, "newsletter", "public_url") if url else None
    return Exit(path=FILE, line=line, url=url, why_not=why_not)


def _origin(settings: Settings, manuscript: Manuscript) -> Origin:
    """Return whom the issue comes from, and where replies go."""
    carried, lead = stationery_for(settings, manuscript), manuscript.lead
    sender = carried.sender[1]
    # A mail server gets the sender's own address for bounces; other providers use theirs.
    returns = settings.mailbox.return_to or sender
    own = returns.rpartition("@")[2] if settings.provider.name == "smtp" else ""
    named = line_of_setting(settings, "newsletter", "from")
    return Origin(
        sender=sender,
        reply_to=carried.reply_to,
        selectors=tuple(settings.check.dkim_selectors),
        bounce_domain=settings.check.bounce_domain or own,
        path=lead.path if lead.sender else FILE,
        line=lead.lines.get("from") if lead.sender else named,
    )
