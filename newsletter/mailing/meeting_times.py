"""When mails about a meeting are due, and why one is not sent although it was.

A day or a week before is the same hour on the wall, whatever clocks did in between.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from newsletter.language import Wording, say
from newsletter.model.meeting import (
    Attending,
    DueMail,
    Meeting,
    MeetingMail,
    Registration,
    RegistrationState,
)

_HOUR, _DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
_THANKED = 30 * _DAY  # after a meeting, within which its material may come
_REMINDERS = {MeetingMail.REMINDER_WEEK: 7 * _DAY, MeetingMail.REMINDER_DAY: _DAY}
# Those that a clock brings about, not somebody's press of a button.
TIMED = (*_REMINDERS, MeetingMail.LINK, MeetingMail.THANKS)
# Those that ask for something which is in vain once the meeting is called off, or lead there.
_ASKING = (MeetingMail.CONFIRM, MeetingMail.OFFER, MeetingMail.OFFER_ENDED)
# What must be true of a registration for a mail about it; else it is told no more.
_NEEDS: Mapping[MeetingMail, RegistrationState] = {
    MeetingMail.CONFIRM: RegistrationState.WANTED,
    MeetingMail.CONFIRMED: RegistrationState.REGISTERED,
    MeetingMail.WAITING: RegistrationState.WAITING,
    MeetingMail.MOVED_UP: RegistrationState.REGISTERED,
    MeetingMail.CANCELLED: RegistrationState.CANCELLED,
    MeetingMail.DECLINED: RegistrationState.REGISTERED,
    **dict.fromkeys(TIMED, RegistrationState.REGISTERED),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """What the settings say of when people are mailed."""

    reminders: tuple[MeetingMail, ...]
    link_at: dt.time
    link_to_all: bool  # also to those who come on site
    thanks_at: dt.time | None  # None: nobody is thanked


def due_moments(meeting: Meeting, timetable: Timetable) -> Mapping[MeetingMail, dt.datetime]:
    """Return when each mail that a clock brings about is due, UTC; of those there are."""
    due = {kind: meeting.start - _REMINDERS[kind] for kind in timetable.reminders}
    if meeting.remote_link:
        at = dt.datetime.combine(meeting.start, timetable.link_at)
        due[MeetingMail.LINK] = min(at, meeting.start - _HOUR)
    moments = {kind: _moment(local, meeting) for kind, local in due.items()}
    if timetable.thanks_at and (meeting.material or meeting.survey):
        moments[MeetingMail.THANKS] = meeting.thanked_at(timetable.thanks_at)
    return moments


def number_of(meeting: Meeting) -> int:
    """Return the number of its timed mails: a meeting that is moved reminds anew, and once."""
    return meeting.start.toordinal()


def is_over(kind: MeetingMail, meeting: Meeting, now: dt.datetime) -> bool:
    """Return whether the time of a mail has passed, whenever it was due."""
    if kind is MeetingMail.THANKS:
        return now > meeting.ends_at + _THANKED
    if kind is MeetingMail.LINK:
        return now >= meeting.ends_at
    if kind is MeetingMail.REMINDER_WEEK:
        return now >= _moment(meeting.start - 5 * _DAY, meeting)
    midnight = dt.datetime.combine(meeting.start, dt.time())  # then it is no longer tomorrow
    return kind is MeetingMail.REMINDER_DAY and now >= _moment(midnight, meeting)


def why_not(
    mail: DueMail, one: Registration, meeting: Meeting, timetable: Timetable, now: dt.datetime
) -> Wording | None:
    """Return why a mail is not sent any more; None if it is."""
    if not one.address:
        return say("there is no address")
    needed = _NEEDS.get(mail.kind)
    if (needed and one.state is not needed) or (_is_of_live(mail) and not one.is_live):
        return say("the registration is another since")
    if mail.kind in TIMED:
        return _why_not_timed(mail, one, meeting, timetable, now)
    return _why_not_asking(mail, one, meeting, now) if mail.kind in _ASKING else None


def gets_link(one: Registration, timetable: Timetable) -> bool:
    """Return whether somebody is told where to take part remotely."""
    is_in = one.state is RegistrationState.REGISTERED
    return is_in and (timetable.link_to_all or one.attending is Attending.REMOTE)


def _why_not_timed(
    mail: DueMail, one: Registration, meeting: Meeting, timetable: Timetable, now: dt.datetime
) -> Wording | None:
    if meeting.is_cancelled:
        return say("the meeting does not take place")
    if mail.number != number_of(meeting):
        return say("the meeting was moved to another day")
    if is_over(mail.kind, meeting, now):
        return say("its time had passed")
    if mail.kind is MeetingMail.LINK:
        has_it = meeting.remote_link and gets_link(one, timetable)
        return None if has_it else say("whoever comes on site needs no link")
    if mail.kind is not MeetingMail.THANKS and one.wanted_at > mail.due_at:
        return say("registered after it was due")
    return None


def _why_not_asking(
    mail: DueMail, one: Registration, meeting: Meeting, now: dt.datetime
) -> Wording | None:
    if meeting.is_cancelled:
        return say("the meeting does not take place")
    if mail.kind is MeetingMail.OFFER and _is_over_offer(mail, one, meeting, now):
        return say("the offer has ended")
    is_past = mail.kind is MeetingMail.OFFER_ENDED and now >= meeting.starts_at
    return say("its time had passed") if is_past else None


def _is_of_live(mail: DueMail) -> bool:
    return mail.kind in (MeetingMail.OFFER, MeetingMail.CHANGED, MeetingMail.MESSAGE)


def _is_over_offer(mail: DueMail, one: Registration, meeting: Meeting, now: dt.datetime) -> bool:
    if mail.detail.get("first_come"):
        is_last_day = dt.timedelta() < meeting.starts_at - now <= _DAY
        return one.line is None or not is_last_day
    until = one.offer_until
    return until is None or until <= now or mail.detail.get("until") != until.isoformat()


def _moment(local: dt.datetime, meeting: Meeting) -> dt.datetime:
    return local.replace(tzinfo=meeting.zone).astimezone(dt.UTC)
