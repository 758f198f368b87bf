"""Writes people as CSV that spreadsheets open, and that this program reads back."""

import csv
from collections.abc import Iterable, Sequence
from typing import Protocol, TextIO

from newsletter.audience.headers import WHY_REFUSED
from newsletter.audience.meanings import SENT_UNTIL
from newsletter.formulas import harmless
from newsletter.model import Subscriber

_BOM = "\ufeff"  # tells Excel that it is UTF-8


class Rows(Protocol):
    """Something that rows of a list can be written to."""

    def writerow(self, row: Iterable[str], /) -> object:
        """Write a row."""


def open_rows(out: TextIO, *, for_excel: bool = False) -> Rows:
    """Begin a CSV: with commas (RFC 4180), or as Excel reads it where commas are decimal signs."""
    if for_excel:
        out.write(_BOM)
    # \r\n so that a lone \r is quoted too
    return csv.writer(out, delimiter=";" if for_excel else ",", lineterminator="\r\n")


def write_people(
    people: Iterable[Subscriber], attributes: Iterable[str], rows: Rows, *, sent_until: str = ""
) -> int:
    """Write subscribers, their standing last; return how many.

    The last column says up to when issues were sent, if any were: from it the ledger that the list
    moves to knows which of them readers had.
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
    """Write rows that were refused, as (line, text, reason, cells), to be mended and tried again.

    If the cells are not known, the text goes where the address would; return how many.
    """
    rows.writerow([*WHY_REFUSED, *map(harmless, headers)])
    count = 0
    for line, text, reason, cells in refusals:
        shown = cells or [*[""] * address_at, text]
        rows.writerow([str(line), harmless(reason), *map(harmless, shown)])
        count += 1
    return count
