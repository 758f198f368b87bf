"""Mails those who registered for meetings: each as a notice, which takes an issue's path.

    due (ledger) --frozen as a notice--> noted as sent --> carried out by those who serve

Whatever kills the process in between, the next round finds the same notice, which nobody gets
twice.
"""

import datetime as dt

from newsletter.agenda import meetings_of
from newsletter.errors import AudienceError
from newsletter.language import say
from newsletter.ledger import (
    Ledger,
    Send,
    anonymous,
    due_mails,
    questionnaires,
    registrations,
)
from newsletter.mailing.handover import ask_to_carry
from newsletter.mailing.meeting_desk import MeetingDesk
from newsletter.mailing.notices import find_notice, freeze_notice
from newsletter.meetings import find_place, tend
from newsletter.model.meeting import DueMail, MailState, Meeting, RegistrationState
from newsletter.settings import Settings

_AT_ONCE = 200  # mails that are written in one round


def write_meeting_mails(settings: Settings, ledger: Ledger, now: dt.datetime) -> dt.datetime | None:
    """Write the mails about meetings that are due; return when the next one is."""
    agenda = meetings_of(settings)
    meetings, withheld = agenda.meetings, agenda.withheld
    tend(ledger, meetings, now)
    with ledger.read() as connection:
        has_any = bool(registrations.count_states(connection))
        surveys = {
            one.id: one.is_open_to_all
            for one in questionnaires.list_surveys(connection)
            if one.is_open(now)
        }
    if not has_any:
        return None
    desk = MeetingDesk(settings, surveys=surveys)
    for meeting in meetings:
        _let_be_due(ledger, meeting, desk, now)
    with ledger.read() as connection:  # those that are left out wait until their file is mended
        due = due_mails.list_due(connection, now, most=_AT_ONCE, without=withheld)
    known = {meeting.id: meeting for meeting in meetings}
    for mail in due:
        _Writing(settings, ledger, desk).write(mail, known.get(mail.meeting), now)
    if len(due) == _AT_ONCE:
        return now
    with ledger.read() as connection:
        following = due_mails.next_due(connection, without=withheld)
    return following if following and following > now else None


def _let_be_due(ledger: Ledger, meeting: Meeting, desk: MeetingDesk, now: dt.datetime) -> None:
    """Let mails be due whose time has come; each once for every registration and day."""
    come, number = desk.list_come(meeting, now)
    if not come or meeting.is_cancelled:
        return
    with ledger.read() as connection:
        live = registrations.list_live(connection, meeting.id)
        had = {
            (mail.registration_id, mail.kind)
            for mail in due_mails.list_mails(connection, meeting.id)
            if mail.number == number
        }
    wanted = [
        (one, kind)
        for one in live
        if one.state is RegistrationState.REGISTERED
        for kind in come
        if (one.id, kind) not in had
    ]
    if not wanted:
        return
    with ledger.write() as connection:
        for one, kind in wanted:
            due_mails.add_mail(connection, one, kind, due_at=come[kind], number=number)


class _Writing:
    """Writes one mail after the other."""

    def __init__(self, settings: Settings, ledger: Ledger, desk: MeetingDesk) -> None:
        self._settings = settings
        self._ledger = ledger
        self._desk = desk

    def write(self, mail: DueMail, meeting: Meeting | None, now: dt.datetime) -> None:
        """Freeze a mail as a notice, or note why it is not sent."""
        try:
            reason, send = self._frozen(mail, meeting, now)
        except AudienceError as err:  # an address that no server takes
            reason, send = err.words, None
        with self._ledger.write() as connection:
            state = MailState.SENT if send else MailState.SKIPPED
            is_so = due_mails.settle_mail(connection, mail.id, state, now, reason or "")
            if send and is_so:
                ask_to_carry(connection, send)
            elif send:  # what it says was true no more before it was written down
                anonymous.withdraw(connection, send.id, now)

    def _frozen(
        self, mail: DueMail, meeting: Meeting | None, now: dt.datetime
    ) -> tuple[str | None, Send | None]:
        if meeting is None:
            return say("the file of the meeting is gone"), None
        with self._ledger.read() as connection:
            state = due_mails.find_state(connection, mail.id)
            one = registrations.find_by_id(connection, mail.registration_id)
        if state is not MailState.DUE:
            return None, None  # since it was listed
        if one is None:
            return say("the registration is gone"), None
        kind, key = self._desk.named(mail, one)
        if known := find_notice(self._settings, self._ledger, kind, key):
            return None, known  # of a round that was killed
        if reason := self._desk.why_not(mail, one, meeting, now):
            return reason, None
        place = find_place(self._ledger, one)
        notice = self._desk.notice(mail, one, meeting, place_in_line=place, now=now)
        return None, freeze_notice(self._settings, self._ledger, notice, [one.address], now)
