"""Marks who came to a meeting: once, with how and when that is known; again changes nothing."""

import datetime as dt
from collections.abc import Mapping
from unicodedata import normalize

from newsletter.ledger import Ledger, registrations
from newsletter.model.meeting import Attending, Registration, RegistrationState


def list_expected(ledger: Ledger, meeting_id: str) -> list[Registration]:
    """Return who is registered for a meeting, by name; both ways, as plans change on the day."""
    with ledger.read() as connection:
        found = registrations.list_registrations(connection, meeting_id)
    expected = [one for one in found if one.state is RegistrationState.REGISTERED]
    return sorted(expected, key=lambda one: normalize("NFKD", one.name).casefold())


def check_in(
    ledger: Ledger, came: Mapping[int, Attending], *, by: str, now: dt.datetime
) -> list[Registration]:
    """Mark registrations, by their numbers; return those that were not marked before."""
    marked = []
    with ledger.write() as connection:
        registrations.lock_meetings(connection, came)
        for id, way in came.items():
            one = registrations.find_by_id(connection, id)
            if one is not None and one.came is None:
                registrations.note_came(connection, id, came=way, at=now, by=by)
                marked.append(one)
    return marked


def take_back(ledger: Ledger, id: int) -> None:
    """Take a mark back that was a mistake."""
    with ledger.write() as connection:
        registrations.lock_meetings(connection, [id])
        registrations.note_came(connection, id, came=None, at=None, by="")
