"""Looks through a list once, column by column, so that it is known before anything is taken."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, zip_longest

from newsletter.audience.standings import Kind, judge
from newsletter.audience.tables import Table
from newsletter.audience.typos import slips

_CHUNK = 2000  # rows that are turned into columns at once
_MOST_VALUES = 200  # a column of more different values is no status
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What the columns of a list hold, and how many rows it has."""

    finds: Sequence[Finds]
    rows: int


def look_through(table: Table, addresses: Sequence[int], kinds: Mapping[int, Kind]) -> Survey:
    """Read all rows once; the columns at these places may hold addresses, or tell of leaving."""
    finds = [Finds() for _ in table.header]
    rows = 0
    for chunk in _chunks(table):
        rows += len(chunk)
        columns = list(zip_longest(*chunk, fillvalue=""))[: len(finds)]
        columns += [("",) * len(chunk)] * (len(finds) - len(columns))
        for place, find in enumerate(finds):
            cells = columns[place]
            if find.values is not None or place in kinds:
                _note_values(find, cells, kinds.get(place), table.header[place])
            if place in addresses:
                find.addresses += sum("@" in cell for cell in cells)
                find.slips |= slips(cells)
    return Survey(finds=finds, rows=rows)


def _chunks(table: Table) -> Iterator[list[list[str]]]:
    rows = (cells for _, cells in table.rows() if "".join(cells).strip())
    while chunk := list(islice(rows, _CHUNK)):
        yield chunk


def _note_values(find: Finds, cells: Sequence[str], kind: Kind | None, header: str) -> None:
    seen = set(cells)
    new = seen - find.values if find.values is not None else seen
    blank = {cell for cell in seen if not cell or cell.isspace()}
    find.gaps = find.gaps or bool(blank)
    find.filled = find.filled or len(seen) > len(blank)
    if kind is not None and kind is not Kind.OWN and len(find.unknown) < _MOST_UNKNOWN:
        unknown = (v.strip() for v in sorted(new) if judge(kind, header, v) is None)
        find.unknown.update(islice(unknown, _MOST_UNKNOWN))
    if find.values is not None:
        find.values |= seen
        if len(find.values) > _MOST_VALUES:
            find.values = None
