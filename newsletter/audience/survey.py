"""Looks through a list once, column by column, so that it is known before anything is taken."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, zip_longest

from newsletter.audience.sections import Title, walk
from newsletter.audience.standings import Kind, judge, tell_of_leaving
from newsletter.audience.tables import Mark, Recognise, Table
from newsletter.audience.typos import slips

_CHUNK = 2000  # rows that are turned into columns at once
_MOST_VALUES = 200  # a column of more different values is no status
_MOST_TITLES = 20  # different ones that are asked about at once
_MOST_LINES = 3  # where something arises
_MOST_UNKNOWN = 20  # values that are remembered of a column that is one


@dataclass(slots=True, kw_only=True)
class Finds:
    """What a column holds."""

    filled: bool = False  # any row has something in it
    gaps: bool = False  # any row that holds anything has nothing in it
    values: set[str] | None = field(default_factory=set)  # None: too many
    addresses: int = 0  # cells with an “@”, where the column may be one of addresses
    slips: set[str] = field(default_factory=set)  # domains that look misspelt
    unknown: set[str] = field(default_factory=set)  # values of a status that mean nothing known
    telling: set[str] = field(default_factory=set)  # values about leaving in any other column


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What the columns of a list hold, and how many rows it has."""

    finds: Sequence[Finds]
    rows: int
    parts: "Parts"


@dataclass(slots=True, kw_only=True)
class Parts:
    """The parts of a list that may be read in their own way."""

    titles: dict[str, list[Title]] = field(default_factory=dict)  # by id, the first few
    marked: dict[Mark, list[int]] = field(default_factory=dict)  # lines, the first few

    def note_title(self, title: Title) -> None:
        """Remember a title."""
        if title.id in self.titles or len(self.titles) < _MOST_TITLES:
            same = self.titles.setdefault(title.id, [])
            if len(same) < _MOST_LINES and title not in same:
                same.append(title)

    def note_marks(self, marks: int, line: int) -> None:
        """Remember a row that is hidden or struck through."""
        for mark in Mark:
            if marks & mark:
                lines = self.marked.setdefault(mark, [])
                if len(lines) < _MOST_LINES:
                    lines.append(line)


def look_through(
    table: Table, addresses: Sequence[int], kinds: Mapping[int, Kind], recognise: Recognise
) -> Survey:
    """Read all rows once; the columns at these places may hold addresses, or tell of leaving."""
    finds = [Finds() for _ in table.header]
    rows, parts = 0, Parts()
    for chunk in _chunks(table, recognise, parts):
        rows += len(chunk)
        columns = list(zip_longest(*chunk, fillvalue=""))[: len(finds)]
        columns += [("",) * len(chunk)] * (len(finds) - len(columns))
        for place, find in enumerate(finds):
            cells = columns[place]
            _note_values(find, cells, kinds.get(place), table.header[place])
            if place in addresses:
                find.addresses += sum("@" in cell for cell in cells)
                find.slips |= slips(cells)
    return Survey(finds=finds, rows=rows, parts=parts)


def _chunks(table: Table, recognise: Recognise, parts: Parts) -> Iterator[list[list[str]]]:
    rows = _people(table, recognise, parts)
    while chunk := list(islice(rows, _CHUNK)):
        yield chunk


def _people(table: Table, recognise: Recognise, parts: Parts) -> Iterator[list[str]]:
    for row in walk(table, recognise):
        if row.title and (row.is_title or not row.title.line):
            parts.note_title(row.title)
        if row.marks:
            parts.note_marks(row.marks, row.line)
        if not row.is_title:
            yield row.cells


def _note_values(find: Finds, cells: Sequence[str], kind: Kind | None, header: str) -> None:
    seen = set(cells)
    new = seen - find.values if find.values is not None else seen
    blank = {cell for cell in seen if not cell or cell.isspace()}
    find.gaps = find.gaps or bool(blank)
    find.filled = find.filled or len(seen) > len(blank)
    if kind is not None and kind is not Kind.OWN and len(find.unknown) < _MOST_UNKNOWN:
        unknown = (v.strip() for v in sorted(new) if judge(kind, header, v) is None)
        find.unknown.update(islice(unknown, _MOST_UNKNOWN))
    if kind is None and len(find.telling) < _MOST_UNKNOWN:
        in_order = (cell for cell in dict.fromkeys(cells) if cell in new)
        find.telling.update(islice(tell_of_leaving(in_order), _MOST_UNKNOWN))
    if find.values is not None:
        find.values |= seen
        if len(find.values) > _MOST_VALUES:
            find.values = None
