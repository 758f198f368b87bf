"""What a chart is: a picture for wide and for narrow screens, the same in words, and as a table."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from newsletter.drawing.canvas import SIZE, picture, stroke, words
from newsletter.language import Wording

BROAD, SLIM = 680, 320  # pixels, of the column on a desk and of a phone


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table of what is drawn, or of what needs no drawing."""

    heads: Sequence[str]  # of its columns
    rows: Sequence[Sequence[str]]  # the first cell names the row


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A line of a legend: a sign, and what it stands for."""

    sign: str  # class of its swatch
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart, whichever way it is read."""

    name: str  # of its place on the page
    title: str
    alternative: str  # what the pictures show, in words
    pictures: Sequence[Markup]  # a broad one and a slim one; none if there is nothing to draw
    grid: Grid
    keys: Sequence[Key] = ()


Draw = Callable[[float], tuple[list[Markup], float]]  # a width -> shapes, and their height


def pictures_of(name: str, draw: Draw) -> list[Markup]:
    """Return the broad and the slim picture of a chart."""
    pictures = []
    for kind, width in (("broad", BROAD), ("slim", SLIM)):
        parts, height = draw(width)
        ids = f"{name}-title {name}-words"
        pictures.append(picture(parts, size=(width, height), named=ids, kind=kind))
    return pictures


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The upright axis of a chart: which value stands how high."""

    top: float  # the value at the upper end
    step: float  # between two lines
    upper: float  # where the upper end is, pixels from above
    lower: float  # where 0 is

    def at(self, value: float) -> float:
        """Return how far from above a value is."""
        return self.lower - (self.lower - self.upper) * value / self.top


def scale_for(most: float, *, upper: float, lower: float, whole: bool = True) -> Scale:
    """Return a scale with three to six lines that has room for the largest value."""
    most = max(most, 1 if whole else 0.01)
    rough = most / 4
    power = 10 ** math.floor(math.log10(rough))
    step = next(power * n for n in (1, 2, 2.5, 5, 10) if power * n >= rough)
    step = max(1, math.ceil(step)) if whole else step
    return Scale(top=step * math.ceil(most / step), step=step, upper=upper, lower=lower)


def lines_of(
    scale: Scale,
    worded: Callable[[float], Wording],
    left: float,
    right: float,
    said: Callable[[str], str],
) -> list[Markup]:
    """Return the lines of a scale across a chart, each with its value."""
    parts = []
    for n in range(round(scale.top / scale.step) + 1):
        y = scale.at(n * scale.step)
        parts.append(stroke(left, y, right, y, "axis" if n == 0 else "grid"))
        label = said(worded(n * scale.step))
        parts.append(words(left - 6, y + SIZE / 3, label, "axis", anchor="end", size=11))
    return parts
