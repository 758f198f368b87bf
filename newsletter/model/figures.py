"""The nouns of statistics: what is known of an issue after it was sent, how well, and from whom.

counts by class --rates with intervals--> ranges --told of an issue--> a report of many
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from newsletter.language import Wording, say


class Source(StrEnum):
    """Who counted opens and clicks; two of them are never added up."""

    SERVICE = "service"  # our public service, by a picture and by redirects
    WEBHOOKS = "webhooks"  # the provider, which told of each as it happened
    REPORT = "report"  # the provider, which was asked for its sums

    @property
    def words(self) -> Wording:
        """Return who that is, as people read it."""
        return _SOURCES[self]


_SOURCES = {
    Source.SERVICE: say("the newsletter's own service"),
    Source.WEBHOOKS: say("the provider, as it happened"),
    Source.REPORT: say("the provider, when it was asked"),
}


class Span(StrEnum):
    """How much of the time after a send is counted."""

    WINDOW = "window"  # the first days after it, the same for all issues
    WHOLE = "whole"  # until now; of persons until they are forgotten


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A count, told apart by who was likely behind it; None means not known."""

    human: int | None = None  # likely
    unknown: int | None = None
    machine: int | None = None
    # Of the machine ones, those that fetch whether a mail is read or not, and hide whether it was.
    hidden: int | None = None

    @property
    def total(self) -> int | None:
        """Return all of them; None if a class is not known."""
        parts = (self.human, self.unknown, self.machine)
        return None if None in parts else sum(part or 0 for part in parts)

    @property
    def known(self) -> int | None:
        """Return how many there are of the classes that are known; None if nobody counted."""
        parts = [n for n in (self.human, self.unknown, self.machine) if n is not None]
        return sum(parts) if parts else None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkCounts:
    """One link of an issue, and how it was followed."""

    number: int  # as in the ledger; 0: all that are none of the author's
    url: str  # as the author wrote it, never a reader's own; empty for number 0
    words: str  # of the link, as readers see them
    section: str  # heading of the section that it stands in; empty above the first one
    language: str  # of the edition
    times: Split = field(default_factory=Split)
    people: Split = field(default_factory=Split)  # each once, by the best of their clicks
    of: int | None = None  # deliveries with it whose clicks can be seen; None: not known


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionCounts:
    """A section of an issue, and of how many copies a link in it was followed."""

    name: str  # heading
    language: str
    people: Split  # each once, by the best of their clicks
    of: int | None = None  # deliveries with one of its links whose clicks can be seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What one source counted of a send, or of a group of its readers, within a span."""

    source: Source | None  # None: nobody counted opens and clicks
    span: Span
    as_of: dt.datetime | None  # UTC; when the source was last heard; None: never
    rules: Sequence[str] = ()  # versions of the rules that told people from machines
    counted: int | None = None  # deliveries whose opens can be seen; None: not known of whom
    opens: Split = field(default_factory=Split)  # times that pictures were loaded
    openers: Split = field(default_factory=Split)  # deliveries, each once, by the best of its opens
    clicks: Split = field(default_factory=Split)
    clickers: Split = field(default_factory=Split)
    links: Sequence[LinkCounts] = ()
    sections: Sequence[SectionCounts] = ()  # empty: nobody's copies are told apart
    curve: Sequence[int] = ()  # opens not by machines, by hour since the send's beginning, 72 hours
    half_after: int | None = None  # hours until half of the opens of the span were there


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What became of the mail of a send, or of a group of its readers."""

    sent: int  # deliveries that the provider accepted
    delivered: int | None = None  # of them, taken by the readers' servers
    bounced_hard: int | None = None
    bounced_soft: int | None = None
    unsubscribed: int | None = None  # readers of it that left before the next issue
    complained: int | None = None
    replied: int | None = None

    @property
    def readers(self) -> int:
        """Return how many got it, as far as that is known; else how many were mailed."""
        return self.sent if self.delivered is None else self.delivered

    @property
    def bounced(self) -> int | None:
        """Return all that came back; None if it is not known of those for good, or for now."""
        parts = (self.bounced_hard, self.bounced_soft)
        return None if None in parts else sum(part or 0 for part in parts)

    @property
    def bounced_at_least(self) -> int:
        """Return how many are known to have come back."""
        return (self.bounced_hard or 0) + (self.bounced_soft or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share of a group with its 95 % interval (Wilson's score interval)."""

    count: int
    of: int  # positive
    low: float
    high: float

    @property
    def value(self) -> float:
        """Return the share itself."""
        return self.count / self.of


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRange:
    """Between which bounds the share of readers is that had an issue before their eyes."""

    least: Share | None  # opened by people, likely; None: nobody tells them from machines
    most: Share | None  # those of whom it is not known as well
    outer: Share  # those as well whose program hides it: nobody else was seen

    @property
    def bounds(self) -> tuple[float, float]:
        """Return the range that is told: from the least to the outermost, with their intervals."""
        return (self.least.low if self.least else 0.0, self.outer.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFigures:
    """A group of readers of an issue, large enough to be told of."""

    name: str  # "fi", or a value of the attribute; empty: all the others together
    delivered: Delivered
    open_range: OpenRange | None
    clickers: Split


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionFigures:
    """A section of an issue, and how many followed a link in it."""

    name: str  # heading
    language: str
    clicks: Split
    clickers: Share | None  # people, likely, of those who got it and whose clicks can be seen
    clickers_most: Share | None = None  # those as well of whom it is not known; None: as `clickers`

    @property
    def bounds(self) -> tuple[float, float] | None:
        """Return the range of the share of readers, with the intervals of its ends."""
        most = self.clickers_most or self.clickers
        return (self.clickers.low, most.high) if self.clickers and most else None

    @property
    def readers(self) -> Split:
        """Return how many followed a link in it, as far as it is known."""
        least, most = self.clickers, self.clickers_most or self.clickers
        return _between(least, most) if least and most else Split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A change of an issue's figures after its window was over."""

    at: dt.datetime  # UTC
    source: Source | None  # whose news it was; None: this ledger's own
    changes: Mapping[str, Sequence[int | None]]  # name of a figure -> before and after


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueFigures:
    """All that is told of one issue."""

    issue: str
    date: dt.date
    subject: str
    language: str  # of its first edition
    is_rehearsal: bool  # it went to the local outbox: no reader was mailed
    sent_at: dt.datetime  # UTC; when it was to begin
    delivered: Delivered  # within the window
    delivered_whole: Delivered  # until now
    window_days: int
    shown: Counts  # the source that is shown, within the window
    whole: Counts  # the same source, until now
    why: Wording  # why this source is shown
    others: Sequence[Counts] = ()  # what other sources counted, within the window if they can tell
    open_range: OpenRange | None = None  # within the window; None: too little is known, or too few
    click_range: OpenRange | None = None  # of those who followed a link, in the same way
    hidden_because: Wording | None = None  # why figures of opens are not told
    sections: Sequence[SectionFigures] = ()
    groups: Mapping[str, Sequence[GroupFigures]] = field(default_factory=dict)  # by what
    is_final: bool = False  # the window is over, so that its figures stay
    revisions: Sequence[Revision] = ()  # what changed all the same, the earliest first

    @property
    def final_after(self) -> int:
        """Return after how many days its figures stay."""
        return (final_at(self.sent_at, self.window_days) - self.sent_at).days

    @property
    def by_source(self) -> Sequence[Counts]:
        """Return what each source counted, the one that is shown first.

        Of a provider that was not asked in time there is no window: it is what it told until now.
        """
        is_asked_late = self.shown.source is Source.REPORT and self.shown.as_of is None
        return (self.whole if is_asked_late else self.shown, *self.others)


def final_at(begun_at: dt.datetime, window_days: int) -> dt.datetime:
    """Return from when on figures stay: the window is over, and a day for what is told late."""
    return begun_at + dt.timedelta(days=window_days + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthOfGrowth:
    """How the list grew in a month, by the newsletter's clock."""

    month: str  # "2026-11"
    joined: Mapping[str, int]  # by source: form, import, editor, ...
    left: int
    bounced: int
    complained: int
    at_end: int  # people who may be mailed at its end


@dataclass(frozen=True, slots=True, kw_only=True)
class BestRead:
    """A section that comes back from issue to issue, and how much it is read."""

    name: str
    language: str
    issues: int  # in how many
    clickers: Share  # people, likely, over all its issues
    clickers_most: Share  # those as well of whom it is not known
    is_ahead: bool  # of all others, and the interval of the difference excludes 0

    @property
    def bounds(self) -> tuple[float, float]:
        """Return the range of the share of readers, with the intervals of its ends."""
        return (self.clickers.low, self.clickers_most.high)

    @property
    def readers(self) -> Split:
        """Return how many followed a link in it, over all its issues."""
        return _between(self.clickers, self.clickers_most)


def _between(least: Share, most: Share) -> Split:
    return Split(human=least.count, unknown=most.count - least.count)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatsReport:
    """What an editor, and their board, is told of a newsletter."""

    title: str
    language: str  # in which it is told
    timezone: str
    made_at: dt.datetime  # UTC
    issues: Sequence[IssueFigures]  # oldest first
    statements: Sequence[Wording]  # in words, the most important first: what may be said, no more
    growth: Sequence[MonthOfGrowth] = ()
    best_read: Sequence[BestRead] = ()
