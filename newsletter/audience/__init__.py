"""Lists of people become subscribers: read, checked, compared with those already known."""

from newsletter.audience.cells import MendedAddress, clean_value, mend_address, read_language
from newsletter.audience.entries import (
    Column,
    Entry,
    Question,
    Refusal,
    Repair,
    Role,
    Wishes,
)
from newsletter.audience.headers import RESERVED, work_name
from newsletter.audience.reading import People, open_people
from newsletter.audience.row_blocks import Alike, Batch
from newsletter.audience.segments import holds
from newsletter.audience.writing import open_rows, write_people, write_refused

__all__ = [
    "RESERVED",
    "Alike",
    "Batch",
    "Column",
    "Entry",
    "MendedAddress",
    "People",
    "Question",
    "Refusal",
    "Repair",
    "Role",
    "Wishes",
    "clean_value",
    "holds",
    "mend_address",
    "open_people",
    "open_rows",
    "read_language",
    "work_name",
    "write_people",
    "write_refused",
]
