"""Encloses a meeting as an entry for calendars: as an invitation where the provider carries one.

What it cannot carry is never half said: there the entry is a file to be added by hand.
"""

import datetime as dt
import re
import unicodedata

from newsletter.addresses import mail_address
from newsletter.calendars import (
    Attendee,
    CalendarEntry,
    write_cancellation,
    write_file,
    write_request,
)
from newsletter.model import DueMail, Enclosure, MeetingMail, Registration, RegistrationState

# Mails that put the meeting into a calendar or change it there, and those that take it out.
_ADDING = (MeetingMail.CONFIRMED, MeetingMail.MOVED_UP, MeetingMail.CHANGED)
_TAKING = (MeetingMail.CANCELLED, MeetingMail.CALLED_OFF)
_UNFIT = re.compile(r"[^a-z0-9-]+")


def enclose(
    mail: DueMail, one: Registration, entry: CalendarEntry, *, invites: bool, now: dt.datetime
) -> Enclosure | None:
    """Return what a mail has for the calendar of somebody; None: nothing, as for who only waits.

    The entry is as the mail tells it, in the language of its reader; `invites` says whether the
    provider carries an invitation.
    """
    if not _concerns(mail, one):
        return None
    attendee = Attendee(address=mail_address(one.address), name=one.name)
    invites = invites and not _is_own(entry, attendee)
    if mail.kind in _TAKING and not invites:  # no file takes anything out of a calendar
        return None
    if mail.kind in _TAKING:
        written = write_cancellation(entry, attendee, now)
    else:
        written = write_request(entry, attendee, now) if invites else write_file([entry], now)
    return Enclosure(filename=f"{_plain(one.meeting)}.ics", data=written)


def _is_own(entry: CalendarEntry, attendee: Attendee) -> bool:
    """Return whether somebody would invite themselves, which Outlook and Gmail do not take."""
    return attendee.address.lower() == entry.organiser[1].lower()


def _concerns(mail: DueMail, one: Registration) -> bool:
    """Return whether a mail changes what stands in somebody's calendar."""
    if mail.kind in _TAKING:
        return one.cancelled_from == RegistrationState.REGISTERED
    if mail.kind is MeetingMail.CHANGED and not _is_seen_there(mail):
        return False
    return mail.kind in _ADDING and one.state is RegistrationState.REGISTERED


def _is_seen_there(mail: DueMail) -> bool:
    """Return whether a change is one of the meeting, or of the way of attending."""
    return bool(mail.detail.get("changes")) or "attending" in mail.detail.get("what", ())


def _plain(name: str) -> str:
    """Return a name that all mail programs can write to a disk."""
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return _UNFIT.sub("-", ascii_only).strip("-") or "meeting"
