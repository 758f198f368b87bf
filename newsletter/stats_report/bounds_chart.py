"""Draws what is known of one issue's opens: its bounds, one below the other."""

from collections.abc import Iterator

from markupsafe import Markup

from newsletter.language import Wording, say, say_list
from newsletter.model.figures import IssueFigures, OpenRange, Share
from newsletter.stats_report.canvas import SIZE, Look, box, stroke, words
from newsletter.stats_report.charts import Chart, Grid, pictures_of
from newsletter.stats_report.numerals import Calendar, count, percent, percent_range

LEAST = say("opened by people, likely")
MOST = say("with those of whom it is not known")
OUTER = say("with those whose mail program hides it")
_UPPER, _ROW = 44, 40


def draw_bounds(issue: IssueFigures, calendar: Calendar) -> Chart | None:
    """Return the chart of an issue's open range; None if there is none."""
    told = issue.open_range
    if told is None:
        return None

    def draw(width: float) -> tuple[list[Markup], float]:
        height = _UPPER + _ROW * len(_bounds(told)) + 26
        return list(_shapes(told, calendar, width, height)), height

    return Chart(
        name="bounds",
        title=say("How many opened {issue}", issue=issue.issue),
        alternative=_in_words(told),
        pictures=pictures_of("bounds", draw),
        grid=_grid(told),
    )


def _bounds(told: OpenRange) -> list[tuple[Wording, Share]]:
    named = ((LEAST, told.least), (MOST, told.most), (OUTER, told.outer))
    return [(name, share) for name, share in named if share]


def _shapes(told: OpenRange, calendar: Calendar, width: float, height: float) -> Iterator[Markup]:
    left, right = 8.0, width - 8
    end = height - 22

    def at(share: float) -> float:
        return left + (right - left) * share

    for tenth in range(0, 11, 2 if width > 400 else 5):
        x = at(tenth / 10)
        yield stroke(x, 8, x, end, "grid")
        anchor = "start" if tenth == 0 else "end" if tenth == 10 else "middle"
        name = calendar.said(percent(tenth / 10))
        yield words(x, height - 6, name, "axis", anchor=anchor, size=11)
    low, high = told.bounds
    band: Look = {"stroke": "var(--mark)", "rx": 3, "data_part": "range"}
    yield box(at(low), 12, at(high) - at(low), 22, "veil", **band)
    for row, (name, share) in enumerate(_bounds(told)):
        y = _UPPER + _ROW * row + 10
        text = calendar.said(say("{share}: {name}", share=percent(share.value), name=name))
        yield words(left, y + SIZE / 3, text)
        bar: Look = {"rx": 2, "data_part": "bound", "data_of": str(row)}
        yield box(left, y + 9, at(share.value) - left, 8, "mark", **bar)
        yield stroke(at(share.low), y + 13, at(share.high), y + 13, "words", stroke_width=1.5)
        for edge in (share.low, share.high):
            yield stroke(at(edge), y + 8, at(edge), y + 18, "words", stroke_width=1.5)
    yield stroke(left, end, right, end, "axis")


def _in_words(told: OpenRange) -> Wording:
    parts = [say("A band from 0 to 100%: {range}.", range=percent_range(told.bounds))]
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
