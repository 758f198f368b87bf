"""Turn lists of people into subscribers: read, checked, and compared with those already known."""

from newsletter.audience.cells import MendedAddress, clean_value, mend_address, read_language
from newsletter.audience.entries import (
    Column,
    Entry,
    ImportOptions,
    Question,
    Repair,
    Role,
)
from newsletter.audience.headers import RESERVED, work_name
from newsletter.audience.reading import People, open_people
from newsletter.audience.row_blocks import Batch
from newsletter.audience.writing import open_rows, write_people, write_refused

__all__ = [
    "RESERVED",
    "Batch",
    "Column",
    "Entry",
    "ImportOptions",
    "MendedAddress",
    "People",
    "Question",
    "Repair",
    "Role",
    "clean_value",
    "mend_address",
    "open_people",
    "open_rows",
    "read_language",
    "work_name",
    "write_people",
    "write_refused",
]
