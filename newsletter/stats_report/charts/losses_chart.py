"""Draws what mail of each issue came back, and how many readers left or complained."""

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from newsletter.language import Wording, say, say_list
from newsletter.model.figures import Delivered, IssueFigures
from newsletter.stats_report.drawing import (
    Chart,
    Grid,
    Key,
    Look,
    Scale,
    Steps,
    box,
    lines_of,
    months_below,
    pictures_of,
    scale_for,
    words,
)
from newsletter.stats_report.numerals import Calendar, count, total

_LOWER, _HEIGHT = 160, 200
KINDS = (
    say("bounced for good"),
    say("bounced for now"),
    say("left"),
    say("complained"),
)


def draw_losses(issues: Sequence[IssueFigures], calendar: Calendar) -> Chart | None:
    """Return the chart of bounces and leavers; None if nothing is known of any."""
    if not any(_known(issue.delivered) for issue in issues):
        return None

    def draw(width: float) -> tuple[list[Markup], float]:
        return list(_shapes(issues, calendar, width)), _HEIGHT

    return Chart(
        name="losses",
        title=say("Bounced, left, complained"),
        alternative=_in_words(issues),
        pictures=pictures_of("losses", draw),
        grid=_grid(issues),
        keys=[Key(sign=f"loss-{n}", words=name) for n, name in enumerate(KINDS, 1)],
    )


def _shapes(issues: Sequence[IssueFigures], calendar: Calendar, width: float) -> Iterator[Markup]:
    most = max(sum(_known(issue.delivered)) for issue in issues)
    scale = scale_for(most, upper=12, lower=_LOWER)
    steps = Steps(left=46, right=width - 4, number=len(issues))
    yield from lines_of(scale, lambda n: count(round(n)), steps.left, steps.right, calendar.said)
    for n, issue in enumerate(issues):
        yield from _stack(issue, steps.middle(n), steps.width, scale)
    months = [(issue.date.year, calendar.short_month(issue.date)) for issue in issues]
    yield from months_below(steps, months, _LOWER)


def _stack(issue: IssueFigures, middle: float, width: float, scale: Scale) -> Iterator[Markup]:
    if not _known(issue.delivered):
        yield words(middle, _LOWER - 6, "?", "axis", anchor="middle", weight="600")
    at = 0
    for tint, number in enumerate(_all(issue.delivered), 1):
        if number:
            y = scale.at(at + number)
            shape = {"data_part": f"loss-{tint}", "data_of": issue.issue}
            look: Look = {"stroke": "var(--axis)", "stroke_width": 0.75}
            height = scale.at(at) - y
            yield box(middle - width / 2, y, width, height, f"loss-{tint}", **look, **shape)
            at += number


def _all(told: Delivered) -> list[int | None]:
    return [told.bounced_hard, told.bounced_soft, told.unsubscribed, told.complained]


def _known(told: Delivered) -> list[int]:
    return [number for number in _all(told) if number is not None]


def _in_words(issues: Sequence[IssueFigures]) -> Wording:
    parts = [say("Bars of four parts, one on the other, for each issue.")]
    for at, name in enumerate(KINDS):
        numbers = [_all(issue.delivered)[at] for issue in issues]
        parts.append(say("Altogether {name}: {number}.", name=name, number=_sum_of_known(numbers)))
    return say_list(parts, " ")


def _sum_of_known(numbers: Sequence[int | None]) -> Wording:
    known = [number for number in numbers if number is not None]
    if len(known) == len(numbers) or not known:
        return count(total(numbers))
    return say(
        "{number:,}, not known of {missing:,}", number=sum(known), missing=len(numbers) - len(known)
    )


def _grid(issues: Sequence[IssueFigures]) -> Grid:
    heads = [say("Issue"), say("Sent"), say("Delivered"), *KINDS, say("replied")]
    rows = [
        [
            issue.issue,
            count(issue.delivered.sent),
            count(issue.delivered.delivered),
            *map(count, _all(issue.delivered)),
            count(issue.delivered.replied),
        ]
        for issue in issues
    ]
    return Grid(heads=heads, rows=rows)
