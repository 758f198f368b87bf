"""Whose opens and clicks of an issue are counted, and what they are told apart by."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

from newsletter.model.figures import Source
from newsletter.model.people import Tracking

_BEHIND = -60.0  # seconds: an answer is noted after the first mails of its call leave


class Counting(StrEnum):
    """Who counts opens and clicks, and of whom."""

    OFF = "off"  # nobody does
    PROVIDER = "provider"  # the provider, as it does
    AGGREGATE = "aggregate"  # the public service, by the same addresses for everybody
    CONSENTED = "consented"  # the public service, of those who allowed it alone

    @property
    def is_ours(self) -> bool:
        """Return whether the public service counts."""
        return self in (Counting.AGGREGATE, Counting.CONSENTED)

    def includes(self, consent: str) -> bool:
        """Return whether the copy of somebody with this consent, a `Tracking`, takes part."""
        if self is Counting.AGGREGATE:
            return consent != Tracking.DENIED
        return self is Counting.CONSENTED and consent == Tracking.GRANTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How the copies of a send take part in counting."""

    counting: Counting
    send: int = 0  # its id; 0 of copies that are examined and go to nobody
    # The addresses that lead through the public service, with their numbers there.
    links: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_of_persons(self) -> bool:
        """Return whether it is known whose copy an address is from."""
        return self.counting is Counting.CONSENTED


class Visitor(StrEnum):
    """Who asked for a picture or followed a link, as far as can be told."""

    HUMAN = "human"  # likely
    MACHINE = "machine"  # a scanner, or a program that fetches whatever is there
    UNKNOWN = "unknown"


class HitKind(StrEnum):
    """What somebody did."""

    OPENED = "opened"
    CLICKED = "clicked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Who opened or clicked, and why that is thought."""

    visitor: Visitor
    reason: str  # code of the rule that decided
    rules: str  # version of the rules
    # It fetches whether the mail is read or not, and a reader behind it is not seen.
    hides: bool = False
    # What is thought instead once it is known how soon after the provider had accepted the mail it
    # was: within so many seconds, the shortest first. Nothing where that makes no difference.
    by_time: Sequence[tuple[float, "Judgement"]] = ()

    def after(self, seconds: float) -> "Judgement":
        """Return what is thought of it now that it is known how many seconds that was.

        Long before the mail nobody can have it: then a clock is wrong, and the time is not known.
        """
        if seconds < _BEHIND:
            return self
        return next((other for within, other in self.by_time if seconds <= within), self)

    @property
    def thought(self) -> Mapping[str, Any]:
        """Return all that is thought, by the names of what is judged."""
        return {name: getattr(self, name) for name in _THOUGHT}


_THOUGHT = [one.name for one in fields(Judgement)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit(Judgement):
    """One open or click, as it is judged until it is stored.

    Nothing in it tells of whom but the delivery, where that may be known.
    """

    send: int
    kind: HitKind
    hour: str  # UTC, no finer: "2026-12-15T08"
    delivery: int = 0  # 0: nobody's
    link: int | None = None  # its number; none: no link, or none of the author's
    source: Source = Source.SERVICE
    # Of one that a provider told: 64 bits, signed, that a repeat of it has, too.
    mark: int | None = None
    at: dt.datetime | None = None  # the moment, which decides as it is stored, and is not
