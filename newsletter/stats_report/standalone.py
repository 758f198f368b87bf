"""Writes the report as one page by itself: nothing in it is fetched from anywhere."""

from pathlib import Path
from typing import Any

from newsletter.drawing import Calendar, count, unbroken
from newsletter.face import Face, embedding, fill_page, style_alone
from newsletter.language import say
from newsletter.model.figures import StatsReport
from newsletter.stats_report.charts import (
    draw_bounds,
    draw_curve,
    draw_growth,
    draw_loads,
    draw_losses,
    draw_ranges,
)
from newsletter.stats_report.counted_by import changes_of, compared_in, sources_of
from newsletter.stats_report.followed import harmless_words
from newsletter.stats_report.issue_parts import (
    best_read_of,
    editions_of,
    groups_of,
    sections_of,
    sums_of,
)
from newsletter.stats_report.unknowns import list_unknowns, without_rehearsals
from newsletter.stats_report.until_now import until_now

_PAGES = Path(__file__).parent / "pages"


def render_html(report: StatsReport, face: Face) -> str:
    """Return the report as a page with the newsletter's face."""
    unknowns = list_unknowns(report)
    report = without_rehearsals(report)
    calendar = Calendar(report.language, report.timezone)
    title = harmless_words(report.title)
    return fill_page(
        face,
        "report.html",
        report.language,
        folder=_PAGES,
        report=report,
        title=title,
        calendar=calendar,
        heading=say("What is known of the readers"),
        command="stats",
        made_at=report.made_at,
        style=style_alone(face),
        embed=embedding(face),
        newest=_newest(report, face, calendar),
        ranges=draw_ranges(report.issues, calendar) or draw_loads(report.issues, calendar),
        losses=draw_losses(report.issues, calendar),
        growth=draw_growth(report.growth, calendar),
        sources=sources_of(report.issues, calendar),
        changes=changes_of(report.issues, calendar),
        best=best_read_of(report.best_read),
        names_of_groups={"language": say("language")},
        count=count,
        unknowns=unknowns,
        unbroken=unbroken,
    )


def _newest(report: StatsReport, face: Face, calendar: Calendar) -> dict[str, Any] | None:
    if not report.issues:
        return None
    issue = report.issues[-1]

    def title_in(language: str) -> str:
        imprint = face.imprints.get(language)
        return imprint.title if imprint else report.title

    return {
        "issue": issue,
        "subject": harmless_words(issue.subject),
        "sums": sums_of(issue),
        "bounds": draw_bounds(issue, calendar),
        "curve": draw_curve(issue, calendar),
        "compared": compared_in(issue, calendar),
        "editions": editions_of(issue, title_in, calendar),
        "sections": sections_of(issue, calendar),
        "until_now": until_now(issue, calendar),
        "groups": [
            (name, groups_of(name, told, calendar)) for name, told in issue.groups.items() if told
        ],
    }
