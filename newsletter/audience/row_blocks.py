"""Reads many rows at once, column by column, where nothing is to be told of them; most are such.

All others go the long way, one by one; both ways say the same of a row.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from operator import and_
from typing import cast

from newsletter.addresses import plain_address
from newsletter.audience.entries import Entry, Refusal
from newsletter.audience.list_tables import columns_of
from newsletter.audience.rows import Plan, Said, is_bare, listen, read_row
from newsletter.audience.sections import Stretch
from newsletter.model import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """People of a list of whom the same is known, column by column."""

    lines: Sequence[int]
    addresses: Sequence[str]
    values: Mapping[str, Sequence[str]]  # by name; of who left, none
    said: Sequence[Said]

    def where(self, chosen: Sequence[bool]) -> "Alike":
        """Return those at the chosen places."""
        return Alike(
            lines=list(compress(self.lines, chosen)),
            addresses=list(compress(self.addresses, chosen)),
            values={name: list(compress(cells, chosen)) for name, cells in self.values.items()},
            said=list(compress(self.said, chosen)),
        )

    def entries(self) -> Iterator[Entry]:
        """Yield them one by one."""
        for place, (line, address, said) in enumerate(
            zip(self.lines, self.addresses, self.said, strict=True)
        ):
            yield Entry(
                line=line,
                address=address,
                values={name: cells[place] or "" for name, cells in self.values.items()},
                standing=said.standing,
                evidence=said.evidence,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Some rows of a list."""

    plain: Sequence[Alike]
    others: Sequence[Entry | Refusal] = ()

    def __iter__(self) -> Iterator[Entry | Refusal]:
        """Yield them in the order of their lines."""
        entries = [entry for alike in self.plain for entry in alike.entries()]
        yield from sorted([*entries, *self.others], key=lambda row: row.line)


def read_batch(plan: Plan, stretch: Stretch) -> Batch:
    """Return what the rows of a stretch say."""
    columns = columns_of(stretch.rows, len(plan.header))
    said = _said(plan, columns, len(stretch.rows))
    addresses = _addresses(plan, columns[plan.address])
    found = _values(plan, columns)
    bare = {each for each in set(said) if is_bare(plan, each)}
    sound = {each for each in set(said) - bare if _is_sound(plan, each)}
    kept = [bool(address) and each in sound for address, each in zip(addresses, said, strict=True)]
    if max(map(len, stretch.rows)) > len(plan.header):
        fits = (len(row) <= len(plan.header) for row in stretch.rows)
        kept = list(map(and_, kept, fits))
    for cells in found.values():
        if None in cells:
            kept = [ok and cell is not None for ok, cell in zip(kept, cells, strict=True)]
    values = cast("Mapping[str, Sequence[str]]", found)  # None stands in none that is kept
    whole = Alike(lines=stretch.lines, addresses=addresses, values=values, said=said)
    if all(kept):
        return Batch(plain=[whole])
    left = [bool(address) and each in bare for address, each in zip(addresses, said, strict=True)]
    others = [
        read_row(plan, line, row)
        for line, row, is_kept, has_left in zip(
            stretch.lines, stretch.rows, kept, left, strict=True
        )
        if not is_kept and not has_left
    ]
    nothing = Alike(lines=stretch.lines, addresses=addresses, values={}, said=said)
    return Batch(plain=[whole.where(kept), nothing.where(left)], others=others)


def _is_sound(plan: Plan, said: Said) -> bool:
    is_erased = said.standing is Standing.ERASED  # of whom not even an own export keeps anything
    return not (plan.refuses or said.refusal or is_erased)


def _said(plan: Plan, columns: Sequence[Sequence[str]], rows: int) -> list[Said]:
    if not plan.standings:
        return [listen(plan, ())] * rows
    heard = list(zip(*(each.alike(columns[each.place]) for each in plan.standings), strict=True))
    found = {cells: listen(plan, cells) for cells in set(heard)}
    return list(map(found.__getitem__, heard))


def _addresses(plan: Plan, cells: Sequence[str]) -> list[str]:
    """Return the address of each cell, "" where there is none or something is to be told."""
    addresses = list(map(plain_address, cells))
    if not plan.domains:
        return addresses
    return ["" if a.rpartition("@")[2] in plan.domains else a for a in addresses]


def _values(plan: Plan, columns: Sequence[Sequence[str]]) -> dict[str, list[str | None]]:
    """Return what is kept of each row, by name; None where something is to be told."""
    values = {column.name: column.plain(columns[column.place]) for column in plan.kept}
    if plan.builds_name:
        nothing: list[str | None] = [""] * len(columns[0])
        firsts, lasts = values.get("first_name", nothing), values.get("last_name", nothing)
        values["name"] = [
            f"{first} {last}" if first and last else first or last
            for first, last in zip(firsts, lasts, strict=True)
        ]
    return values
