"""Meetings as entries of calendars (RFC 5545): invitations, cancellations, files and a feed."""

from newsletter.calendars.calendar_entry import CalendarEntry, Guest
from newsletter.calendars.meeting_entries import entry_of, public_entry
from newsletter.calendars.on_demand import write_cancellation, write_file, write_request

__all__ = [
    "CalendarEntry",
    "Guest",
    "entry_of",
    "public_entry",
    "write_cancellation",
    "write_file",
    "write_request",
]
