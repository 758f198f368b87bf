"""Sums up opens and clicks: how many there were, by the hour, and the best of each copy's.

    hits --taken away--> visits (how often, by whom, when) + readers (who, for 30 days)

Whatever the order in which hits come, and in whatever portions, it ends the same.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    case,
    delete,
    exists,
    func,
    or_,
    select,
    tuple_,
)

from newsletter.ledger.bulk import in_chunks, insert_listed
from newsletter.ledger.figures import note_news
from newsletter.ledger.open import Ledger
from newsletter.ledger.reached import keep_reached
from newsletter.ledger.tables import metadata, sends
from newsletter.model import HitKind, Visitor

figures, hits, news, readers, visits = (
    metadata.tables[name] for name in ("figures", "hits", "news", "readers", "visits")
)
WINDOW = dt.timedelta(days=7)  # of figures that can be compared, unless the settings say otherwise
ANY, OTHERS = 0, -1  # in place of a link's number in `readers`: any of them; all that have none
_RANKS = {Visitor.HUMAN: 3, Visitor.UNKNOWN: 2, Visitor.MACHINE: 0}
_HIDDEN = 1  # of a machine that hides whether somebody read it
_TOGETHER = 5_000  # hits that are summed up in a transaction, so that nobody waits long
_HOURLY = dt.timedelta(hours=72)  # after the beginning of a send: then by the day
KNOWN = dt.timedelta(days=30)  # for which it is known whose copy it was
_DAY = 10  # characters of a day


@dataclass(frozen=True, slots=True, kw_only=True)
class Grain:
    """Which hours of a send are told apart, in UTC as hits have them."""

    hourly: str  # before this one, each
    last_day: str  # on which the window ends: each, too
    end: str  # of the window, to which it does not belong
    is_known: bool = True  # whether it may still be known whose a hit is

    @classmethod
    def of_send(cls, began: dt.datetime, window: dt.timedelta, *, is_known: bool = True) -> "Grain":
        """Return that of a send, by the moment at which it was to begin."""
        end = _hour(began + window)
        hourly = _hour(began + _HOURLY)
        return cls(hourly=hourly, last_day=end[:_DAY], end=end, is_known=is_known)

    def of(self, hour: str) -> str:
        """Return the hour, or the day, to which an hour is counted."""
        is_hourly = hour < self.hourly or hour.startswith(self.last_day)
        return hour if is_hourly else hour[:_DAY]


def sum_up(ledger: Ledger, now: dt.datetime, *, window: dt.timedelta = WINDOW) -> set[int]:
    """Sum up all hits that are there; return the sends that they are of.

    Done by two at once, each hit is summed up by one of them, and both end when all are.
    """
    found = set[int]()
    with ledger.read() as connection:
        last = connection.execute(select(func.max(hits.c.id))).scalar() or 0
        left = last > 0
    while left:
        with ledger.write() as connection:
            found |= _sum_some(connection, last, now, window)
            left = connection.execute(select(exists().where(hits.c.id <= last))).scalar_one()
    return found


def _sum_some(
    connection: Connection, last: int, now: dt.datetime, window: dt.timedelta
) -> set[int]:
    some = select(hits.c.id).where(hits.c.id <= last).order_by(hits.c.id).limit(_TOGETHER)
    # Deleted and read at once: what another process writes meanwhile is in neither.
    rows = connection.execute(delete(hits).where(hits.c.id.in_(some)).returning(hits)).all()
    found = {row.send_id for row in rows}
    times = _times_of(connection, found, now, window)
    _add_visits(connection, rows, times)
    _add_readers(connection, rows, times)
    note_news(connection, found)
    return found


def forget_readers(connection: Connection, *, before: dt.datetime) -> int:
    """Forget whose copies were seen of sends that began before a moment, a few thousand at most.

    Their figures must be kept by then, of all that was seen while it was known whose it was; a
    month later it is forgotten even if they could not be computed.
    """
    began = func.coalesce(sends.c.scheduled_at, sends.c.planned_at, type_=sends.c.planned_at.type)
    # Of everybody: groups are counted once, when the window is over.
    is_own = (figures.c.source == "") & (figures.c.grouping == "")
    is_own &= figures.c.send_id == sends.c.id
    is_there = exists().where(readers.c.send_id == sends.c.id)
    is_settled = sends.c.id.not_in(select(news.c.send_id))
    query = select(sends.c.id, began, func.min(figures.c.computed_at, type_=began.type))
    old = query.join(figures, is_own).where(began < before, is_there, is_settled)
    rows = connection.execute(old.group_by(sends.c.id)).all()
    ids = [id for id, began_at, computed_at in rows if computed_at >= began_at + KNOWN]
    very_old = select(sends.c.id).where(began < before - KNOWN, is_there)
    ids += connection.execute(very_old).scalars().all()
    keys = list(readers.primary_key)
    rows_of = select(*keys).where(readers.c.send_id.in_(ids)).order_by(*keys).limit(_TOGETHER)
    some = delete(readers).where(tuple_(*keys).in_(rows_of)).returning(readers.c.delivery_id)
    gone = connection.execute(some).scalars().all() if ids else ()
    keep_reached(connection, set(gone))
    return len(gone)


def rank_of(verdict: str, *, hides: bool) -> int:
    """Return how good a sign it is that somebody read a copy; 0 is none."""
    return _HIDDEN if hides else _RANKS[Visitor(verdict)]


def _add_visits(
    connection: Connection, rows: Iterable[Row[Any]], times: Mapping[int, Grain]
) -> None:
    counts: Counter[tuple[object, ...]] = Counter()
    for row in rows:
        its = times.get(row.send_id)
        hour = its.of(row.hour) if its else row.hour
        key = (row.send_id, row.source, row.kind, row.link or 0, hour)
        counts[*key, row.verdict, row.reason, row.rules, row.hides] += row._mapping["count"]
    if counts:
        new = insert_listed(connection, visits, sorted((*k, n) for k, n in counts.items()))
        keys = list(visits.primary_key)
        summed = {"count": visits.c.count + new.excluded.count}
        connection.execute(new.on_conflict_do_update(index_elements=keys, set_=summed))


def _add_readers(
    connection: Connection, rows: Iterable[Row[Any]], times: Mapping[int, Grain]
) -> None:
    best: dict[tuple[object, ...], tuple[int, int]] = {}
    for row in rows:
        its = times.get(row.send_id)
        if row.delivery_id is None or its is None or not its.is_known:
            continue
        rank = rank_of(row.verdict, hides=row.hides)
        early = rank if row.hour < its.end else -1
        numbers = (ANY, row.link or OTHERS) if row.kind == HitKind.CLICKED else (ANY,)
        for number in numbers:
            key = (row.send_id, row.source, row.kind, number, row.delivery_id)
            before = best.get(key, (0, -1))
            best[key] = (max(before[0], rank), max(before[1], early))
    if best:
        listed = sorted((*k, rank, None if e < 0 else e) for k, (rank, e) in best.items())
        new = insert_listed(connection, readers, listed)
        keys = list(readers.primary_key)
        better = {name: _better(readers.c[name], new.excluded[name]) for name in ("rank", "early")}
        connection.execute(new.on_conflict_do_update(index_elements=keys, set_=better))


def _better(known: ColumnElement[int], new: ColumnElement[int]) -> ColumnElement[int]:
    return case((or_(known.is_(None), new > known), new), else_=known)


def _times_of(
    connection: Connection, send_ids: set[int], now: dt.datetime, window: dt.timedelta
) -> dict[int, Grain]:
    found: dict[int, Grain] = {}
    for some in in_chunks(sorted(send_ids)):
        query = select(sends.c.id, sends.c.planned_at, sends.c.scheduled_at)
        for id, planned, scheduled in connection.execute(query.where(sends.c.id.in_(some))):
            began = scheduled or planned
            found[id] = Grain.of_send(began, window, is_known=now < began + KNOWN)
    return found


def _hour(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat()[:13]
