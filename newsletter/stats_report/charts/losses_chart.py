"""Draws what mail of each issue came back, and how many readers left or complained."""

from collections.abc import Sequence
from dataclasses import replace

from newsletter.drawing import Calendar, Chart, Grid, Key, count, total
from newsletter.language import Wording, say, say_list
from newsletter.model.figures import IssueFigures
from newsletter.stats_report.charts.by_issue import draw_stacks

KINDS = (
    say("bounced for good"),
    say("bounced for now"),
    say("left"),
    say("complained"),
)
_NONE = say("No mail bounced, and nobody left or complained, as far as is known.")


def draw_losses(issues: Sequence[IssueFigures], calendar: Calendar) -> Chart | None:
    """Return the chart of bounces and leavers; None if nothing is known of any."""
    numbers = [number for issue in issues for number in _all_of(issue) if number is not None]
    if not numbers:
        return None
    title = say("Bounced, left, complained")
    chart = Chart(name="losses", title=title, alternative=_NONE, pictures=(), grid=_grid(issues))
    if not any(numbers):
        return chart
    return replace(
        chart,
        alternative=_in_words(issues),
        pictures=draw_stacks("losses", issues, _all_of, kind="loss", calendar=calendar),
        keys=[Key(sign=f"loss-{n}", words=name) for n, name in enumerate(KINDS, 1)],
    )


def _all_of(issue: IssueFigures) -> list[int | None]:
    told = issue.delivered
    return [told.bounced_hard, told.bounced_soft, told.unsubscribed, told.complained]


def _in_words(issues: Sequence[IssueFigures]) -> Wording:
    parts = [say("Bars of four parts, one on the other, for each issue.")]
    for at, name in enumerate(KINDS):
        numbers = [_all_of(issue)[at] for issue in issues]
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
            *map(count, _all_of(issue)),
            count(issue.delivered.replied),
        ]
        for issue in issues
    ]
    return Grid(heads=heads, rows=rows)
