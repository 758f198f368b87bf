"""Examines what the DNS says of the sender's domain: whether it takes mail, SPF, DKIM, DMARC."""

from collections.abc import Iterator
from contextlib import suppress

from newsletter.addresses import mailbox_of
from newsletter.checking.online import (
    DKIM_KEY,
    DMARC,
    SPF,
    Origin,
    Resolver,
    check_dns_online,
    read_keys,
)
from newsletter.checkup.diagnoses import Diagnosis, Health, broken, good, skipped
from newsletter.language import reason_of_network, say, say_list
from newsletter.lookout import open_ways
from newsletter.model import Finding, Severity
from newsletter.net import NameServiceError
from newsletter.press import reply_to_of
from newsletter.settings import FILE, Settings

_HEALTHS = {
    Severity.ERROR: Health.BROKEN,
    Severity.WARNING: Health.DOUBTFUL,
    Severity.NOTE: Health.GOOD,
}
# The rules whose silence is told: without them nothing is proven.
_TOLD = {SPF.id: "SPF", DKIM_KEY.id: "DKIM", DMARC.id: "DMARC"}
# The names that providers usually give their keys; one that is published is looked at.
_USUAL = {
    "brevo": ("brevo1", "brevo2", "mail"),
    "mailgun": ("k1", "mx", "mta", "pic", "smtp"),
    "mailjet": ("mailjet",),
    "postmark": ("pm",),
    "resend": ("resend",),
    "sendgrid": ("s1", "s2"),
}


def look_at_domain(settings: Settings) -> Iterator[Diagnosis]:
    """Ask the DNS, and nobody else."""
    resolver, _ = open_ways(settings)
    sender = mailbox_of(settings.newsletter.from_)[1]
    domain = sender.rpartition("@")[2]
    try:
        if not resolver.exists(domain):
            told = say("{domain} does not exist", domain=domain)
            yield broken("domain", told, say("mend its spelling, or ask whoever runs the domain"))
            return
    except NameServiceError as err:
        yield skipped("domain", reason_of_network(err.reason))
        return
    said = list(check_dns_online(_origin(settings, sender, resolver), resolver))
    for result in said:
        if isinstance(result, Finding):
            health, told = _HEALTHS[result.severity], say_list((result.message,))
            yield Diagnosis(part="domain", health=health, message=told, cure=result.hint)
        elif result.id in _TOLD:
            what = _TOLD[result.id]
            yield skipped("domain", say("{what}: {reason}", what=what, reason=result.reason))
    proven = [name for id, name in _TOLD.items() if id not in {one.id for one in said}]
    if proven:
        names = say_list(proven)
        yield good("domain", say("in order at {domain}: {names}", names=names, domain=domain))


def _origin(settings: Settings, sender: str, resolver: Resolver) -> Origin:
    """Return whom mail comes from, with the keys that sign it as far as they are known."""
    provider, domain = settings.provider.name, sender.rpartition("@")[2]
    # A mail server gets an address of ours for bounces; other providers use theirs.
    returns = settings.mailbox.return_to or sender
    own = returns.rpartition("@")[2] if provider == "smtp" else ""
    selectors = tuple(settings.check.dkim_selectors)
    if not selectors:
        with suppress(NameServiceError):  # what cannot be asked is told all the same
            usual = _USUAL.get(provider, ())
            selectors = tuple(s for s in usual if read_keys(domain, (s,), resolver)[0].kind)
    return Origin(
        sender=sender,
        reply_to=reply_to_of(settings),
        path=FILE,
        line=None,
        selectors=selectors,
        bounce_domain=settings.check.bounce_domain or own,
    )
