"""Meetings as entries of calendars (RFC 5545): invitations, cancellations, files and a feed.

What is written is a whole calendar in UTF-8, its lines folded at 75 octets. `now` is any moment
with a zone; the times of an entry are those of its own zone.
"""

from newsletter.calendars.calendar_entry import Attendee, CalendarEntry
from newsletter.calendars.meeting_entries import entry_of, public_entry
from newsletter.calendars.on_demand import write_cancellation, write_file, write_request

__all__ = [
    "Attendee",
    "CalendarEntry",
    "entry_of",
    "public_entry",
    "write_cancellation",
    "write_file",
    "write_request",
]
