"""Looks up what the sender's domain publishes: whether it exists, and who may send for it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from newsletter.checking.instruments import CheckResult
from newsletter.checking.online.dkim import parse_tags, read_keys
from newsletter.checking.online.dmarc import dmarc_faults, find_policy, organization
from newsletter.checking.online.resolver import Fault, Resolver
from newsletter.checking.online.spf import spf_faults, spf_records
from newsletter.checking.online_rules import (
    ALIGNMENT,
    BIMI,
    DKIM_KEY,
    DMARC,
    FROM_DOMAIN_RESOLVES,
    REPLY_TO_RESOLVES,
    SPF,
)
from newsletter.language import Wording, reason_of_network, say
from newsletter.model import Rule, Severity
from newsletter.net import NameServiceError


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Whom an issue comes from, and where that is configured."""

    sender: str  # address in ASCII
    reply_to: str
    path: str  # the file that names the sender
    line: int | None  # of the sender in that file
    selectors: tuple[str, ...] = ()  # selectors of the keys that sign the mail
    bounce_domain: str = ""  # where bounces go (envelope sender); empty if unknown


class _SkipError(Exception):
    """A rule cannot be checked."""

    def __init__(self, reason: Wording) -> None:
        super().__init__(reason)
        self.reason = reason


Look = Callable[[str, Origin, Resolver], list[Fault]]


def check_dns_online(origin: Origin, resolver: Resolver) -> Iterator[CheckResult]:
    """Look up the domains of the sender and of the address for answers."""
    own, answers = _domain(origin.sender), _domain(origin.reply_to or origin.sender)
    looks: tuple[tuple[Rule, str, Look], ...] = (
        (FROM_DOMAIN_RESOLVES, own, _takes_mail),
        (REPLY_TO_RESOLVES, answers, _takes_mail),
        (SPF, origin.bounce_domain or own, _spf),
        (DKIM_KEY, own, _dkim),
        (DMARC, own, _dmarc),
        (ALIGNMENT, own, _alignment),
        (BIMI, own, _bimi),
    )
    is_found = False
    for rule, domain, look in looks:
        try:
            if rule is REPLY_TO_RESOLVES and answers == own and is_found:
                raise _SkipError(say("it is the domain of the sender, where this is reported"))
            faults = look(domain, origin, resolver)
        except (NameServiceError, _SkipError) as err:
            yield rule.skipped(reason_of_network(err.reason))
            continue
        for fault in faults:
            is_found = True
            yield rule.finding(
                fault.severity,
                "{domain} {fault}",
                fault.hint,
                line=origin.line,
                domain=domain,
                fault=fault.message,
            ).in_file(origin.path)


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower().rstrip(".")


def _takes_mail(domain: str, _origin: Origin, ask: Resolver) -> list[Fault]:
    if not ask.exists(domain):
        hint = say("mend its spelling, or ask whoever runs the domain")
        return [Fault(Severity.ERROR, say("does not exist"), hint)]
    servers = ask.mx(domain)
    if servers == [""]:
        hint = say("use an address that can be answered")
        return [Fault(Severity.ERROR, say("says that it takes no mail (null MX)"), hint)]
    if not servers:  # then its own address counts (RFC 5321, section 5.1)
        if ask.addresses(domain):
            return []
        message = say("takes no mail: it has no MX and no address")
        return [Fault(Severity.ERROR, message, say("add an MX"))]
    if not any(ask.addresses(server) for server in servers if server):
        message = say("takes no mail: {server} has no address", server=servers[0])
        return [Fault(Severity.ERROR, message, say("mend its MX records"))]
    return []


def _spf(domain: str, origin: Origin, ask: Resolver) -> list[Fault]:
    if not origin.bounce_domain and not spf_records(domain, ask):
        reason = say(
            "{domain} has no SPF record, and [check] bounce_domain does not say where bounces go",
            domain=domain,
        )
        raise _SkipError(reason)
    return spf_faults(domain, ask)


def _dkim(domain: str, origin: Origin, ask: Resolver) -> list[Fault]:
    if not origin.selectors:
        raise _SkipError(say("[check] dkim_selectors names no key; your provider shows its name"))
    keys = read_keys(domain, origin.selectors, ask)
    return [fault for key in keys for fault in key.faults]


def _dmarc(domain: str, _origin: Origin, ask: Resolver) -> list[Fault]:
    return dmarc_faults(domain, ask)


def _alignment(domain: str, origin: Origin, ask: Resolver) -> list[Fault]:
    if not origin.selectors and not origin.bounce_domain:
        reason = say(
            "neither [check] dkim_selectors nor bounce_domain is set; "
            "“Show original” of a test in Gmail tells"
        )
        raise _SkipError(reason)
    signs = any(key.kind for key in read_keys(domain, origin.selectors, ask))
    if signs:
        return []
    bounces, hint = origin.bounce_domain, say("set up DKIM for it at your provider")
    if not bounces or organization(bounces, ask) != organization(domain, ask):
        message = say("neither signs the mail nor receives its bounces, so DMARC cannot pass")
        return [Fault(Severity.ERROR, message, hint)]
    if not origin.selectors:
        raise _SkipError(say("bounces fit; [check] dkim_selectors does not say whether DKIM does"))
    message = say("passes DMARC by SPF alone, which forwarding breaks")
    return [Fault(Severity.WARNING, message, hint)]


def _bimi(domain: str, _origin: Origin, ask: Resolver) -> list[Fault]:
    records = [
        parse_tags(text)
        for text in ask.txt(f"default._bimi.{domain}")
        if text.lower().startswith("v=bimi1")
    ]
    if not records:
        return []
    policy = find_policy(domain, ask)
    faults = []
    if policy is None or policy.tags.get("p") not in ("quarantine", "reject"):
        message = say("has a BIMI logo, but no DMARC policy under which inboxes show it")
        faults.append(Fault(Severity.NOTE, message, say("it needs p=quarantine or p=reject")))
    logo = records[0].get("l", "")
    if logo and not (logo.startswith("https://") and logo.partition("?")[0].endswith(".svg")):
        message = say(
            "has a BIMI logo at “{address}”, which is not an https address of an SVG", address=logo
        )
        faults.append(Fault(Severity.NOTE, message, say("publish it as SVG Tiny PS")))
    return faults
