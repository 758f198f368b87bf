"""Counts seats of a meeting from its registrations: taken, kept by offers, free, waited for."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from newsletter.ledger import Ledger, registrations, told_meetings
from newsletter.model.meeting import Attending, Meeting, Registration, RegistrationState


@dataclass(frozen=True, slots=True, kw_only=True)
class WaySeats:
    """The seats for one way of attending."""

    seats: int | None  # None: as many as come
    taken: int  # by people who are registered
    offered: int  # kept for people in line
    waiting: int  # in line, without an offer

    @property
    def free(self) -> int | None:
        """Return how many anybody may still take; None: as many as come."""
        if self.seats is None:
            return None
        return max(0, self.seats - self.taken - self.offered)

    @property
    def surplus(self) -> int:
        """Return how many are registered above the seats there are: nobody is removed."""
        return max(0, self.taken - self.seats) if self.seats is not None else 0

    @property
    def has_room(self) -> bool:
        """Return whether whoever registers now gets a seat at once."""
        return self.free != 0 and not self.waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Seating:
    """The seats of a meeting, and whether the line moves."""

    ways: Mapping[Attending, WaySeats]
    is_paused: bool


def find_seating(ledger: Ledger, meeting: Meeting, now: dt.datetime) -> Seating:
    """Return how many seats are taken, kept and free."""
    with ledger.read() as connection:
        live = registrations.list_live(connection, meeting.id)
        told = told_meetings.find_told(connection, meeting.id)
    # People may still have seats of a way that the file does not offer any more.
    ways = [*meeting.seats, *(way for way in Attending if way not in meeting.seats)]
    counted = {way: _count(live, way, meeting.seats.get(way, 0), now) for way in ways}
    return Seating(
        ways={w: c for w, c in counted.items() if w in meeting.seats or c.taken or c.waiting},
        is_paused=told is not None and told.paused_at is not None,
    )


def find_place(ledger: Ledger, registration: Registration) -> int | None:
    """Return somebody's place in line, from 1; None if they are not in line, or have an offer."""
    with ledger.read() as connection:
        live = registrations.list_live(connection, registration.meeting)
    return place_among(live, registration)


def place_among(live: Sequence[Registration], registration: Registration) -> int | None:
    """Return the same, of registrations that were read already."""
    ids = [one.id for way in Attending for one in line_for(live, way) if way is registration.line]
    return ids.index(registration.id) + 1 if registration.id in ids else None


def line_for(live: Sequence[Registration], way: Attending) -> list[Registration]:
    """Return who is in line for a way and has no offer, first come first."""
    waiting = [(one.line_at, one.id, one) for one in live if _waits(one, way)]
    return [one for _, _, one in sorted(waiting, key=lambda each: (each[0] or _NEVER, each[1]))]


def free_numbers(live: Sequence[Registration], way: Attending, seats: int | None) -> Iterator[int]:
    """Yield the numbers of free seats, the lowest first; offers that have ended must be over.

    Where more are registered than there are seats none is free, whatever their numbers.
    """
    numbers = {number for one in live if (number := one.seat(way)) is not None}
    unused = (number for number in count(1) if number not in numbers)
    if seats is None:
        yield from unused
    else:
        for _, number in zip(range(seats - len(numbers)), unused, strict=False):
            yield number


def _waits(one: Registration, way: Attending) -> bool:
    return one.line is way and one.offer_until is None


def _count(
    live: Sequence[Registration], way: Attending, seats: int | None, now: dt.datetime
) -> WaySeats:
    offered = [one for one in live if one.line is way and one.offer_until is not None]
    taken = sum(one.state is RegistrationState.REGISTERED and one.attending is way for one in live)
    return WaySeats(
        seats=seats,
        taken=taken,
        offered=sum(one.offer_until is not None and one.offer_until > now for one in offered),
        waiting=len(line_for(live, way)),
    )


_NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)
