"""Reads the report of a meeting tool: who took part remotely, and for how long.

    bytes -> text -> the table of participants -> columns, told by what is in them -> people

Teams writes UTF-16 with tabs and calls it CSV, in sections with numbers; Zoom writes a head of the
meeting above, one row for a person or one for each time they joined. Headings and times are in the
language of whoever saved the report, so none of them is relied on: an address, a time and a
duration look the same everywhere.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from newsletter.audience.encodings import find_encoding, opened
from newsletter.audience.tool_times import read_minutes, read_moment
from newsletter.errors import AudienceError
from newsletter.language import say
from newsletter.model.presence import Presence

MOST = 20_000_000  # bytes of a report
_MOST_ROWS = 50_000
_DELIMITERS = "\t;,"
_SECTION = re.compile(r"(\d)\.\s")  # as Teams numbers them: 2 has one row for each person
_ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
_NAME = re.compile(r"[^\W\d_]{2}")
_ADDED = re.compile(
    r"\s*[(\uff08\[].*?[)\uff09\]]\s*"
)  # behind a name: (Guest), (Unverified), another name
_PARTICIPANTS = "2"
_SUMMARY = 2  # columns

Row = list[str]


def read_report(data: bytes, name: str, day: dt.date) -> list[Presence]:
    """Return the rows about people; `day` is the meeting's, by which 3/12 is told from 12/3.

    Raise AudienceError for what is no report, or one without anybody in it.
    """
    file = io.BytesIO(data)
    with opened(file, find_encoding(file, name)) as text:
        lines = text.read().splitlines()
    head, rows = _find_table(lines)
    found = [_presence(line, row, _Columns.of(rows, day), day) for line, row in rows]
    people = [one for one in found if one.name or one.address]
    if not people:
        told = say(
            "{file}: there is nobody in it{below}; meeting tools leave out who is not of their own "
            "organisation, and hosts alone get all",
            file=name,
            below=say(", below “{head}”", head=" | ".join(head)) if head else "",
        )
        raise AudienceError(told)
    return people


# --- the table ----------------------------------------------------------------------------


def _find_table(lines: Sequence[str]) -> tuple[Row, list[tuple[int, Row]]]:
    """Return the heading of the table of participants, and its rows with their lines."""
    numbered = [(n, line.strip("\ufeff ")) for n, line in enumerate(lines, 1)]
    begins = {m[1]: n for n, line in numbered if (m := _SECTION.match(line.strip('"')))}
    if _PARTICIPANTS in begins:
        end = min((n for n in begins.values() if n > begins[_PARTICIPANTS]), default=len(lines) + 1)
        numbered = numbered[begins[_PARTICIPANTS] : end - 1]
    blocks = [
        list(block) for filled, block in groupby(numbered, key=lambda one: bool(one[1])) if filled
    ]
    tables = [table for block in blocks if (table := _table_of(block))]
    if not tables:
        return [], []
    best = max(enumerate(tables), key=lambda one: (_rank(one[1]), one[0]))[1]
    return best[0][1], best[1 : _MOST_ROWS + 1]


def _rank(table: Sequence[tuple[int, Row]]) -> tuple[bool, int]:
    """Return how likely a table is that of people: a summary has two columns, a head one row."""
    return len(table[0][1]) > _SUMMARY, sum(map(_has_person, table[1:]))


def _table_of(block: Sequence[tuple[int, str]]) -> list[tuple[int, Row]]:
    """Return the rows of a block that has a table, its heading first; what stands above is left."""
    for delimiter in _DELIMITERS:
        rows = [(n, next(csv.reader([line], delimiter=delimiter), [])) for n, line in block]
        widest = max(len(row) for _, row in rows)
        first = next(at for at, (_, row) in enumerate(rows) if len(row) == widest)
        if widest > 1:
            return [(n, [cell.strip() for cell in row]) for n, row in rows[first:]]
    return []


def _has_person(row: tuple[int, Row]) -> bool:
    return any(_ADDRESS.fullmatch(cell) for cell in row[1]) or bool(_NAME.search(row[1][0]))


# --- its columns --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Columns:
    """Where what is, by what stands there in most rows; None: nowhere."""

    name: int | None
    address: int | None
    joined: int | None
    left: int | None
    minutes: int | None

    @classmethod
    def of(cls, rows: Sequence[tuple[int, Row]], day: dt.date) -> "_Columns":
        cells = [row for _, row in rows]
        width = max((len(row) for row in cells), default=0)

        def those(looks_so: Callable[[str], object]) -> list[int]:
            return [at for at in range(width) if _mostly(cells, at, looks_so)]

        addresses = those(_ADDRESS.fullmatch)
        moments = those(lambda cell: read_moment(cell, day))
        spans = [at for at in those(read_minutes) if at not in moments]
        taken = {*addresses, *moments, *spans}
        names = [at for at in those(_NAME.search) if at not in taken]
        return cls(
            name=names[0] if names else None,
            address=addresses[0] if addresses else None,
            joined=moments[0] if moments else None,
            left=moments[1] if len(moments) > 1 else None,
            minutes=spans[0] if spans else None,
        )


def _mostly(rows: Sequence[Row], at: int, looks_so: Callable[[str], object]) -> bool:
    """Return whether at least half of the cells that are filled look so, and one is."""
    filled = [row[at] for row in rows if at < len(row) and row[at]]
    return bool(filled) and sum(bool(looks_so(cell)) for cell in filled) * 2 >= len(filled)


def _presence(line: int, row: Row, columns: _Columns, day: dt.date) -> Presence:
    def cell(at: int | None) -> str:
        return row[at] if at is not None and at < len(row) else ""

    address = cell(columns.address)
    return Presence(
        line=line,
        name=" ".join(_ADDED.sub(" ", cell(columns.name)).split()),
        address=address if _ADDRESS.fullmatch(address) else "",
        joined=read_moment(cell(columns.joined), day),
        left=read_moment(cell(columns.left), day),
        minutes=read_minutes(cell(columns.minutes)),
    )
