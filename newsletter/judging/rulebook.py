"""The rules by which people are told from machines: the first one that fits decides."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from newsletter.judging.address_ranges import AddressRanges
from newsletter.judging.asked_for import Asked
from newsletter.judging.rule_files import RuleFile, RuleTable, shipped_file
from newsletter.model import HitKind, Judgement, Visitor


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What fits all its conditions is judged by it; one that is None is no condition."""

    reason: str
    visitor: Visitor
    hides: bool = False
    kind: HitKind | None = None
    method: str | None = None
    words: tuple[str, ...] = ()  # one of them is in the program's name
    begins: tuple[str, ...] = ()  # or it begins with one of these
    name: str | None = None  # the whole of it
    networks: AddressRanges | None = None  # that it comes from
    within: float | None = None  # seconds after the delivery was accepted
    after: float | None = None  # and more than so many
    is_flagged: bool | None = None
    is_prefetch: bool | None = None
    is_navigation: bool | None = None
    is_burst: bool | None = None

    def fits(self, asked: Asked) -> bool:
        """Return whether all conditions are met but that of the time."""
        return (
            (self.kind is None or self.kind is asked.kind)
            and (self.method is None or self.method == asked.method)
            and (self.is_prefetch is None or self.is_prefetch is asked.is_prefetch)
            and (self.is_navigation is None or self.is_navigation is asked.is_navigation)
            and (self.is_burst is None or self.is_burst is asked.is_burst)
            and (self.is_flagged is None or self.is_flagged is asked.is_flagged)
            and self._is_named(asked.agent)
            and (self.networks is None or asked.network in self.networks)
        )

    @property
    def is_timed(self) -> bool:
        """Return whether it goes by when somebody came."""
        return self.within is not None or self.after is not None

    def is_met(self, seconds: float) -> bool:
        """Return whether the condition on the time is met, so many seconds after the mail."""
        is_soon = self.within is None or seconds <= self.within
        return is_soon and (self.after is None or seconds > self.after)

    def _is_named(self, agent: str | None) -> bool:
        if self.name is None and not (self.words or self.begins):
            return True
        if agent is None:
            return False
        if self.name is not None:
            return agent == self.name
        if agent.startswith(self.begins):
            return True
        return any(map(agent.__contains__, self.words))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """The rules of a day."""

    version: str
    burst_links: int
    burst_seconds: float
    rules: tuple[Rule, ...]

    def judge(self, asked: Asked) -> Judgement:
        """Return what is thought of somebody, also for when it is known how soon they came."""
        timed: list[Rule] = []
        for rule in self.rules:
            if not rule.fits(asked):
                continue
            if not rule.is_timed:
                return self._judgement(rule, timed)
            timed.append(rule)
        return self._judgement(None, timed)

    def _judgement(self, rule: Rule | None, timed: Sequence[Rule] = ()) -> Judgement:
        judged = Judgement(
            visitor=rule.visitor if rule else Visitor.UNKNOWN,
            reason=rule.reason if rule else "no-rule",
            rules=self.version,
            hides=bool(rule and rule.hides),
        )
        if not timed:
            return judged
        ends = sorted({end for one in timed for end in (one.after, one.within) if end} | {math.inf})
        # Of each span the first decides whose condition is met at its end, and so all through it.
        first = ((end, next((one for one in timed if one.is_met(end)), None)) for end in ends)
        by_time = tuple((end, self._judgement(one) if one else judged) for end, one in first)
        return replace(judged, by_time=by_time)


def rulebook_of(file: RuleFile, *newer: RuleFile) -> Rulebook:
    """Return the rules of a file, with lists of networks, the newest last, instead of its own."""
    networks: dict[str, list[str]] = dict(file.networks)
    labels: dict[str, str] = {}
    for one in newer:
        known = {name: some for name, some in one.networks.items() if name in networks}
        networks |= known
        labels |= dict.fromkeys(known, one.label)
    return Rulebook(
        version=" + ".join((file.version, *sorted(set(labels.values())))),
        burst_links=file.burst.links,
        burst_seconds=file.burst.seconds,
        rules=tuple(_rule(written, networks) for written in file.rules),
    )


@cache
def shipped() -> Rulebook:
    """Return the rules that come with the program."""
    return rulebook_of(shipped_file())


def _rule(written: RuleTable, networks: Mapping[str, Sequence[str]]) -> Rule:
    own = [network for name in written.networks for network in networks[name]]
    return Rule(
        reason=written.reason,
        visitor=Visitor(written.visitor),
        hides=written.hides,
        kind=HitKind(written.kind) if written.kind else None,
        method=written.method,
        words=tuple(written.words),
        begins=tuple(written.begins),
        name=written.name,
        networks=AddressRanges(own) if own else None,
        within=written.within,
        after=written.after,
        is_flagged=written.flagged,
        is_prefetch=written.prefetch,
        is_navigation=written.navigation,
        is_burst=written.burst,
    )
