"""What the ledger holds of meetings themselves: their row, and what people were told of each."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, select, update

from newsletter.ledger.bulk import insert_of, is_storable
from newsletter.ledger.meeting_tables import meeting_mails, meetings
from newsletter.model.meeting import Meeting, MeetingMail, ToldMeeting


def lock_meeting(connection: Connection, meeting: Meeting) -> ToldMeeting:
    """Let nobody else change registrations of a meeting until this transaction ends.

    Every path to a seat comes by here. SQLite's transactions that write wait for one another;
    PostgreSQL's do for the row, which is made with what the first one who registers is told.
    """
    times = {"starts_at": meeting.starts_at, "ends_at": meeting.ends_at}
    facts = dict((meeting.written or meeting).facts)
    row = insert_of(connection)(meetings).values(
        id=meeting.id, told=facts, sequence=0, sums={}, **times
    )
    connection.execute(row.on_conflict_do_nothing())
    query = select(meetings).where(meetings.c.id == meeting.id)
    found = _told_from(connection.execute(query.with_for_update()).one())
    if (found.starts_at, found.ends_at) != (meeting.starts_at, meeting.ends_at):
        change_told(connection, meeting.id, **times)
    others = {**facts["others"], **found.told.get("others", {})}  # those that came since, too
    if others.keys() != found.told.get("others", {}).keys():
        found = replace(found, told={**found.told, "others": others})
        change_told(connection, meeting.id, told=found.told)
    return found


def find_told(connection: Connection, meeting_id: str) -> ToldMeeting | None:
    """What is known of a meeting itself; None if nobody registered?"""
    if not is_storable(meeting_id):
        return None
    query = select(meetings).where(meetings.c.id == meeting_id)
    row = connection.execute(query).one_or_none()
    return _told_from(row) if row else None


def list_told(connection: Connection) -> list[ToldMeeting]:
    """Which meetings did anybody register for, in order of time?"""
    query = select(meetings).order_by(meetings.c.starts_at, meetings.c.id)
    return [_told_from(row) for row in connection.execute(query)]


def is_thanked(connection: Connection, meeting_id: str) -> bool | None:
    """Was anybody thanked for a meeting? None: nobody was ever mailed about it."""
    query = select(meeting_mails.c.kind).where(meeting_mails.c.meeting == meeting_id).distinct()
    kinds = set(connection.execute(query).scalars())
    return MeetingMail.THANKS in kinds if kinds else None


def lock_sums(connection: Connection, meeting_id: str) -> Mapping[str, Any]:
    """Let nobody else sum up answers of a meeting until this transaction ends; what was so far?"""
    query = select(meetings.c.sums).where(meetings.c.id == meeting_id)
    found: Mapping[str, Any] = connection.execute(query.with_for_update()).scalar_one()
    return found


def change_told(connection: Connection, meeting_id: str, **values: Any) -> None:
    """Set what is known of a meeting itself."""
    connection.execute(update(meetings).where(meetings.c.id == meeting_id).values(**values))


def note_late_told(connection: Connection, until: dt.datetime) -> None:
    """Write down that the editor was told of late changes until a moment, by the mail of then."""
    query = update(meetings).where(meetings.c.late_until == until)
    connection.execute(query.values(late_told_at=until, late_until=None))


def _told_from(row: Row[Any]) -> ToldMeeting:
    return ToldMeeting(**row._mapping)
