"""Says plainly what a report does not know."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from newsletter.language import Wording, say, say_list, say_many
from newsletter.model.figures import IssueFigures, StatsReport


def _followed(issue: IssueFigures) -> int | None:
    """Return a number of those who followed a link, if there is any; which one is no matter."""
    splits = (issue.shown.clickers, issue.shown.clicks)
    known = (n for split in splits for n in (split.human, split.unknown) if n is not None)
    return next(known, None)


_FIGURES: Sequence[tuple[Wording, Callable[[IssueFigures], int | None]]] = (
    (say("how many mails were delivered"), lambda issue: issue.delivered.delivered),
    (say("how many bounced for good"), lambda issue: issue.delivered.bounced_hard),
    (say("how many bounced for now"), lambda issue: issue.delivered.bounced_soft),
    (say("how many left"), lambda issue: issue.delivered.unsubscribed),
    (say("how many complained"), lambda issue: issue.delivered.complained),
    (say("how many replied"), lambda issue: issue.delivered.replied),
    (say("how many followed a link"), _followed),
)
_NAMED = 6  # issues by name; of more only how many


def without_rehearsals(report: StatsReport) -> StatsReport:
    """Return a report of the issues that readers got; of rehearsals, if there is nothing else."""
    mailed = [issue for issue in report.issues if not issue.is_rehearsal]
    return replace(report, issues=mailed) if mailed else report


def newest_issue(report: StatsReport) -> IssueFigures:
    """Return the issue of which a report tells most: the newest that readers got."""
    return without_rehearsals(report).issues[-1]


def list_unknowns(report: StatsReport) -> list[Wording]:
    """Return a sentence for each figure that is not known of some issue."""
    issues = without_rehearsals(report).issues
    rehearsed = [issue for issue in report.issues if issue not in issues]
    return [
        *_of_rehearsals(rehearsed),
        *_of_opens(issues),
        *_of_figures(issues),
        *_of_list(report),
    ]


def _of_rehearsals(issues: Sequence[IssueFigures]) -> Iterator[Wording]:
    if issues:
        yield say("{issues}: rehearsed alone, no reader was mailed.", issues=_named(issues))


def _of_opens(issues: Sequence[IssueFigures]) -> Iterator[Wording]:
    for reason in dict.fromkeys(i.hidden_because for i in issues if i.hidden_because):
        hidden = [issue for issue in issues if issue.hidden_because == reason]
        yield say(
            "{issues}: which share of readers opened it is not told: {reason}.",
            issues=_named(hidden),
            reason=reason,
        )
    silent = [i for i in issues if i.open_range is None and not i.hidden_because]
    if silent:
        yield say("{issues}: which share of readers opened it is not known.", issues=_named(silent))


def _of_figures(issues: Sequence[IssueFigures]) -> Iterator[Wording]:
    unknown: dict[str, tuple[Wording, list[Wording]]] = {}  # by the issues, which are named once
    for name, figure_of in _FIGURES:
        silent = [issue for issue in issues if figure_of(issue) is None]
        if silent:
            key = " ".join(issue.issue for issue in silent)
            unknown.setdefault(key, (_named(silent), []))[1].append(name)
    for named, figures in unknown.values():
        yield say("{issues}: not known is {figures}.", issues=named, figures=say_list(figures))


def _of_list(report: StatsReport) -> Iterator[Wording]:
    if not report.growth:
        yield say("How the list grew is not known.")
    if not report.best_read and report.issues:
        yield say("Which sections are read most over the year is not known.")


def _named(issues: Sequence[IssueFigures]) -> Wording:
    if len(issues) > _NAMED:
        n = len(issues)
        return say_many("{n} issue", "{n} issues", n=n)
    return say_list(issue.issue for issue in issues)
