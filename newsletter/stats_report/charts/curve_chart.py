"""Draws when an issue was opened: the first 72 hours, hour by hour."""

from collections.abc import Sequence
from itertools import accumulate

from markupsafe import Markup

from newsletter.drawing import (
    Calendar,
    Chart,
    Grid,
    Steps,
    box,
    count,
    lines_of,
    part,
    percent,
    pictures_of,
    scale_for,
    stroke,
    words,
)
from newsletter.language import Wording, say, say_list
from newsletter.model.figures import IssueFigures

HOURS = 72
_TOGETHER = 6  # hours of a row of the table
_HEIGHT, _LOWER = 220, 184


def draw_curve(issue: IssueFigures, calendar: Calendar) -> Chart | None:
    """Return the chart of an issue's first hours; None if nothing is known of them."""
    curve = [*issue.shown.curve[:HOURS]]
    if not any(curve):
        return None
    half = issue.shown.half_after

    def draw(width: float) -> tuple[list[Markup], float]:
        return _shapes(curve, half, calendar, width), _HEIGHT

    return Chart(
        name="curve",
        title=say("The first 72 hours of {issue}", issue=issue.issue),
        alternative=_in_words(curve, half),
        pictures=pictures_of("curve", draw),
        grid=_grid(curve),
    )


def _shapes(
    curve: Sequence[int], half: int | None, calendar: Calendar, width: float
) -> list[Markup]:
    scale = scale_for(max(curve), upper=22, lower=_LOWER)
    steps = Steps(left=46, right=width - 14, number=HOURS)
    parts = lines_of(
        scale, lambda value: count(round(value)), steps.left, steps.right, calendar.said
    )
    for hour, opens in enumerate(curve):
        y = scale.at(opens)
        if opens:
            shape = {"data_part": "hour", "data_of": str(hour)}
            x = steps.left + hour * steps.step
            parts.append(box(x, y, steps.step * 0.8, _LOWER - y, "mark", **shape))
    for hour in range(0, HOURS + 1, 12):
        x = steps.left + hour * steps.step
        parts.append(stroke(x, _LOWER, x, _LOWER + (6 if hour % 24 == 0 else 3), "axis"))
        if hour % 24 == 0:
            name = calendar.said(say("{hours} h", hours=hour))
            parts.append(words(x, _LOWER + 20, name, "axis", anchor="middle", size=11))
    return [*parts, *_half(half, steps, calendar)]


def _half(half: int | None, steps: Steps, calendar: Calendar) -> list[Markup]:
    if half is None or not half <= HOURS:
        return []
    x = steps.left + half * steps.step
    name = calendar.said(say("half of them within {hours} h", hours=half))
    is_left = half < HOURS / 2
    anchor = "start" if is_left else "end"
    return [
        stroke(x, 8, x, _LOWER, "words", stroke_dasharray="4 3", data_part="half"),
        words(x + (6 if is_left else -6), 16, name, "words", anchor=anchor),
    ]


def _in_words(curve: Sequence[int], half: int | None) -> Wording:
    busiest = max(range(len(curve)), key=curve.__getitem__)
    parts = [
        say("A bar for each hour, {opens:,} opens altogether, none by machines.", opens=sum(curve)),
        say("Most in hour {hour}: {opens:,}.", hour=busiest + 1, opens=curve[busiest]),
    ]
    if len(curve) < HOURS:
        parts.append(say("So far {hours} of {all} hours have begun.", hours=len(curve), all=HOURS))
    else:
        parts.append(
            say(
                "Of them, {day} in the first 24 hours and {two} in 48.",
                day=percent(part(sum(curve[:24]), sum(curve))),
                two=percent(part(sum(curve[:48]), sum(curve))),
            )
        )
    if half is not None:
        parts.append(say("Half of all opens came within {hours} h.", hours=half))
    else:
        parts.append(say("When half of them were there is known once the days counted are over."))
    return say_list(parts, " ")


def _grid(curve: Sequence[int]) -> Grid:
    """Return the hours that have begun; what comes after them is empty."""
    so_far = list(accumulate(curve))
    rows = []
    for start in range(0, len(curve), _TOGETHER):
        opens = curve[start : start + _TOGETHER]
        rows.append(
            [
                say("{first}–{last} h", first=start, last=start + _TOGETHER),
                *map(count, opens),
                *[""] * (_TOGETHER - len(opens)),
                count(so_far[start + len(opens) - 1]),
            ]
        )
    hours = [say("Hour {hour}", hour=n + 1) for n in range(_TOGETHER)]
    return Grid(heads=[say("After"), *hours, say("So far")], rows=rows)
