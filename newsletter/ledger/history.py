"""What happened to people, for ever: their standing follows from it and is set nowhere else."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from newsletter.ledger.bulk import in_chunks
from newsletter.ledger.figures import LIST, note_news
from newsletter.ledger.people_tables import records
from newsletter.ledger.tables import subscribers
from newsletter.model import (
    LIFTS,
    Basis,
    By,
    Happened,
    Record,
    Standing,
    Tracking,
    lifted_at,
    pause_of,
    standing_after,
    valid_of,
)

# Of the table, but the number of the row.
COLUMNS = ("subscriber_key", "what", "at", "noted_at", "by", "source", "reason", "act", "detail")
_TICK = dt.timedelta(microseconds=1)
_DAY = dt.timedelta(days=1)
MOST_A_DAY = 50  # acts of a person of which a record is kept
_LEAVING = (Happened.UNSUBSCRIBED, Happened.UNDONE)  # by an issue, perhaps
_AHEAD = dt.timedelta(seconds=1)  # that ticks add up to at most, which are no clock set back


def note(connection: Connection, said: Iterable[Record], now: dt.datetime) -> dict[str, Standing]:
    """Add records, and set the standing that follows for each person; return it where it changed.

    Callers hold `people.lock_people`. A record of somebody who is not on the list is kept all the
    same: it counts once they are.
    """
    new = list(said)
    keys = list(dict.fromkeys(record.key for record in new))
    _begin(connection, keys, now)
    if new:
        known = find_records(connection, keys)
        connection.execute(insert(records), [_row(r, now) for r in _in_order(new, known, now)])
    if any(record.what in _LEAVING for record in new):
        note_news(connection, [LIST])
    return _settle(connection, keys, now, is_news=True)


def settle(connection: Connection, keys: Iterable[str], now: dt.datetime) -> dict[str, Standing]:
    """Set the standing that follows from what is known of people; return it where it changed."""
    return _settle(connection, keys, now, is_news=False)


def note_listed(connection: Connection, said: Select[Any]) -> int:
    """Add the records that a query makes, of a list that may be long; return how many.

    It has a column for each of a record's. Whoever calls sets the standing that follows.
    """
    return connection.execute(insert(records).from_select(COLUMNS, said)).rowcount


def is_anybody_awake(connection: Connection, now: dt.datetime) -> bool:
    """Is the pause of anybody over?"""
    query = select(subscribers.c.id).where(subscribers.c.paused_until <= now).limit(1)
    return connection.execute(query).first() is not None


def wake(connection: Connection, now: dt.datetime) -> int:
    """End the pauses that are over; return how many people get mail again."""
    over = select(subscribers.c.key).where(subscribers.c.paused_until <= now)
    return len(settle(connection, connection.execute(over).scalars().all(), now))


def forget(connection: Connection, keys: Select[Any]) -> None:
    """Delete all records of people who are deleted themselves."""
    connection.execute(delete(records).where(records.c.subscriber_key.in_(keys)))


def is_restless(connection: Connection, key: str, now: dt.datetime) -> bool:
    """Did a person, or a script that has their link, do so much today that no more is kept?

    Whoever asks must never ignore what means less mail.
    """
    theirs = records.c.subscriber_key == key, records.c.by == By.PERSON
    today = records.c.noted_at > now - _DAY
    query = select(func.count()).select_from(records).where(*theirs, today)
    return connection.execute(query).scalar_one() >= MOST_A_DAY


def find_lifts(
    connection: Connection, keys: Iterable[str], now: dt.datetime
) -> Mapping[str, dt.datetime]:
    """Who of these confirmed or came back, and when last? What happened before does not count."""
    found: dict[str, list[Record]] = {}
    for some in in_chunks(keys):
        query = select(records).where(records.c.subscriber_key.in_(some), records.c.what.in_(LIFTS))
        for row in connection.execute(query):
            found.setdefault(row.subscriber_key, []).append(record_from(row))
    lifted = ((key, lifted_at(theirs, now)) for key, theirs in found.items())
    return {key: moment for key, moment in lifted if moment}


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


def _settle(
    connection: Connection, keys: Iterable[str], now: dt.datetime, *, is_news: bool
) -> dict[str, Standing]:
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
            if is_news or after != standing:
                values["changed_at"] = now
            this = update(subscribers).where(subscribers.c.key == key)
            connection.execute(this.values(standing=after, **values))
    return changed


def _in_order(
    new: Iterable[Record], known: Mapping[str, Sequence[Record]], now: dt.datetime
) -> Iterator[Record]:
    """Yield records so that what happens now comes after all that happened, whatever the clock.

    Where it was set back, nobody can tell whether what a provider dates came before something that
    is known: it counts as if it came now.
    """
    newest = {key: max(r.moment(now) for r in theirs) for key, theirs in known.items() if theirs}
    for record in new:
        last = newest.get(record.key)
        is_dated = record.at not in (None, now)
        if last is None or record.noted_at or (is_dated and not was_set_back(now, last)):
            yield record
        else:
            moment = max(now, last + _TICK)
            at = moment if record.at == now else None
            yield replace(record, at=at, noted_at=moment)


def was_set_back(now: dt.datetime, last: dt.datetime) -> bool:
    """Return whether the clock was set back, as something known already comes after now."""
    return last - now > _AHEAD


def after_all(connection: Connection, keys: Select[Any], now: dt.datetime) -> dt.datetime:
    """Which moment is after all that is known of them? Now, unless the clock was set back."""
    newest = select(func.max(records.c.noted_at)).where(records.c.subscriber_key.in_(keys))
    last = connection.execute(newest).scalar()
    return max(now, last + _TICK) if last else now


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
    valid = valid_of(known)
    pause = pause_of(valid, now)
    until = pause.detail.get("until") if pause else None
    values: dict[str, Any] = {"paused_until": dt.datetime.fromisoformat(until) if until else None}
    in_order = sorted(valid, key=lambda record: record.moment(now))
    for record in in_order:
        if record.what is Happened.TRACKED:
            values["tracking"] = Tracking(record.detail["tracking"])
        if record.what is Happened.CONFIRMED or "basis" in record.detail:
            values["basis"] = Basis(record.detail.get("basis", Basis.CONSENT))
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
