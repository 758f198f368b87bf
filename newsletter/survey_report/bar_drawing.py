"""Draws how often each answer was given: lying bars, their numbers beside them."""

from collections.abc import Sequence

from markupsafe import Markup

from newsletter.drawing import SIZE, Chart, Grid, Key, box, in_lines, pictures_of, stroke, words
from newsletter.language import say
from newsletter.model.tallies import Line, Tally
from newsletter.survey_report.result_words import (
    HIDDEN,
    interval_told,
    n_told,
    name_of,
    number_told,
    said,
    share_of,
    share_told,
    title_of,
    told_in_words,
)

_LABEL, _LEADING, _BAR, _GAP = 13, 17, 18, 14  # pixels
_NUMBERS = 96  # at the right, for the longest one
_INTERVAL = Key(sign="thin", words=say("the 95% interval, which covers chance alone"))


def draw_bars(tally: Tally, name: str, language: str) -> Chart:
    """Return the chart of a question: a bar for each answer, with the interval chance leaves."""

    def draw(width: float) -> tuple[list[Markup], float]:
        shapes: list[Markup] = []
        y = 0.0
        for line in tally.lines:
            drawn, y = _bar(line, tally, language, (width, y))
            shapes += drawn
        return shapes, max(y - _GAP, 1)

    has_intervals = tally.n and any(line.count is not None for line in tally.lines)
    return Chart(
        name=name,
        title=title_of(tally, language),
        alternative=told_in_words(tally, language),
        pictures=pictures_of(name, draw) if tally.n and tally.lines else [],
        grid=_grid(tally, language),
        keys=[Key(sign="mark", words=n_told(tally)), *([_INTERVAL] if has_intervals else [])],
    )


def _bar(
    line: Line, tally: Tally, language: str, at: tuple[float, float]
) -> tuple[Sequence[Markup], float]:
    """Return the shapes of an answer, and where the next one begins."""
    width, y = at
    shapes = []
    for text in in_lines(name_of(line, tally, language), width - 8, _LABEL, most=3):
        y += _LEADING
        shapes.append(words(0, y - 4, text, size=_LABEL))
    room = width - _NUMBERS
    y += 2
    middle = y + _BAR / 2
    shapes.append(box(0, y, room, _BAR, "filler"))
    told = None if line.count is None else share_of(line.count, tally.n)
    if told:
        if line.count:
            shapes.append(box(0, y, room * told.value, _BAR, "mark", data_count=line.count))
        low, high = room * told.low, room * told.high
        for x, to_x, up in ((low, high, 0), (low, low, 4), (high, high, 4)):
            shapes.append(stroke(x, middle - up, to_x, middle + up, "ground", stroke_width=4))
            shapes.append(stroke(x, middle - up, to_x, middle + up, "words", stroke_width=1.5))
    number = said(language, share_told(line.count, tally.n))
    shapes.append(words(width, middle + SIZE / 3, number, anchor="end", size=_LABEL, weight="600"))
    return shapes, y + _BAR + _GAP


def _grid(tally: Tally, language: str) -> Grid:
    heads = [say("Answer"), say("People"), say("Share"), say("95% interval")]
    rows = [
        [
            name_of(line, tally, language),
            *_shares(line.count, tally.n),
            interval_told(line.count, tally.n),
        ]
        for line in tally.lines
    ]
    rows.append([say("All who answered"), number_told(tally), "–", "–"])
    return Grid(heads=heads, rows=rows)


def _shares(count: int | None, n: int) -> tuple[str, str]:
    if count is None:
        return HIDDEN, "–"
    return say("{count:,}", count=count), say("{share:.0%}", share=count / n) if n else "–"
