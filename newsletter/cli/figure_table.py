"""The figures of many issues, a line each."""

from collections.abc import Callable, Sequence

from rich.console import Console

from newsletter.cli.figure_signs import number, people, percents, range_bar, times
from newsletter.cli.fitted_tables import Column, cut, fixed, print_fitted
from newsletter.cli.telling import in_words
from newsletter.language import Wording, say
from newsletter.model.figures import IssueFigures

# What is shown where there is room, the most needed first.
_WANTED = ("issue", "opened", "bar", "readers", "clicked", "left", "bounced", "subject", "sent")
_LEAST_BAR, _BAR = 10, 24
_LEAST_SUBJECT, _SUBJECT = 14, 60


def print_issues(console: Console, issues: Sequence[IssueFigures]) -> None:
    """Print a table of issues that fits a terminal of any width."""
    print_fitted(console, _columns(issues), _WANTED)


def _columns(issues: Sequence[IssueFigures]) -> dict[str, Column]:
    """Return all columns in their order on the screen."""

    def each(heading: Wording, cell: Callable[[IssueFigures], str]) -> Column:
        return fixed(in_words(heading), [cell(issue) for issue in issues])

    return {
        "issue": fixed(in_words(say("Issue")), [_name(i) for i in issues], is_number=False),
        "subject": cut(
            in_words(say("Subject")), [i.subject for i in issues], _LEAST_SUBJECT, _SUBJECT
        ),
        "sent": each(say("Sent"), lambda issue: number(issue.delivered.sent)),
        "readers": each(say("Readers"), lambda issue: number(_readers(issue))),
        "opened": each(say("Opened"), _opened),
        "bar": _bars(issues),
        "clicked": each(say("Clicked"), _clicked),
        "bounced": each(say("Bounced"), lambda issue: number(_bounced(issue))),
        "left": each(say("Left"), lambda issue: number(issue.delivered.unsubscribed)),
    }


def _bars(issues: Sequence[IssueFigures]) -> Column:
    """Return the ranges on a scale to 100 %, which the heading names; nothing if there is none."""
    ranges = [issue.open_range for issue in issues]
    end = in_words(say("{share:.0%}", share=1.0))

    def draw(width: int) -> list[str]:
        bars = [range_bar(told, width) if told else "" for told in ranges]
        return [f"0{end.rjust(width - 1)}", *bars]

    if not any(ranges):
        return fixed("", [""] * len(issues))
    return Column(draw=draw, least=_LEAST_BAR, most=_BAR)


def _name(issue: IssueFigures) -> str:
    if issue.is_rehearsal:
        return in_words(say("{issue} (rehearsal)", issue=issue.issue))
    return issue.issue


def _readers(issue: IssueFigures) -> int | None:
    """Return of how many readers the figures are."""
    return issue.shown.counted or issue.delivered.delivered


def _opened(issue: IssueFigures) -> str:
    told = issue.open_range
    return percents(*told.bounds) if told else times(issue.shown.opens)


def _clicked(issue: IssueFigures) -> str:
    return people(issue.shown.clickers) or times(issue.shown.clicks)


def _bounced(issue: IssueFigures) -> int | None:
    mail = issue.delivered
    known = [n for n in (mail.bounced_hard, mail.bounced_soft) if n is not None]
    return sum(known) if known else None
