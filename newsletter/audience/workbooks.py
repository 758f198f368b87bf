"""Reads the list in an Excel file (.xlsx), with its cells as a person would read them."""

import csv
import datetime as dt
import re
import tempfile
import traceback
import warnings
import zipfile
import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import ExitStack, closing
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, TextIO
from weakref import finalize
from xml.parsers.expat import ExpatError

from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.workbook import Workbook

from newsletter.audience.cell_comments import comments_of
from newsletter.audience.cells import NO_VALUE, is_error
from newsletter.audience.entries import Mark
from newsletter.audience.list_tables import (
    Block,
    Recognise,
    Table,
    check_header,
    find_header,
    read_blocks,
)
from newsletter.audience.merges import Merges
from newsletter.audience.sheetlooks import SheetMarks, place_of, sheet_marks
from newsletter.errors import AudienceError
from newsletter.language import Wording, say, say_list

# A sheet is unpacked as a stream, but some parts are held in memory.
_MOST_BYTES = 100_000_000  # of one part, unpacked
_MOST_HELD = 24_000_000  # of a part held in memory: texts, styles
_MOST_TAGS = 4_000_000  # of one part: 100,000 rows of nine cells
_MOST_PARTS = 5000
_MOST_SHEETS = 50
_MOST_ROWS = 1_048_576  # Excel's limit for a sheet
_MOST_CELLS = 20_000_000
_HEAD = 30  # rows with content, the header included
_HEAD_WITHIN = 2000  # rows
_LONGEST_TEXT = 1 << 20  # bytes between two tags
# What a broken file raises: openpyxl has no error of its own for one. It converts what it finds
# (ValueError, TypeError, OverflowError), looks up what other parts should have (KeyError,
# IndexError, AttributeError, OSError) and parses XML (SyntaxError of both parsers, ExpatError;
# LookupError for an unknown encoding); unpacking has the rest. A test with changes in any place
# of a workbook holds that there are no others.
_BROKEN = (
    ValueError, TypeError, OverflowError, LookupError, AttributeError, OSError, SyntaxError,
    ExpatError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError,
)  # fmt: skip


def read_workbook(file: BinaryIO, name: str, recognise: Recognise, *, answer: str = "") -> Table:
    """Read the first sheet that has a column of addresses, or the one the editor chose.

    Raise AudienceError if there is none, or if the file is broken, too large or not a workbook.
    """
    try:
        _check_parts(file, name)
        with warnings.catch_warnings(action="ignore"):  # about styles and rules it does not keep
            book = load_workbook(
                file, read_only=True, data_only=True, keep_links=False, rich_text=True
            )
            return _read_book(book, name, recognise, answer)
    except _BROKEN as err:
        if _is_of_ours(err):
            raise
        raise AudienceError(_broken(name)) from err


def _is_of_ours(err: BaseException) -> bool:
    """Return whether our own code failed, and no library: then the file is not to blame.

    What is written in C leaves no trace: whoever hands it the file's own words catches its errors.
    """
    *_, innermost = traceback.extract_tb(err.__traceback__)
    return Path(innermost.filename).is_relative_to(Path(__file__).parents[1])


def _check_parts(file: BinaryIO, name: str) -> None:
    """Raise AudienceError if a part is foreign to Excel, or unpacks to far more than it should."""
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
                raise AudienceError(
                    say("{file}: not an Excel file as spreadsheets write them", file=name)
                )


def _not_a_workbook(name: str, parts: Sequence[str]) -> Wording:
    lists = [part for part in parts if part.lower().endswith((".csv", ".xlsx", ".txt"))]
    if lists:
        return say(
            "{file}: a packed file; unpack it and import each list in it ({names})",
            file=name,
            names=", ".join(lists[:5]),
        )
    return say("{file}: not an Excel file; save the list as .xlsx or “CSV UTF-8”", file=name)


def _broken(name: str) -> Wording:
    return say(
        "{file}: broken as an Excel file; open it in a spreadsheet and save it anew, as "
        ".xlsx or “CSV UTF-8”",
        file=name,
    )


def _too_large(name: str) -> Wording:
    return say(
        "{file}: too large as an Excel file; save the list as “CSV UTF-8”, which has no limit",
        file=name,
    )


Head = list[tuple[int, list[str]]]  # the first rows with content in a sheet


def _read_book(book: Workbook, name: str, recognise: Recognise, answer: str) -> Table:
    sheets = dict(enumerate(book.worksheets[:_MOST_SHEETS], start=1))
    heads = {number: _head(sheet) for number, sheet in sheets.items()}
    seen = [number for number, sheet in sheets.items() if sheet.sheet_state == "visible"]
    holding = {
        number: sheet.title + ("" if number in seen else " (hidden)")
        for number, sheet in sheets.items()
        if _has_addresses(heads[number], recognise)
    }
    if answer.isdecimal() and int(answer) in holding:
        chosen = int(answer)
    else:
        with_header = [n for n in seen if _header_in(heads[n], recognise) >= 0]
        chosen = next(iter([*with_header, *seen]), 0)
    if not chosen:
        raise AudienceError(say("{file}: no sheet that can be seen", file=name))
    at = _header_in(heads[chosen], recognise)
    rows = heads[chosen] or [(1, [])]
    line, header = rows[max(at, 0)]
    check_header(header, name, line, known=at >= 0)
    return _read_sheet(
        sheets[chosen],
        name,
        header=header,
        header_line=line,
        above=[cells for _, cells in rows[:at]],
        sheets=holding,
        others=[sheets[number].title for number in seen if number != chosen],
        unread=[
            sheet.title
            for number, sheet in enumerate(book.worksheets, start=1)
            if number not in holding and number != chosen
        ],
    )


def _head(sheet: Any) -> Head:
    sheet.reset_dimensions()  # some writers give wrong sizes
    found: Head = []
    with closing(sheet.iter_rows()) as rows:
        for number, row in enumerate(islice(rows, _HEAD_WITHIN), start=1):
            cells = [_as_text(cell) for cell in row]
            if any(cells):
                found.append((number, cells))
            if len(found) == _HEAD:
                break
    return found


def _header_in(head: Head, recognise: Recognise) -> int:
    return find_header([cells for _, cells in head], recognise)


def _has_addresses(head: Head, recognise: Recognise) -> bool:
    is_any = any("@" in cell for _, cells in head for cell in cells)
    return is_any or _header_in(head, recognise) >= 0


def _read_sheet(
    sheet: Any,
    name: str,
    *,
    header: Sequence[str],
    header_line: int,
    above: Sequence[Sequence[str]],
    sheets: Mapping[int, str],
    others: Sequence[str],
    unread: Sequence[str],
) -> Table:
    """Copy a sheet to an unnamed temporary file, which is there for as long as its table."""
    copy = tempfile.TemporaryFile("w+", encoding="utf-8", newline="")  # noqa: SIM115
    with ExitStack() as until_taken:
        until_taken.callback(copy.close)
        looks = _looks_of(sheet, name)
        _copy_rows(sheet, copy, looks, name)
        until_taken.pop_all()
        table = Table(
            title=sheet.title,
            header=header,
            above=above,
            sheets=sheets,
            unread=unread,
            comments=comments_of(sheet.parent._archive, sheet._worksheet_path),
            marks=bytes(looks.marks) if any(looks.marks) else b"",
            struck_ranges=looks.struck_ranges,
            blocks=partial(_blocks, copy, sheet.title, header_line),
            notes=list(_notes(sheet.title, others, header, looks.hidden_columns)),
        )
        finalize(table, copy.close)
        return table


def _looks_of(sheet: Any, name: str) -> SheetMarks:
    """Read how a sheet displays its rows: all of it, where `_head` saw no more than the top."""
    with sheet._get_source() as source:
        try:
            return sheet_marks(source, _striking(sheet.parent))
        except (ExpatError, ValueError, OverflowError) as err:  # broken XML; numbers that are none
            raise AudienceError(_broken(name)) from err


def _blocks(copy: TextIO, title: str, header_line: int) -> Iterator[Block]:
    """Yield the rows below the header, each with its row number in the sheet as line."""
    copy.seek(0)
    for block in read_blocks(copy, title):
        numbers = [int(row[0]) for row in block.rows]
        above = bisect_right(numbers, header_line)
        yield Block(lines=numbers[above:], rows=[row[1:] for row in block.rows[above:]])


def _notes(
    title: str, others: Sequence[str], header: Sequence[str], hidden: Set[int]
) -> Iterator[str]:
    if others:
        named = say_list(say("“{text}”", text=other) for other in others[:10])
        yield say("the sheet “{title}” is read; not read: {sheets}", title=title, sheets=named)
    heads = [head.strip() for place, head in enumerate(header) if place in hidden]
    if named := say_list(say("“{text}”", text=head) for head in heads if head):
        yield say("columns that the sheet hides are read as any other: {columns}", columns=named)


def _striking(book: Any) -> list[int]:
    """Return the numbers of the conditional styles of a workbook that strike through."""
    styles = getattr(book._differential_styles, "styles", ())
    return [n for n, style in enumerate(styles) if style.font and style.font.strike]


def _copy_rows(sheet: Any, copy: TextIO, looks: SheetMarks, name: str) -> None:
    """Write a sheet's rows, each with its number first; mark those that are struck through."""
    writer = csv.writer(copy)
    room = _MOST_CELLS
    number = 0
    merges, formulas = Merges(looks.merged), array("Q", sorted(looks.formulas))
    for number, row in enumerate(sheet.iter_rows(), start=1):
        room -= len(row) + merges.count
        if number > _MOST_ROWS or room < 0:
            raise AudienceError(_too_large(name))
        cells = [_as_text(cell) for cell in row]
        _note_formulas(cells, row, _columns_in(formulas, number))
        struck = [place for place, cell in enumerate(row) if _is_struck(cell)]
        spreads_struck = merges.spread(number, cells, struck)
        if any(cells):
            writer.writerow([number, *cells])
            if struck or spreads_struck:
                looks.mark(number, Mark.STRUCK)
    looks.mark(number, Mark(0))


def _columns_in(formulas: "array[int]", row: int) -> list[int]:
    """Return the columns, counted from 0, that have a formula in a row."""
    if not formulas:
        return []
    start = bisect_left(formulas, place_of(row, 0))
    end = bisect_left(formulas, place_of(row + 1, 0))
    return [place - place_of(row, 1) for place in formulas[start:end]]


def _note_formulas(cells: list[str], row: Sequence[Any], formulas: Sequence[int]) -> None:
    """Note formulas without a stored value; a row of nothing but those and errors stays empty."""
    for place in formulas:
        if place < len(row) and row[place].value is None:
            cells[place] = NO_VALUE
    if all(not cell or is_error(cell) for cell in cells):
        cells[:] = [""] * len(cells)


def _is_struck(cell: Any) -> bool:
    """Return whether a cell, or part of it, is struck through."""
    if cell.value is None:
        return False
    if cell.has_style and cell.font.strike:
        return True
    runs = cell.value if isinstance(cell.value, CellRichText) else ()
    return any(isinstance(run, TextBlock) and run.font.strike for run in runs)


def _as_text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str | CellRichText):
        return str(value).replace("\0", "")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value, cell.number_format or "")
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return f"{value:%Y-%m-%d}" if midnight else f"{value:%Y-%m-%d %H:%M:%S}"
    return str(value)


def _number(value: float, form: str) -> str:
    """Return a number as the cell displays it: 00100, 12, 0.5, 50%."""
    if form.endswith("%"):
        return f"{value * 100:.10g}%"
    whole = int(value) if value == value // 1 and abs(value) < 1e15 else None
    if whole is None:
        return f"{value:.15g}"
    return str(whole).zfill(len(form)) if re.fullmatch(r"0{2,20}", form) else str(whole)
