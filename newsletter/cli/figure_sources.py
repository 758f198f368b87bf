"""What each source counted of issues: all of them stand here, and none are added up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from rich.console import Console

from newsletter.cli.figure_signs import number, people, times
from newsletter.cli.fitted_tables import Column, fixed, folded, print_fitted
from newsletter.cli.telling import in_words
from newsletter.language import Wording, say
from newsletter.model.figures import Counts, IssueFigures, Span

_WANTED = (
    "issue", "source", "opened", "loads", "clicked", "at", "rules", "machines", "span",
)  # fmt: skip
_SPANS = {Span.WINDOW: say("first days"), Span.WHOLE: say("until now")}
_SHOWN = "✓"


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
    print_fitted(console, columns, ("mark", *_WANTED))


def _sources(issue: IssueFigures) -> Iterator[_Told]:
    """Yield what each source counted of an issue, and a line for an issue that nobody counted."""
    mark = _SHOWN if issue.shown.source else ""
    yield _Told(issue=issue.issue, counts=issue.shown, mark=mark)
    yield from (_Told(issue=issue.issue, counts=other, mark="") for other in issue.others)


def _named(counts: Counts) -> str:
    return in_words(counts.source.words if counts.source else say("nobody"))


def _at(counts: Counts, zone: ZoneInfo) -> str:
    if counts.as_of is None:
        return ""
    return in_words(say("{at:%Y-%m-%d %H:%M}", at=counts.as_of.astimezone(zone)))
