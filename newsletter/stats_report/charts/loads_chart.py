"""Draws how often pictures were loaded, where nobody is told apart and no share is known."""

from collections.abc import Sequence

from newsletter.drawing import Calendar, Chart, Grid, Key, count, total
from newsletter.language import Wording, say, say_list, say_many
from newsletter.model.figures import IssueFigures
from newsletter.stats_report.charts.by_issue import draw_stacks

KINDS = (say("by people, likely"), say("not known by whom"))


def draw_loads(issues: Sequence[IssueFigures], calendar: Calendar) -> Chart | None:
    """Return the chart of image loads; None if none were counted."""
    if not any(number is not None for issue in issues for number in _loads(issue)):
        return None
    return Chart(
        name="loads",
        title=say("Image loads of each issue"),
        alternative=_in_words(issues),
        pictures=draw_stacks("loads", issues, _loads, kind="gain", calendar=calendar),
        grid=_grid(issues),
        keys=[Key(sign=f"gain-{n}", words=name) for n, name in enumerate(KINDS, 1)],
    )


def _loads(issue: IssueFigures) -> list[int | None]:
    return [issue.shown.opens.human, issue.shown.opens.unknown]


def _in_words(issues: Sequence[IssueFigures]) -> Wording:
    counted = [issue for issue in issues if total(_loads(issue)) is not None]
    parts = [
        say_many(
            "A bar of two parts, one on the other, for {n} issue.",
            "Bars of two parts, one on the other, for {n} issues.",
            n=len(counted),
        )
    ]
    if counted:
        ends = (
            (say("Newest"), counted[-1]),
            (say("Fewest"), min(counted, key=_sum)),
            (say("Most"), max(counted, key=_sum)),
        )
        parts += [
            say("{which}, {issue}: {number:,}.", which=which, issue=one.issue, number=_sum(one))
            for which, one in ends
        ]
    return say_list(parts, " ")


def _sum(issue: IssueFigures) -> int:
    return total(_loads(issue)) or 0


def _grid(issues: Sequence[IssueFigures]) -> Grid:
    heads = [say("Issue"), *KINDS, say("Both"), say("by machines")]
    rows = [
        [
            issue.issue,
            *map(count, _loads(issue)),
            count(total(_loads(issue))),
            count(issue.shown.opens.machine),
        ]
        for issue in issues
    ]
    return Grid(heads=heads, rows=rows)
