"""Writes calendars as Outlook, Google and Apple read them.

Times in Finland have its zone by rules, those of any other are in UTC.
"""

import datetime as dt
from collections.abc import Sequence

from icalendar import Calendar, Event, Timezone, vCalAddress, vUri

from newsletter.calendars.calendar_entry import Attendee, CalendarEntry
from newsletter.calendars.finnish_zone import HELSINKI, ZONE

_PRODUCT = "-//newsletter//meetings//EN"
_LOOKED_AT_AGAIN = dt.timedelta(hours=12)


def write(
    method: str,
    entries: Sequence[CalendarEntry],
    attendee: Attendee | None,
    now: dt.datetime,
    *,
    name: str,
) -> bytes:
    """Return a calendar of a method (RFC 5546) with these entries."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)  # before RFC 7986, and still
        calendar.add("refresh-interval", _LOOKED_AT_AGAIN, {"value": "DURATION"})
        calendar.add("x-published-ttl", "PT12H")
    if any(_is_local(entry) for entry in entries):
        calendar.add_component(Timezone.from_ical(ZONE))
    for entry in entries:
        calendar.add_component(_event(entry, attendee, method, now))
    written: bytes = calendar.to_ical()
    return written


def _event(entry: CalendarEntry, attendee: Attendee | None, method: str, now: dt.datetime) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", now.astimezone(dt.UTC).replace(microsecond=0))
    event.add("dtstart", _moment(entry, entry.start))
    event.add("dtend", _moment(entry, entry.end))
    event.add("summary", entry.title)
    event.add("organizer", _person(*entry.organiser))
    if attendee is not None:
        event.add("attendee", _attendee(attendee))
    for field, value in (("location", entry.place), ("description", entry.text)):
        if value:
            event.add(field, value)
    if entry.url:
        event.add("url", vUri(entry.url))
    if entry.remote_link:
        label = {"LABEL": entry.remote_label} if entry.remote_label else {}
        event.add("conference", vUri(entry.remote_link), {"VALUE": "URI", **label})
    if entry.is_called_off:
        event.add("status", "CANCELLED")
    elif method != "CANCEL":  # else the meeting takes place, only without this attendee
        event.add("status", "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.is_called_off else "OPAQUE")
    return event


def _is_local(entry: CalendarEntry) -> bool:
    return entry.zone.key == HELSINKI


def _moment(entry: CalendarEntry, moment: dt.datetime) -> dt.datetime:
    local = moment.replace(tzinfo=entry.zone)
    return local if _is_local(entry) else local.astimezone(dt.UTC)


def _person(name: str, address: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{address}")
    # Neither can a value in quotation marks hold them, nor any a control character.
    shown = "".join(c for c in " ".join(name.split()) if c.isprintable()).replace('"', "'")
    if shown:
        person.params["CN"] = shown
    return person


def _attendee(attendee: Attendee) -> vCalAddress:
    """Return who registered: they have said yes, and nobody waits for an answer."""
    person = _person(attendee.name, attendee.address)
    answered = {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT"}
    person.params.update(answered | {"PARTSTAT": "ACCEPTED", "RSVP": "FALSE"})
    return person
