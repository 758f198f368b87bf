"""The nouns of calendars: what an entry says, and whom it is for."""

import datetime as dt
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    """A meeting as a calendar shows it."""

    # Names it for good, with "@" and a host. That of a person's entry is their registration's own:
    # a calendar takes a later mail of the same name for a change of it.
    uid: str
    sequence: int = 0  # only ever raised; a calendar ignores what has a lower one
    title: str
    start: dt.datetime  # local time in `zone`
    end: dt.datetime
    zone: ZoneInfo
    organiser: tuple[str, str]  # name and address: a mailbox that is read
    place: str = ""
    text: str = ""
    url: str = ""  # of its page
    # Where to take part remotely: for the registered alone, never in what anybody may fetch.
    remote_link: str = field(default="", repr=False)
    remote_label: str = ""  # what that link is called
    is_called_off: bool = False  # the meeting itself, whoever is told


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendee:
    """Somebody who registered."""

    address: str  # in ASCII
    name: str = ""
