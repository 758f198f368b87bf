"""Keeps how the list grew: a month stays as it was told a week after its end."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from newsletter.ledger import Ledger, figures, growth
from newsletter.model import MonthOfGrowth
from newsletter.model.memberships import Month, both_of, month_of, months_between
from newsletter.stats.growing import count_growth

_TICK = dt.timedelta(microseconds=1)


def update_growth(ledger: Ledger, timezone: str, now: dt.datetime) -> list[MonthOfGrowth]:
    """Return how the list grew in each month until now, and keep it.

    Only months that may change are counted anew, and only where anything became known since.
    """
    known, new = _list_rows(ledger, timezone, now)
    if new:
        with ledger.write() as connection:
            figures.keep_rows(connection, new)
            if settled := [row.value for row in new if row.is_final]:
                figures.forget_nameless(connection, max(settled))
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
        rows = figures.find_rows(connection, [figures.LIST]).get(figures.LIST, ())
        kept = [row for row in rows if row.grouping == figures.MONTH]
        nameless = {row.value: row for row in rows if row.grouping == figures.NAMELESS}
        settled = [row for row in kept if row.is_final]
        newest = growth.newest_record(connection)
        months = _open_months(connection, kept, zone, now)
        erased = [row.computed_at for row in nameless.values()]
        current = [
            row
            for row in kept
            if row.content.newest == newest and all(row.computed_at > at for at in erased)
        ]
        if _is_told(current, months, now):
            return kept, []
        counted = _count(connection, months, zone, now)
    return settled, [
        figures.growth_row(
            both_of(one, nameless[month.name].content.growth if month.name in nameless else None),
            now,
            is_final=month.is_settled(now),
            newest=newest,
            zone=timezone,
        )
        for month, one in zip(months, counted, strict=True)
    ]


def _open_months(
    connection: Connection, kept: Sequence[figures.KeptRow], zone: ZoneInfo, now: dt.datetime
) -> list[Month]:
    """Return the months that may change, from the first in which anybody joined."""
    if settled := [row.value for row in kept if row.is_final]:
        begin = _month_named(max(settled), zone).end
    else:
        # Whoever joined first may have been erased since.
        known = [_month_named(row.value, zone).begin for row in kept]
        begin = min([growth.first_joining(connection) or now, *known])
    return months_between(begin, now, zone)


def _month_named(name: str, zone: ZoneInfo) -> Month:
    return month_of(dt.datetime.strptime(name, "%Y-%m").replace(tzinfo=zone), zone)


def _is_told(current: Iterable[figures.KeptRow], months: Sequence[Month], now: dt.datetime) -> bool:
    """Return whether all is kept that is known of some months, and none of them is over by now."""
    known = {row.value for row in current if not row.is_final}
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
