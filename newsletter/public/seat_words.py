"""What pages of a meeting say: of its seats, of what the button does, and why there is none."""

import datetime as dt
from dataclasses import dataclass

from newsletter.language import Wording, say, say_many
from newsletter.meetings import Seating, WaySeats
from newsletter.model.meeting import Attending, Meeting, Refused, Registration, RegistrationState


@dataclass(frozen=True, slots=True, kw_only=True)
class WayTold:
    """A way of taking part, as a page tells it."""

    value: str
    name: Wording
    seats: Wording  # what there is, and what whoever registers now would get
    has_room: bool


def ways_told(meeting: Meeting, seating: Seating, own: Registration | None = None) -> list[WayTold]:
    """Return each way of taking part with its seats; `own` is who has one of them already."""
    has = own.attending if own and own.state is RegistrationState.REGISTERED else None
    return [
        WayTold(
            value=way.value,
            name=_WAYS[way],
            seats=_OWN if way is has else _seats_told(seating.ways[way]),
            has_room=seating.ways[way].has_room,
        )
        for way in meeting.seats
    ]


def closed_words(meeting: Meeting, now: dt.datetime) -> Wording | None:
    """Return why nobody can register any more; None if one can."""
    if meeting.is_cancelled:
        return say("This meeting is called off. It will not take place.")
    if now >= meeting.ends_at:
        return say("This meeting is over.")
    if now >= meeting.starts_at:
        return say("This meeting has begun.")
    if now > meeting.closes_at:
        return say("Registration has ended.")
    return None


def refusal_words(reason: Refused) -> Wording:
    """Return why what a button says was not done."""
    return _REFUSED[reason]


def state_words(one: Registration, place: int | None) -> Wording:
    """Return how somebody's registration stands, for themselves."""
    if one.offer_until is not None:
        return say("A seat is kept for you.")
    if one.state is RegistrationState.REGISTERED:
        return _taking_part(one, place)
    if one.state is RegistrationState.WAITING and place is not None:
        return say("You are in line for a seat, number {place}.", place=place)
    return _STATES[one.state]


def _taking_part(one: Registration, place: int | None) -> Wording:
    if one.attending is Attending.ON_SITE:
        return say("You are signed up and come on site.")
    if place is None:
        return say("You are signed up and take part remotely.")
    return say(
        "You are signed up and take part remotely. You are number {place} in line for a seat on "
        "site.",
        place=place,
    )


_STATES = {
    RegistrationState.WANTED: say("You have not confirmed yet that you take part."),
    RegistrationState.WAITING: say("You are in line for a seat."),
    RegistrationState.OFFERED: say("A seat is kept for you."),
    RegistrationState.CANCELLED: say("You are not coming; your registration is cancelled."),
}
_REFUSED = {
    Refused.CLOSED: say("Registration has ended."),
    Refused.OVER: say("This meeting has begun."),
    Refused.TOO_EARLY: say(
        "Marks are taken from the day before the meeting until the day after it."
    ),
    Refused.CALLED_OFF: say("This meeting is called off. It will not take place."),
    Refused.NOT_OFFERED: say("One cannot take part in this way any more. Choose another one."),
    Refused.FULL: say("All these seats are taken. You keep the place you have."),
    Refused.UNKNOWN: say("You are not registered any more. Register anew on the meeting’s page."),
    Refused.NO_OFFER: say("This seat is not kept for you any more: somebody else has it by now."),
    Refused.TOO_LATE: say(
        "This cannot be taken back any more. Register anew on the meeting’s page."
    ),
}
_OWN = say("This is how you take part now.")
_WAYS = {
    Attending.ON_SITE: say("I come on site"),
    Attending.REMOTE: say("I take part remotely"),
}


def _seats_told(seats: WaySeats) -> Wording:
    if seats.has_room:
        if seats.free is None:
            return say("There is room for everybody.")
        return say_many("One seat is left.", "{n} seats are left.", n=seats.free)
    if not seats.waiting:
        return say("All seats are taken. You get in line, as the first.")
    return say_many(
        "All seats are taken, and one person waits. You get in line, as number {place}.",
        "All seats are taken, and {n} people wait. You get in line, as number {place}.",
        n=seats.waiting,
        place=seats.waiting + 1,
    )
