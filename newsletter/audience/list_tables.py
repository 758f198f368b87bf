"""A list as a table: which row is its header, and which rows follow."""

import csv
import io
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice, zip_longest
from typing import BinaryIO, TextIO

from newsletter.audience.encodings import Encoding, opened
from newsletter.audience.entries import MAX_COLUMNS
from newsletter.errors import AudienceError
from newsletter.language import Wording, say

_SAMPLE = 1 << 18  # characters examined to find the delimiter
_HEADER_WITHIN = 20  # rows; some exports have a title above the header
_DELIMITERS = ",;\t|"
_BLOCK = 1 << 18  # characters of a list held in memory at once
_SEP = re.compile(r'\ufeff*"?sep=(?P<sign>[^\r\n])"?(\r\n|\n|\r)', re.IGNORECASE)  # Excel's own

Recognise = Callable[[Sequence[str]], int]  # a row -> columns it names; 0 if none is of addresses


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Consecutive rows of a table, as many as may be in memory at once."""

    lines: Sequence[int]  # where each row begins, counted from 1
    rows: Sequence[list[str]]


@dataclass(frozen=True, slots=True, kw_only=True, weakref_slot=True)
class Table:
    """A header and the rows below it; what only a sheet can have is empty for a text file."""

    header: Sequence[str]  # the names of the columns as written
    above: Sequence[Sequence[str]]  # the rows above the header
    blocks: Callable[[], Iterator[Block]]  # yields the rows below the header
    notes: Sequence[str]  # about how the file was read
    title: str = ""  # of the sheet
    sheets: Mapping[int, str] = field(default_factory=dict)  # those that hold addresses, by number
    unread: Sequence[str] = ()  # titles of sheets not read that seem to hold no addresses
    marks: bytes = b""  # of each row by its line; empty where no row has any
    struck_ranges: Sequence[str] = ()  # with rows that a conditional format strikes through
    comments: Sequence[str] = ()  # the first on cells, and how many more there are


def read_blocks(
    text: TextIO, name: str, delimiter: str = ",", *, first_line: int = 1
) -> Iterator[Block]:
    """Yield the rows of a CSV; raise AudienceError, with the line, if it is not valid."""
    fed = 0  # lines

    def feed() -> Iterator[list[str]]:
        nonlocal fed
        while some := text.readlines(_BLOCK):
            fed += len(some)
            yield some

    reader = csv.reader(chain.from_iterable(feed()), delimiter=delimiter, strict=True)
    lines, rows = [first_line], list[list[str]]()
    try:
        for cells in reader:
            rows.append(cells)
            read = reader.line_num
            lines.append(read + first_line)
            if read == fed:
                next_line = lines.pop()
                yield Block(lines=lines, rows=rows)
                lines, rows = [next_line], []
    except csv.Error as err:
        fault = say("{file}:{line}: {reason}", file=name, line=lines[-1], reason=_in_words(err))
        raise AudienceError(fault) from err


def columns_of(rows: Sequence[list[str]], width: int) -> list[tuple[str, ...]]:
    """Return the cells of a number of columns; those a row lacks are empty."""
    columns = list(zip_longest(*rows, fillvalue=""))[:width]
    return columns + [("",) * len(rows)] * (width - len(columns))


def read_text_table(file: BinaryIO, name: str, encoding: Encoding, recognise: Recognise) -> Table:
    """Find the delimiter and header of a text file: those with which most columns are known.

    Raise AudienceError if no row near its beginning names a column of addresses.
    """
    with opened(file, encoding) as text:
        sample = text.read(_SAMPLE)
    sep = _SEP.match(sample)
    body = sample[sep.end() :] if sep else sample.lstrip("\ufeff")
    first_line = 2 if sep else 1
    looks = [_look(body, sign, recognise) for sign in (sep["sign"] if sep else _DELIMITERS)]
    best = max(looks, key=lambda look: look.score)
    header = [cell.lstrip("\ufeff") for cell in best.header]
    line = first_line + best.line - 1
    check_header(header, name, line, known=best.score[1] > 0)
    notes = [] if encoding.name == "utf-8" else [say("read as {encoding}", encoding=encoding.name)]
    if line > first_line:
        above = line - first_line
        notes.append(
            say(
                "the header is line {line}; {count} above it are passed over",
                line=line,
                count=above,
            )
        )

    def blocks() -> Iterator[Block]:
        with opened(file, encoding) as text:
            for _ in range(first_line - 1):
                text.readline()
            for block in read_blocks(text, name, best.delimiter, first_line=first_line):
                above = bisect_right(block.lines, line)
                yield Block(lines=block.lines[above:], rows=block.rows[above:])

    return Table(header=header, above=best.above, blocks=blocks, notes=notes)


def find_header(rows: Sequence[Sequence[str]], recognise: Recognise) -> int:
    """Return which of the first rows names a column of addresses; -1 if none does."""
    return next((i for i, row in enumerate(rows[:_HEADER_WITHIN]) if recognise(row)), -1)


def check_header(header: Sequence[str], name: str, line: int, *, known: bool) -> None:
    """Raise AudienceError, with what to do, if a header cannot be that of a list."""
    if len(header) > MAX_COLUMNS:
        raise AudienceError(
            say(
                "{file}:{line}: {count:,} columns; a list has {most:,} at most, so leave out those "
                "that nobody needs",
                file=name,
                line=line,
                count=len(header),
                most=MAX_COLUMNS,
            )
        )
    if not known:
        if any("@" in cell for cell in header):
            raise AudienceError(
                say(
                    "{file}:{line}: no header; write a row above the first address that names the "
                    "columns, such as “email” and “name”",
                    file=name,
                    line=line,
                )
            )
        found = ", ".join(cell.strip() for cell in header[:20] if cell.strip())
        raise AudienceError(
            say(
                "{file}:{line}: no column of addresses; the first row must name one “email”, "
                "“sähköposti” or “e-post” (found: {names})",
                file=name,
                line=line,
                names=found[:300] or say("nothing"),
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """How a sample looks when its cells are split at a delimiter."""

    delimiter: str
    header: list[str]
    line: int  # of the header, in the sample
    above: Sequence[Sequence[str]]
    # Whether most rows are as long as a header of several columns; known columns; the share of such
    # rows; all columns.
    score: tuple[bool, int, float, int]


def _look(sample: str, delimiter: str, recognise: Recognise) -> _Look:
    rows: list[list[str]] = []
    lines: list[int] = []
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in islice(reader, 200):
            if any(cell.strip() for cell in cells):
                rows.append(cells)
                lines.append(line)
            line = reader.line_num + 1
    except csv.Error:
        pass  # reported with its line when the rows are read
    at = find_header(rows, recognise)
    if at < 0:
        first = rows[0] if rows else []
        return _Look(
            delimiter=delimiter,
            header=first,
            line=lines[0] if lines else 1,
            above=(),
            score=(False, 0, 0.0, len(first)),
        )
    header, below = rows[at], rows[at + 1 :]
    canonical = sum(len(row) == len(header) for row in below) / len(below) if below else 0.0
    score = (len(header) > 1 and canonical > 0.5, recognise(header), canonical, len(header))
    return _Look(delimiter=delimiter, header=header, line=lines[at], above=rows[:at], score=score)


def _in_words(err: csv.Error) -> Wording:
    if "field larger" in str(err):
        return say(
            "a cell of more than {most:,} characters; perhaps a quotation mark is never closed, "
            "else shorten it or leave its column out",
            most=csv.field_size_limit(),
        )
    return say(
        "not readable as CSV: {problem}; look for a quotation mark that stands alone",
        problem=str(err),
    )
