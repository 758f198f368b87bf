"""Reads the list in an Excel file (.xlsx), with its cells as a person would read them."""

import csv
import datetime as dt
import re
import tempfile
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, BinaryIO, TextIO
from weakref import finalize

from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from newsletter.audience.tables import Recognise, check_header, find_header
from newsletter.errors import AudienceError

# A sheet is unpacked in passing, but some of its parts are held at once.
_MOST_BYTES = 100_000_000  # of a part, unpacked
_MOST_HELD = 24_000_000  # of a part that is held: texts, styles
_MOST_TAGS = 4_000_000  # of a part: 100,000 rows of nine cells
_MOST_PARTS = 5000
_MOST_SHEETS = 50
_MOST_ROWS = 1_048_576  # of a sheet in Excel
_MOST_CELLS = 20_000_000
_LONGEST_TEXT = 1 << 20  # bytes between two tags
_BROKEN = (  # of openpyxl, which has no error of its own for files, and of parsers
    zipfile.BadZipFile, zlib.error, SyntaxError, KeyError, ValueError, TypeError, IndexError,
    AttributeError, OSError, EOFError, NotImplementedError, RecursionError, OverflowError,
    AssertionError, LookupError, RuntimeError,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, weakref_slot=True)
class SheetTable:
    """The table of a sheet, copied to a file without a name while it is read."""

    title: str
    others: Sequence[str]  # sheets that are not read
    header: Sequence[str]
    header_line: int
    copy: TextIO

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield each row below the header, with its number in the sheet."""
        self.copy.seek(0)
        for number, *cells in csv.reader(self.copy):
            if int(number) > self.header_line:
                yield int(number), cells


def read_workbook(file: BinaryIO, name: str, recognise: Recognise) -> SheetTable:
    """Read the first sheet that has a column of addresses.

    Raise AudienceError when there is none, or when the file is broken, too large or no workbook.
    """
    try:
        _check_parts(file, name)
        with warnings.catch_warnings(action="ignore"):  # about styles and rules it does not keep
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            return _read_sheets(book, name, recognise)
    except _BROKEN as err:
        raise AudienceError(
            f"{name}: broken as an Excel file; open it in a spreadsheet and save it anew, as .xlsx "
            "or “CSV UTF-8”"
        ) from err


def _check_parts(file: BinaryIO, name: str) -> None:
    """Raise AudienceError when a part is no Excel's, or is far larger than it looks packed."""
    file.seek(0)
    with zipfile.ZipFile(file) as packed:
        parts = packed.infolist()
        names = {part.filename for part in parts}
        if "[Content_Types].xml" not in names:
            raise AudienceError(_not_a_workbook(name, sorted(names)))
        if len(parts) > _MOST_PARTS:
            raise AudienceError(_too_large(name))
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                _check_part(packed, part, name)


def _check_part(packed: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> None:
    is_sheet = "worksheets/" in part.filename
    tags = size = 0
    with packed.open(part) as stream:
        while chunk := stream.read(_LONGEST_TEXT):
            size += len(chunk)
            tags += chunk.count(b"<")
            if size > (_MOST_BYTES if is_sheet else _MOST_HELD) or tags > _MOST_TAGS:
                raise AudienceError(_too_large(name))
            if b"<!ENTITY" in chunk or (len(chunk) == _LONGEST_TEXT and b"<" not in chunk):
                raise AudienceError(f"{name}: no Excel file that a spreadsheet would write")


def _not_a_workbook(name: str, parts: Sequence[str]) -> str:
    lists = [part for part in parts if part.lower().endswith((".csv", ".xlsx", ".txt"))]
    if lists:
        return (
            f"{name}: a packed file; unpack it and import each list in it ({', '.join(lists[:5])})"
        )
    return f"{name}: not an Excel file; save the list as .xlsx or “CSV UTF-8”"


def _too_large(name: str) -> str:
    return f"{name}: too large as an Excel file; save the list as “CSV UTF-8”, which has no limit"


def _read_sheets(book: Workbook, name: str, recognise: Recognise) -> SheetTable:
    sheets = [s for s in book.worksheets[:_MOST_SHEETS] if s.sheet_state == "visible"]
    first: tuple[int, list[str]] | None = None
    for sheet in sheets:
        copy = tempfile.TemporaryFile("w+", encoding="utf-8", newline="")  # noqa: SIM115
        with ExitStack() as until_taken:
            until_taken.callback(copy.close)
            head = _copy_rows(sheet, copy, name)
            at = find_header([cells for _, cells in head], recognise)
            line, header = head[at] if at >= 0 else head[0] if head else (1, [])
            if at >= 0:
                check_header(header, name, line, known=True)
                until_taken.pop_all()
                others = [other.title for other in sheets if other is not sheet]
                return _table(sheet.title, others, header, line, copy)
            first = first or (line, header)
    line, header = first or (1, [])
    check_header(header, name, line, known=False)
    raise AudienceError(f"{name}: no sheet that can be seen")


def _table(
    title: str, others: Sequence[str], header: Sequence[str], header_line: int, copy: TextIO
) -> SheetTable:
    table = SheetTable(
        title=title, others=others, header=header, header_line=header_line, copy=copy
    )
    finalize(table, copy.close)
    return table


def _copy_rows(sheet: Any, copy: TextIO, name: str) -> list[tuple[int, list[str]]]:
    """Write a sheet's rows, each with its number before it; return the first ones that hold any."""
    sheet.reset_dimensions()  # some writers give sizes that are not true
    writer = csv.writer(copy)
    head: list[tuple[int, list[str]]] = []
    room = _MOST_CELLS
    for number, row in enumerate(sheet.iter_rows(), start=1):
        room -= len(row)
        if number > _MOST_ROWS or room < 0:
            raise AudienceError(_too_large(name))
        cells = [_as_text(cell) for cell in row]
        if any(cells):
            writer.writerow([number, *cells])
            if len(head) < 30:
                head.append((number, cells))
    return head


def _as_text(cell: Any) -> str:
    value = cell.value
    if value is None or getattr(cell, "data_type", "") == "e":  # #N/A and its like
        return ""
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value, cell.number_format or "")
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return f"{value:%Y-%m-%d}" if midnight else f"{value:%Y-%m-%d %H:%M:%S}"
    return str(value)


def _number(value: float, form: str) -> str:
    """Return a number as a cell shows it: 00100, 12, 0.5, 50%."""
    if form.endswith("%"):
        return f"{value * 100:.10g}%"
    whole = int(value) if value == value // 1 and abs(value) < 1e15 else None
    if whole is None:
        return f"{value:.15g}"
    return str(whole).zfill(len(form)) if re.fullmatch(r"0{2,20}", form) else str(whole)
