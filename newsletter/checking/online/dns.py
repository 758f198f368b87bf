"""Looks up what the sender's domain publishes: whether it exists, and who may send for it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from newsletter.checking.online.dkim import parse_tags, read_keys
from newsletter.checking.online.dmarc import dmarc_faults, find_policy, organization
from newsletter.checking.online.resolver import Fault, Resolver
from newsletter.checking.online.rules import (
    ALIGNMENT,
    BIMI,
    DKIM_KEY,
    DMARC,
    FROM_DOMAIN_RESOLVES,
    REPLY_TO_RESOLVES,
    SPF,
)
from newsletter.checking.online.spf import spf_faults, spf_records
from newsletter.language import say
from newsletter.model import Finding, Rule, Severity
from newsletter.net import NameServiceError


@dataclass(frozen=True, slots=True, kw_only=True)
class DnsOptions:
    """What is known about the sender's domain, and where it is configured."""

    path: str  # the file that names the sender
    line: int | None  # of the sender in that file
    resolver: Resolver
    selectors: tuple[str, ...] = ()  # selectors of the keys that sign the mail
    bounce_domain: str = ""  # where bounces go (envelope sender); empty if unknown


class _SkipError(Exception):
    """A rule cannot be checked."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


Look = Callable[[str, DnsOptions], list[Fault]]


def check_dns_online(
    sender: str, reply_to: str, *, options: DnsOptions
) -> tuple[list[Finding], list[tuple[str, str]]]:
    """Look up the domains of two addresses; return findings, and unchecked rules with reasons."""
    own, answers = _domain(sender), _domain(reply_to or sender)
    looks: tuple[tuple[Rule, str, Look], ...] = (
        (FROM_DOMAIN_RESOLVES, own, _takes_mail),
        (REPLY_TO_RESOLVES, answers, _takes_mail),
        (SPF, options.bounce_domain or own, _spf),
        (DKIM_KEY, own, _dkim),
        (DMARC, own, _dmarc),
        (ALIGNMENT, own, _alignment),
        (BIMI, own, _bimi),
    )
    findings: list[Finding] = []
    skipped: list[tuple[str, str]] = []
    for rule, domain, look in looks:
        try:
            if rule is REPLY_TO_RESOLVES and answers == own and findings:
                raise _SkipError(say("it is the domain of the sender, where this is reported"))
            faults = look(domain, options)
        except (NameServiceError, _SkipError) as err:
            skipped.append((rule.id, err.reason))
        else:
            findings += _findings(rule, domain, faults, options)
    return findings, skipped


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower().rstrip(".")


def _findings(
    rule: Rule, domain: str, faults: list[Fault], options: DnsOptions
) -> Iterator[Finding]:
    for fault in faults:
        message = say("{domain} {fault}", domain=domain, fault=fault.message)
        yield rule.finding(
            options.path, fault.severity, message, hint=fault.hint, line=options.line
        )


def _takes_mail(domain: str, options: DnsOptions) -> list[Fault]:
    ask = options.resolver
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


def _spf(domain: str, options: DnsOptions) -> list[Fault]:
    if not options.bounce_domain and not spf_records(domain, options.resolver):
        reason = say(
            "{domain} has no SPF record, and [check] bounce_domain does not say where bounces go",
            domain=domain,
        )
        raise _SkipError(reason)
    return spf_faults(domain, options.resolver)


def _dkim(domain: str, options: DnsOptions) -> list[Fault]:
    if not options.selectors:
        raise _SkipError(say("[check] dkim_selectors names no key; your provider shows its name"))
    keys = read_keys(domain, options.selectors, options.resolver)
    return [fault for key in keys for fault in key.faults]


def _dmarc(domain: str, options: DnsOptions) -> list[Fault]:
    return dmarc_faults(domain, options.resolver)


def _alignment(domain: str, options: DnsOptions) -> list[Fault]:
    if not options.selectors and not options.bounce_domain:
        reason = say(
            "neither [check] dkim_selectors nor bounce_domain is set; "
            "“Show original” of a test in Gmail tells"
        )
        raise _SkipError(reason)
    ask = options.resolver
    signs = any(key.kind for key in read_keys(domain, options.selectors, ask))
    if signs:
        return []
    bounces, hint = options.bounce_domain, say("set up DKIM for it at your provider")
    if not bounces or organization(bounces, ask) != organization(domain, ask):
        message = say("neither signs the mail nor receives its bounces, so DMARC cannot pass")
        return [Fault(Severity.ERROR, message, hint)]
    if not options.selectors:
        raise _SkipError(say("bounces fit; [check] dkim_selectors does not say whether DKIM does"))
    message = say("passes DMARC by SPF alone, which forwarding breaks")
    return [Fault(Severity.WARNING, message, hint)]


def _bimi(domain: str, options: DnsOptions) -> list[Fault]:
    records = [
        parse_tags(text)
        for text in options.resolver.txt(f"default._bimi.{domain}")
        if text.lower().startswith("v=bimi1")
    ]
    if not records:
        return []
    policy = find_policy(domain, options.resolver)
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
