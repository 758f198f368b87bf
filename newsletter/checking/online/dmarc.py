"""Finds the DMARC record that applies to a domain by walking up its name (RFC 9989)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.checking.online.dkim import parse_tags
from newsletter.checking.online.resolver import Fault, Resolver
from newsletter.language import say
from newsletter.model import Severity

_POLICIES = ("none", "quarantine", "reject")  # each stricter than the one before
_GONE = ("pct", "rf", "ri")  # RFC 9989, appendix C: no longer used
_MOST_LABELS = 7  # the number of labels to continue with from a longer name; section 4.10


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The record that applies to a domain."""

    domain: str  # where it was found
    tags: dict[str, str]


def find_policy(domain: str, resolver: Resolver) -> Policy | None:
    """Return the record of a domain, or else of its organization (section 4.10.1)."""
    own = _record(domain, resolver)
    if own:
        return own
    found = list(_walk(domain, resolver))
    return found[-1] if found else None


def organization(domain: str, resolver: Resolver) -> str:
    """Return the domain whose names belong to the same organization (section 4.10.2)."""
    found = list(_walk(domain, resolver))
    if not found:
        return domain
    last = found[-1]
    if last.tags.get("psd") == "y" and last.domain != domain:
        keep = last.domain.count(".") + 2
        return ".".join(domain.split(".")[-keep:])
    return last.domain


def dmarc_faults(domain: str, resolver: Resolver) -> list[Fault]:
    """Return what is wrong with the DMARC record that applies to a domain."""
    faults = []
    if len(_records(domain, resolver)) > 1:
        hint = say("leave one; receivers ignore them all")
        faults.append(Fault(Severity.ERROR, say("has more than one DMARC record"), hint))
    policy = find_policy(domain, resolver)
    if policy is None:
        hint = say(
            "add a TXT record at {name}, such as “v=DMARC1; p=none; rua=mailto:...”",
            name=f"_dmarc.{domain}",
        )
        return faults or [Fault(Severity.ERROR, say("has no DMARC record"), hint)]
    return [*faults, *_of_policy(policy), *_of_reports(policy, resolver)]


def _walk(domain: str, resolver: Resolver) -> Iterator[Policy]:
    """Yield the records on the way up, in at most eight steps, until one says it is the top."""
    for name in names_above(domain):
        found = _record(name, resolver)
        if found:
            yield found
            if found.tags.get("psd") in ("n", "y"):
                return


def names_above(domain: str) -> list[str]:
    """Return a domain and the names a receiver queries after it, the shortest last."""
    labels = domain.split(".")
    above = labels[1:][-_MOST_LABELS:]
    return [domain, *(".".join(above[at:]) for at in range(len(above)))]


def _records(domain: str, resolver: Resolver) -> list[str]:
    texts = resolver.txt(f"_dmarc.{domain}")
    return [text for text in texts if re.match(r"\s*v\s*=\s*DMARC1\s*(;|$)", text)]


def _record(domain: str, resolver: Resolver) -> Policy | None:
    records = _records(domain, resolver)
    if len(records) != 1:
        return None
    tags = {name: value.lower() for name, value in parse_tags(records[0]).items()}
    return Policy(domain=domain, tags=tags)


def _of_policy(policy: Policy) -> Iterator[Fault]:
    tags = policy.tags
    wanted = tags.get("p", "")
    if wanted not in _POLICIES:
        message = say("has a DMARC record with no p=")
        if wanted:
            message = say("has a DMARC record with p={policy}", policy=wanted)
        weight = Severity.WARNING if "rua" in tags else Severity.ERROR
        yield Fault(weight, message, say("write p=none, p=quarantine or p=reject"))
    elif wanted == "none" and "rua" not in tags:
        message = say("has p=none in its DMARC record and asks for no reports, so nothing follows")
        yield Fault(Severity.WARNING, message, say("add rua=mailto:..., read, then p=quarantine"))
    weaker = _POLICIES[: _POLICIES.index(wanted)] if wanted in _POLICIES else ()
    for tag in ("sp", "np"):
        if tags.get(tag) in weaker:
            message = say(
                "has {tag}={value} in its DMARC record, weaker than p={policy}",
                tag=tag,
                value=tags[tag],
                policy=wanted,
            )
            yield Fault(Severity.WARNING, message, say("leave {tag} out", tag=tag))
    gone = [tag for tag in _GONE if tag in tags]
    if gone:
        message = say(
            "has {tags} in its DMARC record, which is no longer read", tags=", ".join(gone)
        )
        yield Fault(Severity.WARNING, message, say("leave it out; for a trial there is t=y"))
    if tags.get("t") == "y" and wanted in _POLICIES[1:]:
        message = say("calls its DMARC policy a trial (t=y), so receivers apply a milder one")
        yield Fault(Severity.NOTE, message, say("remove t=y when the reports are clean"))


def _of_reports(policy: Policy, resolver: Resolver) -> Iterator[Fault]:
    for uri in policy.tags.get("rua", "").split(","):
        target = uri.strip().partition("!")[0]
        if not target:
            continue
        host = target.rpartition("@")[2].partition("?")[0]
        if not re.fullmatch(r"mailto:[^@\s]+@[\w.-]+(\?.*)?", target):
            message = say(
                "asks for DMARC reports at “{target}”, which is not a mailto: address",
                target=target,
            )
            yield Fault(Severity.WARNING, message, say("write rua=mailto:name@example.org"))
        elif not _takes_reports(policy.domain, host, resolver):
            message = say(
                "has its DMARC reports sent to {host}, which has not agreed to it", host=host
            )
            name = f"{policy.domain}._report._dmarc.{host}"
            hint = say("it needs a TXT record “v=DMARC1” at {name}", name=name)
            yield Fault(Severity.WARNING, message, hint)


def _takes_reports(domain: str, host: str, resolver: Resolver) -> bool:
    """Return whether another organization has agreed to receive reports (RFC 9990)."""
    if organization(domain, resolver) == organization(host, resolver):
        return True
    texts = resolver.txt(f"{domain}._report._dmarc.{host}")
    return any(text.strip().startswith("v=DMARC1") for text in texts)
