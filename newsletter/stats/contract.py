"""Figures for programs: `stats --json`, whose names are kept for ever."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from newsletter.model.figures import (
    Counts,
    Delivered,
    GroupFigures,
    IssueFigures,
    LinkCounts,
    OpenRange,
    SectionFigures,
    Share,
    Source,
    Split,
)

# Who counted, in words that are older than a source of the provider's for each way of asking.
_TOLD_AS = {
    Source.SERVICE: "tracking",
    Source.WEBHOOKS: "provider",
    Source.REPORT: "provider",
    None: "none",
}


def as_json(issues: Sequence[IssueFigures]) -> list[dict[str, Any]]:
    """Return an object for each issue; what is not known is None, never 0."""
    return [_object(issue) for issue in issues]


def _object(issue: IssueFigures) -> dict[str, Any]:
    shown = issue.shown
    return {
        "issue": issue.issue,
        "date": issue.date.isoformat(),
        "subject": issue.subject,
        **_delivered(issue.delivered),
        "opens": _opens(shown),
        "open_rate": _open_rate(issue.open_range),
        "clicks": {
            **_clicks(shown),
            "links": [_clicked(link) for link in shown.links] if _is_followed(shown) else None,
        },
        "source": _TOLD_AS[shown.source],
        "as_of": _moment(shown.as_of),
        **({"rehearsal": True} if issue.is_rehearsal else {}),
        "language": issue.language,
        "counted_by": shown.source,
        "why": str(issue.why) or None,
        "hidden_because": str(issue.hidden_because) if issue.hidden_because else None,
        "n": shown.counted,
        **_classes(shown),
        "outer": _share(issue.open_range.outer) if issue.open_range else None,
        "window_days": issue.window_days,
        "final": issue.is_final,
        "half_after": shown.half_after,
        "rules": list(shown.rules),
        "curve": list(shown.curve) or None,
        "links": [_link(link) for link in shown.links] if _is_followed(shown) else None,
        "sections": [_section(part) for part in issue.sections] if _is_followed(shown) else None,
        "groups": {by: [_group(group) for group in told] for by, told in issue.groups.items()},
        "whole": {**_counts(issue.whole), **_delivered(issue.delivered_whole)},
        "sources": [_counts(counts) for counts in issue.by_source if counts.source],
        "changes": [
            {"at": _moment(each.at), "counted_by": each.source, "figures": _pairs(each.changes)}
            for each in issue.revisions
        ],
    }


def _delivered(mail: Delivered) -> dict[str, Any]:
    return {
        "sent": mail.sent,
        "delivered": mail.delivered,
        "bounced": {"hard": mail.bounced_hard, "soft": mail.bounced_soft},
        "unsubscribed": mail.unsubscribed,
        "complained": mail.complained,
        "replied": mail.replied,
    }


def _opens(counts: Counts) -> dict[str, Any]:
    """Return opens by class: of people where those are known, else of times."""
    people, times = counts.openers, counts.opens
    return {
        "total": times.known,
        "unique": people.known,
        **_split(times if people.known is None else people),
    }


def _clicks(counts: Counts) -> dict[str, Any]:
    return {"total": counts.clicks.known, "unique": counts.clickers.known}


def _classes(counts: Counts) -> dict[str, Any]:
    """Return how often something was done, and by how many, each by who it was."""
    return {
        "loads": _split(counts.opens),
        "openers": _split(counts.openers),
        "follows": _split(counts.clicks),
        "clickers": _split(counts.clickers),
    }


def _is_followed(counts: Counts) -> bool:
    """Return whether it is known how often links were followed."""
    return counts.clicks.known is not None or counts.clickers.known is not None


def _split(split: Split) -> dict[str, int | None]:
    return {
        "human": split.human,
        "unknown": split.unknown,
        "machine": split.machine,
        "hidden": split.hidden,
    }


def _open_rate(told: OpenRange | None) -> dict[str, Any]:
    """Return the bounds of the share that opened, and the interval around both."""
    low, high = told.bounds if told else (None, None)
    least, most, outer = (told.least, told.most, told.outer) if told else (None, None, None)
    return {
        "low": _rounded(least.value) if least else None,
        "high": _rounded(outer.value) if outer else None,
        "interval": [_rounded(low), _rounded(high)],
        "least": _share(least),
        "most": _share(most),
    }


def _share(share: Share | None) -> dict[str, Any] | None:
    if share is None:
        return None
    return {
        "count": share.count,
        "of": share.of,
        "share": _rounded(share.value),
        "low": _rounded(share.low),
        "high": _rounded(share.high),
    }


def _clicked(link: LinkCounts) -> dict[str, Any]:
    return {"url": link.url, "clicks": link.times.known}


def _link(link: LinkCounts) -> dict[str, Any]:
    return {
        "number": link.number,
        "url": link.url,
        "words": link.words,
        "section": link.section,
        "language": link.language,
        "times": _split(link.times),
        "people": _split(link.people),
        "of": link.of,
    }


def _section(section: SectionFigures) -> dict[str, Any]:
    return {
        "name": section.name,
        "language": section.language,
        "clicks": _split(section.clicks),
        "clickers": _share(section.clickers),
        "clickers_most": _share(section.clickers_most or section.clickers),
    }


def _group(group: GroupFigures) -> dict[str, Any]:
    return {
        "name": group.name or None,
        **_delivered(group.delivered),
        "open_rate": _open_rate(group.open_range),
        "outer": _share(group.open_range.outer) if group.open_range else None,
        "clickers": _split(group.clickers),
    }


def _counts(counts: Counts) -> dict[str, Any]:
    return {
        "counted_by": counts.source,
        "span": counts.span,
        "as_of": _moment(counts.as_of),
        "rules": list(counts.rules),
        "n": counts.counted,
        "opens": _opens(counts),
        "clicks": _clicks(counts),
        **_classes(counts),
        "half_after": counts.half_after,
    }


def _pairs(changes: Mapping[str, Sequence[int | None]]) -> dict[str, list[int | None]]:
    return {name: list(pair) for name, pair in changes.items()}


def _moment(moment: dt.datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
