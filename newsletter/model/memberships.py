"""Tells in which months somebody came to the list, was gone from it, and could be mailed."""

import datetime as dt
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from newsletter.model.figures import MonthOfGrowth
from newsletter.model.people import Standing
from newsletter.model.records import LIFTS, By, Happened, Record, pause_of, valid_of

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
MAILED = "mailed"
_LEFT, _JOINED = "left", "joined:"


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


def steps_of(
    life: Sequence[Record], months: Sequence[Month], zone: ZoneInfo
) -> Iterator[tuple[int, str]]:
    """Yield each time that somebody joined or was gone, and each month's end they may be mailed."""
    valid, now = valid_of(life), months[-1].end
    begins = [month.begin for month in months]
    changes = list(_changes(valid, now))
    for record, gone_as in changes:
        n = bisect_right(begins, _counts_at(record, zone, now)) - 1
        if n >= 0:
            told_as = _GONE_AS.get(gone_as, _LEFT) if gone_as else joined_by(record.by)
            yield n, told_as
    for n, month in enumerate(months):
        stands = [gone_as for record, gone_as in changes if record.moment(now) < month.end]
        if stands and stands[-1] is None:
            before = [record for record in valid if record.moment(now) < month.end]
            if pause_of(before, month.end) is None:
                yield n, MAILED


def joined_by(by: str) -> str:
    """Return the step of whoever joined by something."""
    return _JOINED + _BY.get(By(by), "other")


def growth_of(counts: Mapping[tuple[int, str], int], n: int, name: str) -> MonthOfGrowth:
    """Return the steps of a month in numbers."""
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
        at_end=of_month.get(MAILED, 0),
    )


def both_of(one: MonthOfGrowth, other: MonthOfGrowth | None) -> MonthOfGrowth:
    """Return how the list grew in a month of which two parts are known."""
    if other is None:
        return one
    return MonthOfGrowth(
        month=one.month,
        joined=dict(sorted((Counter(one.joined) + Counter(other.joined)).items())),
        left=one.left + other.left,
        bounced=one.bounced + other.bounced,
        complained=one.complained + other.complained,
        at_end=one.at_end + other.at_end,
    )


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
