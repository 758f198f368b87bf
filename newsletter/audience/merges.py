"""Copies the value of a merged cell to every cell it covers: a file has it only in the first."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from newsletter.audience.entries import MAX_COLUMNS

Range = tuple[int, int, int, int]  # first column and row, last column and row, counted from 1


class _Shown(NamedTuple):
    until: int  # row index
    last: int  # column index
    value: str
    is_struck: bool


class Merges:
    """The merged cells of a sheet, walked row by row."""

    def __init__(self, ranges: Iterable[Range]) -> None:
        known = (range for range in ranges if range[0] <= MAX_COLUMNS)
        self._ahead = sorted(known, key=lambda range: (range[1], range[0]), reverse=True)
        self._open: dict[int, _Shown] = {}  # by first column

    @property
    def count(self) -> int:
        """Return how many merged cells reach into the row walked last."""
        return len(self._open)

    def spread(self, number: int, cells: list[str], struck: Collection[int]) -> bool:
        """Fill in what a person's row shows; return whether any of it is struck through.

        A row without an address may be a title, which is read as written.
        """
        if not (self._ahead or self._open):
            return False
        self._begin(number, cells, struck)
        self._open = {at: shown for at, shown in self._open.items() if shown.until >= number}
        if not self._open or not any("@" in cell for cell in cells):
            return False
        done, is_struck = 0, False
        for first, shown in sorted(self._open.items()):
            cells += [""] * (shown.last - len(cells))
            for place in range(max(first - 1, done), shown.last):
                cells[place] = cells[place] or shown.value
            done = max(done, shown.last)
            is_struck = is_struck or shown.is_struck
        return is_struck

    def _begin(self, number: int, cells: list[str], struck: Collection[int]) -> None:
        while self._ahead and self._ahead[-1][1] <= number:
            first, _, last, until = self._ahead.pop()
            value = cells[first - 1] if first <= len(cells) else ""
            if value and "@" not in value:  # nobody shares an address
                shown = _Shown(until, min(last, MAX_COLUMNS), value, first - 1 in struck)
                self._open[first] = shown
