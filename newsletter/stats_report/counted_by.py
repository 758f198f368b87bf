"""Who counted opens and clicks: what is shown, what others say, and what changed afterwards."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from newsletter.drawing import (
    NOT_KNOWN,
    NOT_TOLD,
    Calendar,
    Grid,
    count,
    count_range,
    days,
    silence_of,
)
from newsletter.language import Wording, say, say_list, say_many
from newsletter.model.figures import Counts, IssueFigures, Source, Span, Split
from newsletter.stats_report.figure_names import name_of_figure

_NOBODY = say("nobody")
_MOST = 12  # changes that are told of


def sources_of(issues: Sequence[IssueFigures], calendar: Calendar) -> Grid:
    """Return who counted which issues, as of when, and by which rules; neighbours in one row."""
    heads = [say("Issue"), say("Who counted"), say("Rules"), say("Heard last"), say("State")]
    rows = [_row(list(alike), calendar) for _, alike in groupby(issues, key=_what_is_alike)]
    return Grid(heads=heads, rows=rows)


def compared_in(issue: IssueFigures, calendar: Calendar) -> Grid:
    """Return what each source counted of an issue, the one that is shown first."""
    heads = [
        say("Who counted"),
        say("Over"),
        say("Opened: people"),
        say("Unknown"),
        say("Machines"),
        say("Clicked: people"),
        say("Heard last"),
    ]
    rows = [_compared(issue, counts, calendar) for counts in issue.by_source]
    return Grid(heads=heads, rows=rows)


def changes_of(issues: Sequence[IssueFigures], calendar: Calendar) -> list[Wording]:
    """Return what changed of figures that were final, the latest first."""
    changes = [(issue, revision) for issue in issues for revision in issue.revisions]
    changes.sort(key=lambda change: change[1].at, reverse=True)
    return [
        say(
            "{issue}: {at}, {source}: {changes}",
            issue=issue.issue,
            at=calendar.date(revision.at),
            source=revision.source.words if revision.source else say("the newsletter's ledger"),
            changes=say_list(_changed(revision.changes)),
        )
        for issue, revision in changes[:_MOST]
    ]


def _what_is_alike(issue: IssueFigures) -> tuple[Source | None, tuple[str, ...], int, bool]:
    return issue.shown.source, tuple(issue.shown.rules), issue.window_days, issue.is_final


def _row(issues: Sequence[IssueFigures], calendar: Calendar) -> list[str]:
    first, last = issues[0], issues[-1]
    heard = sorted({day for issue in issues if (day := _day(issue, calendar))})
    final = say("final") if last.is_final else say("still being counted")
    return [
        first.issue if len(issues) == 1 else f"{first.issue} – {last.issue}",
        _name(last.shown.source),
        ", ".join(last.shown.rules) or "–",
        say_list([heard[0], heard[-1]] if len(heard) > 1 else heard or [NOT_KNOWN], " – "),
        say_list([days(last.window_days), final]),
    ]


def _day(issue: IssueFigures, calendar: Calendar) -> str:
    return calendar.date(issue.shown.as_of) if issue.shown.as_of else ""


def _compared(issue: IssueFigures, counts: Counts, calendar: Calendar) -> list[str]:
    opened, clicked = _told(counts.openers, counts.opens), _clicked(counts)
    is_kept_back = silence_of(issue) is NOT_TOLD and counts is issue.shown
    figures = [NOT_TOLD] * 4 if is_kept_back else [*opened, clicked]
    return [
        _name(counts.source),
        days(issue.window_days) if counts.span is Span.WINDOW else say("until now"),
        *figures,
        calendar.date(counts.as_of),
    ]


def _told(people: Split, times: Split) -> list[Wording]:
    """Return the classes of people where these are known, else of times."""
    known = (people.human, people.unknown, people.machine)
    if any(number is not None for number in known):
        return [count(number) for number in known]
    return [_times(number) for number in (times.human, times.unknown, times.machine)]


def _clicked(counts: Counts) -> Wording:
    """Return by how many links were followed: from likely people to all who may be; else times."""
    people, times = counts.clickers, counts.clicks
    if people.known is not None or times.human is None:
        return count_range(people)
    if not times.unknown:
        return _times(times.human)
    return say("{range} times", range=count_range(times))


def _times(number: int | None) -> Wording:
    return NOT_KNOWN if number is None else say_many("{n:,} time", "{n:,} times", n=number)


def _changed(changes: Mapping[str, Sequence[int | None]]) -> Iterator[Wording]:
    for name, (before, after) in changes.items():
        named = name_of_figure(name)
        yield say("{name} {before} → {after}", name=named, before=count(before), after=count(after))


def _name(source: Source | None) -> Wording:
    return source.words if source else _NOBODY
