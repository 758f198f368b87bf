"""Writes people as CSV that spreadsheets open, and that this program reads back."""

import csv
import re
from collections.abc import Iterable, Sequence
from typing import Protocol, TextIO

from newsletter.audience.headers import WHY_REFUSED
from newsletter.audience.meanings import SENT_UNTIL
from newsletter.model import Subscriber

_BOM = "\ufeff"  # by it Excel knows UTF-8
# A spreadsheet takes a cell that begins so for a formula, and runs it. What begins with the sign
# that prevents it gets one more, so that reading takes away what writing gave, and no more.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


class Rows(Protocol):
    """What takes rows of a list."""

    def writerow(self, row: Iterable[str], /) -> object:
        """Write a row."""


def open_rows(out: TextIO, *, for_excel: bool = False) -> Rows:
    """Begin a CSV: with commas (RFC 4180), or as Excel reads it where commas are decimal signs."""
    if for_excel:
        out.write(_BOM)
    # \r\n also has \r quoted
    return csv.writer(out, delimiter=";" if for_excel else ",", lineterminator="\r\n")


def write_people(
    people: Iterable[Subscriber], attributes: Iterable[str], rows: Rows, *, sent_until: str = ""
) -> int:
    """Write subscribers, their standing last; return their number.

    Behind it stands until when issues were sent, if any were: the ledger that the list moves to
    knows by it which of them readers had.
    """
    names = sorted(attributes)
    history = [sent_until] if sent_until else []
    header = ["email", "name", "language", *names, "standing"]
    rows.writerow([*header, SENT_UNTIL] if history else header)
    count = 0
    for person in people:
        values = [person.attributes.get(name, "") for name in names]
        cells = [person.address, person.name, person.language, *values]
        rows.writerow([*map(harmless, cells), person.standing, *history])
        count += 1
    return count


def write_refused(
    refusals: Iterable[tuple[int, str, str, Sequence[str]]],
    headers: Sequence[str],
    *,
    address_at: int,
    rows: Rows,
) -> int:
    """Write rows that were not taken, as (line, text, reason, cells), to be mended and tried again.

    Where the cells are not known, the text stands where the address does; return their number.
    """
    rows.writerow([*WHY_REFUSED, *map(harmless, headers)])
    count = 0
    for line, text, reason, cells in refusals:
        shown = cells or [*[""] * address_at, text]
        rows.writerow([str(line), harmless(reason), *map(harmless, shown)])
        count += 1
    return count
