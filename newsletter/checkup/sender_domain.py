"""Examines what the DNS says of the sender's domain: whether it takes mail, SPF, DKIM, DMARC."""

from collections.abc import Iterator

from newsletter.addresses import mailbox_of
from newsletter.checking.online.dkim import read_keys
from newsletter.checking.online.dns import Origin, check_dns_online
from newsletter.checkup.diagnoses import Diagnosis, Health, good, skipped
from newsletter.language import say, say_list
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
_TOLD = {"spf": "SPF", "dkim-key": "DKIM", "dmarc": "DMARC"}
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
    sender, provider = mailbox_of(settings.newsletter.from_)[1], settings.provider.name
    domain = sender.rpartition("@")[2]
    selectors = tuple(settings.check.dkim_selectors)
    try:
        usual = () if selectors else _USUAL.get(provider, ())
        selectors += tuple(s for s in usual if read_keys(domain, (s,), resolver)[0].kind)
    except NameServiceError:
        pass  # what cannot be asked is told below
    origin = Origin(
        sender=sender,
        reply_to=reply_to_of(settings),
        path=FILE,
        line=None,
        selectors=selectors,
        # A mail server gets the sender's own address for bounces; other providers use theirs.
        bounce_domain=settings.check.bounce_domain or (domain if provider == "smtp" else ""),
    )
    said = list(check_dns_online(origin, resolver))
    found = [result for result in said if isinstance(result, Finding)]
    for finding in found:
        yield Diagnosis(
            part="domain",
            health=_HEALTHS[finding.severity],
            message=say_list((finding.message,)),
            cure=finding.hint,
        )
    unknown = [one for one in said if not isinstance(one, Finding) and one.id in _TOLD]
    for one in unknown:
        yield skipped("domain", say("{what}: {reason}", what=_TOLD[one.id], reason=one.reason))
    proven = [name for id, name in _TOLD.items() if id not in {one.id for one in said}]
    if proven:
        names = say_list(proven)
        yield good("domain", say("in order at {domain}: {names}", names=names, domain=domain))
