"""Mails about registrations: which are due, which were sent, which were no longer true."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update

from newsletter.ledger import queue
from newsletter.ledger.bulk import insert_of
from newsletter.ledger.meeting_tables import meeting_mails
from newsletter.model import (
    MEETING_MAILS,
    NOTICES,
    DueMail,
    Job,
    MailState,
    MeetingMail,
    Registration,
)

_NOTHING: Mapping[str, Any] = MappingProxyType({})


_NUMBERED = 100_000  # numbers from here on are those of days, and not counted on from


def add_mail(
    connection: Connection,
    registration: Registration,
    kind: MeetingMail,
    *,
    due_at: dt.datetime,
    detail: Mapping[str, Any] = _NOTHING,
    number: int | None = None,
) -> bool:
    """Let a mail be due, and ask those who serve to write it; was it not yet?

    With a number it is there once for that number: a reminder is never due twice. Without one it
    is a further one of its kind.
    """
    if number is None:
        theirs = meeting_mails.c.registration_id == registration.id, meeting_mails.c.kind == kind
        counted = meeting_mails.c.number < _NUMBERED
        query = select(func.coalesce(func.max(meeting_mails.c.number), 0)).where(*theirs, counted)
        number = connection.execute(query).scalar_one() + 1
    row = insert_of(connection)(meeting_mails).values(
        registration_id=registration.id,
        meeting=registration.meeting,
        kind=kind,
        number=number,
        due_at=due_at,
        state=MailState.DUE,
        reason="",
        detail=dict(detail),
        changed_at=due_at,
    )
    is_new = bool(connection.execute(row.on_conflict_do_nothing()).rowcount)
    if is_new:
        name = MEETING_MAILS
        queue.put(connection, Job(name=name, queue=NOTICES, key=name, due=due_at, is_alone=True))
    return is_new


def list_due(
    connection: Connection, now: dt.datetime, *, most: int, without: Collection[str] = ()
) -> list[DueMail]:
    """Which mails are due, the oldest first, but for those about some meetings?"""
    query = select(meeting_mails).where(
        meeting_mails.c.state == MailState.DUE,
        meeting_mails.c.due_at <= now,
        meeting_mails.c.meeting.not_in(without),
    )
    query = query.order_by(meeting_mails.c.due_at, meeting_mails.c.id).limit(most)
    return [_mail_from(row) for row in connection.execute(query)]


def next_due(connection: Connection, *, without: Collection[str] = ()) -> dt.datetime | None:
    """When is the next mail due, but for those about some meetings?"""
    query = select(meeting_mails.c.due_at).where(
        meeting_mails.c.state == MailState.DUE, meeting_mails.c.meeting.not_in(without)
    )
    found: dt.datetime | None
    found = connection.execute(query.order_by(meeting_mails.c.due_at).limit(1)).scalar()
    return found


def list_mails(connection: Connection, meeting: str) -> list[DueMail]:
    """Which mails were there about a meeting, and what became of each?"""
    query = select(meeting_mails).where(meeting_mails.c.meeting == meeting)
    query = query.order_by(meeting_mails.c.due_at, meeting_mails.c.id)
    return [_mail_from(row) for row in connection.execute(query)]


def list_mails_of(connection: Connection, registration_id: int) -> list[DueMail]:
    """Which mails were there about a registration, in their order?"""
    query = select(meeting_mails).where(meeting_mails.c.registration_id == registration_id)
    return [_mail_from(row) for row in connection.execute(query.order_by(meeting_mails.c.id))]


def find_state(connection: Connection, id: int) -> MailState | None:
    """What became of a mail; None: it is gone?"""
    query = select(meeting_mails.c.state).where(meeting_mails.c.id == id)
    found = connection.execute(query).scalar_one_or_none()
    return MailState(found) if found else None


def settle_mail(
    connection: Connection, id: int, state: MailState, now: dt.datetime, reason: str = ""
) -> bool:
    """Write down what became of a mail that is due; is that what became of it?

    What was decided of it meanwhile stays.
    """
    is_due = (meeting_mails.c.id == id) & (meeting_mails.c.state == MailState.DUE)
    values = {"state": state, "reason": reason, "changed_at": now}
    connection.execute(update(meeting_mails).where(is_due).values(values))
    return find_state(connection, id) is state


def skip_due(
    connection: Connection,
    registration_id: int,
    kinds: Collection[MeetingMail],
    now: dt.datetime,
    reason: str,
) -> Sequence[MeetingMail]:
    """Let mails that are due not be sent, as they are no longer true; which kinds were there?"""
    query = update(meeting_mails).where(
        meeting_mails.c.registration_id == registration_id,
        meeting_mails.c.state == MailState.DUE,
        meeting_mails.c.kind.in_(kinds),
    )
    values = {"state": MailState.SKIPPED, "reason": reason, "changed_at": now}
    rows = connection.execute(query.values(values).returning(meeting_mails.c.kind))
    return [MeetingMail(kind) for kind in rows.scalars()]


def drop_due(connection: Connection, registration_id: int, kinds: Collection[MeetingMail]) -> None:
    """Forget that mails are due which a clock brought about, so that it can do so once more."""
    connection.execute(
        delete(meeting_mails).where(
            meeting_mails.c.registration_id == registration_id,
            meeting_mails.c.state == MailState.DUE,
            meeting_mails.c.kind.in_(kinds),
        )
    )


def _mail_from(row: Row[Any]) -> DueMail:
    values = {name: value for name, value in row._mapping.items() if name != "changed_at"}
    values["kind"], values["state"] = MeetingMail(row.kind), MailState(row.state)
    return DueMail(**values)
