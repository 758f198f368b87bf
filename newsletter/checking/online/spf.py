"""Evaluates an SPF record as a receiver does, and reports what would make it give up (RFC 7208)."""

import ipaddress
import re

from newsletter.checking.online.resolver import Fault, Resolver
from newsletter.language import say
from newsletter.model import Severity

_MOST_LOOKUPS = 10  # section 4.6.4
_MOST_VOIDS = 2  # lookups without an answer; section 4.6.4
_MOST_SERVERS = 10  # of one mx; section 4.6.4
_MECHANISMS = frozenset({"all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"})
_TERM = re.compile(
    r"(?P<sign>[-+~?]?)(?P<name>[a-z][\w.-]*)(?:(?P<mark>[:=/])(?P<value>.*))?", re.I
)


def spf_records(domain: str, resolver: Resolver) -> list[str]:
    """Return the SPF records of a domain; there should be exactly one."""
    return [text for text in resolver.txt(domain) if re.match(r"v=spf1( |$)", text, re.I)]


def spf_faults(domain: str, resolver: Resolver) -> list[Fault]:
    """Return what is wrong with the SPF record of a domain, including all that it refers to."""
    records = spf_records(domain, resolver)
    if not records:
        hint = say("add a TXT record such as “v=spf1 include:... ~all”; your provider says which")
        return [Fault(Severity.ERROR, say("has no SPF record"), hint)]
    if len(records) > 1:
        hint = say("join them into one; with several, receivers use none")
        return [Fault(Severity.ERROR, say("has {count} SPF records", count=len(records)), hint)]
    walk = _Walk(resolver)
    end = walk.through(domain, records[0], ())
    return list(dict.fromkeys([*walk.faults, *walk.sums(), *_faults_of_end(end)]))


def _faults_of_end(end: str) -> list[Fault]:
    hint = say("end it with ~all or -all")
    if end == "+all":
        message = say("lets the whole internet send in its name (+all)")
        return [Fault(Severity.ERROR, message, hint)]
    if end == "?all":
        return [Fault(Severity.WARNING, say("says nothing about other senders (?all)"), hint)]
    if not end:
        return [Fault(Severity.WARNING, say("has an SPF record without end"), hint)]
    return []


class _Walk:
    """What is counted on the way through a record and those it includes."""

    def __init__(self, resolver: Resolver) -> None:
        self.faults: list[Fault] = []
        self._resolver = resolver
        self._lookups = 0
        self._voids = 0

    def through(self, domain: str, record: str, above: tuple[str, ...]) -> str:
        """Walk through a record; return its last mechanism, such as "~all", or "" without one."""
        redirect = ""
        for term in record.split()[1:]:
            match = _TERM.fullmatch(term)
            name = match["name"].lower() if match else ""
            if match and match["mark"] == "=" and not match["sign"]:
                redirect = match["value"] if name == "redirect" else redirect
            elif not match or name not in _MECHANISMS or match["mark"] == "=":
                message = say(
                    "has “{term}” in its SPF record, which receivers do not know", term=term
                )
                self._wrong(message)
            elif name == "all":
                return f"{match['sign'] or '+'}all"  # what follows is never read
            else:
                self._mechanism(name, match["mark"] or "", match["value"] or "", domain, above)
        return self._into(redirect, "redirect", (*above, domain)) if redirect else ""

    def sums(self) -> list[Fault]:
        """Return the limits that were exceeded."""
        faults = []
        if self._lookups > _MOST_LOOKUPS:
            message = say(
                "needs more than {limit} look-ups for SPF; receivers give up there",
                limit=_MOST_LOOKUPS,
            )
            hint = say("remove an include: that no longer sends for you")
            faults.append(Fault(Severity.ERROR, message, hint))
        if self._voids > _MOST_VOIDS:
            message = say(
                "names {count} hosts without an address in SPF; more than two are too many",
                count=self._voids,
            )
            faults.append(Fault(Severity.ERROR, message, say("remove those that are gone")))
        return faults

    def _mechanism(
        self, name: str, mark: str, value: str, domain: str, above: tuple[str, ...]
    ) -> None:
        if name in ("ip4", "ip6"):
            if not _is_network(value, version=int(name[2])) or mark != ":":
                message = say(
                    "has {kind}:{value} in its SPF record, which is not a valid address",
                    kind=name,
                    value=value,
                )
                self._wrong(message)
        elif name == "include":
            self._into(value, "include", (*above, domain))
        else:
            target = value.partition("/")[0] if mark == ":" else domain
            self._look(name, target or domain)

    def _look(self, name: str, target: str) -> None:
        self._lookups += 1
        if name == "ptr":
            message = say("uses ptr in its SPF record, which many receivers ignore")
            self.faults.append(Fault(Severity.WARNING, message, say("name the servers instead")))
        elif "%" in target or self._lookups > _MOST_LOOKUPS:
            return  # only known once there is a mail
        elif name == "mx":
            servers = self._resolver.mx(target)
            self._voids += not servers
            if len(servers) > _MOST_SERVERS:
                message = say(
                    "has mx in its SPF record, and {domain} has {count} servers",
                    domain=target,
                    count=len(servers),
                )
                self._wrong(message)
        else:
            self._voids += not self._resolver.addresses(target)

    def _into(self, target: str, word: str, above: tuple[str, ...]) -> str:
        self._lookups += 1
        if "%" in target or self._lookups > _MOST_LOOKUPS:
            return "~all"  # unknown, or beyond the limit anyway
        if target.lower() in above:
            message = say(
                "has an SPF record that comes back to itself by {word} {domain}",
                word=word,
                domain=target,
            )
            self._wrong(message)
            return ""
        records = spf_records(target, self._resolver) if target else []
        if len(records) != 1:
            self._voids += not self._resolver.txt(target) if target else 0
            self._wrong(_refers_to(target, len(records)))
            return "~all"
        return self.through(target.lower(), records[0], above)

    def _wrong(self, message: str) -> None:
        hint = say("receivers ignore the whole record")
        self.faults.append(Fault(Severity.ERROR, message, hint))


def _refers_to(domain: str, count: int) -> str:
    """Report that a record refers to a domain that has no record, or several."""
    if not count:
        return say("refers to “{domain}” for SPF, which has no SPF record", domain=domain)
    return say(
        "refers to “{domain}” for SPF, which has {count} SPF records", domain=domain, count=count
    )


def _is_network(text: str, *, version: int) -> bool:
    try:
        return ipaddress.ip_network(text, strict=False).version == version
    except ValueError:
        return False
