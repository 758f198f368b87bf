"""Figures of many issues: a line each, what each source counted, what they tell together."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from rich.console import Console

from newsletter.cli.figure_signs import (
    HIDDEN,
    PEOPLE,
    UNKNOWN,
    number,
    people,
    range_bar,
    share_bar,
    times,
)
from newsletter.cli.fitted_tables import Column, cut, fixed, folded, print_fitted
from newsletter.cli.telling import in_words, tell
from newsletter.language import Wording, say
from newsletter.model.figures import BestRead, Counts, IssueFigures, MonthOfGrowth, Span
from newsletter.stats_report import JOINED_BY, bounced_told, percent_ranges, range_told

# What is shown where there is room, the most needed first.
_WANTED = ("issue", "opened", "bar", "readers", "clicked", "left", "bounced", "subject", "sent")
_WANTED_OF_SOURCES = (
    "mark", "issue", "source", "opened", "loads", "clicked", "at", "rules", "machines", "span",
)  # fmt: skip
_LEAST_BAR, _BAR = 10, 24
_LEAST_WORDS, _WORDS = 14, 60
_LEAST_SUBJECT = 10  # so that there is room for it on 80 signs in each language
_SPANS = {Span.WINDOW: say("first days"), Span.WHOLE: say("until now")}
_SHOWN = "✓"
_MONTHS = 12  # that are shown


def print_issues(console: Console, issues: Sequence[IssueFigures]) -> None:
    """Print a table of issues that fits a terminal of any width."""
    print_fitted(console, _columns(issues), _WANTED)


def explain_issues(issues: Sequence[IssueFigures]) -> None:
    """Tell what the signs of the table mean, as far as it has them."""
    if any(issue.open_range for issue in issues):
        tell(
            say(
                "{people} opened by people, likely; {unknown} not known by whom; {hidden} hidden "
                "by the mail program. Opened: the range with its 95% interval.",
                people=PEOPLE,
                unknown=UNKNOWN,
                hidden=HIDDEN,
            )
        )
    if any("×" in _opened(issue) + _clicked(issue) for issue in issues):
        tell(say("×: how often, not by how many readers, which is not known."))


def _columns(issues: Sequence[IssueFigures]) -> dict[str, Column]:
    """Return all columns in their order on the screen."""

    def each(heading: Wording, cell: Callable[[IssueFigures], str]) -> Column:
        return fixed(in_words(heading), [cell(issue) for issue in issues])

    return {
        "issue": fixed(in_words(say("Issue")), [_name(i) for i in issues], is_number=False),
        "subject": cut(
            in_words(say("Subject")), [i.subject for i in issues], _LEAST_SUBJECT, _WORDS
        ),
        "sent": each(say("Sent"), lambda issue: number(issue.delivered.sent)),
        "readers": each(say("Readers"), lambda issue: number(_readers(issue))),
        "opened": each(say("Opened"), _opened),
        "bar": _bars(issues),
        "clicked": each(say("Clicked"), _clicked),
        "bounced": each(say("Bounced"), _bounced),
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
    return in_words(range_told(told)) if told else times(issue.shown.opens)


def _bounced(issue: IssueFigures) -> str:
    mail = issue.delivered
    return in_words(bounced_told(mail)) if mail.bounced_at_least else number(mail.bounced)


def _clicked(issue: IssueFigures) -> str:
    return people(issue.shown.clickers) or times(issue.shown.clicks)


# --- sources ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What one source counted of an issue."""

    issue: str
    counts: Counts
    mark: str  # of the one that is shown


def print_sources(console: Console, issues: Sequence[IssueFigures], zone: ZoneInfo) -> None:
    """Print a line for each source of each issue, the one that is shown first, with a mark."""
    told = [line for issue in issues for line in _sources(issue)]
    counts = [line.counts for line in told]

    def each(heading: Wording, cells: Sequence[str], *, is_number: bool = True) -> Column:
        return fixed(in_words(heading), cells, is_number=is_number)

    columns = {
        "issue": each(say("Issue"), [line.issue for line in told], is_number=False),
        "mark": fixed("", [line.mark for line in told], is_number=False),
        "source": folded(in_words(say("Who counted")), [_named(c) for c in counts], 13, 48),
        "span": each(say("Counted for"), [in_words(_SPANS[c.span]) for c in counts]),
        "opened": each(say("Opened"), [people(c.openers) for c in counts]),
        "loads": each(say("Image loads"), [times(c.opens) for c in counts]),
        "machines": each(say("Machines"), [number(c.openers.machine) for c in counts]),
        "clicked": each(say("Clicked"), [people(c.clickers) or times(c.clicks) for c in counts]),
        "at": each(say("As of"), [_at(c, zone) for c in counts], is_number=False),
        "rules": each(say("Rules"), [" ".join(c.rules) for c in counts], is_number=False),
    }
    print_fitted(console, columns, _WANTED_OF_SOURCES)


def _sources(issue: IssueFigures) -> Iterator[_Told]:
    """Yield what each source counted of an issue, and a line for an issue that nobody counted."""
    mark = _SHOWN if issue.shown.source else ""
    shown, *others = issue.by_source
    yield _Told(issue=issue.issue, counts=shown, mark=mark)
    yield from (_Told(issue=issue.issue, counts=other, mark="") for other in others)


def _named(counts: Counts) -> str:
    return in_words(counts.source.words if counts.source else say("nobody"))


def _at(counts: Counts, zone: ZoneInfo) -> str:
    if counts.as_of is None:
        return ""
    return in_words(say("{at:%Y-%m-%d %H:%M}", at=counts.as_of.astimezone(zone)))


# --- what issues tell together -----------------------------------------------------------


def print_best_read(console: Console, sections: Sequence[BestRead]) -> None:
    """Print the sections that come back, with the share that follows a link in them."""
    shares = [section.bounds for section in sections]
    top = max(high for _, high in shares)

    def draw(width: int) -> list[str]:
        return ["", *(share_bar(share, width, top) for share in shares)]

    names = [section.name or in_words(say("Above the first heading")) for section in sections]
    columns = {
        "name": cut(in_words(say("Section")), names, _LEAST_WORDS, _WORDS),
        "issues": fixed(in_words(say("Issues")), [number(s.issues) for s in sections]),
        "share": fixed(in_words(say("Share")), list(map(in_words, percent_ranges(shares)))),
        "bar": Column(draw=draw, least=_LEAST_BAR, most=_BAR),
    }
    print_fitted(console, columns, ("name", "share", "bar", "issues"))


def print_growth(console: Console, months: Sequence[MonthOfGrowth]) -> None:
    """Print who joined, by what, and who is gone, for each of the last months."""
    shown = months[-_MONTHS:]
    sources = sorted({source for month in shown for source in month.joined})

    def each(heading: str, counts: Sequence[int]) -> Column:
        return fixed(in_words(heading), [number(count) for count in counts])

    columns = {
        "month": fixed(in_words(say("Month")), [m.month for m in shown], is_number=False),
        "joined": each(say("Joined"), [sum(m.joined.values()) for m in shown]),
        **{
            source: each(JOINED_BY.get(source, source), [m.joined.get(source, 0) for m in shown])
            for source in sources
        },
        "left": each(say("Left"), [month.left for month in shown]),
        "bounced": each(say("Off by bounces"), [month.bounced for month in shown]),
        "complained": each(say("Complained"), [month.complained for month in shown]),
        "end": each(say("On the list"), [month.at_end for month in shown]),
    }
    wanted = ("month", "end", "joined", "left", "bounced", "complained", *sources)
    print_fitted(console, columns, wanted)
