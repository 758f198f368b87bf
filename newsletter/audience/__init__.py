"""Lists of people become subscribers: read, checked, compared with those already known."""

from newsletter.audience.entries import (
    Column,
    Entry,
    Question,
    Refusal,
    Repair,
    Role,
    Wishes,
    stricter,
)
from newsletter.audience.reading import People, open_people
from newsletter.audience.roster import Changes, Roster, compare, read_roster, write_roster
from newsletter.audience.segments import holds

__all__ = [
    "Changes",
    "Column",
    "Entry",
    "People",
    "Question",
    "Refusal",
    "Repair",
    "Role",
    "Roster",
    "Wishes",
    "compare",
    "holds",
    "open_people",
    "read_roster",
    "stricter",
    "write_roster",
]
