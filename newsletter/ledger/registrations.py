"""Who registered for which meeting, and in which order they wait."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update

from newsletter.ledger.bulk import is_storable
from newsletter.ledger.folding import fold
from newsletter.ledger.meeting_tables import meeting_mails, meetings, registrations
from newsletter.ledger.personal import Holder, is_about
from newsletter.model.meeting import Attending, Registration, RegistrationState

_LIVE = [s for s in RegistrationState if s.value not in ("wanted", "cancelled")]


def find_registration(connection: Connection, key: str) -> Registration | None:
    """Which registration has this key?"""
    if not is_storable(key):
        return None
    query = select(registrations).where(registrations.c.key == key)
    row = connection.execute(query).one_or_none()
    return registration_from(row) if row else None


def find_by_id(connection: Connection, id: int) -> Registration | None:
    """Which registration has this number?"""
    row = connection.execute(select(registrations).where(registrations.c.id == id)).one_or_none()
    return registration_from(row) if row else None


def find_by_uid(connection: Connection, uid: str) -> Registration | None:
    """Which registration has this name in calendars?"""
    if not uid or not is_storable(uid):
        return None
    query = select(registrations).where(registrations.c.uid == uid)
    row = connection.execute(query.order_by(registrations.c.id).limit(1)).one_or_none()
    return registration_from(row) if row else None


def find_of_address(connection: Connection, meeting: str, address: str) -> Registration | None:
    """Which registration for a meeting has somebody with this address?"""
    if not is_storable(address):
        return None
    query = select(registrations).where(
        registrations.c.meeting == meeting, registrations.c.address == address
    )
    row = connection.execute(query).one_or_none()
    return registration_from(row) if row else None


def find_of_member(
    connection: Connection, meeting: str, subscriber_key: str
) -> Registration | None:
    """Which registration for a meeting has somebody on the list, whatever address they had?"""
    if not subscriber_key or not is_storable(subscriber_key):
        return None
    query = select(registrations).where(
        registrations.c.meeting == meeting, registrations.c.subscriber_key == subscriber_key
    )
    row = connection.execute(query.order_by(registrations.c.id).limit(1)).one_or_none()
    return registration_from(row) if row else None


def list_registrations(connection: Connection, meeting: str) -> list[Registration]:
    """Who registered for a meeting, or wanted to, in the order in which they confirmed it?"""
    query = select(registrations).where(registrations.c.meeting == meeting)
    query = query.order_by(registrations.c.wanted_at, registrations.c.id)
    return [registration_from(row) for row in connection.execute(query)]


def list_live(connection: Connection, meeting: str) -> list[Registration]:
    """Who comes to a meeting or is in line for it, those in line in its order?"""
    query = select(registrations).where(
        registrations.c.meeting == meeting, registrations.c.state.in_(_LIVE)
    )
    waits = registrations.c.line_at.is_not(None)  # databases differ in where they put NULL
    query = query.order_by(waits, registrations.c.line_at, registrations.c.id)
    return [registration_from(row) for row in connection.execute(query)]


def count_states(connection: Connection) -> dict[str, dict[tuple[str, str], int]]:
    """How many registrations of each meeting are in each state, by way of attending?"""
    columns = registrations.c.meeting, registrations.c.state, registrations.c.attending
    query = select(*columns, func.count()).group_by(*columns).order_by(*columns)
    found: dict[str, dict[tuple[str, str], int]] = {}
    for meeting, state, attending, count in connection.execute(query):
        found.setdefault(meeting, {})[state, attending] = count
    return found


def add_registration(connection: Connection, registration: Registration) -> int:
    """Write down a new registration; return its number."""
    query = insert(registrations).returning(registrations.c.id)
    id: int = connection.execute(query, _row_of(registration)).scalar_one()
    return id


def save(connection: Connection, registration: Registration) -> None:
    """Write down how a registration is now; the meeting must be locked."""
    this = registrations.c.id == registration.id
    connection.execute(update(registrations).where(this).values(_row_of(registration)))


def lock_meetings(connection: Connection, ids: Collection[int]) -> None:
    """Let nobody else change registrations of the meetings of these until this transaction ends.

    Who changes a registration writes its whole row as it was read under that lock: what was
    written without it meanwhile would be lost, and what was erased would be there again.
    """
    _lock(connection, registrations.c.id.in_(ids))


def _lock(connection: Connection, these: ColumnElement[bool]) -> None:
    named = select(registrations.c.meeting).where(these)
    query = select(meetings.c.id).where(meetings.c.id.in_(named))
    # In one order, so that two who lock many never wait for each other.
    connection.execute(query.order_by(meetings.c.id).with_for_update()).all()


def raise_sequences(connection: Connection, ids: Collection[int]) -> None:
    """Let the calendars of these people take the next mail for newer than the last."""
    query = update(registrations).where(registrations.c.id.in_(ids))
    connection.execute(query.values(sequence=registrations.c.sequence + 1))


def note_came(
    connection: Connection,
    id: int,
    *,
    came: Attending | None,
    at: dt.datetime | None,
    by: str,
) -> None:
    """Write down how somebody took part, or, with None, not; the meeting must be locked."""
    this = update(registrations).where(registrations.c.id == id)
    connection.execute(this.values(came=came, came_at=at, came_by=by))


def forget_answers(
    connection: Connection, meeting: str, *, questions: Sequence[str], needs: bool
) -> None:
    """Delete answers to these questions, and special needs."""
    _lock(connection, registrations.c.meeting == meeting)
    for one in list_registrations(connection, meeting):
        kept = {id: answer for id, answer in one.answers.items() if id not in questions}
        own_needs = "" if needs else one.needs
        if (kept, own_needs) != (dict(one.answers), one.needs):
            this = update(registrations).where(registrations.c.id == one.id)
            connection.execute(this.values(answers=kept, needs=own_needs))


def delete_unconfirmed(connection: Connection, before: dt.datetime) -> int:
    """Delete what strangers asked for before a moment and never confirmed; how many were there?"""
    return _delete(connection, _is_unconfirmed(before))


def count_unconfirmed(connection: Connection, before: dt.datetime) -> int:
    """How many strangers asked for something before a moment and never confirmed it?"""
    query = select(func.count()).select_from(registrations).where(_is_unconfirmed(before))
    found: int = connection.execute(query).scalar_one()
    return found


def _is_unconfirmed(before: dt.datetime) -> ColumnElement[bool]:
    is_wanted = registrations.c.state == RegistrationState.WANTED
    return is_wanted & (registrations.c.changed_at < before)


def delete_wish(connection: Connection, id: int) -> None:
    """Delete what somebody asked for and never confirmed; the meeting must be locked."""
    is_wanted = registrations.c.state == RegistrationState.WANTED
    _delete(connection, (registrations.c.id == id) & is_wanted)


def _delete(connection: Connection, these: ColumnElement[bool]) -> int:
    _lock(connection, these)
    ids = select(registrations.c.id).where(these)
    connection.execute(delete(meeting_mails).where(meeting_mails.c.registration_id.in_(ids)))
    return connection.execute(delete(registrations).where(these)).rowcount


def keep_nameless(connection: Connection, holder: Holder, now: dt.datetime) -> None:
    """Take from registrations whose they are, so that counts of who came stay true.

    A seat of theirs at a meeting that is to come is free then.
    """
    theirs = is_about(registrations, holder)
    _lock(connection, theirs)
    for row in connection.execute(select(registrations).where(theirs)).all():
        is_over = row.came is not None or _has_ended(connection, row.meeting, now)
        _blank(connection, row.id)
        if not is_over:
            _give_up(connection, registration_from(row), now)


def forget_names(connection: Connection, meeting: str) -> int:
    """Take from all registrations of a meeting that is over whose they are; how many had a name?"""
    named = (registrations.c.meeting == meeting) & (registrations.c.name != "")
    _lock(connection, named)
    ids = connection.execute(select(registrations.c.id).where(named)).scalars().all()
    for id in ids:
        _blank(connection, id)
    return len(ids)


def _give_up(connection: Connection, one: Registration, now: dt.datetime) -> None:
    """Let nobody come by a registration; that somebody gave up a seat then stays to be counted."""
    off: dict[str, Any] = dict.fromkeys(("on_site_seat", "remote_seat", "line_at", "offer_until"))
    if one.state is not RegistrationState.CANCELLED:
        off |= {"state": RegistrationState.CANCELLED, "cancelled_at": now}
        off |= {"cancelled_from": one.state}
    this = registrations.c.id == one.id
    connection.execute(update(registrations).where(this).values(off))


def _blank(connection: Connection, id: int) -> None:
    blank: dict[str, Any] = {
        **dict.fromkeys(("name", "badge", "organisation", "region", "language"), ""),
        **dict.fromkeys(("needs", "subscriber_key"), ""),
        **{"answers": {}, "address": None, "key": f"erased:{id}", "uid": ""},
    }
    connection.execute(update(registrations).where(registrations.c.id == id).values(blank))
    gone = meeting_mails.c.registration_id == id
    connection.execute(delete(meeting_mails).where(gone))


def _has_ended(connection: Connection, meeting: str, now: dt.datetime) -> bool:
    query = select(meetings.c.ends_at).where(meetings.c.id == meeting)
    ends_at: dt.datetime | None = connection.execute(query).scalar()
    return ends_at is not None and ends_at <= now


def registration_from(row: Row[Any]) -> Registration:
    """Turn a row of the table into a registration."""
    values = dict(row._mapping)
    values["address"] = row.address or ""
    values["attending"] = Attending(row.attending)
    values["state"] = RegistrationState(row.state)
    values["came"] = Attending(row.came) if row.came else None
    return Registration(**values)


def _row_of(registration: Registration) -> dict[str, Any]:
    values = asdict(registration)
    del values["id"]
    values["address"] = fold(registration.address) or None
    values["answers"] = dict(registration.answers)
    return values
