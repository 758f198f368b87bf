"""Draws the share of readers who opened each issue: never a point, always the range it lies in."""

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from newsletter.drawing import (
    Calendar,
    Chart,
    Grid,
    Key,
    Look,
    Scale,
    Steps,
    box,
    count,
    lines_of,
    months_below,
    percent,
    pictures_of,
    range_told,
    scale_for,
    silence_of,
    stroke,
    words,
)
from newsletter.language import Wording, say, say_list, say_many
from newsletter.model.figures import IssueFigures, OpenRange

_HEIGHT, _LOWER = 292, 250
_THIN = 6  # pixels, of a bar among many


def draw_ranges(issues: Sequence[IssueFigures], calendar: Calendar) -> Chart | None:
    """Return the chart of the open ranges; None if none is told."""
    if not any(issue.open_range for issue in issues):
        return None

    def draw(width: float) -> tuple[list[Markup], float]:
        return _shapes(issues, calendar, width), _HEIGHT

    return Chart(
        name="ranges",
        title=say("How many opened each issue"),
        alternative=_in_words(issues),
        pictures=pictures_of("ranges", draw),
        grid=_grid(issues),
        keys=_keys(issues),
    )


def _shapes(issues: Sequence[IssueFigures], calendar: Calendar, width: float) -> list[Markup]:
    most = max(issue.open_range.bounds[1] for issue in issues if issue.open_range)
    scale = scale_for(most, upper=12, lower=_LOWER, whole=False)
    steps = Steps(left=46, right=width - 4, number=len(issues))
    parts = lines_of(scale, percent, steps.left, steps.right, calendar.said)
    for n, issue in enumerate(issues):
        if issue.open_range:
            parts += _bar(issue, issue.open_range, steps.edges(n), scale)
        else:
            x = steps.middle(n)
            parts.append(words(x, _LOWER - 6, "?", "axis", anchor="middle", weight="600"))
    months = [(issue.date.year, calendar.short_month(issue.date)) for issue in issues]
    return [*parts, *months_below(steps, months, _LOWER)]


def _bar(
    issue: IssueFigures, told: OpenRange, edges: tuple[float, float], scale: Scale
) -> Iterator[Markup]:
    (left, right), (low, high) = edges, told.bounds
    thin = right - left < _THIN
    look: Look = {"stroke": "var(--mark)", "stroke_width": 0.5 if thin else 1}
    if not issue.is_final:
        look["stroke_dasharray"] = "3 2"
    shape = {"data_part": "range", "data_of": issue.issue}
    y = scale.at(high)
    yield box(left, y, right - left, scale.at(low) - y, "veil", **look, **shape)
    for name, share, width in (("least", told.least, 4), ("most", told.most, 1.5)):
        if share:
            y = scale.at(share.value)
            line: Look = {"stroke_width": width / 2 if thin else width}
            line |= {"data_part": name, "data_of": issue.issue}
            yield stroke(left, y, right, y, "mark", **line)


def _keys(issues: Sequence[IssueFigures]) -> list[Key]:
    told = [issue.open_range for issue in issues if issue.open_range]
    keys = [Key(sign="veil", words=say("the range in which the share lies"))]
    if any(one.least for one in told):
        keys.append(Key(sign="thick", words=say("at least: opened by people, likely")))
    if any(one.most for one in told):
        keys.append(Key(sign="thin", words=say("with those of whom it is not known")))
    if any(issue.open_range and not issue.is_final for issue in issues):
        keys.append(Key(sign="dashed", words=say("still being counted")))
    if len(told) < len(issues):
        keys.append(Key(sign="mystery", words=say("not known, or not told")))
    return keys


def _in_words(issues: Sequence[IssueFigures]) -> Wording:
    told = [issue for issue in issues if issue.open_range]
    lowest = min(told, key=_middle)
    highest = max(told, key=_middle)
    parts = [
        say_many(
            "A bar for {n} issue, from the lower to the upper bound of its range.",
            "Bars for {n} issues, each from the lower to the upper bound of its range.",
            n=len(told),
        ),
        say("Newest, {issue}: {range}.", issue=told[-1].issue, range=_range(told[-1])),
    ]
    if len(told) > 1:
        parts += [
            say("Lowest, {issue}: {range}.", issue=lowest.issue, range=_range(lowest)),
            say("Highest, {issue}: {range}.", issue=highest.issue, range=_range(highest)),
        ]
    if len(told) < len(issues):
        n = len(issues) - len(told)
        parts.append(say_many("{n} issue has no bar.", "{n} issues have no bar.", n=n))
    return say_list(parts, " ")


def _grid(issues: Sequence[IssueFigures]) -> Grid:
    heads = [
        say("Issue"),
        say("Delivered"),
        say("Range"),
        say("People, likely"),
        say("With unknown"),
        say("With hidden"),
    ]
    return Grid(heads=heads, rows=[_row(issue) for issue in issues])


def _row(issue: IssueFigures) -> list[str]:
    told = issue.open_range
    delivered = count(issue.delivered.delivered)
    if told is None:
        why = silence_of(issue)
        return [issue.issue, delivered, why, "–", "–", "–"]
    return [
        issue.issue,
        delivered,
        _range(issue),
        percent(told.least.value if told.least else None),
        percent(told.most.value if told.most else None),
        percent(told.outer.value),
    ]


def _range(issue: IssueFigures) -> Wording:
    return range_told(issue.open_range)


def _middle(issue: IssueFigures) -> float:
    return sum(issue.open_range.bounds) if issue.open_range else 0.0
