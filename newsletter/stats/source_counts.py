"""Counts what one source saw of an issue, but for what it would tell of fewer than ten readers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from html import escape

from sqlalchemy import Connection

from newsletter.ledger import breakdown, fates, reports, summing, sums
from newsletter.model import Counting, Counts, Delivered, Source, Span
from newsletter.stats.deliverability import count_reached
from newsletter.stats.reckoning import Seen, reckon
from newsletter.stats.reported import counts_of_report
from newsletter.stats.sent_issue import SentIssue
from newsletter.stats.sources import find_small


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """Of which copies and links of an issue is told."""

    links: Sequence[sums.LinkRow]
    small: Sequence[int]  # editions whose readers count in nothing, as they are too few
    hidden: Collection[int]  # links that only those have


def count_by(
    connection: Connection,
    issue: SentIssue,
    source: Source,
    span: Span,
    *,
    times: Sequence[sums.Times],
    delivered: Delivered,
) -> Counts | None:
    """Return what a source counted; None if it counted nothing of this issue."""
    if source is Source.REPORT:
        of = delivered.sent if delivered.delivered is None else delivered.delivered
        return _reported(connection, issue, span, of)
    theirs = [row for row in times if row.source == source]
    is_ours = source is Source.SERVICE
    if issue.send.is_rehearsal or not (issue.send.counting.is_ours if is_ours else theirs):
        return None
    is_of_persons = not is_ours or issue.send.counting is Counting.CONSENTED
    told = _find_told(connection, issue.send.id, is_counted=is_ours and is_of_persons)
    seen = Seen(times=[row for row in theirs if row.link not in told.hidden])
    known = issue.known(source, span)
    before = known.content.counts if known else None
    # Later on nobody is told apart: what was counted of copies by then stays.
    is_over = known and known.computed_at >= issue.begun_at + summing.KNOWN
    if told.small and known:
        # It may be known no more of which edition a copy was; if that alone changed a figure, it
        # would tell whether somebody who was erased had opened it.
        window = issue.known(source, Span.WINDOW)
        is_over = is_over or (window and window.is_final)
    if is_of_persons and not is_over:
        seen = _with_copies(connection, issue, source, span, seen=seen, told=told)
    found = reckon(
        source, span, seen, told.links, begun_at=issue.begun_at, until=issue.end_of(span)
    )
    return _with_persons(found, before) if before and is_over else found


def _find_told(connection: Connection, send_id: int, *, is_counted: bool) -> _Told:
    """Return of which links and copies may be told."""
    links = sums.list_links(connection, send_id)
    sizes = breakdown.count_editions(connection, send_id, is_counted=is_counted)
    small = find_small(sizes)
    if not small:
        return _Told(links=links, small=(), hidden=())
    pages = breakdown.list_pages(connection, sizes.keys() - set(small))
    hidden = {link.number for link in links if not any(_has(page, link.url) for page in pages)}
    shown = [link for link in links if link.number not in hidden]
    return _Told(links=shown, small=small, hidden=hidden)


def _has(page: str, url: str) -> bool:
    return url in page or escape(url) in page


def _with_copies(
    connection: Connection,
    issue: SentIssue,
    source: Source,
    span: Span,
    *,
    seen: Seen,
    told: _Told,
) -> Seen:
    """Return what was seen, of copies too, and how many of them there are."""
    send, is_early = issue.send.id, span is Span.WINDOW
    linked = sums.rank_links(connection, send, source, is_early=is_early, without=told.small)
    mail = fates.count_fates(
        connection,
        send,
        issue.end_of(span),
        is_counted=source is Source.SERVICE,
        without=told.small,
    )
    report = reports.newest_report(connection, send) if source is Source.WEBHOOKS else None
    is_all = report and not told.small
    return replace(
        seen,
        copies=sums.rank_copies(connection, send, source, is_early=is_early, without=told.small),
        linked=[row for row in linked if row.link not in told.hidden],
        of=count_reached(mail, report.figures if report and is_all else None),
    )


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


def _reported(connection: Connection, issue: SentIssue, span: Span, of: int) -> Counts | None:
    """Return what the provider's sums tell of opens and clicks.

    What it told of a window that is over stays: months later some keep nothing of it any more.
    """
    said = reports.newest_report(connection, issue.send.id)
    known = issue.known(Source.REPORT, span)
    if known and known.is_final:
        return known.content.counts
    if said is None:
        return None
    told = said.counts.get(span)
    if told is None and span is Span.WHOLE:
        told = counts_of_report(said.figures, as_of=said.as_of)
    return told and replace(told, counted=of if told.counted is None else told.counted)
