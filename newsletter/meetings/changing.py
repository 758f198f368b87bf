"""Changes registrations: answers, the way of attending, cancelled, and that taken back."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace

from newsletter.errors import RegistrationError
from newsletter.language import say
from newsletter.ledger import Ledger, due_mails, registrations
from newsletter.meetings.entering import end_of_line, find_here
from newsletter.meetings.moving_up import Hall, entered, seat, seated
from newsletter.meetings.seating import free_numbers, line_for
from newsletter.model.meeting import (
    Attending,
    DueMail,
    Entry,
    MailState,
    Meeting,
    MeetingMail,
    Refused,
    Registration,
    RegistrationState,
)

UNDO = dt.timedelta(hours=1)  # for which a cancellation can be taken back

# Mails that are no longer true once somebody does not come.
_OF_COMING = (
    MeetingMail.CONFIRM,
    MeetingMail.CONFIRMED,
    MeetingMail.WAITING,
    MeetingMail.OFFER,
    MeetingMail.MOVED_UP,
    MeetingMail.CHANGED,
)
# The same, of those that a clock brings about: it does again for who comes after all.
_TIMED = (MeetingMail.REMINDER_WEEK, MeetingMail.REMINDER_DAY, MeetingMail.LINK)
# Mails that say how one is registered; after CHANGED it is as it was.
_SAYING = {
    RegistrationState.REGISTERED: (MeetingMail.CONFIRMED, MeetingMail.MOVED_UP),
    RegistrationState.WAITING: (MeetingMail.WAITING,),
}


def change(
    ledger: Ledger,
    meeting: Meeting,
    key: str,
    entry: Entry,
    now: dt.datetime,
    *,
    takes_offer: bool = False,
) -> Registration:
    """Change what somebody filled in, and how they take part; return their registration.

    Who would rather come than take part remotely, and there is no seat, keeps what they have and is
    in line. With `takes_offer` they first have the seat that is kept for them, if there is one.
    Raise RegistrationError if it cannot be changed; then nothing is.
    """
    with entered(ledger, meeting, now) as hall:
        found = _find_live(hall, key)
        if takes_offer:
            found = take_offer(hall, found) or found
        given = {name: getattr(entry, name) for name in _GIVEN}
        filled = replace(found, **given, answers={k: a for k, a in entry.answers.items() if a})
        moved = _move(hall, filled, entry)
        changed = [name for name in _TOLD if getattr(moved, name) != getattr(found, name)]
        if not changed:
            return found
        own = replace(moved, changed_at=now, is_late=found.is_late or now > meeting.closes_at)
        if "attending" in changed and own.state is RegistrationState.REGISTERED:
            own = replace(own, sequence=own.sequence + 1)
        registrations.save(hall.connection, own)
        hall.mail(own, MeetingMail.CHANGED, what=changed)
        return own


def cancel(ledger: Ledger, meeting: Meeting, key: str, now: dt.datetime) -> Registration:
    """Take somebody off; their seat goes to who is next in line, in the same transaction.

    Who is off already stays so. Raise RegistrationError once the meeting is over.
    """
    with entered(ledger, meeting, now) as hall:
        found = find_here(hall, key)
        if found.state is RegistrationState.CANCELLED:
            return found
        if now >= meeting.ends_at:
            raise RegistrationError(Refused.OVER)
        return take_off(hall, found, MeetingMail.CANCELLED)


def take_off(hall: Hall, found: Registration, kind: MeetingMail) -> Registration:
    """Let somebody not come, and be told so by a mail of this kind, unless they never confirmed."""
    own = replace(
        found,
        state=RegistrationState.CANCELLED,
        on_site_seat=None,
        remote_seat=None,
        line_at=None if found.offer_until else found.line_at,  # an offer that is left is over
        offer_until=None,
        cancelled_at=hall.now,
        cancelled_from=found.state,
        changed_at=hall.now,
        is_late=found.is_late or hall.now > hall.meeting.closes_at,
        sequence=found.sequence + 1,
    )
    registrations.save(hall.connection, own)
    reason = say("the registration was cancelled")
    due_mails.skip_due(hall.connection, own.id, _OF_COMING, hall.now, reason)
    due_mails.drop_due(hall.connection, own.id, _TIMED)
    if found.state is not RegistrationState.WANTED:
        hall.mail(own, kind)
    return own


def undo(ledger: Ledger, meeting: Meeting, key: str, now: dt.datetime) -> Registration:
    """Take a cancellation back: within the hour, and while the seat is free.

    Who was in line is where they were. Raise RegistrationError if it cannot be.
    """
    with entered(ledger, meeting, now) as hall:
        found = find_here(hall, key)
        if found.state is not RegistrationState.CANCELLED:
            return found
        if found.cancelled_at is None or now - found.cancelled_at > UNDO or hall.is_closed:
            raise RegistrationError(Refused.TOO_LATE)
        own = replace(
            found,
            state=RegistrationState(found.cancelled_from),
            cancelled_at=None,
            cancelled_from="",
            changed_at=now,
            is_late=found.is_late or now > meeting.closes_at,
            sequence=found.sequence + 1,
        )
        if own.state is RegistrationState.REGISTERED:
            own = seated(own, own.attending, free_seat(hall, own.attending))
            if own.seat(own.attending) is None:
                raise RegistrationError(Refused.TOO_LATE)
        elif own.state is not RegistrationState.WAITING:
            raise RegistrationError(Refused.TOO_LATE)
        registrations.save(hall.connection, own)
        _tell_undone(hall, own)
        return own


_GIVEN = ("name", "badge", "organisation", "region", "language", "needs")
_TOLD = (*_GIVEN, "answers", "attending", "line_at")


def _tell_undone(hall: Hall, own: Registration) -> None:
    """Mail that it is as before, unless that is what they were told last."""
    reason = say("the cancellation was taken back")
    due_mails.skip_due(hall.connection, own.id, [MeetingMail.CANCELLED], hall.now, reason)
    if not _was_told(due_mails.list_mails_of(hall.connection, own.id), own.state):
        is_in = own.state is RegistrationState.REGISTERED
        hall.mail(own, MeetingMail.CONFIRMED if is_in else MeetingMail.WAITING)


def _was_told(mails: Sequence[DueMail], state: RegistrationState) -> bool:
    """Return whether the last mail that told how somebody is registered says so, and was sent."""
    saying = {kind for kinds in _SAYING.values() for kind in kinds} | {MeetingMail.CHANGED}
    last = next((mail for mail in reversed(mails) if _tells(mail, saying)), None)
    if last is None or last.state is not MailState.SENT:
        return False
    return last.kind in (*_SAYING[state], MeetingMail.CHANGED)


def _tells(mail: DueMail, saying: Collection[MeetingMail]) -> bool:
    if mail.kind is MeetingMail.CANCELLED:
        return mail.state is MailState.SENT
    return mail.kind in saying


def _find_live(hall: Hall, key: str) -> Registration:
    found = find_here(hall, key)
    if hall.is_closed:
        is_off = hall.meeting.is_cancelled
        raise RegistrationError(Refused.CALLED_OFF if is_off else Refused.OVER)
    if not found.is_live:
        raise RegistrationError(Refused.UNKNOWN)
    return found


def take_offer(hall: Hall, found: Registration) -> Registration | None:
    """Give somebody the seat that is kept for them, or on the last day one that is free.

    None if there is none, and nothing is changed.
    """
    way = found.line
    if way is None:
        return None
    number = found.seat(way)
    if found.offer_until is None:
        number = free_seat(hall, way) if hall.is_first_come else None
    return None if number is None else seat(hall, found, way, number)


def free_seat(hall: Hall, way: Attending) -> int | None:
    """Return the number of a seat that anybody may take now."""
    live = hall.live()
    if line_for(live, way) and not hall.is_first_come:
        return None
    return next(free_numbers(live, way, hall.meeting.seats.get(way, 0)), None)


def _move(hall: Hall, own: Registration, entry: Entry) -> Registration:
    """Return a registration with the way of attending that is asked for, as far as it can be."""
    if entry.attending is own.attending:
        return _with_line(hall, own, entry)
    if entry.attending not in hall.meeting.seats:
        raise RegistrationError(Refused.NOT_OFFERED)
    number = free_seat(hall, entry.attending)
    if number is None:
        return _without_seat(hall, own, entry)
    kept = own.line_at if entry.wants_on_site and own.line is Attending.ON_SITE else None
    keeps_offer = kept is not None and own.offer_until is not None
    moved = replace(
        own,
        attending=entry.attending,
        state=RegistrationState.REGISTERED,
        on_site_seat=own.on_site_seat if keeps_offer else None,
        remote_seat=None,
        offer_until=own.offer_until if keeps_offer else None,
        line_at=kept,
    )
    return _with_line(hall, seated(moved, entry.attending, number), entry)


def _without_seat(hall: Hall, own: Registration, entry: Entry) -> Registration:
    """Return what becomes of a wish for another way that has no seat."""
    if own.state is not RegistrationState.REGISTERED:  # in line for this way instead
        return replace(
            own,
            attending=entry.attending,
            state=RegistrationState.WAITING,
            on_site_seat=None,
            remote_seat=None,
            offer_until=None,
            line_at=end_of_line(hall.live(), hall.now),
        )
    if entry.attending is Attending.ON_SITE:
        return replace(own, line_at=own.line_at or end_of_line(hall.live(), hall.now))
    raise RegistrationError(Refused.FULL)


def _with_line(hall: Hall, own: Registration, entry: Entry) -> Registration:
    """Let who takes part remotely be in line for a seat on site only if they ask for that."""
    if own.state is not RegistrationState.REGISTERED or own.attending is Attending.ON_SITE:
        return own
    if not entry.wants_on_site:
        return replace(own, line_at=None, offer_until=None, on_site_seat=None)
    if own.line_at is None and Attending.ON_SITE in hall.meeting.seats:
        return replace(own, line_at=end_of_line(hall.live(), hall.now))
    return own
