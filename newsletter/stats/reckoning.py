"""Turns sums of what was seen of a send into counts: of times, of copies, by link and by hour."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from newsletter.ledger.sums import Linked, LinkRow, Ranks, Times
from newsletter.model import (
    Counts,
    HitKind,
    LinkCounts,
    SectionCounts,
    Source,
    Span,
    Split,
    Visitor,
)

_HUMAN, _UNKNOWN, _HIDDEN = 3, 2, 1  # ranks of `readers`; 0: any other machine
_CURVE = 72  # hours
_HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """All that one source saw of a send."""

    times: Sequence[Times] = ()
    # Within the span; None: nobody's copies are told apart.
    copies: Sequence[Ranks] | None = None
    linked: Sequence[Linked] = ()
    of: int | None = None  # copies whose opens can be seen


def begins(moment: dt.datetime) -> str:
    """Return the hour in which something began, as sums have it."""
    return moment.astimezone(dt.UTC).isoformat()[:13]


def is_before(row: Times, until: dt.datetime | None) -> bool:
    """Return whether something was seen before the hour of a moment; None: until now."""
    return until is None or row.hour < begins(until)


def reckon(
    source: Source,
    span: Span,
    seen: Seen,
    links: Iterable[LinkRow],
    *,
    begun_at: dt.datetime,
    until: dt.datetime | None,
) -> Counts:
    """Return what a source counted of a send until a moment; None: until now."""
    times = [row for row in seen.times if is_before(row, until)]
    opens = [row for row in times if row.kind == HitKind.OPENED]
    clicks = [row for row in times if row.kind == HitKind.CLICKED]
    are_told_apart = seen.copies is not None
    copies, linked = seen.copies or (), seen.linked
    openers = split_openers(copies) if are_told_apart else Split()
    by_hour = _by_hour(opens, begun_at)
    return Counts(
        source=source,
        span=span,
        as_of=_last_heard(times),
        rules=sorted({row.rules for row in times if row.rules}),
        counted=None if seen.of is None else at_least(seen.of, openers),
        opens=_split_times(opens),
        openers=openers,
        clicks=_split_times(clicks),
        clickers=split_clickers(copies) if are_told_apart else Split(),
        links=_links(links, clicks, linked, are_told_apart=are_told_apart),
        sections=_sections(linked) if are_told_apart else (),
        curve=[by_hour.get(hour, 0) for hour in range(_CURVE)] if by_hour else (),
        half_after=_half_after(by_hour),
    )


def at_least(of: int, openers: Split) -> int:
    """Return of how many copies opens can be seen: of those that were opened, whoever denies it."""
    return max(of, openers.total or 0)


def split_openers(copies: Iterable[Ranks]) -> Split:
    """Return of how many copies it was seen that they were opened, and by whom at best."""
    return _split_ranks(_opened(row) for row in copies)


def split_clickers(copies: Iterable[Ranks]) -> Split:
    """Return of how many copies a link was followed, and by whom at best."""
    return _split_ranks((row.clicked, row.number) for row in copies)


def _last_heard(times: Iterable[Times]) -> dt.datetime | None:
    last = max((row.hour for row in times), default="")
    return _moment(last) if last else None


def _moment(hour: str) -> dt.datetime:
    """Return when an hour, or a day, begins."""
    return dt.datetime.fromisoformat(f"{hour}:00" if "T" in hour else hour).replace(tzinfo=dt.UTC)


def _split_times(rows: Iterable[Times]) -> Split:
    by_class: Counter[str] = Counter()
    hidden = 0
    for row in rows:
        by_class[row.verdict] += row.number
        hidden += row.number if row.hides else 0
    return Split(
        human=by_class[Visitor.HUMAN],
        unknown=by_class[Visitor.UNKNOWN],
        machine=by_class[Visitor.MACHINE],
        hidden=hidden,
    )


def _opened(row: Ranks) -> tuple[int | None, int]:
    """Return how a copy was opened at its best: who may be a person and clicked, opened it, too."""
    by_click = row.clicked if row.clicked in (_HUMAN, _UNKNOWN) else None
    ranks = [rank for rank in (row.opened, by_click) if rank is not None]
    return max(ranks, default=None), row.number


def _split_ranks(ranks: Iterable[tuple[int | None, int]]) -> Split:
    counts: Counter[int | None] = Counter()
    for rank, count in ranks:
        counts[rank] += count
    machine = sum(n for rank, n in counts.items() if rank is not None and rank <= _HIDDEN)
    human, unknown, hidden = counts[_HUMAN], counts[_UNKNOWN], counts[_HIDDEN]
    return Split(human=human, unknown=unknown, machine=machine, hidden=hidden)


def _links(
    links: Iterable[LinkRow],
    clicks: Sequence[Times],
    linked: Iterable[Linked],
    *,
    are_told_apart: bool,
) -> list[LinkCounts]:
    """Return each link with its clicks, and those that are none of the author's, if any."""
    known = {row.number: row for row in links}
    times = _grouped(clicks, lambda row: row.link if row.link in known else 0)
    people: dict[int, list[tuple[int | None, int]]] = {}
    for row in linked:
        if row.link:
            number = row.link if row.link in known else 0
            people.setdefault(number, []).append((row.rank, row.number))
    numbers = [*known, *([0] if 0 in times or 0 in people else [])]
    return [
        LinkCounts(
            number=number,
            times=_split_times(times.get(number, ())),
            people=_split_ranks(people.get(number, ())) if are_told_apart else Split(),
            **_place(known.get(number)),
        )
        for number in numbers
    ]


def _place(row: LinkRow | None) -> dict[str, Any]:
    names = ("url", "words", "section", "language")
    return {name: getattr(row, name) if row else "" for name in names}


def _sections(linked: Iterable[Linked]) -> list[SectionCounts]:
    ranks: dict[tuple[str, str], list[tuple[int | None, int]]] = {}
    for row in linked:
        if not row.link:
            ranks.setdefault((row.language, row.section), []).append((row.rank, row.number))
    return [
        SectionCounts(name=section, language=language, people=_split_ranks(theirs))
        for (language, section), theirs in sorted(ranks.items())
    ]


def _grouped(rows: Iterable[Times], key: Callable[[Times], int]) -> Mapping[int, list[Times]]:
    found: dict[int, list[Times]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found


def _by_hour(opens: Iterable[Times], begun_at: dt.datetime) -> Mapping[int, int]:
    """Return opens not by machines, by the hour since the send's beginning; a day at its end."""
    first = _moment(begins(begun_at))
    found: Counter[int] = Counter()
    for row in opens:
        if row.verdict != Visitor.MACHINE:
            span = _HOUR if "T" in row.hour else 24 * _HOUR
            hour = (_moment(row.hour) + span - first) // _HOUR - 1
            found[max(0, hour)] += row.number
    return found


def _half_after(by_hour: Mapping[int, int]) -> int | None:
    """Return after how many hours half of the opens were there."""
    total, so_far = sum(by_hour.values()), 0
    for hour, count in sorted(by_hour.items()):
        so_far += count
        if 2 * so_far >= total:
            return hour + 1
    return None
