"""The rows of the log: one of an issue, and one of each language of it that may be told of."""

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from newsletter.model.figures import (
    Delivered,
    GroupFigures,
    IssueFigures,
    OpenRange,
    Revision,
    Source,
    Split,
    StatsReport,
    final_at,
)
from newsletter.stats.log_cells import ALL, COLUMNS, OTHERS, Cell, Row, check_of


def rows_of(report: StatsReport) -> list[Row]:
    """Return the rows of all issues that were mailed to readers."""
    zone = ZoneInfo(report.timezone)
    mailed = [issue for issue in report.issues if not issue.is_rehearsal]
    return [_whole(row) for issue in mailed for row in _rows(issue, zone)]


def _rows(issue: IssueFigures, zone: ZoneInfo) -> Iterator[dict[str, Cell]]:
    shown = issue.shown
    frame: dict[str, Cell] = {
        "issue": issue.issue,
        "date": issue.date,
        "counted_by": shown.source,
        "rules": " ".join(shown.rules),
        "window_days": issue.window_days,
        "final": issue.is_final,
        "as_of": _as_of(issue, zone),
    }
    yield {
        **frame,
        "language": ALL,
        "subject": issue.subject,
        **_mail(issue.delivered),
        **_range(issue.open_range),
        "readers": shown.counted,
        **_classes("openers", shown.openers),
        **_classes("loads", shown.opens),
        **_classes("clickers", shown.clickers),
        **_classes("clicks", shown.clicks),
        "half_after": shown.half_after,
        **(_changed(issue.revisions[-1], zone) if issue.revisions else {}),
    }
    for group in issue.groups.get("language", ()):
        yield {**frame, **_group(group)}


def _group(group: GroupFigures) -> dict[str, Cell]:
    """Return what is told of a language; its opens only as a range."""
    return {
        "language": group.name or OTHERS,
        **_mail(group.delivered),
        **_range(group.open_range),
        "readers": group.open_range.outer.of if group.open_range else None,
        **_classes("clickers", group.clickers),
    }


def _mail(mail: Delivered) -> dict[str, Cell]:
    names = (
        "sent", "delivered", "bounced_hard", "bounced_soft", "unsubscribed", "complained",
        "replied",
    )  # fmt: skip
    return {name: getattr(mail, name) for name in names}


def _range(told: OpenRange | None) -> dict[str, Cell]:
    low, high = told.bounds if told else (None, None)
    return {"opened_from": _rounded(low), "opened_to": _rounded(high)}


def _classes(prefix: str, split: Split) -> dict[str, Cell]:
    counts = {f"{prefix}_{name}": getattr(split, name) for name in Split.__slots__}
    return {name: count for name, count in counts.items() if name in COLUMNS}


def _as_of(issue: IssueFigures, zone: ZoneInfo) -> dt.date | None:
    """Return the day that figures are of; of final ones the day on which they became so.

    A provider that was asked told nothing of what came after.
    """
    if issue.is_final and issue.shown.source is not Source.REPORT:
        return final_at(issue.sent_at, issue.window_days).astimezone(zone).date()
    return issue.shown.as_of.astimezone(zone).date() if issue.shown.as_of else None


def _changed(revision: Revision, zone: ZoneInfo) -> dict[str, Cell]:
    """Return when final figures changed last, by whom, and what they were before."""
    before = [f"{name} {_told(pair[0])}" for name, pair in revision.changes.items()]
    source = f"{revision.source}: " if revision.source else ""
    return {
        "changed": revision.at.astimezone(zone).date(),
        "changed_from": source + ", ".join(before),
    }


def _told(count: int | None) -> str:
    return "-" if count is None else str(count)


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def _whole(row: dict[str, Cell]) -> Row:
    """Return a row with all columns, what is not known being none, and its check."""
    texts = {name: row.get(name) for name in COLUMNS}
    return {**texts, "check": check_of(texts)}
