"""Counts what people changed after the deadline of a meeting to come: lunch is ordered by then."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from newsletter.ledger import due_mails, registrations, told_meetings
from newsletter.model.meeting import DueMail, Meeting, MeetingMail, RegistrationState


@dataclass(frozen=True, slots=True, kw_only=True)
class LateChanges:
    """What changed of one meeting since its editor was told last, in numbers of people."""

    meeting: Meeting
    cancelled: int  # who had a seat
    moved_up: int  # who had been in line
    needs: int  # changed what they need
    answers: int  # changed what they answered
    attending: int  # changed how they take part

    def __bool__(self) -> bool:
        return bool(self.cancelled or self.moved_up or self.needs or self.answers or self.attending)


def late_changes(
    connection: Connection, meetings: Sequence[Meeting], now: dt.datetime
) -> tuple[dt.datetime | None, list[LateChanges]]:
    """Return what the editor is to be told, of meetings to come.

    With it comes the moment until which a mail tells of it that was begun; None: none was.
    """
    coming = [meeting for meeting in meetings if meeting.deadline and meeting.ends_at > now]
    told = {meeting.id: told_meetings.find_told(connection, meeting.id) for meeting in coming}
    begun = max((one.late_until for one in told.values() if one and one.late_until), default=None)
    found = []
    for meeting in coming:
        known = told[meeting.id]
        if known is not None and known.late_until == begun:
            since = max(known.late_told_at or meeting.closes_at, meeting.closes_at)
            found.append(_count(connection, meeting, since, begun or now))
    return begun, [one for one in found if one]


def begin_telling(connection: Connection, changes: Sequence[LateChanges], now: dt.datetime) -> None:
    """Write down that the editor is being told of these, until now."""
    for one in changes:
        told_meetings.change_told(connection, one.meeting.id, late_until=now)


def _count(
    connection: Connection, meeting: Meeting, since: dt.datetime, until: dt.datetime
) -> LateChanges:
    people = {one.id: one for one in registrations.list_registrations(connection, meeting.id)}
    mails = [
        mail
        for mail in due_mails.list_mails(connection, meeting.id)
        if since < mail.due_at <= until and mail.registration_id in people
    ]
    off = [
        one
        for one in people.values()
        if one.state is RegistrationState.CANCELLED
        and one.cancelled_from == RegistrationState.REGISTERED
        and one.cancelled_at is not None
        and since < one.cancelled_at <= until
    ]
    live = [mail for mail in mails if people[mail.registration_id].is_live]
    up = {mail.registration_id for mail in live if mail.kind is MeetingMail.MOVED_UP}
    changed = Counter(name for _, name in {pair for mail in live for pair in _pairs(mail)})
    return LateChanges(
        meeting=meeting,
        cancelled=len(off),
        moved_up=len(up),
        needs=changed["needs"],
        answers=changed["answers"],
        attending=changed["attending"],
    )


def _pairs(mail: DueMail) -> set[tuple[int, str]]:
    """Return whose registration was changed, with each thing that was."""
    if mail.kind is not MeetingMail.CHANGED:
        return set()
    return {(mail.registration_id, name) for name in mail.detail.get("what", ())}
