"""Draws numbers of each issue as a bar of several parts, one on the other."""

from collections.abc import Callable, Sequence

from markupsafe import Markup

from newsletter.drawing import (
    Calendar,
    Steps,
    count,
    lines_of,
    months_below,
    pictures_of,
    scale_for,
    stack,
)
from newsletter.model.figures import IssueFigures

_LOWER, _HEIGHT = 160, 202
NumbersOf = Callable[[IssueFigures], Sequence[int | None]]


def draw_stacks(
    name: str,
    issues: Sequence[IssueFigures],
    numbers_of: NumbersOf,
    *,
    kind: str,
    calendar: Calendar,
) -> list[Markup]:
    """Return the pictures of a chart; `kind` names the tints of the parts."""
    most = max(sum(filter(None, numbers_of(issue))) for issue in issues)
    scale = scale_for(most, upper=12, lower=_LOWER)
    months = [(issue.date.year, calendar.short_month(issue.date)) for issue in issues]

    def draw(width: float) -> tuple[list[Markup], float]:
        steps = Steps(left=46, right=width - 4, number=len(issues))
        shapes = lines_of(scale, lambda n: count(round(n)), steps.left, steps.right, calendar.said)
        for n, issue in enumerate(issues):
            at, numbers = steps.edges(n), numbers_of(issue)
            shapes += stack(numbers, kind, of=issue.issue, at=at, scale=scale)
        return [*shapes, *months_below(steps, months, _LOWER)], _HEIGHT

    return pictures_of(name, draw)
