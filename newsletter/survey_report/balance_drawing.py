"""Draws a matrix: what is against lies left of a line, what is for right of it, the rest apart."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from newsletter.drawing import Chart, Grid, Key, box, in_lines, pictures_of, stroke, wide, words
from newsletter.language import say, say_list
from newsletter.model import Line, Tally, words_in
from newsletter.survey_report.result_words import (
    n_told,
    name_of,
    number_told,
    said,
    share_told,
    told_in_words,
)

_LABEL, _LEADING, _BAR, _GAP = 13, 17, 22, 16  # pixels
_BETWEEN = 14  # the bars and what stands apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """The places of a matrix's answers, by what they say."""

    against: tuple[int, ...]  # the strongest first
    toward: tuple[int, ...]  # the strongest last
    beside: tuple[int, ...]  # neither of both

    def tint_of(self, place: int) -> str:
        """Return the colour of an answer."""
        if place in self.beside:
            return f"beside-{1 + self.beside.index(place) % 2}"
        if place in self.against:
            return f"against-{max(1, 2 - self.against.index(place))}"
        return f"for-{max(1, 2 - self.toward[::-1].index(place))}"


def sides_of(lines: Sequence[Line]) -> Sides:
    """Return what is for and against: half of the answers each; one amid them, and neutral ones."""
    leaning = [place for place, line in enumerate(lines) if not line.is_neutral]
    half = len(leaning) // 2
    against, toward = leaning[:half], leaning[len(leaning) - half :]
    beside = [place for place in range(len(lines)) if place not in (*against, *toward)]
    return Sides(against=tuple(against), toward=tuple(toward), beside=tuple(beside))


def draw_balance(rows: Sequence[Tally], name: str, language: str) -> Chart:
    """Return the chart of a matrix: its rows by how far those for it outweigh those against."""
    first = rows[0]
    sides = sides_of(first.lines)
    shown = sorted((row for row in rows if row.n), key=lambda row: -_net(row, sides))

    def draw(width: float) -> tuple[list[Markup], float]:
        shapes: list[Markup] = []
        y = 0.0
        for row in shown:
            drawn, y = _row(row, sides, language, frame=_frame(shown, sides, width), y=y)
            shapes += drawn
        return shapes, max(y - _GAP, 1)

    return Chart(
        name=name,
        title=words_in(first.words, language) or first.question,
        alternative=say_list([_in_words(row, language) for row in shown], " "),
        pictures=pictures_of(name, draw) if shown else [],
        grid=_grid(rows, language),
        keys=[
            Key(sign=sides.tint_of(place), words=name_of(line, first, language))
            for place, line in enumerate(first.lines)
        ],
    )


def _net(row: Tally, sides: Sides) -> float:
    return (_count(row, sides.toward) - _count(row, sides.against)) / row.n


def _count(row: Tally, places: Sequence[int]) -> int:
    return sum(row.lines[place].count or 0 for place in places)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """Where the bars of all rows stand."""

    width: float
    middle: float  # between against and for
    unit: float  # of all who answered a row
    apart: float  # where what says neither begins; its unit is the same


def _frame(rows: Sequence[Tally], sides: Sides, width: float) -> _Frame:
    def most(places: Sequence[int]) -> float:
        return max((_count(row, places) / row.n for row in rows), default=0.0)

    against, toward, beside = most(sides.against), most(sides.toward), most(sides.beside)
    gap = _BETWEEN if beside else 0
    unit = (width - gap) / ((against + toward + beside) or 1)
    middle = against * unit
    return _Frame(width=width, middle=middle, unit=unit, apart=middle + toward * unit + gap)


def _row(
    row: Tally, sides: Sides, language: str, *, frame: _Frame, y: float
) -> tuple[list[Markup], float]:
    """Return the shapes of a row, and where the next one begins."""
    shapes = []
    label = words_in(row.row_words, language) or row.row
    n = said(language, n_told(row))
    shapes.append(words(frame.width, y + _LEADING - 4, n, "axis", anchor="end", size=_LABEL))
    for text in in_lines(label, frame.width - wide(n, _LABEL) - 24, _LABEL, most=3):
        y += _LEADING
        shapes.append(words(0, y - 4, text, size=_LABEL))
    y += 2
    left = frame.middle - _count(row, sides.against) / row.n * frame.unit
    for places, start in (
        ((*sides.against, *sides.toward), left),
        (sides.beside, frame.apart),
    ):
        x = start
        for place in places:
            count = row.lines[place].count or 0  # one that is withheld is not drawn
            size = count / row.n * frame.unit
            shapes += _part(count, sides.tint_of(place), (x, y), size)
            x += size
    shapes.append(stroke(frame.middle, y, frame.middle, y + _BAR + 3, "words"))
    return shapes, y + _BAR + _GAP


def _part(count: int, tint: str, at: tuple[float, float], size: float) -> list[Markup]:
    if not count:
        return []
    x, y = at
    shapes = [box(x, y, size, _BAR, tint, stroke="var(--ground)", data_count=count)]
    if wide(str(count), _LABEL) + 4 <= size:
        middle = x + size / 2
        ink = f"on-{tint}"
        shapes.append(words(middle, y + 15, str(count), ink, anchor="middle", size=_LABEL))
    return shapes


def _in_words(row: Tally, language: str) -> str:
    named = words_in(row.row_words, language) or row.row
    return say("{row}: {told}", row=named, told=told_in_words(row, language))


def _grid(rows: Sequence[Tally], language: str) -> Grid:
    first = rows[0]
    heads = ["", *(name_of(line, first, language) for line in first.lines), say("n")]
    return Grid(
        heads=heads,
        rows=[
            [
                words_in(row.row_words, language) or row.row,
                *(share_told(line.count, row.n) for line in row.lines),
                number_told(row),
            ]
            for row in rows
        ],
    )
