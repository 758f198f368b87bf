"""Moves those in line up: ends offers whose time is over, and offers the seats that are free.

Every change of a meeting's registrations begins and ends with it, in its own transaction, so that
no seat is idle while somebody waits, and nobody who comes later overtakes.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from newsletter.ledger import Ledger, due_mails, registrations, told_meetings
from newsletter.meetings.offer_ends import LAST_DAY, is_first_come, offer_end
from newsletter.meetings.seating import free_numbers, line_for
from newsletter.model.meeting import (
    Attending,
    Meeting,
    MeetingMail,
    Registration,
    RegistrationState,
    ToldMeeting,
)

# Numbers of mails about seats that are free for who comes first: each day of a meeting has its own.
_CALLS_A_DAY = 10
_APART = dt.timedelta(hours=6)  # at most one of these goes to the same person in that time


@dataclass(frozen=True, slots=True, kw_only=True)
class Hall:
    """A meeting whose registrations nobody else changes meanwhile."""

    connection: Connection
    meeting: Meeting
    told: ToldMeeting
    now: dt.datetime
    mail_at: dt.datetime | None = None  # not before; None: at once

    @property
    def is_closed(self) -> bool:
        """Return whether nobody comes in any more: it has begun, or does not take place."""
        return self.meeting.is_cancelled or self.now >= self.meeting.starts_at

    @property
    def is_first_come(self) -> bool:
        """Return whether seats are not kept for those in line any more; in a pause they are."""
        is_paused = self.told.paused_at is not None
        return not is_paused and is_first_come(self.meeting.starts_at, self.now)

    def live(self) -> list[Registration]:
        """Return who comes, or is in line."""
        return registrations.list_live(self.connection, self.meeting.id)

    def mail(self, one: Registration, kind: MeetingMail, **detail: object) -> None:
        """Let a mail be due."""
        due_at = max(self.now, self.mail_at or self.now)
        due_mails.add_mail(self.connection, one, kind, due_at=due_at, detail=detail)


@contextmanager
def entered(ledger: Ledger, meeting: Meeting, now: dt.datetime) -> Iterator[Hall]:
    """Lock a meeting for one change; whoever is in line is moved up before and after it."""
    with ledger.write() as connection:
        told = told_meetings.lock_meeting(connection, meeting)
        hall = Hall(connection=connection, meeting=meeting, told=told, now=now)
        move_up(hall)
        yield hall
        move_up(hall)


def move_up(hall: Hall) -> int:
    """End offers that are over and make new ones; return how many were made.

    Whoever cannot answer one has the seat at once: the editor registered them, and tells them.
    """
    live = hall.live()
    if _end_offers(hall, live):
        live = hall.live()
    if hall.is_closed or hall.told.paused_at is not None:
        return 0
    made = 0
    for way, seats in hall.meeting.seats.items():
        line = line_for(live, way)
        numbers = free_numbers(live, way, seats)
        if hall.is_first_come:
            line = _seat_first(hall, line, way, numbers)
            _call_all(hall, line, is_free=next(numbers, None) is not None)
            continue
        for one, number in zip(line, numbers, strict=False):
            if _can_answer(hall, one):
                _offer(hall, one, way, number)
            else:
                seat(hall, one, way, number)
            made += 1
    return made


def without_offer(one: Registration) -> Registration:
    """Return a registration whose offer is over: no longer in line, and none for who only was."""
    if one.state is RegistrationState.OFFERED:
        gone = replace(one, state=RegistrationState.CANCELLED, on_site_seat=None, remote_seat=None)
        return replace(gone, line_at=None, offer_until=None)
    return replace(one, line_at=None, offer_until=None, on_site_seat=None)


def as_it_stands(one: Registration, meeting: Meeting) -> Registration:
    """Return a registration without an offer that nobody can take: in line, where it was.

    It is there when the meeting is called off, or was moved to before the time until which the
    seat was to be kept.
    """
    until = one.offer_until
    if until is None or (until < meeting.starts_at and not meeting.is_cancelled):
        return one
    if one.state is RegistrationState.OFFERED:
        back = replace(one, state=RegistrationState.WAITING, on_site_seat=None, remote_seat=None)
        return replace(back, offer_until=None)
    return replace(one, on_site_seat=None, offer_until=None)


def seated(one: Registration, way: Attending, number: int | None) -> Registration:
    """Return a registration with a seat for a way, whatever it has for the other one."""
    if way is Attending.ON_SITE:
        return replace(one, on_site_seat=number)
    return replace(one, remote_seat=number)


def with_seat(found: Registration, way: Attending, number: int, now: dt.datetime) -> Registration:
    """Return a registration of somebody who has a seat, and nothing else, from now on."""
    own = replace(
        found,
        attending=way,
        state=RegistrationState.REGISTERED,
        on_site_seat=None,
        remote_seat=None,
        line_at=None,
        offer_until=None,
        changed_at=now,
    )
    return seated(own, way, number)


def seat(hall: Hall, found: Registration, way: Attending, number: int) -> Registration:
    """Let somebody who was in line have a seat, and be told so by mail."""
    own = replace(
        with_seat(found, way, number, hall.now),
        is_late=found.is_late or hall.now > hall.meeting.closes_at,
        sequence=found.sequence + int(found.state is RegistrationState.REGISTERED),
    )
    registrations.save(hall.connection, own)
    hall.mail(own, MeetingMail.MOVED_UP)
    return own


def _can_answer(hall: Hall, one: Registration) -> bool:
    """Return whether an offer reaches somebody, and a page of theirs takes the answer."""
    return bool(one.address) and hall.meeting.has_pages


def _seat_first(
    hall: Hall, line: list[Registration], way: Attending, numbers: Iterator[int]
) -> list[Registration]:
    """Let those have a seat who are next and cannot answer; return who is left in line."""
    left = list(line)
    while left and not _can_answer(hall, left[0]):
        number = next(numbers, None)
        if number is None:
            break
        seat(hall, left.pop(0), way, number)
    return left


def _end_offers(hall: Hall, live: list[Registration]) -> int:
    """End offers whose time is over, and those that nobody could take; return how many."""
    vain = [one for one in live if as_it_stands(one, hall.meeting) != one]
    for one in vain:
        _put_back(hall, one)
    over = [one for one in live if one.offer_until is not None and one.offer_until <= hall.now]
    for one in [one for one in over if one not in vain]:
        ended = replace(without_offer(one), changed_at=hall.now)
        if one.state is RegistrationState.OFFERED:
            ended = replace(ended, cancelled_at=hall.now, cancelled_from=one.state)
        registrations.save(hall.connection, ended)
        hall.mail(one, MeetingMail.OFFER_ENDED)
    return len(vain) + len(over)


def _put_back(hall: Hall, offered: Registration) -> None:
    """Let somebody be in line again, or keep their seat for a shorter time where there is one."""
    way = offered.line or offered.attending
    number = offered.seat(way)
    stands = replace(as_it_stands(offered, hall.meeting), changed_at=hall.now)
    registrations.save(hall.connection, stands)
    is_last_day = is_first_come(hall.meeting.starts_at, hall.now)
    if number is not None and not (hall.is_closed or is_last_day):
        _offer(hall, stands, way, number)


def _offer(hall: Hall, one: Registration, way: Attending, number: int) -> None:
    until = offer_end(hall.meeting.starts_at, hall.meeting.zone, hall.now)
    waits = one.state is RegistrationState.WAITING
    state = RegistrationState.OFFERED if waits else one.state
    kept = replace(seated(one, way, number), state=state, offer_until=until, changed_at=hall.now)
    registrations.save(hall.connection, kept)
    hall.mail(one, MeetingMail.OFFER, until=until.isoformat(), way=way.value)


def _call_all(hall: Hall, line: list[Registration], *, is_free: bool) -> None:
    """Tell all in line that a seat is free for who comes first, a few times at most."""
    if not is_free:
        return
    gone = LAST_DAY - (hall.meeting.starts_at - hall.now)
    calls = hall.meeting.start.toordinal() * _CALLS_A_DAY
    for one in line:
        detail = {"first_come": True, "way": (one.line or one.attending).value}
        due_mails.add_mail(
            hall.connection,
            one,
            MeetingMail.OFFER,
            due_at=hall.now,
            number=calls + int(gone / _APART),
            detail=detail,
        )
