"""Lists of people become subscribers: read, checked, compared with those already known."""

from newsletter.audience.entries import (
    Column,
    Entry,
    Question,
    Refusal,
    Repair,
    Role,
    Wishes,
)
from newsletter.audience.headers import work_name
from newsletter.audience.reading import People, open_people
from newsletter.audience.row_blocks import Alike, Batch
from newsletter.audience.segments import holds

__all__ = [
    "Alike",
    "Batch",
    "Column",
    "Entry",
    "People",
    "Question",
    "Refusal",
    "Repair",
    "Role",
    "Wishes",
    "holds",
    "open_people",
    "work_name",
]
