"""Finds registrations for those who look at pages: by their own link, or by who they are."""

from newsletter.ledger import Ledger, registrations, told_meetings
from newsletter.model.meeting import Meeting, Registration, ToldMeeting


def find_by_key(ledger: Ledger, key: str) -> Registration | None:
    """Return the registration that a link is about."""
    with ledger.read() as connection:
        return registrations.find_registration(connection, key)


def list_people(ledger: Ledger, meeting_id: str) -> list[Registration]:
    """Return all who registered for a meeting or wanted to, in the order in which they did."""
    with ledger.read() as connection:
        return registrations.list_registrations(connection, meeting_id)


def find_of_person(
    ledger: Ledger, meeting: Meeting, *, subscriber_key: str, address: str
) -> Registration | None:
    """Return what somebody on the list has for a meeting, by whatever address."""
    with ledger.read() as connection:
        found = registrations.find_of_member(connection, meeting.id, subscriber_key)
        of_address = registrations.find_of_address(connection, meeting.id, address)
    return found if found and found.is_live else of_address or found


def find_told(ledger: Ledger, meeting_id: str) -> ToldMeeting | None:
    """Return what people were told of a meeting; None if nobody registered."""
    with ledger.read() as connection:
        return told_meetings.find_told(connection, meeting_id)
