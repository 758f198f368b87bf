"""Tells how the list grew by month: who joined, by what; who left, bounced or complained.

joined: people who could be mailed from then on, by the form, a list, the editor, or otherwise.
left, bounced, complained: people who could be mailed until then. Whoever pauses stays on the list,
but is none of those who may be mailed at a month's end. What is told of a month later than a week
after its end counts in the month in which it was told, and what was told of a month then stays: so
whoever is erased later stays counted in it.
"""

import datetime as dt
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from newsletter.ledger import growth
from newsletter.model import (
    LIFTS,
    By,
    Happened,
    MonthOfGrowth,
    Record,
    Standing,
    pause_of,
    valid_of,
)

SETTLED = dt.timedelta(days=7)  # after a month's end, when it is told for good
_BY = {By.PERSON: "form", By.LIST: "import", By.EDITOR: "editor"}
_OFF = {
    Happened.BOUNCED: Standing.BOUNCED,
    Happened.SUPPRESSED: Standing.BOUNCED,
    Happened.UNSUBSCRIBED: Standing.UNSUBSCRIBED,
    Happened.COMPLAINED: Standing.COMPLAINED,
    Happened.ERASED: Standing.ERASED,
}
_GONE_AS = {Standing.BOUNCED: "bounced", Standing.COMPLAINED: "complained"}
_LEFT, _MAILED, _JOINED = "left", "mailed", "joined:"
_Counts = Counter[tuple[int, str]]  # index of a month, and what happened in it


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month by the newsletter's clock."""

    name: str  # "2026-11"
    begin: dt.datetime  # UTC
    end: dt.datetime  # UTC; the first moment of the next one

    def is_settled(self, now: dt.datetime) -> bool:
        """Return whether what is told of it stays."""
        return now >= self.end + SETTLED


def months_between(first: dt.datetime, last: dt.datetime, zone: ZoneInfo) -> list[Month]:
    """Return the months of two moments, and those in between."""
    found, month = [], month_of(first, zone)
    while month.begin <= last:
        found.append(month)
        month = month_of(month.end, zone)
    return found


def month_of(moment: dt.datetime, zone: ZoneInfo) -> Month:
    """Return the month of a moment."""
    begin = moment.astimezone(zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    end = (begin + dt.timedelta(days=31)).replace(day=1)
    return Month(name=f"{begin:%Y-%m}", begin=begin.astimezone(dt.UTC), end=end.astimezone(dt.UTC))


def count_growth(
    months: Sequence[Month],
    zone: ZoneInfo,
    *,
    still: int,
    lone: Iterable[growth.Lone],
    lives: Iterable[Sequence[Record]],
) -> list[MonthOfGrowth]:
    """Return how the list grew in consecutive months.

    `still` are those who may be mailed of whom nothing became known since these began, `lone` who
    joined since, `lives` what happened to all others of whom anything became known.
    """
    counts: _Counts = Counter({(n, _MAILED): still for n in range(len(months))})
    for by, standing, month, number in lone:
        if standing in ("", Standing.ACTIVE):
            counts[month, _joined_by(by)] += number
            counts.update({(n, _MAILED): number for n in range(month, len(months))})
    for life in lives:
        counts.update(_steps(life, months, zone))
    return [_told(counts, n, month.name) for n, month in enumerate(months)]


def _told(counts: Mapping[tuple[int, str], int], n: int, name: str) -> MonthOfGrowth:
    of_month = {what: number for (month, what), number in counts.items() if month == n}
    joined = {
        what.removeprefix(_JOINED): number
        for what, number in sorted(of_month.items())
        if what.startswith(_JOINED)
    }
    return MonthOfGrowth(
        month=name,
        joined=joined,
        left=of_month.get(_LEFT, 0),
        bounced=of_month.get("bounced", 0),
        complained=of_month.get("complained", 0),
        at_end=of_month.get(_MAILED, 0),
    )


def _steps(
    life: Sequence[Record], months: Sequence[Month], zone: ZoneInfo
) -> Iterator[tuple[int, str]]:
    """Yield each time that somebody joined or was gone, and each month's end they may be mailed."""
    valid, now = valid_of(life), months[-1].end
    begins = [month.begin for month in months]
    changes = list(_changes(valid, now))
    for record, gone_as in changes:
        n = bisect_right(begins, _counts_at(record, zone, now)) - 1
        if n >= 0:
            told_as = _GONE_AS.get(gone_as, _LEFT) if gone_as else _joined_by(record.by)
            yield n, told_as
    for n, month in enumerate(months):
        stands = [gone_as for record, gone_as in changes if record.moment(now) < month.end]
        if stands and stands[-1] is None:
            before = [record for record in valid if record.moment(now) < month.end]
            if pause_of(before, month.end) is None:
                yield n, _MAILED


def _changes(valid: Iterable[Record], now: dt.datetime) -> Iterator[tuple[Record, Standing | None]]:
    """Yield what put somebody on the list, with None, or took them off it, with how they stood.

    It follows `standing_after`, record by record, and leaves pauses out.
    """
    reason: Standing | None = None  # why they are off, since they came back last
    is_member = is_doubted = is_on = False
    for record in sorted(valid, key=lambda r: (r.moment(now), r.what in LIFTS)):
        begun_as = _begun_as(record)
        if record.what in LIFTS:
            reason, is_member, is_doubted = None, True, False
        elif record.what is Happened.UNCONFIRMED:
            is_doubted = True
        elif begun_as in (Standing.ACTIVE, Standing.PAUSED):
            is_member = True
        elif off := _OFF.get(record.what, begun_as if begun_as and begun_as.is_left else None):
            reason = max(off, reason or off, key=lambda standing: standing.rank)
        was_on, is_on = is_on, is_member and not is_doubted and reason is None
        if was_on != is_on:
            yield record, None if is_on else reason or Standing.PENDING


def _begun_as(record: Record) -> Standing | None:
    if record.what not in (Happened.FOUND, Happened.JOINED):
        return None
    return Standing(record.detail.get("standing", Standing.ACTIVE))


def _counts_at(record: Record, zone: ZoneInfo, now: dt.datetime) -> dt.datetime:
    """Return when something counts: as it was noted, where its own month had been told by then."""
    moment, noted_at = record.moment(now), record.noted_at or now
    if record.what is Happened.FOUND or not month_of(moment, zone).is_settled(noted_at):
        return moment
    return noted_at


def _joined_by(by: str) -> str:
    return _JOINED + _BY.get(By(by), "other")
