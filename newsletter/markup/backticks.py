"""Finds where a code span of Markdown ends: at as many backticks as it began with."""

import re
from bisect import bisect_left
from collections.abc import Sequence

_TICKS = re.compile(r"`+")
_EMPTY_LINE = re.compile(r"\n[ \t>]*(?=\n)")


class CodeSpans:
    """The backticks of a text; each query costs a look-up, however many there are."""

    def __init__(self, text: str) -> None:
        self._runs: dict[int, list[int]] = {}
        for run in _TICKS.finditer(text):
            self._runs.setdefault(len(run[0]), []).append(run.start())
        self._gaps = [gap.start() for gap in _EMPTY_LINE.finditer(text)]
        self._length = len(text)

    def end_of(self, start: int, after: int) -> int:
        """Return where a code span ends whose backticks are `start` to `after`, else `after`."""
        length = after - start
        # A run that a backslash splits may have no other of the same length.
        closing = _first_from(self._runs.get(length, ()), after, self._length)
        is_code = closing < _first_from(self._gaps, after, self._length)
        return closing + length if is_code else after


def _first_from(places: Sequence[int], start: int, otherwise: int) -> int:
    n = bisect_left(places, start)
    return places[n] if n < len(places) else otherwise
