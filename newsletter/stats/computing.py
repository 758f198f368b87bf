"""Computes the figures of one send from all that the ledger knows of it."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from newsletter.ledger import Send, fates, reports, sums
from newsletter.ledger.figures import KeptRow, Revised
from newsletter.ledger.summing import KNOWN
from newsletter.model import Counting, SendState
from newsletter.model.figures import Counts, Delivered, Source, Span
from newsletter.stats.deliverability import count_leavers, count_reached, not_less, say_delivered
from newsletter.stats.reckoning import Seen, reckon
from newsletter.stats.reported import counts_of_report
from newsletter.stats.stored_counts import differences, read, written

OWN = ""  # source of what this ledger itself knows of a send
_DAY = dt.timedelta(days=1)
_ALL_KNOWN = 31 * _DAY  # for which nothing that came back is deleted
_OVER = (SendState.DONE, SendState.CANCELLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A send whose figures are to be computed, with what that takes."""

    send: Send
    kept: Sequence[KeptRow]
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

    def known(self, source: str, span: Span) -> KeptRow | None:
        """Return what was counted of everybody when it was computed last, if it was."""
        return row_of(self.kept, source, span)


def begun_at(send: Send) -> dt.datetime:
    """Return when a send was to begin: its window begins then."""
    return send.scheduled_at or send.planned_at


def row_of(kept: Iterable[KeptRow], source: str, span: Span) -> KeptRow | None:
    """Return the row of everybody from a source, for a span."""
    wanted = (source, span, "")
    return next((row for row in kept if (row.source, row.span, row.grouping) == wanted), None)


def compute(connection: Connection, work: Work) -> tuple[list[KeptRow], list[Revised]]:
    """Return all rows of a send as they are now, and what changed of final ones."""
    rows, revised = [], []
    times = sums.list_times(connection, work.send.id)
    language = fates.find_language(connection, work.send.id)
    for span in Span:
        delivered = _delivered(connection, work, span)
        own = {"window_days": work.window_days, "is_over": work.is_over, "language": language}
        rows.append(_row(work, OWN, span, {"delivered": written(delivered), **own}))
        for source in Source:
            counts = _counts(connection, work, source, span, times=times, delivered=delivered)
            if counts:
                rows.append(_row(work, source, span, written(counts), counts.as_of))
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
    known = work.known(OWN, span)
    if known and work.now >= work.begun_at + _ALL_KNOWN:
        return not_less(found, than=read(Delivered, known.counts["delivered"]))
    return found


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
    is_known = known and known.computed_at >= work.begun_at + KNOWN
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
    return _with_persons(found, read(Counts, known.counts)) if known and is_known else found


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
        return read(Counts, known.counts)
    if said is None:
        return None
    told = said.counts.get(span)
    if told is None and span is Span.WHOLE:
        told = counts_of_report(said.figures, as_of=said.as_of)
    return told and replace(told, counted=of if told.counted is None else told.counted)


def _row(
    work: Work,
    source: str,
    span: Span,
    counts: Mapping[str, Any],
    as_of: dt.datetime | None = None,
) -> KeptRow:
    return KeptRow(
        send=work.send.id,
        source=source,
        span=span,
        counts=counts,
        as_of=as_of,
        computed_at=work.now,
        is_final=span is Span.WINDOW and work.is_final,
    )


def _revision(work: Work, row: KeptRow) -> Revised | None:
    """Return how a row differs from what was final before; None if it does not, or nothing was."""
    known = work.known(row.source, row.span)
    if known is None or not known.is_final:
        return None
    before, after = (_figures_in(one) for one in (known, row))
    changes = differences(before, after)
    return (
        Revised(send=row.send, at=work.now, source=row.source, changes=changes) if changes else None
    )


def _figures_in(row: KeptRow) -> Counts | Delivered:
    if row.source == OWN:
        return read(Delivered, row.counts["delivered"])
    return read(Counts, row.counts)
