"""Reads many rows at once, column by column, if there is nothing to report, as for most rows.

All others are read one by one; both ways give the same result for a row.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import and_
from typing import cast

from newsletter.addresses import plain_address
from newsletter.audience.entries import Entry
from newsletter.audience.list_tables import columns_of
from newsletter.audience.rows import Plan, RowStanding, is_bare, read_row, row_standing
from newsletter.audience.sections import Section
from newsletter.model import Crowd, Proof, Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Some rows of a list."""

    plain: Sequence[Crowd]
    others: Sequence[Entry | Refusal] = ()

    def __iter__(self) -> Iterator[Entry | Refusal]:
        """Yield the rows in the order of their lines."""
        entries = [entry for crowd in self.plain for entry in _entries(crowd)]
        yield from sorted([*entries, *self.others], key=lambda row: row.line)


def read_batch(plan: Plan, section: Section) -> Batch:
    """Return what a block of rows says."""
    columns = columns_of(section.rows, len(plan.header))
    said = _said(plan, columns, len(section.rows))
    addresses = _addresses(plan, columns[plan.address])
    found, proofs = _values(plan, columns), plan.evidence.of_rows(columns)
    bare = {each for each in set(said) if is_bare(plan, each)}
    sound = {each for each in set(said) - bare if not (plan.refuses or each.refusal)}
    kept = [bool(address) and each in sound for address, each in zip(addresses, said, strict=True)]
    if max(map(len, section.rows)) > len(plan.header):
        fits = (len(row) <= len(plan.header) for row in section.rows)
        kept = list(map(and_, kept, fits))
    for cells in found.values():
        if None in cells:
            kept = [ok and cell is not None for ok, cell in zip(kept, cells, strict=True)]
    if proofs:
        kept = [ok and not isinstance(told, str) for ok, told in zip(kept, proofs, strict=True)]
    values = cast("Mapping[str, Sequence[str]]", found)  # a kept column never holds None
    whole = Crowd(
        lines=section.lines,
        addresses=addresses,
        values=values,
        standings=[each.standing for each in said],
        evidence=[each.evidence for each in said],
        proofs=cast("Sequence[Proof | None]", proofs),  # nor do these hold what is wrong
    )
    if all(kept):
        return Batch(plain=[whole])
    left = [bool(address) and each in bare for address, each in zip(addresses, said, strict=True)]
    others = [
        read_row(plan, line, row)
        for line, row, is_kept, has_left in zip(
            section.lines, section.rows, kept, left, strict=True
        )
        if not is_kept and not has_left
    ]
    nothing = replace(whole, values={}, proofs=())
    return Batch(plain=[whole.where(kept), nothing.where(left)], others=others)


def _entries(crowd: Crowd) -> Iterator[Entry]:
    """Yield people one by one."""
    each = zip(crowd.lines, crowd.addresses, crowd.standings, crowd.evidence, strict=True)
    for place, (line, address, standing, evidence) in enumerate(each):
        yield Entry(
            line=line,
            address=address,
            values={name: cells[place] for name, cells in crowd.values.items()},
            standing=standing,
            evidence=evidence,
            proof=crowd.proofs[place] if crowd.proofs else None,
        )


def _said(plan: Plan, columns: Sequence[Sequence[str]], rows: int) -> list[RowStanding]:
    if not plan.standings:
        return [row_standing(plan, ())] * rows
    judged = list(
        zip(*(each.canonical(columns[each.place]) for each in plan.standings), strict=True)
    )
    found = {cells: row_standing(plan, cells) for cells in set(judged)}
    return list(map(found.__getitem__, judged))


def _addresses(plan: Plan, cells: Sequence[str]) -> list[str]:
    """Return the address of each cell, or "" if there is none or something to report."""
    addresses = list(map(plain_address, cells))
    if not plan.domains:
        return addresses
    return ["" if a.rpartition("@")[2] in plan.domains else a for a in addresses]


def _values(plan: Plan, columns: Sequence[Sequence[str]]) -> dict[str, list[str | None]]:
    """Return what is kept of each row, by name; None where there is something to report."""
    values = {column.name: column.plain(columns[column.place]) for column in plan.kept}
    if plan.builds_name:
        nothing: list[str | None] = [""] * len(columns[0])
        firsts, lasts = values.get("first_name", nothing), values.get("last_name", nothing)
        values["name"] = [
            f"{first} {last}" if first and last else first or last
            for first, last in zip(firsts, lasts, strict=True)
        ]
    return values
