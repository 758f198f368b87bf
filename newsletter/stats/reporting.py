"""Reads what is known of all issues: the report that the terminal, files, pages and mails tell."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from newsletter.errors import LedgerReadOnlyError, LedgerRefusedError
from newsletter.intervals import share
from newsletter.ledger import Ledger, Send, figures, list_attempts
from newsletter.model import (
    Counts,
    Delivered,
    IssueFigures,
    LinkCounts,
    Revision,
    SectionCounts,
    SectionFigures,
    SendState,
    Share,
    Source,
    Span,
    Split,
    StatsReport,
    final_at,
)
from newsletter.stats.frozen_groups import read_groups
from newsletter.stats.headlines import statements
from newsletter.stats.known_by_now import known_by
from newsletter.stats.months import read_growth, update_growth
from newsletter.stats.recurring import best_read
from newsletter.stats.sent_issue import begun_at
from newsletter.stats.shares import click_range, open_range
from newsletter.stats.sources import WHY, choose_source, is_few, why_hidden, without_few
from newsletter.stats.updating import compute_unkept, update_figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What a report says of the newsletter itself, and how it counts."""

    title: str
    language: str  # in which it is told
    timezone: str
    group_by: str | None = None  # an attribute of readers


def read_report(ledger: Ledger, frame: Frame, *, now: dt.datetime) -> StatsReport:
    """Return what is known of all issues, after computing what came in since.

    What was computed before is read as it was kept: nothing of old issues is counted again. Where
    nothing may be written, what came in since is not counted.
    """
    unkept: Mapping[int, Sequence[figures.KeptRow]] = {}
    try:
        update_figures(ledger, now=now, group_by=frame.group_by)
        grown = update_growth(ledger, frame.timezone, now)
    except (LedgerReadOnlyError, LedgerRefusedError):
        unkept = compute_unkept(ledger, now=now)
        grown = read_growth(ledger, frame.timezone, now)
    issues = _read_issues(ledger, unkept, now)
    sections = best_read(issues)
    return StatsReport(
        title=frame.title,
        language=frame.language,
        timezone=frame.timezone,
        made_at=now,
        issues=issues,
        statements=statements(issues, grown, sections, now=now),
        growth=grown,
        best_read=sections,
    )


def _read_issues(
    ledger: Ledger, unkept: Mapping[int, Sequence[figures.KeptRow]], now: dt.datetime
) -> list[IssueFigures]:
    """Return all issues that began, oldest first, as their figures are kept."""
    with ledger.read() as connection:
        sent = list_attempts(connection)
        kept = {**unkept, **figures.find_rows(connection, [send.id for send in sent])}
        revised = figures.find_revisions(connection, [send.id for send in sent])
    return [
        _issue(send, kept[send.id], revised.get(send.id, ()), now)
        for send in sent
        if send.id in kept and _has_begun(send, kept[send.id])
    ]


def _has_begun(send: Send, kept: Iterable[figures.KeptRow]) -> bool:
    is_waiting = send.state in (SendState.PLANNED, SendState.SCHEDULED, SendState.CANCELLED)
    return not is_waiting or _delivered(kept, Span.WHOLE).sent > 0


def _issue(
    send: Send,
    kept: Sequence[figures.KeptRow],
    revised: Iterable[figures.Revised],
    now: dt.datetime,
) -> IssueFigures:
    """Return what is told of one issue at a moment."""
    own = figures.row_of(kept, figures.OWN, Span.WINDOW)
    if own and own.is_final:  # so its window is over, whatever the clock says
        now = max(now, final_at(begun_at(send), send.window_days))
    told = _told(send, kept, now)
    source = choose_source(send.counting, {source for source, _ in told if source})
    nothing = Counts(source=source, span=Span.WINDOW, as_of=None)
    whole = told.get((source, Span.WHOLE), replace(nothing, span=Span.WHOLE))
    shown = told.get((source, Span.WINDOW), nothing)
    delivered = _delivered(kept, Span.WINDOW)
    why_not = why_hidden(send.counting, shown, delivered)
    issue = IssueFigures(
        issue=send.issue_id,
        date=send.issue_date,
        subject=send.subject,
        language=own.content.language if own else "",
        is_rehearsal=send.is_rehearsal,
        sent_at=begun_at(send),
        delivered=delivered,
        delivered_whole=_delivered(kept, Span.WHOLE),
        window_days=send.window_days,
        shown=shown,
        whole=whole,
        why=WHY[source],
        others=[
            told.get((other, Span.WINDOW), told[other, Span.WHOLE])
            for other in Source
            if other is not source and (other, Span.WHOLE) in told
        ],
        hidden_because=why_not,
        open_range=None if why_not else open_range(shown.openers, shown.clickers, shown.counted),
        sections=_sections(shown),
        click_range=None if why_not else click_range(shown),
        groups=read_groups(kept),
        is_final=bool(own and own.is_final),
        revisions=[
            Revision(
                at=one.at, source=Source(one.source) if one.source else None, changes=one.changes
            )
            for one in revised
        ],
    )
    return without_few(issue) if is_few(shown, delivered) else issue


def _told(
    send: Send, kept: Iterable[figures.KeptRow], now: dt.datetime
) -> Mapping[tuple[str | None, Span], Counts]:
    """Return what each source counted, but for a window of which a part alone was asked about."""
    told: dict[tuple[str | None, Span], Counts] = {
        (row.source, row.span): known_by(
            row.content.counts, now, begun_at=begun_at(send), days=send.window_days
        )
        for row in kept
        if row.content.counts and not row.grouping
    }
    asked = told.get((Source.REPORT, Span.WINDOW))
    end = begun_at(send) + dt.timedelta(days=send.window_days)
    is_over = now >= final_at(begun_at(send), send.window_days)
    if asked and is_over and not (asked.as_of and asked.as_of >= end):
        del told[Source.REPORT, Span.WINDOW]
    return told


def _delivered(kept: Iterable[figures.KeptRow], span: Span) -> Delivered:
    row = figures.row_of(kept, figures.OWN, span)
    return (row and row.content.delivered) or Delivered(sent=0)


def _sections(counts: Counts) -> list[SectionFigures]:
    """Return the sections of an issue in their order, with the clicks on all links in them."""
    seen = {(one.language, one.name): one for one in counts.sections}
    theirs: dict[tuple[str, str], list[LinkCounts]] = {}
    for link in counts.links:
        if link.number:
            theirs.setdefault((link.language, link.section), []).append(link)
    return [
        SectionFigures(
            name=place[1],
            language=place[0],
            clicks=_sum([link.times for link in links]),
            clickers=_clickers(one.people.human, one.of),
            clickers_most=_clickers(_most(one.people), one.of),
        )
        for place, links in theirs.items()
        for one in [seen.get(place) or _nobody_in(place, links)]
    ]


def _nobody_in(place: tuple[str, str], links: Sequence[LinkCounts]) -> SectionCounts:
    """Return that nobody followed a link in a section, if that is known of each link in it."""
    is_known = all(link.people.total == 0 for link in links)
    of = max((link.of or 0 for link in links), default=0)
    people = Split(human=0) if is_known else Split()
    return SectionCounts(name=place[1], language=place[0], people=people, of=of)


def _clickers(number: int | None, of: int | None) -> Share | None:
    return None if number is None or not of else share(min(number, of), of)


def _most(people: Split) -> int | None:
    """Return how many there were with those of whom it is not known; None if nobody tells."""
    return None if people.human is None else people.human + (people.unknown or 0)


def _sum(splits: Sequence[Split]) -> Split:
    names = [one.name for one in fields(Split)]
    columns = {name: [getattr(split, name) for split in splits] for name in names}
    known = {name: None if None in its else sum(its) for name, its in columns.items()}
    return Split(**known)
