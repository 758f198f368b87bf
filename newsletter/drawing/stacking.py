"""Draws numbers one on the other, each in a tint of its own."""

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from newsletter.drawing.canvas import Look, box, words
from newsletter.drawing.chart import Scale

_EDGE: Look = {"stroke": "var(--axis)", "stroke_width": 0.75}


def stack(
    numbers: Sequence[int | None],
    kind: str,
    *,
    of: str,
    at: tuple[float, float],
    scale: Scale,
    down: bool = False,
) -> Iterator[Markup]:
    """Yield numbers from the line of 0 on, upwards or downwards; `at` is from where to where.

    What is not known takes no room; where nothing is, there stands a question mark.
    """
    left, right = at
    if all(number is None for number in numbers):
        yield words((left + right) / 2, scale.at(0) - 6, "?", "axis", anchor="middle", weight="600")
    level = 0
    for tint, number in enumerate(numbers, 1):
        if number:
            ends = scale.at(level), scale.at(level - number if down else level + number)
            shape = {"data_part": f"{kind}-{tint}", "data_of": of}
            upper, height = min(ends), max(ends) - min(ends)
            yield box(left, upper, right - left, height, f"{kind}-{tint}", **_EDGE, **shape)
            level += -number if down else number
