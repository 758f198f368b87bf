"""What `newsletter check --online` asks the network, and what it is told about the issue."""

import datetime as dt
import secrets
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.utils import parseaddr
from functools import partial

from newsletter.addresses import mail_address
from newsletter.checking import Draft, Report, Skipped, join_reports, make_report
from newsletter.checking.instruments.anchors import anchors_of
from newsletter.checking.online.dead_links import LinkOptions, check_links_online, user_agent
from newsletter.checking.online.dns import DnsOptions, check_dns_online
from newsletter.checking.online.leaving import check_leaving_online
from newsletter.checking.online.resolver import Resolver
from newsletter.checking.online.rules import DNS_RULES, LEAVING_RULES, LINK_RULES
from newsletter.checking.online.visits import Pace
from newsletter.checking.report import Said
from newsletter.cli.common import say
from newsletter.files import read_words
from newsletter.gateway import provider_class
from newsletter.links import UnsubscribeLinks
from newsletter.model import Finding, Image, Issue, walk
from newsletter.model.rules import Rule
from newsletter.net.client import Network, trusted_roots
from newsletter.net.internet import is_internal
from newsletter.net.lookup import NoSuchHostError, system_addresses
from newsletter.press import Manuscript, reply_to_of
from newsletter.reviewing import silence_of
from newsletter.settings import FILE, Settings, find_secret, line_of_setting
from newsletter.settings.places import parse_nameserver

Outcome = tuple[list[Finding], list[tuple[str, str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookout:
    """How the network is asked during one run."""

    settings: Settings
    resolver: Resolver
    network: Network
    now: dt.datetime  # UTC


def open_lookout(settings: Settings, now: dt.datetime) -> Lookout:
    """Prepare to ask as the settings say."""
    table = settings.check
    server = parse_nameserver(table.nameserver) if table.nameserver else None
    resolver = Resolver(server)
    network = Network(
        find_addresses=resolver.find_addresses if server else partial(_find, resolver),
        context=trusted_roots(),
        is_forbidden=_nothing if table.allow_internal else is_internal,
    )
    return Lookout(settings=settings, resolver=resolver, network=network, now=now)


def look_online(lookout: Lookout, manuscript: Manuscript) -> Report:
    """Ask the network about an issue in all its languages; say on stderr what goes on."""
    silence = silence_of(lookout.settings)
    senders = _senders(lookout.settings, manuscript)
    parts: list[tuple[tuple[Rule, ...], Iterator[Outcome]]] = [
        (LINK_RULES, (_links(lookout, issue) for issue in manuscript.issues.values())),
        (LEAVING_RULES, iter([_leaving(lookout)])),
        (DNS_RULES, (_dns(lookout, *sender) for sender in senders)),
    ]
    return join_reports(
        make_report(_said(outcome), rules, silence=silence)
        for rules, outcomes in parts
        for outcome in outcomes
    )


def _said(outcome: Outcome) -> Iterable[Said]:
    findings, skipped = outcome
    return [*findings, *(Skipped(id=id, reason=reason) for id, reason in skipped)]


def _nothing(_address: str) -> bool:
    return False


def _find(resolver: Resolver, host: str) -> list[str]:
    try:
        return system_addresses(host)
    except NoSuchHostError:
        # Some systems say so of every host while there is no network. Only a name server knows.
        resolver.exists(host)
        raise


# --- links --------------------------------------------------------------------------------


def _links(lookout: Lookout, issue: Issue) -> Outcome:
    settings = lookout.settings
    options = LinkOptions(
        path=issue.path,
        contact=reply_to_of(settings),
        now=lookout.now,
        network=lookout.network,
        public_url=settings.newsletter.public_url or "",
        marker_key=issue.marker_key,
        cache=settings.root / ".newsletter" / "links.json",
        pace=Pace(progress=_tell),
    )
    outcome = check_links_online(list(_links_of(settings, issue)), options=options)
    _tell_no_more()
    return outcome


def _links_of(settings: Settings, issue: Issue) -> Iterator[tuple[str, int]]:
    source = read_words(settings.root / issue.path)
    draft = Draft(issue=issue, editions=(), sender="", unsubscribe="", source=source)
    pictures = [(b.source, b.line) for b in walk(issue.blocks) if isinstance(b, Image)]
    yield from ((anchor.url, anchor.line) for anchor in anchors_of(draft))
    yield from ((url, draft.line_with(url, line)) for url, line in pictures)


def _tell(done: int, count: int) -> None:
    if sys.stderr.isatty():
        say(f"\rFollowing links: {done} of {count} ", nl=False)
    elif not done:
        say(f"Following {count} links ...")


def _tell_no_more() -> None:
    if sys.stderr.isatty():
        say("\r\x1b[K", nl=False)  # clears the line


# --- the way out --------------------------------------------------------------------------


def _leaving(lookout: Lookout) -> Outcome:
    settings = lookout.settings
    public_url, provider = settings.newsletter.public_url, provider_class(settings)
    if not public_url:
        return _skip("no public_url: readers leave by mail")
    if not provider.capabilities.own_unsubscribe:
        return _skip(f"{provider.name} puts its own link to leave into the mail")
    secret = find_secret(settings.root, "NEWSLETTER_SECRET")
    if secret is None:
        return _skip("NEWSLETTER_SECRET is not set, so no link to leave can be made")
    nobody = secrets.token_urlsafe(16)
    return check_leaving_online(
        UnsubscribeLinks(public_url, secret.reveal()).to_leave(nobody),
        path=FILE,
        line=line_of_setting(settings, "newsletter", "public_url"),
        agent=user_agent(reply_to_of(settings)),
        network=lookout.network,
    )


def _skip(reason: str) -> Outcome:
    return [], [(rule.id, reason) for rule in LEAVING_RULES]


# --- the sender's domain ------------------------------------------------------------------

_Sender = tuple[str, str, str, int | None]  # From, Reply-To, and where From is named


def _senders(settings: Settings, manuscript: Manuscript) -> list[_Sender]:
    """Return each pair of From and Reply-To the issue goes out with, once."""
    named = line_of_setting(settings, "newsletter", "from")
    senders: dict[tuple[str, str], _Sender] = {}
    for issue in manuscript.issues.values():
        own = parseaddr(issue.sender or settings.newsletter.from_)[1]
        answers = parseaddr(issue.reply_to)[1] or reply_to_of(settings)
        place = (issue.path, issue.lines.get("from")) if issue.sender else (FILE, named)
        senders.setdefault((own, answers), (mail_address(own), mail_address(answers), *place))
    return list(senders.values())


def _dns(lookout: Lookout, sender: str, answers: str, path: str, line: int | None) -> Outcome:
    table = lookout.settings.check
    domain = sender.rpartition("@")[2]
    say(f"Asking the DNS about {domain} ...")
    # A mail server is handed the sender's own address for bounces; other providers use theirs.
    known = domain if lookout.settings.provider.name == "smtp" else ""
    options = DnsOptions(
        path=path,
        line=line,
        resolver=lookout.resolver,
        selectors=tuple(table.dkim_selectors),
        bounce_domain=table.bounce_domain or known,
    )
    return check_dns_online(sender, answers, options=options)
