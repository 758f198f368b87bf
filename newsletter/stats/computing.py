"""Computes the figures of one send from all that the ledger knows of it."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from sqlalchemy import Connection

from newsletter.ledger import correspondence, fates, figures, reports, sums
from newsletter.model import (
    Delivered,
    Source,
    Span,
    Split,
)
from newsletter.stats.deliverability import count_leavers, not_less, say_delivered
from newsletter.stats.reckoning import begins, is_before
from newsletter.stats.sent_issue import SentIssue
from newsletter.stats.source_counts import count_by, told_by_each

_DAY = dt.timedelta(days=1)
_ALL_KNOWN = 31 * _DAY  # for which nothing that came back is deleted


@dataclass(frozen=True, slots=True, kw_only=True)
class _Came:
    """What of a send is asked for once, as it is the same for each span."""

    language: str
    leaving: Sequence[fates.Leaving]
    had: Mapping[str, set[int]]  # which sends each of them had
    report: reports.Reported | None
    is_read: bool  # whether the mailbox was since it began


def compute(
    connection: Connection, issue: SentIssue
) -> tuple[list[figures.KeptRow], list[figures.Revised]]:
    """Return all rows of a send as they are now, and what changed of final ones."""
    rows, revised = [], []
    times = sums.list_times(connection, issue.send.id)
    came = _what_came(connection, issue)
    told = told_by_each(connection, issue)
    for span in Span:
        delivered = replace(
            _delivered(connection, issue, span, came=came, times=times),
            replied=_replied(connection, issue, span, times),
        )
        content = figures.Content(
            delivered=delivered,
            is_over=issue.is_over,
            language=came.language,
        )
        rows.append(_row(issue, figures.OWN, span, content))
        for source in Source:
            counts = count_by(connection, issue, source, span, times=times, told=told[source])
            if counts:
                rows.append(_row(issue, source, span, figures.Content(counts=counts)))
    revised = [change for row in rows if (change := _revision(issue, row))]
    return rows, revised


def _what_came(connection: Connection, issue: SentIssue) -> _Came:
    leaving = fates.list_leaving(connection, issue.begun_at)
    return _Came(
        language=fates.find_language(connection, issue.send.id),
        leaving=leaving,
        had=fates.list_had(connection, {one.key for one in leaving}, issue.begun),
        report=reports.newest_report(connection, issue.send.id),
        is_read=fates.was_read_since(connection, issue.begun_at),
    )


def _delivered(
    connection: Connection,
    issue: SentIssue,
    span: Span,
    *,
    came: _Came,
    times: Iterable[sums.Times],
) -> Delivered:
    send, until = issue.send, issue.end_of(span)
    left = count_leavers(send.id, issue.begun, came.leaving, came.had, until)
    left += fates.count_nameless(connection, send.id, until)
    known = issue.known(figures.OWN, span)
    before = known.content.delivered if known else None
    found = say_delivered(
        fates.count_fates(connection, send.id, until),
        came.report.figures if came.report else None,
        is_read=came.is_read,
        unsubscribed=left if left or _is_leaving_noted(connection, issue, span, times) else None,
    )
    is_forgotten = issue.now >= issue.begun_at + _ALL_KNOWN
    return not_less(found, than=before) if before and is_forgotten else found


def _is_leaving_noted(
    connection: Connection, issue: SentIssue, span: Span, times: Iterable[sums.Times]
) -> bool:
    """Return whether it would have been noted if anybody had left by an issue.

    It was of others by then, or the service that counts is the one by whose pages people leave.
    """
    end = issue.end_of(span)
    if issue.send.is_rehearsal:
        return False
    is_served = any(row.source == Source.SERVICE and is_before(row, end) for row in times)
    return is_served or fates.has_anybody_left(connection, end)


def _replied(
    connection: Connection, issue: SentIssue, span: Span, times: Iterable[sums.Times]
) -> int | None:
    """Return how many answers came; None if none to any issue did by then."""
    end = issue.end_of(span)
    came = [
        row.number for row in times if row.source == correspondence.SOURCE and is_before(row, end)
    ]
    are_read = came or correspondence.are_read(connection, begins(end) if end else None)
    return sum(came) if are_read else None


def _row(issue: SentIssue, source: str, span: Span, content: figures.Content) -> figures.KeptRow:
    return figures.KeptRow(
        send=issue.send.id,
        source=source,
        span=span,
        content=content,
        computed_at=issue.now,
        is_final=span is Span.WINDOW and issue.is_final,
    )


def _revision(issue: SentIssue, row: figures.KeptRow) -> figures.Revised | None:
    """Return how a row differs from what was final before; None if it does not, or nothing was."""
    known = issue.known(row.source, row.span)
    if known is None or not known.is_final:
        return None
    old, new = dict(_figures_in(known)), dict(_figures_in(row))
    changes = {name: [old.get(name), new[name]] for name in new if old.get(name) != new[name]}
    if not changes:
        return None
    return figures.Revised(send=row.send, at=issue.now, source=row.source, changes=changes)


def _figures_in(row: figures.KeptRow) -> Iterator[tuple[str, int | None]]:
    """Yield the figures of a row by their names; those of links and hours are in their sums."""
    told = row.content.delivered or row.content.counts
    for one in fields(told) if told else ():
        value = getattr(told, one.name)
        if isinstance(value, Split):
            yield from ((f"{one.name}.{f.name}", getattr(value, f.name)) for f in fields(value))
        elif value is None or isinstance(value, int):
            yield one.name, value
