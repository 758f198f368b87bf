"""Counts an issue by groups of its readers, once, so that nothing is told of fewer than ten."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from newsletter.ledger import breakdown, sums
from newsletter.model.figures import Delivered, Split
from newsletter.stats.deliverability import covers_enough
from newsletter.stats.groups import Groups, choose_groups
from newsletter.stats.reckoning import at_least, split_clickers, split_openers


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCounts:
    """What was counted of a group of readers within the window."""

    by: str  # "language", or the attribute
    name: str  # empty: all the others together
    delivered: Delivered
    counted: int  # whose opens count, and whose copy did not come back
    openers: Split
    clickers: Split


def count_groups(
    cells: Sequence[breakdown.Cell], attribute: str | None, *, is_seen: bool
) -> list[GroupCounts]:
    """Return what was counted of each group that may be told of; none where there is only one.

    They are safe to tell of among all whom it was sent to, those who got it, those whose opens
    count, and those of them whose copy did not come back, as all of that is told.
    """
    is_reached_known = covers_enough(
        _sum(cell for cell in cells if _has_got_it(cell)),
        _sum(cell for cell in cells if _has_bounced(cell)),
        _sum(cells),
    )
    reached = [cell for cell in cells if _has_got_it(cell) or not is_reached_known]
    seen = [cell for cell in cells if cell.is_seen]
    counted = [cell for cell in seen if not _has_bounced(cell)]
    groups = choose_groups(*(_pairs(some) for some in (cells, reached, seen, counted)))
    return [
        _count(kind, name, theirs, is_reached_known=is_reached_known, is_seen=is_seen)
        for kind, name, theirs in _members(cells, groups, attribute or "")
    ]


def _pairs(cells: Iterable[breakdown.Cell]) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for cell in cells:
        found[cell.language, cell.value] += cell.number
    return found


def _members(
    cells: Iterable[breakdown.Cell], groups: Groups, attribute: str
) -> Iterator[tuple[str, str, list[breakdown.Cell]]]:
    found: dict[tuple[str, str], list[breakdown.Cell]] = {}
    for cell in cells:
        if groups.languages:
            found.setdefault(("language", groups.languages[cell.language]), []).append(cell)
        if groups.values:
            found.setdefault((attribute, groups.values[cell.value]), []).append(cell)
    return ((kind, name, theirs) for (kind, name), theirs in sorted(found.items()))


def _count(
    kind: str, name: str, cells: Sequence[breakdown.Cell], *, is_reached_known: bool, is_seen: bool
) -> GroupCounts:
    shown = [cell for cell in cells if cell.is_seen]
    copies = [sums.Ranks(cell.opened, cell.clicked, cell.number) for cell in shown]
    got_it = [cell for cell in cells if _has_got_it(cell)]
    is_told = is_reached_known or any(cell.is_told for cell in cells)
    openers = split_openers(copies) if is_seen else Split()
    return GroupCounts(
        by=kind,
        name=name,
        delivered=Delivered(
            sent=_sum(cells),
            delivered=_sum(got_it) if is_reached_known else None,
            bounced_hard=_sum(cell for cell in cells if cell.is_hard) if is_told else None,
            bounced_soft=_sum(cell for cell in cells if _is_soft(cell)) if is_told else None,
            complained=_sum(cell for cell in cells if cell.is_complained) if is_told else None,
        ),
        counted=at_least(_sum(cell for cell in shown if not _has_bounced(cell)), openers),
        openers=openers,
        clickers=split_clickers(copies) if is_seen else Split(),
    )


def _has_got_it(cell: breakdown.Cell) -> bool:
    return cell.is_reached and not cell.is_hard


def _has_bounced(cell: breakdown.Cell) -> bool:
    return cell.is_hard or _is_soft(cell)


def _is_soft(cell: breakdown.Cell) -> bool:
    return cell.is_soft and not (cell.is_hard or cell.is_reached)


def _sum(cells: Iterable[breakdown.Cell]) -> int:
    return sum(cell.number for cell in cells)
