"""Tells people from machines by how they ask, and forgets at once who they were.

What a request tells of a person, its network and the name of its program, is looked at here and
kept nowhere: what goes on is a word, the code of a rule and the version of the rules.
"""

import time
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from newsletter.model import HitKind, Visitor

_LONGEST = 300  # letters of a program's name that are looked at
_MOST = 50_000  # followers of links that are remembered at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request, as far as it tells who asks; never kept."""

    kind: HitKind
    method: str
    agent: str = ""  # the name of its program, in small letters
    is_prefetch: bool = False
    is_navigation: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Who asked, and why that is thought."""

    visitor: Visitor
    reason: str
    rules: str  # version


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What fits all its conditions is judged by it."""

    reason: str
    visitor: Visitor
    kind: HitKind | None
    method: str
    words: tuple[str, ...]  # one of them is in the program's name
    begins: tuple[str, ...]  # or it begins with one of these
    name: str | None  # the whole of it
    is_prefetch: bool
    is_navigation: bool

    def fits(self, asked: Asked) -> bool:
        """Return whether a request meets all conditions."""
        return (
            self.kind in (None, asked.kind)
            and self.method in ("", asked.method)
            and (asked.is_prefetch or not self.is_prefetch)
            and (asked.is_navigation or not self.is_navigation)
            and self._is_named(asked.agent)
        )

    def _is_named(self, agent: str) -> bool:
        if self.name is not None:
            return agent == self.name
        if not (self.words or self.begins):
            return True
        return any(word in agent for word in self.words) or agent.startswith(self.begins)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The rules of a day."""

    version: str
    burst_links: int
    burst_seconds: float
    rules: tuple[Rule, ...]

    def judge(self, asked: Asked) -> Judgement:
        """Return what the first rule says that fits."""
        for rule in self.rules:
            if rule.fits(asked):
                return self._judgement(rule.visitor, rule.reason)
        return self._judgement(Visitor.UNKNOWN, "no-rule")

    def burst(self) -> Judgement:
        """Return what is thought of somebody who follows many links at once."""
        return self._judgement(Visitor.MACHINE, "burst")

    def _judgement(self, visitor: Visitor, reason: str) -> Judgement:
        return Judgement(visitor=visitor, reason=reason, rules=self.version)


@cache
def rules_of_today() -> Rules:
    """Return the rules that come with the program."""
    read = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return Rules(
        version=read["version"],
        burst_links=read["burst"]["links"],
        burst_seconds=read["burst"]["seconds"],
        rules=tuple(map(_rule, read["rules"])),
    )


def asked_of(kind: HitKind, method: str, headers: Iterable[tuple[bytes, bytes]]) -> Asked:
    """Return what a request tells of who asks."""
    told = dict(headers)
    purpose = told.get(b"sec-purpose", told.get(b"purpose", told.get(b"x-moz", b"")))
    is_asked_for = told.get(b"sec-fetch-user") == b"?1"
    return Asked(
        kind=kind,
        method=method,
        agent=told.get(b"user-agent", b"")[:_LONGEST].decode("latin-1").strip().lower(),
        is_prefetch=b"prefetch" in purpose.lower(),
        is_navigation=is_asked_for and told.get(b"sec-fetch-mode") == b"navigate",
    )


class Bursts:
    """Who followed which links of an issue within the last seconds; nothing older is held."""

    def __init__(self, rules: Rules, clock: Callable[[], float] = time.monotonic) -> None:
        self._rules = rules
        self._clock = clock
        self._recent: dict[object, tuple[float, frozenset[int]]] = {}
        self._swept = clock()

    def is_burst(self, who: object, link: int) -> bool:
        """Note that somebody follows a link; return whether they follow too many at once."""
        now = self._clock()
        if now - self._swept > self._rules.burst_seconds or len(self._recent) > _MOST:
            self._forget(now)
        begun, links = self._recent.get(who, (now, frozenset[int]()))
        if now - begun > self._rules.burst_seconds:
            begun, links = now, frozenset()
        links |= {link}
        self._recent[who] = begun, links
        return len(links) >= self._rules.burst_links

    def _forget(self, now: float) -> None:
        span = self._rules.burst_seconds
        self._recent = {w: seen for w, seen in self._recent.items() if now - seen[0] <= span}
        if len(self._recent) > _MOST:
            self._recent = {}
        self._swept = now


def _rule(written: dict[str, Any]) -> Rule:
    kind = written.get("kind")
    return Rule(
        reason=written["reason"],
        visitor=Visitor(written["visitor"]),
        kind=HitKind(kind) if kind else None,
        method=written.get("method", ""),
        words=tuple(written.get("words", ())),
        begins=tuple(written.get("begins", ())),
        name=written.get("is"),
        is_prefetch=written.get("prefetch", False),
        is_navigation=written.get("navigation", False),
    )
