"""Computes the figures of one send from all that the ledger knows of it."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from sqlalchemy import Connection

from newsletter.ledger import Send, fates, figures, reports, summing, sums
from newsletter.model import (
    Counting,
    Counts,
    Delivered,
    SendState,
    Source,
    Span,
    Split,
)
from newsletter.stats.deliverability import count_leavers, count_reached, not_less, say_delivered
from newsletter.stats.reckoning import Seen, reckon
from newsletter.stats.reported import counts_of_report

_DAY = dt.timedelta(days=1)
_ALL_KNOWN = 31 * _DAY  # for which nothing that came back is deleted
_OVER = (SendState.DONE, SendState.CANCELLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A send whose figures are to be computed, with what that takes."""

    send: Send
    kept: Sequence[figures.KeptRow]
    begun: Mapping[int, dt.datetime]  # when this issue and those after it began
    window_days: int
    now: dt.datetime

    @property
    def begun_at(self) -> dt.datetime:
        """Return when it was to begin."""
        return begun_at(self.send)

    @property
    def is_over(self) -> bool:
        """Return whether every delivery is decided."""
        return self.send.state in _OVER

    @property
    def is_final(self) -> bool:
        """Return whether the window is over, and a day for what is told late."""
        return self.is_over and self.now >= self.begun_at + (self.window_days + 1) * _DAY

    def end_of(self, span: Span) -> dt.datetime | None:
        """Return until when is counted; None: until now."""
        return self.begun_at + self.window_days * _DAY if span is Span.WINDOW else None

    def known(self, source: str, span: Span) -> figures.KeptRow | None:
        """Return what was counted of everybody when it was computed last, if it was."""
        return figures.row_of(self.kept, source, span)


def begun_at(send: Send) -> dt.datetime:
    """Return when a send was to begin: its window begins then."""
    return send.scheduled_at or send.planned_at


def compute(
    connection: Connection, work: Work
) -> tuple[list[figures.KeptRow], list[figures.Revised]]:
    """Return all rows of a send as they are now, and what changed of final ones."""
    rows, revised = [], []
    times = sums.list_times(connection, work.send.id)
    for span in Span:
        delivered = _delivered(connection, work, span)
        content = figures.Content(
            delivered=delivered,
            window_days=work.window_days,
            is_over=work.is_over,
            language=fates.find_language(connection, work.send.id),
        )
        rows.append(_row(work, figures.OWN, span, content))
        for source in Source:
            counts = _counts(connection, work, source, span, times=times, delivered=delivered)
            if counts:
                rows.append(_row(work, source, span, figures.Content(counts=counts)))
    revised = [change for row in rows if (change := _revision(work, row))]
    return rows, revised


def _delivered(connection: Connection, work: Work, span: Span) -> Delivered:
    send, until = work.send, work.end_of(span)
    report = reports.newest_report(connection, send.id)
    leaving = fates.list_leaving(connection, work.begun_at)
    had = fates.list_had(connection, {one.key for one in leaving}, work.begun)
    found = say_delivered(
        fates.count_fates(connection, send.id, until),
        report.figures if report else None,
        is_read=fates.was_read_since(connection, work.begun_at),
        unsubscribed=count_leavers(send.id, work.begun, leaving, had, until),
        replied=None,
    )
    known = work.known(figures.OWN, span)
    before = known.content.delivered if known else None
    is_forgotten = work.now >= work.begun_at + _ALL_KNOWN
    return not_less(found, than=before) if before and is_forgotten else found


def _counts(
    connection: Connection,
    work: Work,
    source: Source,
    span: Span,
    *,
    times: Sequence[sums.Times],
    delivered: Delivered,
) -> Counts | None:
    """Return what a source counted; None if it counted nothing of this send."""
    of = delivered.sent if delivered.delivered is None else delivered.delivered
    if source is Source.REPORT:
        return _reported(connection, work, span, of)
    theirs = [row for row in times if row.source == source]
    is_ours = source is Source.SERVICE
    if work.send.is_rehearsal or not (work.send.counting.is_ours if is_ours else theirs):
        return None
    are_told_apart = not is_ours or work.send.counting is Counting.CONSENTED
    if is_ours:
        allowed = fates.count_fates(connection, work.send.id, work.end_of(span), is_counted=True)
        of = count_reached(allowed, None)
    known = work.known(source, span)
    # Later on nobody is told apart: what was counted of copies by then stays.
    is_known = known and known.computed_at >= work.begun_at + summing.KNOWN
    seen = Seen(times=theirs, copies=() if are_told_apart else None)
    if are_told_apart and not is_known:
        is_early = span is Span.WINDOW
        copies = sums.rank_copies(connection, work.send.id, source, is_early=is_early)
        linked = list(sums.rank_links(connection, work.send.id, source, is_early=is_early))
        seen = replace(seen, copies=copies, linked=linked)
    found = reckon(
        source,
        span,
        seen,
        sums.list_links(connection, work.send.id),
        begun_at=work.begun_at,
        until=work.end_of(span),
        counted=of if are_told_apart else None,
    )
    before = known.content.counts if known and is_known else None
    return _with_persons(found, before) if before else found


def _with_persons(counts: Counts, known: Counts) -> Counts:
    """Return counts with what was counted of copies while these were told apart."""
    people = {link.number: link.people for link in known.links}
    return replace(
        counts,
        counted=known.counted,
        openers=known.openers,
        clickers=known.clickers,
        sections=known.sections,
        links=[replace(k, people=people.get(k.number, k.people)) for k in counts.links],
    )


def _reported(connection: Connection, work: Work, span: Span, of: int) -> Counts | None:
    """Return what the provider's sums tell of opens and clicks.

    What it told of a window that is over stays: months later some keep nothing of it any more.
    """
    said = reports.newest_report(connection, work.send.id)
    known = work.known(Source.REPORT, span)
    if known and known.is_final:
        return known.content.counts
    if said is None:
        return None
    told = said.counts.get(span)
    if told is None and span is Span.WHOLE:
        told = counts_of_report(said.figures, as_of=said.as_of)
    return told and replace(told, counted=of if told.counted is None else told.counted)


def _row(work: Work, source: str, span: Span, content: figures.Content) -> figures.KeptRow:
    return figures.KeptRow(
        send=work.send.id,
        source=source,
        span=span,
        content=content,
        computed_at=work.now,
        is_final=span is Span.WINDOW and work.is_final,
    )


def _revision(work: Work, row: figures.KeptRow) -> figures.Revised | None:
    """Return how a row differs from what was final before; None if it does not, or nothing was."""
    known = work.known(row.source, row.span)
    if known is None or not known.is_final:
        return None
    old, new = dict(_figures_in(known)), dict(_figures_in(row))
    changes = {name: [old.get(name), new[name]] for name in new if old.get(name) != new[name]}
    if not changes:
        return None
    return figures.Revised(send=row.send, at=work.now, source=row.source, changes=changes)


def _figures_in(row: figures.KeptRow) -> Iterator[tuple[str, int | None]]:
    """Yield the figures of a row by their names; those of links and hours are in their sums."""
    told = row.content.delivered or row.content.counts
    for one in fields(told) if told else ():
        value = getattr(told, one.name)
        if isinstance(value, Split):
            yield from ((f"{one.name}.{f.name}", getattr(value, f.name)) for f in fields(value))
        elif value is None or isinstance(value, int):
            yield one.name, value
