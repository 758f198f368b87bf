"""Hides small numbers of a table so that nobody finds them from its sums, or from other tables.

Whoever reads a table knows its sums, as results without groups are told in full. A hidden number is
safe when tables with other numbers, far enough from it, would have looked the very same: it could
be 5 or more, and could be so many numbers that the least and the greatest are 5 apart. Where the
sums alone leave less room, as where four people chose something, it is to have all of that room.

How far a number can move is a flow (Ford and Fulkerson, 1956): one more here is one less in the
same column, which is one more in that row, and so on, through hidden cells alone, back to its row.
What must stay within other groupings, too, moves only among those whom these do not tell apart: in
strata, whose flows add up.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

SMALL = 5  # fewer people than that are hidden
SURE = 10  # in a group of fewer, none and all are hidden, too

Cell = tuple[int, int]  # line, group
Counts = Sequence[Sequence[int]]  # line by line, of each group
Room = Mapping[int, tuple[int, int]]  # by group: how far the first line can go down, and up


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """People whom other tables do not tell apart, as they are counted in this one."""

    counts: Counts
    # Of a table with two lines, what several choices of one question allow each of them.
    room: Room = field(default_factory=dict)


def hide(strata: Sequence[Stratum]) -> frozenset[Cell] | None:
    """Return which cells to hide, the same each time; None if the table is not to be told.

    It is not where more than half of it would be hidden, or a number could be found all the same.
    """
    table = _Table(strata)
    hidden = {cell: None for cell in table.cells() if table.is_small(cell)}
    most = len(list(table.cells())) // 2
    waiting = list(hidden)
    while waiting:
        if len(hidden) > most:
            return None
        cell = waiting[0]
        if table.is_safe(cell, hidden):
            waiting.pop(0)  # to hide more only gives it more room
            continue
        further = table.cheapest(cell, hidden)
        if further is None:
            return None
        hidden[further] = None
        waiting.append(further)
    return frozenset(hidden) if len(hidden) <= most else None


def are_safe(strata: Sequence[Stratum], hidden: frozenset[Cell]) -> bool:
    """Return whether nobody finds the hidden cells of a table, known these strata."""
    table = _Table(strata)
    return all(table.is_safe(cell, hidden) for cell in sorted(hidden))


def is_small(count: int, of: int) -> bool:
    """Return whether a count tells of too few people."""
    return 0 < count < SMALL or (of < SURE and count in (0, of))


class _Table:
    """A table with its sums."""

    def __init__(self, strata: Sequence[Stratum]) -> None:
        self._strata = strata
        shape = strata[0].counts
        self.counts: list[list[int]] = [
            [sum(part.counts[i][j] for part in strata) for j in range(len(shape[0]))]
            for i in range(len(shape))
        ]
        self._lines: list[int] = [sum(line) for line in self.counts]
        self._groups: list[int] = [sum(group) for group in zip(*self.counts, strict=True)]

    def cells(self) -> Iterator[Cell]:
        """Yield its cells; a line that nobody chose is known by its sum, and tells of nobody."""
        for i, line in enumerate(self._lines):
            yield from ((i, j) for j in range(len(self._groups)) if line)

    def is_small(self, cell: Cell) -> bool:
        """Return whether a cell tells of too few people."""
        i, j = cell
        return is_small(self.counts[i][j], self._groups[j])

    def is_safe(self, cell: Cell, hidden: Mapping[Cell, None] | frozenset[Cell]) -> bool:
        """Return whether a hidden cell could be 5 or more, and anything within 5 or more."""
        i, j = cell
        count, line, group = self.counts[i][j], self._lines[i], self._groups[j]
        least, most = max(0, line + group - sum(self._lines)), min(line, group)
        wanted, width = min(SMALL, most), min(SMALL, most - least)
        enough = max(wanted - count, width)
        up = down = 0
        for part in self._strata:
            up += _moved(part, hidden, cell, most=enough - up, is_up=True)
            if up >= enough:
                break
        if count + up < wanted:
            return False
        for part in self._strata:
            if up + down >= width:
                break
            down += _moved(part, hidden, cell, most=width - up - down, is_up=False)
        return up + down >= width

    def cheapest(self, cell: Cell, hidden: Mapping[Cell, None]) -> Cell | None:
        """Return the cell to hide beside another: the smallest that makes it safe by itself.

        Where none does, it is the smallest of its line or of its group, where fewer are hidden.
        """
        shown = [other for other in self.cells() if other not in hidden]
        ranked = sorted(shown, key=self._cost)
        enough = (other for other in ranked if self.is_safe(cell, {**hidden, other: None}))
        if found := next(enough, None):
            return found
        sides = [[other for other in ranked if other[at] == cell[at]] for at in (0, 1)]
        counts = [sum(other[at] == cell[at] for other in hidden) for at in (0, 1)]
        near = sides[counts.index(min(counts))] or sides[0] or sides[1] or ranked
        return next(iter(near), None)

    def _cost(self, cell: Cell) -> tuple[bool, int, Cell]:
        count = self.counts[cell[0]][cell[1]]
        return count < SMALL, count, cell  # that nobody is there hides nothing of anybody


def _moved(
    part: Stratum,
    hidden: Mapping[Cell, None] | frozenset[Cell],
    cell: Cell,
    *,
    most: int,
    is_up: bool,
) -> int:
    """Return how far a cell can go up or down in a stratum, its sums unchanged, `most` at most."""
    i, j = cell
    own = _capacity(part)
    limit = min(most, own(cell, is_up))
    room = {
        (a, b, up): own((a, b), up) for a, b in hidden if (a, b) != cell for up in (True, False)
    }
    # Nodes are lines, and groups after them. An edge from a line to a group is one more there.
    start, end = (~j, i) if is_up else (i, ~j)
    moved = 0
    while moved < limit and (path := _path(room, start, end)):
        step = min(limit - moved, *(room[edge] for edge in path))
        for a, b, up in path:
            room[a, b, up] -= step
            room[a, b, not up] += step
        moved += step
    return moved


def _capacity(part: Stratum) -> Callable[[Cell, bool], int]:
    """Return how far each cell of a stratum can go by itself."""
    without_end = sum(map(sum, part.counts)) + 1

    def capacity(cell: Cell, is_up: bool) -> int:  # noqa: FBT001 - one of two directions
        i, j = cell
        free = without_end if is_up else part.counts[i][j]
        if j not in part.room:
            return free
        down, up = part.room[j]
        return min(free, up if is_up is (i == 0) else down)

    return capacity


_Edge = tuple[int, int, bool]  # line, group, whether there is one more


def _path(room: Mapping[_Edge, int], start: int, end: int) -> list[_Edge]:
    """Return a shortest way by edges that have room; none if there is none. Groups are ~j."""
    by_node: dict[int, list[tuple[int, _Edge]]] = {}
    for (i, j, up), left in room.items():
        if left > 0:
            here, there = (i, ~j) if up else (~j, i)
            by_node.setdefault(here, []).append((there, (i, j, up)))
    came: dict[int, _Edge | None] = {start: None}
    waiting = [start]
    for node in waiting:
        for there, edge in by_node.get(node, ()):
            if there not in came:
                came[there] = edge
                waiting.append(there)
        if end in came:
            break
    path: list[_Edge] = []
    node = end
    while (came_by := came.get(node)) is not None:
        path.append(came_by)
        i, j, up = came_by
        node = i if up else ~j
    return path[::-1]
