"""A ledger that came back from a backup: what was sent after that, it cannot know.

The ledger that was lost went on after the backup. Whatever was open then may have been sent since,
under any key; whatever was refused may have been sent again. So all of it is in doubt.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, func, insert, select, update

from newsletter.language import Wording, say
from newsletter.ledger.bulk import count
from newsletter.ledger.frozen import REHEARSAL
from newsletter.ledger.instants import EPOCH
from newsletter.ledger.tables import OPEN, batches, deliveries, jobs, restorations, sends, workers
from newsletter.model import BatchState, SendState

_RUNNING = (SendState.PLANNED, SendState.SCHEDULED, SendState.SENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Restoration:
    """When a ledger came back from a backup."""

    made_at: dt.datetime | None  # when the backup was made, as far as it says so
    restored_at: dt.datetime


def find_restoration(connection: Connection) -> Restoration | None:
    """When did this ledger last come back from a backup after which mail may have been sent?"""
    return _newest(connection, ~restorations.c.nothing_sent)


def find_absence(connection: Connection) -> Restoration | None:
    """Since which backup is it not known who left? While there is one, no issue is sent."""
    return _newest(connection, restorations.c.caught_up_at.is_(None))


def note_caught_up(connection: Connection, now: dt.datetime) -> None:
    """Record that it is known who left since any backup, or that the editor takes that on."""
    waits = restorations.c.caught_up_at.is_(None)
    connection.execute(update(restorations).where(waits).values(caught_up_at=now))


def trust_all(connection: Connection, made_at: dt.datetime | None, now: dt.datetime) -> None:
    """Record that a ledger came back from a backup after which nothing was sent."""
    values = {"made_at": made_at, "restored_at": now, "nothing_sent": True}
    connection.execute(insert(restorations).values(values))


def hold_all(connection: Connection, now: dt.datetime) -> None:
    """Let no send go on unasked, as it is not known yet who left after a backup."""
    absence = find_absence(connection)
    for send in connection.execute(_unfinished()).all():
        _stop(connection, send, absence.made_at if absence else None, now)


def restored_at(connection: Connection) -> dt.datetime | None:
    """Until when may another ledger have sent what this one holds?"""
    found = find_restoration(connection)
    return found.restored_at if found else None


def doubt_all(connection: Connection, made_at: dt.datetime | None, now: dt.datetime) -> int:
    """Put all that another ledger may have sent since a backup in doubt; return how many that is.

    Sends that ran then stop: the editor goes on with them. One that is not due yet was sent by
    nobody, but it may have been cancelled.
    """
    values = {"made_at": made_at, "restored_at": now, "nothing_sent": False}
    connection.execute(insert(restorations).values(values))
    for table in (workers, jobs):  # processes of the other one, and what they were asked for
        connection.execute(delete(table))
    in_doubt = 0
    for send in connection.execute(_unfinished()).all():
        if not _waits(send, now):
            # A backup that does not say when it was made is younger than all that it knows of; so
            # is one of a clock that was ahead.
            is_dated = made_at is not None and made_at <= now
            since = made_at if made_at and is_dated else send.planned_at
            in_doubt += _doubt(connection, send.id, now, since=since)
        _stop(connection, send, made_at, now)
    return in_doubt


def _waits(send: Row[Any], now: dt.datetime) -> bool:
    return bool(send.scheduled_at and send.scheduled_at > now and not send.by_provider)


def _stop(
    connection: Connection, send: Row[Any], made_at: dt.datetime | None, now: dt.datetime
) -> None:
    if send.state in _RUNNING:
        state = SendState.PAUSED if _waits(send, now) else SendState.STOPPED
        values = {"state": state, "reason": _why(made_at), "done_at": None}
        connection.execute(update(sends).where(sends.c.id == send.id).values(values))


def doubted(restored_at: dt.datetime, *, called_at: Any) -> Mapping[str, Any]:
    """Return the values of a batch that another ledger may have sent until then."""
    return {
        "state": BatchState.UNKNOWN,
        "worker": "",
        "reason": say("it was open in a backup, and may have been sent after that"),
        "not_before": EPOCH,
        "called_at": called_at,
        "restored_at": restored_at,
    }


def _newest(connection: Connection, which: ColumnElement[bool]) -> Restoration | None:
    query = select(restorations.c.made_at, restorations.c.restored_at).where(which)
    row = connection.execute(query.order_by(restorations.c.id.desc()).limit(1)).one_or_none()
    return Restoration(**row._mapping) if row else None


def _unfinished() -> Select[Any]:
    """Return the query for sends with anything open, but for rehearsals, which mail nobody."""
    is_open = (batches.c.send_id == sends.c.id) & (batches.c.state != BatchState.SETTLED)
    columns = (sends.c.id, sends.c.state, sends.c.planned_at, sends.c.scheduled_at)
    query = select(*columns, sends.c.by_provider)
    return query.where(
        ~sends.c.scope.startswith(REHEARSAL), select(batches.c.id).where(is_open).exists()
    )


def _doubt(connection: Connection, send_id: int, now: dt.datetime, *, since: dt.datetime) -> int:
    """Put what is open of a send in doubt; return how many people that is about."""
    which = (batches.c.send_id == send_id) & (batches.c.state != BatchState.SETTLED)
    theirs = (deliveries.c.batch_id == batches.c.id) & (deliveries.c.state == OPEN)
    people = count(connection, deliveries.join(batches, theirs), which)
    first_call = func.coalesce(batches.c.called_at, since.timestamp())
    values = doubted(now, called_at=first_call)
    connection.execute(update(batches).where(which).values(values))
    return people


def _why(made_at: dt.datetime | None) -> Wording:
    if made_at is None:
        return say("the ledger came back from a backup")
    return say("the ledger came back from a backup of {time:%Y-%m-%d %H:%M} UTC", time=made_at)
