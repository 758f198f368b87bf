"""Reads a drawing back as an eye would: what stands how high, by the lines of its scale."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from lxml import etree

_SVG = "{http://www.w3.org/2000/svg}"
_BASELINE = 4  # pixels that the letters of a scale stand below their line


@dataclass(frozen=True)
class Shape:
    """A shape that stands for a figure."""

    part: str
    of: str
    left: float
    right: float
    upper: float
    lower: float


def shapes_in(picture: str) -> list[Shape]:
    """Return the shapes of a drawing that stand for figures."""
    return [_shape(one) for one in etree.fromstring(picture).iter() if one.get("data-part")]


def _shape(one: etree._Element) -> Shape:
    part, of = one.get("data-part", ""), one.get("data-of", "")
    if one.tag == f"{_SVG}line":
        x, y, to_x, to_y = (float(one.get(name)) for name in ("x1", "y1", "x2", "y2"))
        return Shape(part, of, x, to_x, y, to_y)
    x, y, width, height = (float(one.get(name)) for name in ("x", "y", "width", "height"))
    return Shape(part, of, x, x + width, y, y + height)


def texts_in(picture: str) -> list[tuple[float, float, str]]:
    """Return the words of a drawing, each with its place."""
    found = etree.fromstring(picture).iter(f"{_SVG}text")
    return [(float(one.get("x")), float(one.get("y")), one.text or "") for one in found]


def number_of(words: str) -> float:
    """Return the number in words such as "1,234", "12.5%" or "24 h"."""
    digits = "".join(sign for sign in words if sign.isdigit() or sign == ".")
    return float(digits) / (100 if "%" in words else 1)


def scale_of(picture: str, *, between: tuple[float, float] = (0, 1e9)) -> Callable[[float], float]:
    """Return what turns a height into a value, from what the lines of the upright scale say."""
    first, last = between
    told = [
        (y - _BASELINE, number_of(words))
        for x, y, words in texts_in(picture)
        if x == 40 and first <= y <= last
    ]
    (low, zero), (high, most) = max(told), min(told)
    assert zero == 0
    _must_be_even(sorted(told))

    def value(y: float) -> float:
        return (low - y) / (low - high) * most

    return value


def _must_be_even(told: list[tuple[float, float]]) -> None:
    """Assert that a step upwards is as much everywhere: no scale is bent."""
    steps = [(after - before) / (b - a) for (a, before), (b, after) in pairwise(told)]
    assert max(steps) - min(steps) < 0.01 * max(map(abs, steps))


def by_part(picture: str, part: str) -> Iterator[tuple[str, Shape]]:
    """Yield the shapes of a kind, each with what it is of."""
    yield from ((one.of, one) for one in shapes_in(picture) if one.part == part)
