"""Reports of an invented newsletter, for all that shows them."""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from newsletter.intervals import share
from newsletter.language import say
from newsletter.model.figures import (
    BestRead,
    Counts,
    Delivered,
    GroupFigures,
    IssueFigures,
    LinkCounts,
    MonthOfGrowth,
    SectionFigures,
    Source,
    Span,
    Split,
    StatsReport,
)
from newsletter.stats import open_range
from newsletter.stats.shares import click_range

HELSINKI = ZoneInfo("Europe/Helsinki")
SECTIONS = ("Ajankohtaista", "Koulutukset", "Teemapäivä", "Työpaikat", "Verkostosta")
HOURS = 72


def links(of: int) -> Sequence[LinkCounts]:
    """Return eleven links, two of a section each; the last one is all that is none of ours."""
    return [
        LinkCounts(
            number=(n + 1) % 11,
            url=f"https://www.example.org/uutiset/{n + 1}" if n < 10 else "",
            words=("Lue lisää teemapäivän ohjelmasta ja ilmoittaudu", "Katso tallenne")[n % 2]
            if n < 10
            else "",
            section=SECTIONS[n // 2] if n < 10 else "",
            language="fi",
            times=Split(human=of // (8 + 3 * n), unknown=of // 60, machine=of // 25, hidden=0),
            people=Split(human=of // (9 + 3 * n), unknown=of // 70, machine=of // 25, hidden=0),
        )
        for n in range(11)
    ]


def counts(n: int, of: int, span: Span, source: Source | None = Source.WEBHOOKS) -> Counts:
    more = 1.0 if span is Span.WINDOW else 1.08
    human = int(of * (0.31 + 0.04 * math.sin(n)) * more)
    openers = Split(human=human, unknown=of // 9, machine=of // 4, hidden=of // 5)
    curve = [int(human * 0.9 * math.exp(-hour / 9) / 9) for hour in range(HOURS)]
    return Counts(
        source=source,
        span=span,
        as_of=dt.datetime(2026, 11, 30, 6, tzinfo=dt.UTC),
        rules=("2026-11-30",),
        counted=of,
        opens=Split(human=human * 2, unknown=of // 6, machine=of // 3, hidden=of // 4),
        openers=openers,
        clicks=Split(human=of // 6, unknown=of // 40, machine=of // 12, hidden=0),
        clickers=Split(human=of // 8, unknown=of // 50, machine=of // 20, hidden=0),
        links=links(of),
        curve=curve,
        half_after=7,
    )


def issue(n: int) -> IssueFigures:
    """Return the figures of the nth issue, the first being January 2025's."""
    year, month = divmod(n, 12)
    date = dt.date(2025 + year, month + 1, 15)
    sent = 560 + 3 * n
    of = sent - 6
    shown = counts(n, of, Span.WINDOW)
    delivered = Delivered(
        sent=sent,
        delivered=of,
        bounced_hard=2,
        bounced_soft=4,
        unsubscribed=n % 4,
        complained=0,
        replied=3,
    )
    fi, sv = Split(human=of // 8 - 9, unknown=9, machine=12), Split(human=9, unknown=1, machine=2)
    return IssueFigures(
        issue=f"{date:%Y-%m}",
        date=date,
        subject="Työhönvalmennuksen uutiskirje: teemapäivä, koulutukset ja uudet oppaat",
        language="fi",
        is_rehearsal=False,
        sent_at=dt.datetime.combine(date, dt.time(8), HELSINKI).astimezone(dt.UTC),
        delivered=delivered,
        delivered_whole=replace(delivered, unsubscribed=n % 4 + 1),
        window_days=7,
        shown=shown,
        whole=counts(n, of, Span.WHOLE),
        why=say("the provider told of each as it happened"),
        others=[
            Counts(
                source=Source.REPORT,
                span=Span.WHOLE,
                as_of=dt.datetime(2026, 11, 29, 18, tzinfo=dt.UTC),
                openers=Split(),
                opens=Split(),
            )
        ],
        open_range=open_range(shown.openers, shown.clickers, of),
        click_range=click_range(shown),
        sections=[
            SectionFigures(
                name=name,
                language="fi",
                clicks=Split(human=of // (5 + 3 * at), unknown=3, machine=9),
                clickers=share(of // (7 + 3 * at), of),
                clickers_most=share(of // (7 + 3 * at) + 3, of),
            )
            for at, name in enumerate(SECTIONS)
        ],
        groups={
            "language": [
                _group("fi", of - 60, fi),
                _group("sv", 60, sv),
            ]
        },
        is_final=n < 22,
    )


def report(issues: int = 24, language: str = "fi") -> StatsReport:
    """Return a report of the last months of two years."""
    told = [issue(n) for n in range(24 - issues, 24)]
    return StatsReport(
        title="Työhönvalmennuksen uutiskirje",
        language=language,
        timezone="Europe/Helsinki",
        made_at=dt.datetime(2026, 12, 31, 7, 30, tzinfo=dt.UTC),
        issues=told,
        statements=[
            say(
                "{issue}: between {low:.0%} and {high:.0%} of readers opened it",
                issue=told[-1].issue,
                low=told[-1].open_range.bounds[0] if told[-1].open_range else 0.0,
                high=told[-1].open_range.bounds[1] if told[-1].open_range else 0.0,
            )
        ]
        if told
        else [],
        growth=[
            MonthOfGrowth(
                month=f"{2025 + n // 12}-{n % 12 + 1:02}",
                joined={"form": 4 + n % 3, "import": 30 if n == 5 else 0},
                left=n % 4,
                bounced=n % 3,
                complained=0,
                at_end=566 + 3 * n,
            )
            for n in range(24)
        ],
        best_read=[
            BestRead(
                name=name,
                language="fi",
                issues=12,
                clickers=share(560 - 90 * at, 6_700),
                clickers_most=share(600 - 90 * at, 6_700),
                is_ahead=at == 0,
            )
            for at, name in enumerate(SECTIONS)
        ],
    )


def _group(name: str, of: int, split: Split) -> GroupFigures:
    return GroupFigures(
        name=name,
        delivered=Delivered(sent=of, delivered=of, bounced_hard=0, bounced_soft=0),
        open_range=open_range(split, Split(), of),
        clickers=Split(human=of // 10, unknown=2, machine=3),
    )
