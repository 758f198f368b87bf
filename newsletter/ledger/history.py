"""What happened to people, for ever: their standing follows from it and is set nowhere else."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from newsletter.ledger.bulk import in_chunks
from newsletter.ledger.people_tables import records
from newsletter.ledger.tables import subscribers
from newsletter.model import Basis, By, Happened, Record, Standing, Tracking, standing_after


def note(connection: Connection, said: Iterable[Record], now: dt.datetime) -> dict[str, Standing]:
    """Add records, and set the standing that follows for each person; return it where it changed.

    Callers hold `people.lock_people`. A record of somebody who is not on the list is kept all the
    same: it counts once they are.
    """
    new = list(said)
    keys = list(dict.fromkeys(record.key for record in new))
    _begin(connection, keys, now)
    if new:
        connection.execute(insert(records), [_row(record, now) for record in new])
    return settle(connection, keys, now)


def settle(connection: Connection, keys: Iterable[str], now: dt.datetime) -> dict[str, Standing]:
    """Set the standing that follows from what is known of people; return it where it changed."""
    changed: dict[str, Standing] = {}
    for some in in_chunks(keys):
        known = find_records(connection, some)
        query = select(subscribers.c.key, subscribers.c.standing)
        before = connection.execute(query.where(subscribers.c.key.in_(some))).all()
        for key, standing in before:
            after = standing_after(known[key], now)
            values = _following(known[key], now)
            if after != standing:
                changed[key] = after
                values["changed_at"] = now
            this = update(subscribers).where(subscribers.c.key == key)
            connection.execute(this.values(standing=after, **values))
    return changed


def wake(connection: Connection, now: dt.datetime) -> int:
    """End the pauses that are over; return how many people get mail again."""
    over = select(subscribers.c.key).where(subscribers.c.paused_until <= now)
    return len(settle(connection, connection.execute(over).scalars().all(), now))


def find_records(connection: Connection, keys: Sequence[str]) -> Mapping[str, list[Record]]:
    """What happened to these people, in the order in which it was noted?"""
    found: dict[str, list[Record]] = {key: [] for key in keys}
    for some in in_chunks(keys):
        query = select(records).where(records.c.subscriber_key.in_(some)).order_by(records.c.id)
        for row in connection.execute(query):
            found[row.subscriber_key].append(record_from(row))
    return found


def record_from(row: Row[Any]) -> Record:
    """Turn a row of the table into a record."""
    return Record(
        key=row.subscriber_key,
        what=Happened(row.what),
        at=row.at,
        noted_at=row.noted_at,
        by=By(row.by),
        source=row.source,
        reason=row.reason,
        act=row.act,
        detail=row.detail,
    )


def _begin(connection: Connection, keys: Sequence[str], now: dt.datetime) -> None:
    """Record how people stand of whom nothing is recorded yet, though they are on the list."""
    for some in in_chunks(keys):
        known = select(records.c.subscriber_key).where(records.c.subscriber_key.in_(some))
        query = select(subscribers.c.key, subscribers.c.standing, subscribers.c.changed_at)
        unknown = subscribers.c.key.in_(some) & subscribers.c.key.not_in(known)
        found = [
            Record(
                key=key,
                what=Happened.FOUND,
                noted_at=min(changed_at, now),
                detail={"standing": standing},
            )
            for key, standing, changed_at in connection.execute(query.where(unknown))
        ]
        if found:
            connection.execute(insert(records), [_row(record, now) for record in found])


def _following(known: Sequence[Record], now: dt.datetime) -> dict[str, Any]:
    """Return what else of a person follows from the newest records of its kind."""
    values: dict[str, Any] = {}
    for record in known:
        match record.what:
            case Happened.TRACKED:
                values["tracking"] = Tracking(record.detail["tracking"])
            case Happened.PAUSED:
                until = record.detail.get("until")
                values["paused_until"] = dt.datetime.fromisoformat(until) if until else None
            case Happened.RESUMED | Happened.RETURNED:
                values["paused_until"] = None
            case Happened.CONFIRMED:
                values |= {"paused_until": None, "basis": Basis.CONSENT}
    if (until := values.get("paused_until")) and until <= now:
        values["paused_until"] = None
    return values


def _row(record: Record, now: dt.datetime) -> dict[str, Any]:
    return {
        "subscriber_key": record.key,
        "what": record.what,
        "at": record.at,
        "noted_at": record.noted_at or now,
        "by": record.by,
        "source": record.source,
        "reason": record.reason,
        "act": record.act,
        "detail": dict(record.detail),
    }
