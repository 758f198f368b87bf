"""Counts what people changed after the deadline of a meeting to come: lunch is ordered by then."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from newsletter.ledger import due_mails, registrations, told_meetings
from newsletter.model.meeting import DueMail, MailState, Meeting, MeetingMail, RegistrationState


@dataclass(frozen=True, slots=True, kw_only=True)
class LateChanges:
    """What changed of one meeting since its editor was told last, in numbers of people."""

    meeting: Meeting
    registered: int  # who had none, or had given it up and took that back
    cancelled: int  # who had a seat
    moved_up: int  # who had been in line
    needs: int  # changed what they need
    answers: int  # changed what they answered
    attending: int  # changed how they take part

    def __bool__(self) -> bool:
        people = self.registered or self.cancelled or self.moved_up
        return bool(people or self.needs or self.answers or self.attending)


def late_changes(
    connection: Connection, meetings: Sequence[Meeting], now: dt.datetime
) -> tuple[dt.datetime | None, list[LateChanges]]:
    """Return what the editor is to be told, of meetings to come that take place.

    With it comes the moment until which a mail tells of it that was begun; None: none was.
    """
    coming = [one for one in meetings if one.deadline and one.ends_at > now]
    coming = [one for one in coming if not one.is_cancelled]
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
    had = due_mails.list_mails(connection, meeting.id)
    mails = [m for m in had if since < m.due_at <= until and m.registration_id in people]
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
    back = _back(had, since, until)
    new = [
        one
        for one in people.values()
        if one.state is RegistrationState.REGISTERED
        and one.came is None
        and one.id not in up
        and (one.id in back or since < one.wanted_at <= until)
    ]
    return LateChanges(
        meeting=meeting,
        registered=len(new),
        cancelled=len(off),
        moved_up=len(up),
        needs=changed["needs"],
        answers=changed["answers"],
        attending=changed["attending"],
    )


def _back(had: Sequence[DueMail], since: dt.datetime, until: dt.datetime) -> set[int]:
    """Return who was told until a moment that they do not come, and after it that they do."""
    told: dict[int, list[DueMail]] = {}
    for mail in had:
        if mail.kind is MeetingMail.CONFIRMED or (
            mail.kind is MeetingMail.CANCELLED and mail.state is MailState.SENT
        ):
            told.setdefault(mail.registration_id, []).append(mail)
    found = set()
    for id, mails in told.items():
        before = [mail.kind for mail in mails if mail.due_at <= since]
        after = {mail.kind for mail in mails if since < mail.due_at <= until}
        if before and before[-1] is MeetingMail.CANCELLED and MeetingMail.CONFIRMED in after:
            found.add(id)
    return found


def _pairs(mail: DueMail) -> set[tuple[int, str]]:
    """Return whose registration was changed, with each thing that was."""
    if mail.kind is not MeetingMail.CHANGED:
        return set()
    return {(mail.registration_id, name) for name in mail.detail.get("what", ())}
