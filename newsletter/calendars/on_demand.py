"""Asks for a calendar to be written.

The library for it takes longer to import than the start of a command: only who writes one waits.
"""

import datetime as dt
from collections.abc import Sequence
from importlib import import_module

from newsletter.calendars.calendar_entry import CalendarEntry, Guest


def write_request(entry: CalendarEntry, guest: Guest, now: dt.datetime) -> bytes:
    """Return what puts a meeting into the calendar of who registered, or changes it there."""
    return _write(("REQUEST", [entry]), guest, now)


def write_cancellation(entry: CalendarEntry, guest: Guest, now: dt.datetime) -> bytes:
    """Return what takes a meeting out of somebody's calendar."""
    return _write(("CANCEL", [entry]), guest, now)


def write_file(entries: Sequence[CalendarEntry], now: dt.datetime, *, name: str = "") -> bytes:
    """Return a file that adds entries to any calendar; with a name, a feed that it looks at again.

    It names no guest.
    """
    return _write(("PUBLISH", list(entries)), None, now, name)


def _write(
    what: tuple[str, list[CalendarEntry]], guest: Guest | None, now: dt.datetime, name: str = ""
) -> bytes:
    written: bytes = import_module("newsletter.calendars.ical").write(what, guest, now, name)
    return written
