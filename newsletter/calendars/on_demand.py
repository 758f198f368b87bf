"""Asks for a calendar to be written.

The library for it takes longer to import than the start of a command: only who writes one waits.
"""

import datetime as dt
from collections.abc import Sequence
from importlib import import_module

from newsletter.calendars.calendar_entry import Attendee, CalendarEntry


def write_request(entry: CalendarEntry, attendee: Attendee, now: dt.datetime) -> bytes:
    """Return what puts a meeting into the calendar of who registered, or changes it there.

    It is a request of an organiser (RFC 5546, 3.2.2), to which the attendee has agreed already.
    """
    return _write("REQUEST", [entry], attendee, now)


def write_cancellation(entry: CalendarEntry, attendee: Attendee, now: dt.datetime) -> bytes:
    """Return what takes a meeting out of somebody's calendar (RFC 5546, 3.2.5).

    The sequence of the entry is to be above those that were mailed before.
    """
    return _write("CANCEL", [entry], attendee, now)


def write_file(entries: Sequence[CalendarEntry], now: dt.datetime, *, name: str = "") -> bytes:
    """Return a file that adds entries to any calendar; with a name, a feed that it looks at again.

    It is published (RFC 5546, 3.2.1) and names no attendee.
    """
    return _write("PUBLISH", entries, None, now, name=name)


def _write(
    method: str,
    entries: Sequence[CalendarEntry],
    attendee: Attendee | None,
    now: dt.datetime,
    *,
    name: str = "",
) -> bytes:
    ical = import_module("newsletter.calendars.ical")
    written: bytes = ical.write(method, entries, attendee, now, name=name)
    return written
