"""Keeps how the list grew: a month stays as it was told a week after its end."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from newsletter.ledger import Ledger, figures, growth
from newsletter.model import MonthOfGrowth, Span
from newsletter.stats.growing import Month, count_growth, month_of, months_between

_GROUPING = "month"
_TICK = dt.timedelta(microseconds=1)


def update_growth(ledger: Ledger, timezone: str, now: dt.datetime) -> list[MonthOfGrowth]:
    """Return how the list grew in each month until now, and keep it.

    Only months that may change are counted anew, and only where anything became known since.
    """
    known, new = _list_rows(ledger, timezone, now)
    if new:
        with ledger.write() as connection:
            figures.keep_rows(connection, new)
    return _told([*known, *new])


def read_growth(ledger: Ledger, timezone: str, now: dt.datetime) -> list[MonthOfGrowth]:
    """Return how the list grew in each month until now, where nothing may be written."""
    known, new = _list_rows(ledger, timezone, now)
    return _told([*known, *new])


def _list_rows(
    ledger: Ledger, timezone: str, now: dt.datetime
) -> tuple[list[figures.KeptRow], list[figures.KeptRow]]:
    """Return what is kept of months that stay as they are, and what is counted anew of others."""
    zone = ZoneInfo(timezone)
    with ledger.read() as connection:
        kept = [
            row
            for row in figures.find_rows(connection, [figures.LIST]).get(figures.LIST, ())
            if row.grouping == _GROUPING
        ]
        settled = [row for row in kept if row.is_final]
        newest = growth.newest_record(connection)
        months = _open_months(connection, settled, zone, now)
        if _is_told(kept, months, newest, now):
            return kept, []
        counted = _count(connection, months, zone, now)
    return settled, [
        figures.KeptRow(
            send=figures.LIST,
            source=figures.OWN,
            span=Span.WHOLE,
            grouping=_GROUPING,
            value=month.name,
            content=figures.Content(growth=one, newest=newest),
            computed_at=now,
            is_final=month.is_settled(now),
        )
        for month, one in zip(months, counted, strict=True)
    ]


def _open_months(
    connection: Connection,
    settled: Sequence[figures.KeptRow],
    zone: ZoneInfo,
    now: dt.datetime,
) -> list[Month]:
    """Return the months that may change, from the first in which anybody joined."""
    if settled:
        last = max(row.value for row in settled)
        begin = month_of(dt.datetime.strptime(last, "%Y-%m").replace(tzinfo=zone), zone).end
    else:
        begin = growth.first_joining(connection) or now
    return months_between(begin, now, zone)


def _is_told(
    kept: Iterable[figures.KeptRow], months: Sequence[Month], newest: int, now: dt.datetime
) -> bool:
    """Return whether all is kept that is known of some months, and none of them is over by now."""
    known = {row.value for row in kept if not row.is_final and row.content.newest == newest}
    return all(month.name in known and not month.is_settled(now) for month in months)


def _count(
    connection: Connection, months: Sequence[Month], zone: ZoneInfo, now: dt.datetime
) -> list[MonthOfGrowth]:
    # The last month ends now, as far as is known.
    until = [*months[:-1], replace(months[-1], end=now + _TICK)]
    since = months[0].begin
    return count_growth(
        until,
        zone,
        still=growth.count_still(connection, since),
        lone=growth.count_lone(connection, [month.end for month in until], since),
        lives=growth.list_lives(connection, since),
    )


def _told(rows: Iterable[figures.KeptRow]) -> list[MonthOfGrowth]:
    told = (row.content.growth for row in sorted(rows, key=lambda row: row.value))
    return [one for one in told if one]
