"""The rules by which people are told from machines: the first one that fits decides."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from newsletter.judging.address_ranges import AddressRanges
from newsletter.judging.asked_for import Asked
from newsletter.model import HitKind, Visitor


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Who asked, and why that is thought."""

    visitor: Visitor
    reason: str
    rules: str  # version
    # It fetches whether the mail is read or not, and a reader behind it is not seen.
    hides: bool = False


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
    is_flagged: bool | None = None
    is_prefetch: bool | None = None
    is_navigation: bool | None = None
    is_burst: bool | None = None

    def fits(self, asked: Asked) -> bool:
        """Return whether all conditions are met."""
        return (
            self.kind in (None, asked.kind)
            and self.method in (None, asked.method)
            and self.is_prefetch in (None, asked.is_prefetch)
            and self.is_navigation in (None, asked.is_navigation)
            and self.is_burst in (None, asked.is_burst)
            and self.is_flagged in (None, asked.is_flagged)
            and self._is_sudden(asked.seconds)
            and self._is_named(asked.agent)
            and (self.networks is None or asked.network in self.networks)
        )

    def _is_sudden(self, seconds: float | None) -> bool:
        return self.within is None or (seconds is not None and seconds <= self.within)

    def _is_named(self, agent: str) -> bool:
        if self.name is not None:
            return agent == self.name
        if not (self.words or self.begins):
            return True
        return any(word in agent for word in self.words) or agent.startswith(self.begins)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """The rules of a day."""

    version: str
    burst_links: int
    burst_seconds: float
    rules: tuple[Rule, ...]
    networks: Mapping[str, AddressRanges] = field(default_factory=dict)  # by their names

    def judge(self, asked: Asked) -> Judgement:
        """Return what the first rule says that fits."""
        for rule in self.rules:
            if rule.fits(asked):
                return Judgement(
                    visitor=rule.visitor, reason=rule.reason, rules=self.version, hides=rule.hides
                )
        return Judgement(visitor=Visitor.UNKNOWN, reason="no-rule", rules=self.version)


@cache
def shipped() -> Rulebook:
    """Return the rules that come with the program."""
    read = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    named = {name: AddressRanges(some) for name, some in read.get("networks", {}).items()}
    return Rulebook(
        version=read["version"],
        burst_links=read["burst"]["links"],
        burst_seconds=read["burst"]["seconds"],
        rules=tuple(_rule(written, named) for written in read["rules"]),
        networks=named,
    )


def _rule(written: dict[str, Any], named: Mapping[str, AddressRanges]) -> Rule:
    kind, network = written.get("kind"), written.get("network")
    return Rule(
        reason=written["reason"],
        visitor=Visitor(written["visitor"]),
        hides=written.get("hides", False),
        kind=HitKind(kind) if kind else None,
        method=written.get("method"),
        words=tuple(written.get("words", ())),
        begins=tuple(written.get("begins", ())),
        name=written.get("is"),
        networks=named[network] if network else None,
        within=written.get("within"),
        is_flagged=written.get("flagged"),
        is_prefetch=written.get("prefetch"),
        is_navigation=written.get("navigation"),
        is_burst=written.get("burst"),
    )
