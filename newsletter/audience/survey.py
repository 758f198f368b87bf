"""Looks through a list once, column by column, so that it is known before anything is taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from newsletter.audience.list_tables import Mark, Recognise, Table, columns_of
from newsletter.audience.sections import Stretch, Title, walk
from newsletter.audience.standings import (
    LONGEST_NOTE,
    Kind,
    alike,
    ends_there,
    groups_people,
    heads_leavers,
    judge,
    plain_codes,
    tell_of_leaving,
)
from newsletter.net.domain_slips import slips

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

    def note_marks(self, marks: int, lines: Sequence[int]) -> None:
        """Remember rows that are hidden or struck through."""
        for mark in Mark:
            if marks & mark:
                known = self.marked.setdefault(mark, [])
                known += lines[: _MOST_LINES - len(known)]


def look_through(
    table: Table, addresses: Sequence[int], kinds: Mapping[int, Kind], recognise: Recognise
) -> Survey:
    """Read all rows once; the columns at these places may hold addresses, or tell of leaving."""
    finds = [Finds() for _ in table.header]
    rows, parts, harmless = 0, Parts(), set[str]()
    beside = {p for p, h in enumerate(table.header) if heads_leavers(h)} - {*addresses}
    for stretches in walk(table, recognise):
        block = [row for stretch in stretches if not stretch.is_title for row in stretch.rows]
        rows += len(block)
        _note_parts(parts, stretches)
        columns = columns_of(block, len(finds)) if block else []
        for place, cells in enumerate(columns):
            find, kind = finds[place], kinds.get(place)
            new = _note_values(find, cells)
            if kind is None:
                _note_telling(find, new, cells, harmless, header=table.header[place])
            elif kind is not Kind.OWN:
                _note_unknown(find, new, kind, table.header[place])
            if place in beside:
                find.addresses += sum("@" in cell for cell in cells)
            if place in addresses:
                find.addresses += sum("@" in cell for cell in cells)
                find.slips |= slips(cells)
    return Survey(finds=finds, rows=rows, parts=parts)


def codes_of(find: Finds, kind: Kind) -> frozenset[str]:
    """Return the letters that plainly say yes in a column of consent."""
    is_consent = kind in (Kind.CONSENT, Kind.JOINED)
    return plain_codes(find.values) if is_consent and find.values else frozenset()


def _note_parts(parts: Parts, stretches: Sequence[Stretch]) -> None:
    for stretch in stretches:
        if stretch.title and (stretch.is_title or not stretch.title.line):
            parts.note_title(stretch.title)
        if stretch.marks:
            parts.note_marks(stretch.marks, stretch.lines)


def _note_values(find: Finds, cells: Sequence[str]) -> set[str]:
    """Note what stands in a column; return the values that may be new."""
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


def _note_telling(
    find: Finds, new: set[str], cells: Sequence[str], harmless: set[str], *, header: str
) -> None:
    """Note words of leaving in a column about something else."""
    if not new or len(find.telling) >= _MOST_UNKNOWN:
        return
    telling = tell_of_leaving(new, harmless)
    if groups_people(header):
        telling |= {value for value in new if ends_there(value)}
    if telling:
        in_order = (cell[:LONGEST_NOTE] for cell in dict.fromkeys(cells) if cell in telling)
        find.telling.update(islice(in_order, _MOST_UNKNOWN))


def _note_unknown(find: Finds, new: set[str], kind: Kind, header: str) -> None:
    """Note the values of a column about standing that mean nothing known."""
    if len(find.unknown) < _MOST_UNKNOWN:
        judged = sorted({alike(kind, value) for value in new})
        unknown = (v.strip() for v in judged if judge(kind, header, v) is None)
        find.unknown.update(islice(unknown, _MOST_UNKNOWN))
