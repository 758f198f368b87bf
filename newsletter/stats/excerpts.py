"""A report as it would be if an issue were the newest."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from newsletter.model.figures import StatsReport
from newsletter.stats.headlines import statements
from newsletter.stats.recurring import best_read


def up_to(report: StatsReport, issue_id: str) -> StatsReport | None:
    """Return a report whose newest issue is a given one; None if it is not in it."""
    places = [at for at, issue in enumerate(report.issues) if issue.issue == issue_id]
    if not places:
        return None
    issues = report.issues[: places[-1] + 1]
    month = f"{issues[-1].sent_at.astimezone(ZoneInfo(report.timezone)):%Y-%m}"
    growth = [one for one in report.growth if one.month <= month]
    sections = best_read(issues)
    return replace(
        report,
        issues=issues,
        growth=growth,
        best_read=sections,
        statements=statements(issues, growth, sections, now=report.made_at),
    )
