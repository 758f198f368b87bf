"""What became of deliveries later: who bounced, complained or left, as the provider tells."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, exists, func, insert, select, update

from newsletter.dispatch import Departure, State
from newsletter.ledger.people import may_be_mailed
from newsletter.ledger.tables import deliveries, events, sends, subscribers
from newsletter.model import Standing

RETURNED = "returned"  # the person asked to come back: what was known before does not count
_CHUNK = 500  # addresses asked for at once
_GONE = (Standing.BOUNCED, Standing.COMPLAINED, Standing.UNSUBSCRIBED)
# Who said no is never mailed again, asked or not; a mailbox that bounced is the editor's to judge.
SAID_NO = (Standing.COMPLAINED, Standing.UNSUBSCRIBED)


def note_departures(connection: Connection, send_id: int, said: Iterable[Departure]) -> int:
    """Store which recipients of a send are gone; what is known already, once. Return how many."""
    told = {(d.address.lower(), d.kind): d for d in said}
    wanted = sorted({address for address, _ in told})
    rows: list[dict[str, Any]] = []
    for start in range(0, len(wanted), _CHUNK):
        part = wanted[start : start + _CHUNK]
        theirs = (deliveries.c.send_id == send_id) & deliveries.c.address.in_(part)
        found = connection.execute(select(deliveries.c.id, deliveries.c.address).where(theirs))
        by_address = {address.lower(): id for id, address in found}
        query = select(events.c.delivery_id, events.c.kind)
        told_before = query.where(events.c.delivery_id.in_(list(by_address.values())))
        known = {(id, kind) for id, kind in connection.execute(told_before)}
        rows += [
            {"delivery_id": by_address[address], "kind": kind, "at": d.at, "detail": {}}
            for (address, kind), d in told.items()
            if address in by_address and (by_address[address], kind) not in known
        ]
    if rows:
        connection.execute(insert(events), rows)
    return len(rows)


def count_departed(connection: Connection) -> dict[Standing, int]:
    """How many are active here who are known to have bounced, complained or left?"""
    return dict(Counter(_departed(connection).values()))


def newest_event(connection: Connection) -> int:
    """Which event was stored last? 0 if none was."""
    return connection.execute(select(func.max(events.c.id))).scalar_one() or 0


def take_off(connection: Connection, standings: Iterable[Standing], now: str) -> None:
    """Let those get no more mail who are known to be gone in one of these ways."""
    wanted = set(standings)
    gone = {id: standing for id, standing in _departed(connection).items() if standing in wanted}
    for standing in wanted:
        ids = [id for id, its in gone.items() if its is standing]
        for start in range(0, len(ids), _CHUNK):
            these = subscribers.c.id.in_(ids[start : start + _CHUNK]) & may_be_mailed()
            values = {"standing": standing, "changed_at": now}
            connection.execute(update(subscribers).where(these).values(values))


def note_return(connection: Connection, address: str, now: str) -> None:
    """Note that a person came back at their own wish."""
    query = select(func.max(deliveries.c.id)).join(subscribers, _is_theirs())
    last = connection.execute(query.where(subscribers.c.address == address)).scalar()
    if last is not None:
        row = {"delivery_id": last, "kind": RETURNED, "at": now, "detail": {}}
        connection.execute(insert(events), row)


def count_refused(connection: Connection) -> int:
    """How many active people were refused for good when the last issue was sent?"""
    query = select(func.count()).select_from(subscribers)
    query = query.where(subscribers.c.id.in_(_refused()), may_be_mailed())
    return connection.execute(query).scalar_one()


def take_off_refused(connection: Connection, now: str) -> None:
    """Let those get no more mail who were refused for good when the last issue was sent."""
    these = subscribers.c.id.in_(_refused()) & may_be_mailed()
    values = {"standing": Standing.BOUNCED, "changed_at": now}
    connection.execute(update(subscribers).where(these).values(values))


def _refused() -> Select[Any]:
    """Return the SQL of who was refused for good when the last issue was sent."""
    last = select(sends.c.id).where(sends.c.scope == sends.c.issue_id)
    last = last.order_by(sends.c.planned_at.desc()).limit(1)
    return select(deliveries.c.subscriber_id).where(
        deliveries.c.send_id == last.scalar_subquery(),
        deliveries.c.state == State.REJECTED,
        ~deliveries.c.transient,
        deliveries.c.subscriber_id.is_not(None),
    )


def _departed(connection: Connection) -> dict[int, Standing]:
    """Who is active, though known to be gone, and how? A complaint outweighs all else."""
    later = events.alias()
    theirs = deliveries.alias()
    returned = exists(
        select(later.c.id)
        .join(theirs, theirs.c.id == later.c.delivery_id)
        .where(
            later.c.kind == RETURNED,
            later.c.id > events.c.id,
            theirs.c.subscriber_id == deliveries.c.subscriber_id,
        )
    )
    query = (
        select(subscribers.c.id, events.c.kind)
        .select_from(events)
        .join(deliveries, deliveries.c.id == events.c.delivery_id)
        .join(subscribers, _is_theirs())
        .where(may_be_mailed(), events.c.kind.in_([s.value for s in _GONE]), ~returned)
        .order_by(events.c.id)
    )
    found: dict[int, Standing] = {}
    for id_, kind in connection.execute(query):
        if found.get(id_) is not Standing.COMPLAINED:
            found[id_] = Standing(kind)
    return found


def _is_theirs() -> ColumnElement[bool]:
    return subscribers.c.id == deliveries.c.subscriber_id
