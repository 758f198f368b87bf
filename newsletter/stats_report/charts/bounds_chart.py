"""Draws what is known of one issue's opens: its bounds, one below the other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from newsletter.drawing import (
    SIZE,
    Calendar,
    Chart,
    Grid,
    Key,
    Look,
    box,
    count,
    in_lines,
    percent,
    percent_range,
    pictures_of,
    range_told,
    stroke,
    wide,
    words,
)
from newsletter.language import Wording, say, say_list
from newsletter.model.figures import IssueFigures, OpenRange, Share

LEAST = say("opened by people, likely")
MOST = say("with those of whom it is not known")
OUTER = say("with those whose mail program hides it")
_ALL = say("opened, by people or machines")  # nobody tells which
_KEYS = (
    Key(sign="tick", words=say("as many as were counted")),
    Key(sign="veil", words=say("how far chance may have moved it: the 95% interval")),
    Key(sign="dotted", words=say("the ends of the range that is told")),
)
_UPPER = 46
_LINE = SIZE + 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The lying axis: shares from 0 to 1."""

    left: float
    right: float

    def at(self, share: float) -> float:
        """Return how far from the left a share is."""
        return self.left + (self.right - self.left) * share


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A bound, and what stands above its bar."""

    share: Share
    lines: Sequence[str]

    @property
    def height(self) -> float:
        """Return how high both are, with the room below."""
        return _LINE * len(self.lines) + 28


def draw_bounds(issue: IssueFigures, calendar: Calendar) -> Chart | None:
    """Return the chart of an issue's open range; None if there is none."""
    told = issue.open_range
    if told is None:
        return None

    def draw(width: float) -> tuple[list[Markup], float]:
        rows = [_row_of(name, share, calendar, width - 16) for name, share in _bounds(told)]
        height = _UPPER + sum(row.height for row in rows) + 24
        return list(_shapes(told, rows, calendar, (width, height))), height

    return Chart(
        name="bounds",
        title=say("How many opened {issue}", issue=issue.issue),
        alternative=_in_words(told),
        pictures=pictures_of("bounds", draw),
        grid=_grid(told),
        keys=_KEYS,
    )


def _bounds(told: OpenRange) -> list[tuple[Wording, Share]]:
    named = ((LEAST, told.least), (MOST, told.most), (OUTER if told.most else _ALL, told.outer))
    return [(name, share) for name, share in named if share]


def _row_of(name: Wording, share: Share, calendar: Calendar, room: float) -> Row:
    text = calendar.said(say("{share}: {name}", share=percent(share.value), name=name))
    return Row(share=share, lines=in_lines(text, room))


def _shapes(
    told: OpenRange, rows: Sequence[Row], calendar: Calendar, size: tuple[float, float]
) -> Iterator[Markup]:
    width, height = size
    line = Line(left=8, right=width - 8)
    end = height - 24
    yield from _scale(line, end, calendar, every=2 if width > 400 else 5)
    low, high = told.bounds
    band: Look = {"stroke": "var(--mark)", "data_part": "range"}
    yield box(line.at(low), 6, line.at(high) - line.at(low), 26, "veil", **band)
    name = calendar.said(range_told(told))
    middle = min(max(line.at((low + high) / 2), 40.0), width - 40)
    yield words(middle, 24, name, anchor="middle", weight="700", size=14)
    for edge in (low, high):
        x = line.at(edge)
        yield stroke(x, 32, x, end, "mark", stroke_dasharray="2 4")
    y: float = _UPPER
    for number, row in enumerate(rows):
        yield from _row(row, y, line, str(number))
        y += row.height


def _scale(line: Line, end: float, calendar: Calendar, *, every: int) -> Iterator[Markup]:
    for tenth in range(0, 11, every):
        x = line.at(tenth / 10)
        yield stroke(x, end, x, end + 5, "axis")
        anchor = "start" if tenth == 0 else "end" if tenth == 10 else "middle"
        at = line.left - 8 if tenth == 0 else line.right + 8 if tenth == 10 else x
        name = calendar.said(percent(tenth / 10))
        yield words(at, end + 19, name, "axis", anchor=anchor, size=11)
    yield stroke(line.left, end, line.right, end, "axis")


def _row(row: Row, y: float, line: Line, number: str) -> Iterator[Markup]:
    """Yield a bound: a bar as long as its interval, with a mark where it was counted."""
    for text in row.lines:
        yield box(line.left, y, min(wide(text), line.right - line.left), SIZE + 4, "ground")
        yield words(line.left, y + SIZE, text)
        y += _LINE
    low, high, value = (
        line.at(share) for share in (row.share.low, row.share.high, row.share.value)
    )
    edge: Look = {"stroke": "var(--mark)"}
    mark: Look = {"stroke_width": 4, "data_part": "bound", "data_of": number}
    yield stroke(line.left, y + 6.5, line.right, y + 6.5, "grid")
    yield box(low, y + 2, high - low, 9, "veil", **edge, data_part="interval", data_of=number)
    yield stroke(value, y, value, y + 13, "mark", **mark)


def _in_words(told: OpenRange) -> Wording:
    parts = [say("A band from 0 to 100%: {range}.", range=range_told(told))]
    parts += [
        say(
            "{name}: {share}, {count:,} of {of:,}, interval {interval}.",
            name=name,
            share=percent(share.value),
            count=share.count,
            of=share.of,
            interval=percent_range((share.low, share.high)),
        )
        for name, share in _bounds(told)
    ]
    return say_list(parts, " ")


def _grid(told: OpenRange) -> Grid:
    heads = [say("Bound"), say("Readers"), say("Of"), say("Share"), say("95% interval")]
    rows: list[list[str]] = [
        [
            name,
            count(share.count),
            count(share.of),
            percent(share.value),
            percent_range((share.low, share.high)),
        ]
        for name, share in _bounds(told)
    ]
    return Grid(heads=heads, rows=rows)
