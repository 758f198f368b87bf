"""Sums up opens and clicks: how many there were, by the hour, and the best of each copy's.

    hits --taken away--> visits (how often, by whom, when) + readers (who, for 30 days)

Whatever the order in which hits come, and in whatever portions, it ends the same.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    String,
    Table,
    case,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    text,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.types import TypeEngine

from newsletter.ledger.bulk import in_chunks, insert_of, listed
from newsletter.ledger.figures import note_news
from newsletter.ledger.open import Ledger
from newsletter.ledger.reached import keep_reached
from newsletter.ledger.tables import metadata, sends
from newsletter.model import HitKind, Visitor

figures, hits, news, readers, visits = (
    metadata.tables[name] for name in ("figures", "hits", "news", "readers", "visits")
)
ANY, OTHERS = 0, -1  # in place of a link's number in `readers`: any of them; all that have none
_HUMAN, _UNKNOWN, _HIDDEN, _MACHINE = 3, 2, 1, 0  # ranks
_TOGETHER = 20_000  # hits that are summed up in a transaction, so that nobody waits long
_HOURLY = dt.timedelta(hours=72)  # after the beginning of a send: then by the day
KNOWN = dt.timedelta(days=30)  # for which it is known whose copy it was
_DAY = 10  # characters of a day
_NEVER = "~"  # after all hours
# Which hours of a send are told apart, as hits have them: those before one, and on the last day of
# its window; where that ends; whether it may still be known whose a hit is.
_TIMES: Mapping[str, TypeEngine[Any]] = {
    "send_id": Integer(),
    **{name: String() for name in ("hourly", "last_day", "until")},
    "is_known": Boolean(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grain:
    """Which hours of a send are told apart, in UTC as hits have them."""

    hourly: str  # before this one, each
    last_day: str  # on which the window ends: each, too
    end: str  # of the window, to which it does not belong

    @classmethod
    def of_send(cls, began: dt.datetime, window_days: int) -> "Grain":
        """Return that of a send, by the moment at which it was to begin and its window."""
        end = _hour(began + dt.timedelta(days=window_days))
        return cls(hourly=_hour(began + _HOURLY), last_day=end[:_DAY], end=end)

    def of(self, hour: str) -> str:
        """Return the hour, or the day, to which an hour is counted."""
        is_hourly = hour < self.hourly or hour.startswith(self.last_day)
        return hour if is_hourly else hour[:_DAY]


def sum_up(ledger: Ledger, now: dt.datetime) -> set[int]:
    """Sum up all hits that are there; return the sends that they are of.

    Done by two at once, each hit is summed up by one of them, and both end when all are.
    """
    found = set[int]()
    with ledger.read() as connection:
        last = connection.execute(select(func.max(hits.c.id))).scalar() or 0
        left = last > 0
    while left:
        with ledger.write() as connection:
            found |= _sum_some(connection, last, now)
            left = connection.execute(select(exists().where(hits.c.id <= last))).scalar_one()
    return found


def _sum_some(connection: Connection, last: int, now: dt.datetime) -> set[int]:
    """Sum up the oldest hits; return the sends that they are of."""
    some = select(hits.c.id).where(hits.c.id <= last).order_by(hits.c.id).limit(_TOGETHER)
    bound = connection.execute(select(func.max(some.subquery().c.id))).scalar() or 0
    these = hits.c.id <= bound
    found = set(connection.execute(select(hits.c.send_id).where(these).distinct()).scalars())
    if not found:  # summed up by another process meanwhile
        return found
    rows = _times_of(connection, found, now)
    # Read once, not anew for each hit, as SQLite would.
    times = select(listed(connection, _columns(rows), _TIMES)).cte("times")
    times = times.prefix_with("MATERIALIZED")
    these &= hits.c.send_id.in_(found)  # not those of a send that another process just wrote
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"LOCK TABLE {visits} IN SHARE ROW EXCLUSIVE MODE"))
        # Deleted and read at once: what another process writes meanwhile is in neither.
        taken = delete(hits).where(these).returning(*hits.c).cte("taken")
        counted = _add_visits(connection, taken, times)
        connection.execute(_add_readers(connection, taken, times).add_cte(counted.cte("counted")))
    else:  # nobody else writes
        there = select(hits).where(these).subquery("taken")
        connection.execute(_add_visits(connection, there, times))
        connection.execute(_add_readers(connection, there, times))
        connection.execute(delete(hits).where(these))
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
    ranks = {Visitor.HUMAN: _HUMAN, Visitor.UNKNOWN: _UNKNOWN, Visitor.MACHINE: _MACHINE}
    return _HIDDEN if hides else ranks[Visitor(verdict)]


def _add_visits(connection: Connection, taken: FromClause, times: FromClause) -> Any:
    """Return the SQL that counts hits in hours, or on days."""
    day = func.substr(taken.c.hour, 1, _DAY)
    is_hourly = or_(taken.c.hour < times.c.hourly, day == times.c.last_day)
    link = func.coalesce(taken.c.link, 0)
    grain = case((is_hourly, taken.c.hour), else_=day)
    told = (taken.c[name] for name in ("verdict", "reason", "rules", "hides"))
    key = (taken.c.send_id, taken.c.source, taken.c.kind, link, grain, *told)
    counted = select(*key, func.sum(taken.c.count)).join(times, times.c.send_id == taken.c.send_id)
    counted = counted.where(true()).group_by(*key)
    new = insert_of(connection)(visits).from_select(visits.c.keys(), counted)
    return _upsert(new, visits, {"count": visits.c.count + new.excluded.count})


def _add_readers(connection: Connection, taken: FromClause, times: FromClause) -> Any:
    """Return the SQL that keeps the best of each copy, of its clicks by their link and of any."""
    rank = case(
        (taken.c.hides, _HIDDEN),
        (taken.c.verdict == Visitor.HUMAN, _HUMAN),
        (taken.c.verdict == Visitor.UNKNOWN, _UNKNOWN),
        else_=_MACHINE,
    )
    early = case((taken.c.hour < times.c.until, rank))
    whose = (taken.c.send_id, taken.c.source, taken.c.kind)
    is_clicked = taken.c.kind == HitKind.CLICKED
    here, is_theirs = times.c.send_id == taken.c.send_id, taken.c.delivery_id.is_not(None)
    any_link, its_link = (
        select(
            *whose,
            link.label("link"),
            taken.c.delivery_id,
            rank.label("rank"),
            early.label("early"),
        )
        .join(times, here)
        .where(is_theirs, times.c.is_known, is_counted)
        for link, is_counted in (
            (literal(ANY, Integer), true()),
            (func.coalesce(taken.c.link, OTHERS), is_clicked),
        )
    )
    each = union_all(any_link, its_link).subquery()
    key = (each.c.send_id, each.c.source, each.c.kind, each.c.link, each.c.delivery_id)
    best = select(*key, func.max(each.c.rank), func.max(each.c.early))
    new = insert_of(connection)(readers)
    new = new.from_select(readers.c.keys(), best.where(true()).group_by(*key))
    better = {name: _better(readers.c[name], new.excluded[name]) for name in ("rank", "early")}
    return _upsert(new, readers, better)


def _upsert(new: Any, table: Table, values: Mapping[str, Any]) -> Any:
    return new.on_conflict_do_update(index_elements=list(table.primary_key), set_=values)


def _better(known: ColumnElement[int], new: ColumnElement[int]) -> ColumnElement[int]:
    return case((or_(known.is_(None), new > known), new), else_=known)


def _times_of(
    connection: Connection, send_ids: set[int], now: dt.datetime
) -> Iterable[tuple[object, ...]]:
    """Return a row of times for each of these sends, each by the window that was frozen with it."""
    found = {id: (id, _NEVER, _NEVER, _NEVER, False) for id in send_ids}
    for some in in_chunks(sorted(send_ids)):
        query = select(sends.c.id, sends.c.planned_at, sends.c.scheduled_at, sends.c.window_days)
        for id, planned, scheduled, days in connection.execute(query.where(sends.c.id.in_(some))):
            began = scheduled or planned
            its = Grain.of_send(began, days)
            found[id] = (id, its.hourly, its.last_day, its.end, now < began + KNOWN)
    return found.values()


def _columns(rows: Iterable[tuple[object, ...]]) -> dict[str, list[object]]:
    return dict(zip(_TIMES, map(list, zip(*rows, strict=True)), strict=True))


def _hour(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat()[:13]
