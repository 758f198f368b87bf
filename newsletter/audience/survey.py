"""Reads a list once, column by column, so that it is known before anything is taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from newsletter.audience.cell_days import may_be_two_days
from newsletter.audience.entries import Mark
from newsletter.audience.list_tables import Recognise, Table, columns_of
from newsletter.audience.sections import Section, Title, walk
from newsletter.audience.standings import (
    LONGEST_NOTE,
    Kind,
    canonical,
    is_group_column,
    is_group_of_leavers,
    is_leavers_title,
    judge,
    plain_codes,
    values_about_leaving,
)
from newsletter.net import slips

_MOST_VALUES = 200  # a column with more distinct values is not a status
_MOST_TITLES = 20  # distinct values asked about at once
_MOST_LINES = 3  # lines given as examples
_MOST_UNKNOWN = 20  # values remembered of a status column


@dataclass(slots=True, kw_only=True)
class ColumnContent:
    """What a column holds."""

    filled: bool = False  # some row has a value in it
    gaps: bool = False  # some row with content has no value in it
    values: set[str] | None = field(default_factory=set)  # None: too many
    addresses: int = 0  # cells with an “@”, where the column may hold addresses
    slips: set[str] = field(default_factory=set)  # domains that look misspelt
    unknown: set[str] = field(default_factory=set)  # unknown values of a status
    unclear_days: dict[str, int] = field(default_factory=dict)  # such as 3/4/2026, and their lines
    # values about leaving in any other column
    leaving_values: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What the columns of a list hold, and how many rows it has."""

    finds: Sequence[ColumnContent]
    rows: int
    parts: "Parts"


@dataclass(slots=True, kw_only=True)
class Parts:
    """The parts of a list that may be read in their own way."""

    titles: dict[str, list[Title]] = field(default_factory=dict)  # by id, the first few lines
    marked: dict[Mark, list[int]] = field(default_factory=dict)  # the first few lines

    def note_title(self, title: Title) -> None:
        """Remember a title."""
        if title.id in self.titles or len(self.titles) < _MOST_TITLES:
            same = self.titles.setdefault(title.id, [])
            if len(same) < _MOST_LINES and title not in same:
                same.append(title)

    def note_marks(self, marks: int, lines: Sequence[int]) -> None:
        """Remember rows that are hidden or struck through."""
        for mark in Mark:
            if marks & mark:
                known = self.marked.setdefault(mark, [])
                known += lines[: _MOST_LINES - len(known)]


def look_through(
    table: Table, addresses: Sequence[int], kinds: Mapping[int, Kind], recognise: Recognise
) -> Survey:
    """Read all rows once; the columns at these indexes may hold addresses, or mention leaving."""
    finds = [ColumnContent() for _ in table.header]
    rows, parts, harmless = 0, Parts(), set[str]()
    beside = {p for p, h in enumerate(table.header) if is_leavers_title(h)} - {*addresses}
    for stretches in walk(table, recognise):
        sections = [section for section in stretches if not section.is_title]
        block = [row for section in sections for row in section.rows]
        lines = [line for section in sections for line in section.lines]
        rows += len(block)
        _note_parts(parts, stretches)
        columns = columns_of(block, len(finds)) if block else []
        for place, cells in enumerate(columns):
            find, kind = finds[place], kinds.get(place)
            new = _note_values(find, cells)
            if kind is None:
                _note_leaving_values(find, new, cells, harmless, header=table.header[place])
            elif kind is not Kind.OWN:
                _note_unknown(find, new, kind, table.header[place])
                _note_unclear_days(find, new, cells, lines)
            if place in beside:
                find.addresses += sum("@" in cell for cell in cells)
            if place in addresses:
                find.addresses += sum("@" in cell for cell in cells)
                find.slips |= slips(cells)
    return Survey(finds=finds, rows=rows, parts=parts)


def _note_unclear_days(
    find: ColumnContent, new: set[str], cells: Sequence[str], lines: Sequence[int]
) -> None:
    unclear = set(filter(may_be_two_days, new)) if len(find.unclear_days) < _MOST_LINES else set()
    for line, cell in zip(lines, cells, strict=True) if unclear else ():
        if cell in unclear and len(find.unclear_days) < _MOST_LINES:
            find.unclear_days.setdefault(cell, line)


def codes_of(find: ColumnContent, kind: Kind) -> frozenset[str]:
    """Return the letters that clearly mean yes in a column of consent."""
    is_consent = kind in (Kind.CONSENT, Kind.JOINED, Kind.EVIDENCE)
    return plain_codes(find.values) if is_consent and find.values else frozenset()


def _note_parts(parts: Parts, stretches: Sequence[Section]) -> None:
    for section in stretches:
        if section.title and (section.is_title or not section.title.line):
            parts.note_title(section.title)
        if section.marks:
            parts.note_marks(section.marks, section.lines)


def _note_values(find: ColumnContent, cells: Sequence[str]) -> set[str]:
    """Note the values of a column; return those that may be new."""
    seen = set(cells)
    find.gaps = find.gaps or "" in seen or any(map(str.isspace, seen))
    find.filled = find.filled or any(cell and not cell.isspace() for cell in seen)
    if find.values is None:
        return seen
    new = seen - find.values
    find.values |= new
    if len(find.values) > _MOST_VALUES:
        find.values = None
    return new


def _note_leaving_values(
    find: ColumnContent, new: set[str], cells: Sequence[str], harmless: set[str], *, header: str
) -> None:
    """Note phrases of leaving in a column about something else."""
    if not new or len(find.leaving_values) >= _MOST_UNKNOWN:
        return
    leaving_values = values_about_leaving(new, harmless)
    if is_group_column(header):
        leaving_values |= {value for value in new if is_group_of_leavers(value)}
    if leaving_values:
        in_order = (cell[:LONGEST_NOTE] for cell in dict.fromkeys(cells) if cell in leaving_values)
        find.leaving_values.update(islice(in_order, _MOST_UNKNOWN))


def _note_unknown(find: ColumnContent, new: set[str], kind: Kind, header: str) -> None:
    """Note the unknown values of a column about standing."""
    if len(find.unknown) < _MOST_UNKNOWN:
        judged = sorted({canonical(kind, value) for value in new})
        unknown = (v.strip() for v in judged if judge(kind, header, v) is None)
        find.unknown.update(islice(unknown, _MOST_UNKNOWN))
