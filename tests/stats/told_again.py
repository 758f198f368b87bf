"""A report made anew of what JSON tells of it, and of nothing else that tells of readers' deeds.

What is not in JSON is taken from the report itself: the names of the newsletter and of the links
of its mails, moments of sending and of reporting, and how the list grew.
"""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from newsletter.intervals import share
from newsletter.model.figures import (
    Counts,
    Delivered,
    GroupFigures,
    IssueFigures,
    LinkCounts,
    OpenRange,
    Revision,
    SectionFigures,
    Share,
    Source,
    Span,
    Split,
    StatsReport,
)
from newsletter.stats import as_json, statements
from newsletter.stats.recurring import best_read
from newsletter.stats.shares import click_range

Told = Mapping[str, Any]


def told_again(report: StatsReport) -> StatsReport:
    """Return a report of issues as JSON tells of them."""
    told = json.loads(json.dumps(as_json(report.issues)))
    return said_of(report, [_issue(*pair) for pair in zip(told, report.issues, strict=True)])


def said_of(report: StatsReport, issues: Sequence[IssueFigures]) -> StatsReport:
    """Return a report of issues, with what may be said of these."""
    sections = best_read(issues)
    words = statements(issues, report.growth, sections, now=report.made_at)
    return replace(report, issues=issues, best_read=sections, statements=words)


def _issue(told: Told, was: IssueFigures) -> IssueFigures:
    assert (str(was.why) or None, str(was.hidden_because or "") or None) == (
        told["why"],
        told["hidden_because"],
    )
    first = told["sources"][0] if told["counted_by"] else {"span": was.shown.span}
    shown = replace(
        _counts({**told, "span": first["span"]}),
        links=_links(told["links"], was.shown.links),
        curve=told["curve"] or (),
    )
    return IssueFigures(
        issue=told["issue"],
        date=dt.date.fromisoformat(told["date"]),
        subject=told["subject"],
        language=told["language"],
        is_rehearsal=told.get("rehearsal", False),
        sent_at=was.sent_at,
        delivered=_mail(told),
        delivered_whole=_mail(told["whole"]),
        window_days=told["window_days"],
        shown=shown,
        whole=_counts(told["whole"]),
        why=was.why,
        others=[_counts(one) for one in told["sources"][1 if shown.source else 0 :]],
        open_range=_range(told),
        click_range=None if was.hidden_because else click_range(shown),
        hidden_because=was.hidden_because,
        sections=_sections(told["sections"], was.sections),
        groups={by: [_group(one) for one in groups] for by, groups in told["groups"].items()},
        is_final=told["final"],
        revisions=[
            Revision(
                at=dt.datetime.fromisoformat(one["at"]),
                source=_source(one["counted_by"]),
                changes=one["figures"],
            )
            for one in told["changes"]
        ],
    )


def _counts(told: Told) -> Counts:
    return Counts(
        source=_source(told["counted_by"]),
        span=Span(told["span"]),
        as_of=dt.datetime.fromisoformat(told["as_of"]) if told["as_of"] else None,
        rules=told["rules"],
        counted=told["n"],
        opens=Split(**told["loads"]),
        openers=Split(**told["openers"]),
        clicks=Split(**told["follows"]),
        clickers=Split(**told["clickers"]),
        half_after=told["half_after"],
    )


def _source(name: str | None) -> Source | None:
    return Source(name) if name else None


def _mail(told: Told) -> Delivered:
    plain = {one.name: told[one.name] for one in fields(Delivered) if one.name in told}
    bounced = told["bounced"]
    return Delivered(**plain, bounced_hard=bounced["hard"], bounced_soft=bounced["soft"])


def _links(told: Sequence[Told] | None, were: Sequence[LinkCounts]) -> Sequence[LinkCounts]:
    if told is None:
        return [replace(link, times=Split(), people=Split()) for link in were]
    parts = ("times", "people")
    return [LinkCounts(**{**link, **{n: Split(**link[n]) for n in parts}}) for link in told]


def _sections(
    told: Sequence[Told] | None, were: Sequence[SectionFigures]
) -> Sequence[SectionFigures]:
    if told is None:
        return [
            replace(section, clicks=Split(), clickers=None, clickers_most=None) for section in were
        ]
    return [
        SectionFigures(
            name=one["name"],
            language=one["language"],
            clicks=Split(**one["clicks"]),
            clickers=_share(one["clickers"]),
            clickers_most=_share(one["clickers_most"]),
        )
        for one in told
    ]


def _group(told: Told) -> GroupFigures:
    return GroupFigures(
        name=told["name"] or "",
        delivered=_mail(told),
        open_range=_range(told),
        clickers=Split(**told["clickers"]),
    )


def _range(told: Told) -> OpenRange | None:
    rate, outer = told["open_rate"], _share(told["outer"])
    if outer is None:
        return None
    return OpenRange(least=_share(rate["least"]), most=_share(rate["most"]), outer=outer)


def _share(told: Told | None) -> Share | None:
    return share(told["count"], told["of"]) if told else None
