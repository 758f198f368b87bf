"""What tells how the list grew: what happened to people of whom something became known of late."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, case, exists, func, select

from newsletter.ledger import figures, history
from newsletter.ledger.bulk import count, streamed
from newsletter.ledger.instants import EPOCH
from newsletter.ledger.tables import imports, metadata, subscribers
from newsletter.model import By, Happened, Record, Standing
from newsletter.model.memberships import both_of, growth_of, months_between, steps_of

records = metadata.tables["records"]
_other = records.alias("other")
_MAY_BE_MAILED = subscribers.c.standing == Standing.ACTIVE


class Lone(NamedTuple):
    """How many people joined alike of whom nothing else is known."""

    by: str  # a By
    standing: str  # a Standing; empty: they might be mailed at once
    month: int  # index among those that were asked for
    number: int


def newest_record(connection: Connection) -> int:
    """Which record was noted last? 0 if there is none."""
    return connection.execute(select(func.max(records.c.id))).scalar() or 0


def first_joining(connection: Connection) -> dt.datetime | None:
    """When did anybody join who is on the list, or was anything noted first? None: never."""
    firsts = (
        connection.execute(select(func.min(column, type_=column.type))).scalar()
        for column in (subscribers.c.joined_at, records.c.noted_at)
    )
    return min((moment for moment in firsts if moment), default=None)


def count_still(connection: Connection, since: dt.datetime) -> int:
    """How many may be mailed who were on the list at a moment, and nothing became known since?"""
    is_old = subscribers.c.joined_at < since
    return count(connection, subscribers, _MAY_BE_MAILED, is_old, _has_no_record(since))


def count_lone(
    connection: Connection, ends: Sequence[dt.datetime], since: dt.datetime
) -> list[Lone]:
    """How many joined since a moment, by the months that end then, and nothing else is known?

    Of those who joined before records began, it is known only whether a list brought them.
    """
    standing = func.coalesce(records.c.detail["standing"].as_string(), "")
    noted = select(
        records.c.by.label("by"),
        standing.label("standing"),
        _month_of(records.c.noted_at, ends).label("month"),
    ).where(*_are_alone(since))
    is_listed = exists().where(imports.c.taken_at == subscribers.c.joined_at)
    unnoted = select(
        case((is_listed, By.LIST), else_=By.PROGRAM).label("by"),
        subscribers.c.standing.label("standing"),
        _month_of(subscribers.c.joined_at, ends).label("month"),
    ).where(subscribers.c.joined_at >= since, _has_no_record(EPOCH))
    found = []
    for query in (noted, unnoted):
        each = query.subquery()
        rows = connection.execute(select(each, func.count()).group_by(*each.c))
        found += [Lone(*row) for row in rows]
    return found


def list_lives(connection: Connection, since: dt.datetime) -> Iterator[list[Record]]:
    """What happened to each of the others of whom anything became known since a moment?

    Whoever was on the list before records began is told to have been found as they joined.
    """
    recent = select(records.c.subscriber_key).where(records.c.noted_at >= since)
    alone = select(records.c.id).where(*_are_alone(since))
    return _lives(connection, records.c.subscriber_key.in_(recent), records.c.id.not_in(alone))


def keep_nameless(connection: Connection, key: str, now: dt.datetime) -> None:
    """Keep what somebody who is being erased did to months that may be told anew, as nobody's.

    Whoever is on the list leaves it by being erased. Nothing was told before any month was kept.
    """
    kept = figures.find_rows(connection, [figures.LIST]).get(figures.LIST, ())
    told = [row for row in kept if row.grouping == figures.MONTH]
    if not told or not told[-1].content.zone:
        return
    zone = ZoneInfo(told[-1].content.zone)
    first = next((row.value for row in told if not row.is_final), told[-1].value)
    begin = dt.datetime.strptime(first, "%Y-%m").replace(tzinfo=zone)
    months = months_between(begin, now, zone)
    erased = Record(key=key, what=Happened.ERASED, at=now, noted_at=now)
    life = [*_life_of(connection, key), erased]
    steps = Counter(steps_of(life, months, zone))
    before = {row.value: row.content.growth for row in kept if row.grouping == figures.NAMELESS}
    rows = []
    for n in sorted({n for n, _ in steps}):
        name = months[n].name
        sums = both_of(growth_of(steps, n, name), before.get(name))
        rows.append(figures.growth_row(sums, now, grouping=figures.NAMELESS))
    figures.keep_rows(connection, rows)


def _life_of(connection: Connection, key: str) -> list[Record]:
    """Return what happened to somebody; of whoever joined before records began, that they did."""
    if life := next(_lives(connection, records.c.subscriber_key == key), None):
        return life
    query = select(subscribers.c.joined_at, subscribers.c.standing)
    row = connection.execute(query.where(subscribers.c.key == key)).first()
    if row is None:
        return []
    at, detail = row.joined_at, {"standing": row.standing}
    return [Record(key=key, what=Happened.FOUND, at=at, noted_at=at, detail=detail)]


def _lives(connection: Connection, *which: ColumnElement[bool]) -> Iterator[list[Record]]:
    key = records.c.subscriber_key
    query = select(records, subscribers.c.joined_at).outerjoin(
        subscribers, subscribers.c.key == key
    )
    query = query.where(*which)
    rows = streamed(connection, query.order_by(key, records.c.id))
    for _, theirs in groupby(rows, lambda row: row.subscriber_key):
        yield [
            replace(record, at=row.joined_at or record.at)
            if record.what is Happened.FOUND
            else record
            for row in theirs
            if (record := history.record_from(row))
        ]


def _month_of(
    moment: ColumnElement[dt.datetime], ends: Sequence[dt.datetime]
) -> ColumnElement[int]:
    return case(*((moment < end, n) for n, end in enumerate(ends)), else_=len(ends) - 1)


def _has_no_record(since: dt.datetime) -> ColumnElement[bool]:
    theirs = records.c.subscriber_key == subscribers.c.key
    return ~exists().where(theirs, records.c.noted_at >= since)


def _are_alone(since: dt.datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the SQL for records of joining that are the only ones of their people."""
    others = (_other.c.subscriber_key == records.c.subscriber_key) & (_other.c.id != records.c.id)
    is_alone = ~exists().where(others)
    return records.c.what == Happened.JOINED, records.c.noted_at >= since, is_alone
