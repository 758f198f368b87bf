"""The report of an invented newsletter, as the tests of its pages draw it."""

from dataclasses import replace
from functools import cache

from newsletter.face import Face, face_of
from newsletter.model import Counting
from newsletter.model.figures import Counts, Span, Split, StatsReport
from newsletter.settings import load_settings
from newsletter.stats import statements
from newsletter.stats.sources import why_hidden, without_few
from newsletter.stats_report import render_html
from tests.conftest import REPOSITORY
from tests.stats.specimens import report

LANGUAGES = ("fi", "sv", "en")
_ISSUE = report(1).issues[0]
_FEW = why_hidden(Counting.CONSENTED, replace(_ISSUE.shown, counted=9), _ISSUE.delivered)
_TOGETHER = why_hidden(Counting.AGGREGATE, replace(_ISSUE.shown, counted=None), _ISSUE.delivered)


@cache
def face() -> Face:
    """Return the face of the sample newsletter."""
    return face_of(load_settings(REPOSITORY))


def spoken(issues: int = 24, language: str = "fi") -> StatsReport:
    """Return a report that says in words what may be said of it."""
    drawn = report(issues, language)
    words = statements(drawn.issues, drawn.growth, drawn.best_read, now=drawn.made_at)
    return replace(drawn, statements=words)


@cache
def page(issues: int = 24, language: str = "fi") -> str:
    """Return the page of a report."""
    return render_html(report(issues, language), face())


def without_knowledge() -> StatsReport:
    """Return a report of issues of which nothing is known but that they were sent."""
    whole = report(3)
    nothing = Counts(source=None, span=Span.WINDOW, as_of=None, counted=None)
    issues = [
        replace(
            issue,
            delivered=replace(
                issue.delivered,
                delivered=None,
                bounced_hard=None,
                bounced_soft=None,
                unsubscribed=None,
                complained=None,
                replied=None,
            ),
            shown=nothing,
            whole=nothing,
            others=(),
            open_range=None,
            sections=(),
            groups={},
        )
        for issue in whole.issues
    ]
    return replace(whole, issues=issues, statements=(), growth=(), best_read=())


def in_two_languages() -> StatsReport:
    """Return a report of an issue with an edition in each of two languages."""
    whole = report(2)
    [before, issue] = whole.issues
    swedish = [
        replace(link, language="sv", section="Aktuellt", words="Läs mer", people=Split(human=9 - n))
        for n, link in enumerate(issue.shown.links[:4])
    ]
    more = replace(issue.sections[0], language="sv", name="Aktuellt")
    issue = replace(
        issue,
        shown=replace(issue.shown, links=[*issue.shown.links, *swedish]),
        sections=[*issue.sections, more],
    )
    return replace(whole, issues=[before, issue])


def of_few_readers() -> StatsReport:
    """Return a report of an issue whose readers are too few to tell anything of them."""
    whole = report(1, "en")
    issue = without_few(whole.issues[0])
    return replace(whole, issues=[replace(issue, hidden_because=_FEW)], best_read=())


def of_times_alone() -> StatsReport:
    """Return a report of a newsletter that counts everybody together: nobody is told apart."""
    whole = report(6)
    issues = [
        replace(
            issue,
            shown=replace(
                issue.shown,
                counted=None,
                openers=Split(),
                clickers=Split(),
                links=[replace(link, people=Split()) for link in issue.shown.links],
            ),
            open_range=None,
            hidden_because=_TOGETHER,
            sections=[replace(section, clickers=None) for section in issue.sections],
            groups={},
        )
        for issue in whole.issues
    ]
    return replace(whole, issues=issues, best_read=())
