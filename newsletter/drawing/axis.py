"""The lying axis of charts over issues or months: what stands where, and which names fit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from newsletter.drawing.canvas import stroke, wide, words

_GAP = 6  # pixels between two names


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Places side by side, as many as there are issues or months."""

    left: float
    right: float
    number: int

    @property
    def step(self) -> float:
        """Return how far two neighbours are apart."""
        return (self.right - self.left) / max(self.number, 1)

    @property
    def width(self) -> float:
        """Return how wide what stands there is."""
        return max(2.0, min(26.0, self.step * 0.62))

    def edges(self, n: int) -> tuple[float, float]:
        """Return from where to where what stands at a place reaches."""
        return self.middle(n) - self.width / 2, self.middle(n) + self.width / 2

    def middle(self, n: int) -> float:
        """Return the middle of a place."""
        return self.left + (n + 0.5) * self.step


def months_below(steps: Steps, months: Sequence[tuple[int, str]], y: float) -> Iterator[Markup]:
    """Yield the names of months below their places, as many as fit, and each year once below.

    `months` has a year and a short name for each place.
    """
    size = 11
    room = max((wide(name, size) for _, name in months), default=0) + _GAP
    every = max(1, -int(-room // steps.step))
    shown = 0.0
    before = None
    for n, (year, name) in enumerate(months):
        x = steps.middle(n)
        if n % every == 0 and x + wide(name, size) / 2 <= steps.right + 14:
            yield words(x, y + 18, name, "axis", anchor="middle", size=size)
        if year != before:
            before = year
            at, start = steps.edges(n)[0], steps.left + n * steps.step
            if at >= shown:
                yield words(at, y + 35, str(year), "words", weight="600", size=size)
                shown = at + wide(str(year), size) + _GAP
            if n:
                yield stroke(start, y, start, y + 6, "axis")
