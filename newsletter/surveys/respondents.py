"""Who answers a survey: somebody on the list, or who registered for the meeting that it is about.

Each is known by a key: a subscriber's own, or the name that their registration has in calendars,
which is nobody's once the registration lost its name.
"""

from dataclasses import dataclass

from sqlalchemy import Connection

from newsletter.ledger import Ledger, people, registrations


@dataclass(frozen=True, slots=True, kw_only=True)
class Respondent:
    """Somebody who answers, or has answered."""

    key: str  # under which their answers, or that there are some, are kept
    address: str
    name: str


def find_respondent(ledger: Ledger, key: str) -> Respondent | None:
    """Return who has a key; None if nobody has it any more."""
    with ledger.read() as connection:
        return look_up(connection, key)


def look_up(connection: Connection, key: str) -> Respondent | None:
    """Return who has a key. Whoever is on the list is that one person, wherever they registered."""
    person = people.find_by_key(connection, key)
    if person is None:
        found = registrations.find_by_uid(connection, key)
        if found is None or not found.address:
            return None
        person = people.find_by_key(connection, found.subscriber_key)
        person = person or people.find_subscriber(connection, found.address)
        if person is None:
            return Respondent(key=key, address=found.address, name=found.name)
    return Respondent(key=person.key, address=person.address, name=person.name)
