"""Takes in whoever stands at the door without a seat: who is there has come, list or not."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from unicodedata import normalize

from newsletter.errors import RegistrationError
from newsletter.ledger import Ledger, registrations
from newsletter.links import new_keys
from newsletter.meetings.entering import keep
from newsletter.meetings.moving_up import entered, with_seat
from newsletter.meetings.seating import free_numbers
from newsletter.model.meeting import (
    Attending,
    Meeting,
    Refused,
    Registration,
    RegistrationState,
)

AROUND = dt.timedelta(days=1)  # before and after a meeting; then the door is open
_TYPED = dt.timedelta(days=7)  # after a meeting, until which its editor types in who came
_MOST = 1_000  # people without an address in one meeting: an address that was lost fills no ledger
_WAY = Attending.ON_SITE


def walk_in(
    ledger: Ledger,
    meeting: Meeting,
    name: str,
    *,
    organisation: str = "",
    by: str,
    now: dt.datetime,
) -> Registration:
    """Register somebody who is there, above the seats too, and mark that they came; mail nothing.

    Whoever is registered by that name, or in line, is who is meant; again changes nothing. Raise
    RegistrationError from a day before the meeting backwards, and a week after it.
    """
    if now < meeting.starts_at - AROUND:
        raise RegistrationError(Refused.TOO_EARLY)
    if meeting.is_cancelled or _WAY not in meeting.seats:
        raise RegistrationError(Refused.CALLED_OFF if meeting.is_cancelled else Refused.NOT_OFFERED)
    if now > meeting.ends_at + _TYPED:
        raise RegistrationError(Refused.OVER)
    with entered(ledger, meeting, now) as hall:
        live = hall.live()
        found = _meant(live, name, organisation)
        if found is None and sum(not one.address for one in live) >= _MOST:
            raise RegistrationError(Refused.FULL)
        own = found or _new(meeting, name, organisation, now)
        if own.state is not RegistrationState.REGISTERED:
            number = next(free_numbers(live, _WAY, None))
            own = keep(hall, with_seat(own, _WAY, number, now))
        if own.came is None:
            registrations.note_came(hall.connection, own.id, came=_WAY, at=now, by=by)
        return replace(own, came=own.came or _WAY)


def _meant(live: Sequence[Registration], name: str, organisation: str) -> Registration | None:
    """Return who is known by the name; who works elsewhere is somebody else."""
    same = [one for one in live if _folded(one.name) == _folded(name)]
    known = [
        one
        for one in same
        if not (one.organisation and organisation)
        or _folded(one.organisation) == _folded(organisation)
    ]
    return min(known, key=lambda one: (one.came is not None, one.id), default=None)


def _new(meeting: Meeting, name: str, organisation: str, now: dt.datetime) -> Registration:
    link, uid = new_keys(2)
    return Registration(
        id=0,
        key=link,
        uid=uid,
        meeting=meeting.id,
        address="",
        name=name,
        organisation=organisation,
        attending=_WAY,
        state=RegistrationState.WANTED,
        wanted_at=now,
        changed_at=now,
    )


def _folded(words: str) -> str:
    return " ".join(normalize("NFC", words).casefold().split())
