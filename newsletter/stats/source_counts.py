"""Counts what one source saw of an issue, but for what it would tell of fewer than ten readers."""

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from html import unescape

from sqlalchemy import Connection

from newsletter.ledger import breakdown, fates, figures, reports, summing, sums
from newsletter.model import Counting, Counts, Source, Span, Split, final_at
from newsletter.stats.deliverability import count_seen
from newsletter.stats.linked_readers import with_readers
from newsletter.stats.reckoning import Seen, reckon
from newsletter.stats.reported import believed, counts_of_report
from newsletter.stats.sent_issue import SentIssue
from newsletter.stats.sources import find_small

_ADDRESS = re.compile(r'\shref="([^"]*)"', re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Of which copies and links of an issue is told."""

    links: Sequence[sums.LinkRow]
    small: Sequence[int]  # editions whose readers count in nothing, as they are too few
    hidden: Collection[int]  # links that only those have
    editions_of: Mapping[int, Collection[int]]  # by link, of the others; of one alone nothing
    is_counted: bool  # of readers who allowed it alone


def count_by(
    connection: Connection,
    issue: SentIssue,
    source: Source,
    span: Span,
    *,
    times: Sequence[sums.Times],
    told: Shown,
) -> Counts | None:
    """Return what a source counted; None if it counted nothing of this issue."""
    if source is Source.REPORT:
        is_posted = any(row.source == Source.WEBHOOKS for row in times)
        found = _reported(connection, issue, span, small=told.small, is_posted=is_posted)
    else:
        theirs = [row for row in times if row.source == source]
        found = _seen_by(connection, issue, source, span, theirs=theirs, told=told)

    def size_of_each() -> Mapping[int, int]:
        return _count_each(connection, issue, span, told)

    return found and with_readers(found, told.editions_of, size_of_each)


def _seen_by(
    connection: Connection,
    issue: SentIssue,
    source: Source,
    span: Span,
    *,
    theirs: Sequence[sums.Times],
    told: Shown,
) -> Counts | None:
    """Return what was seen by our own service, or by the provider as it happened."""
    is_ours, counting = source is Source.SERVICE, issue.send.counting
    is_alike = is_ours and counting is Counting.AGGREGATE
    if issue.send.is_rehearsal and not is_alike:  # nobody is a reader of its copies
        return None
    if not (counting.is_ours if is_ours else theirs):
        return None
    is_of_persons = not is_alike
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


def told_by_each(connection: Connection, issue: SentIssue) -> Mapping[Source, Shown]:
    """Return of what each source may tell; the pages of an issue are read once for whom it is."""
    are_counted = issue.send.counting is not Counting.AGGREGATE
    which = {source: source is Source.SERVICE and are_counted for source in Source}
    found = {
        is_counted: find_told(connection, issue.send.id, is_counted=is_counted)
        for is_counted in set(which.values())
    }
    return {source: found[is_counted] for source, is_counted in which.items()}


def find_told(connection: Connection, send_id: int, *, is_counted: bool = False) -> Shown:
    """Return of which links and copies may be told."""
    links = sums.list_links(connection, send_id)
    sizes = breakdown.count_editions(connection, send_id, is_counted=is_counted)
    small = find_small(sizes)
    if len(sizes) < 2 and not small:
        return Shown(links=links, small=small, hidden=(), editions_of={}, is_counted=is_counted)
    pages = breakdown.find_pages(connection, sizes.keys() - set(small))
    there = {id: {unescape(url) for url in _ADDRESS.findall(page)} for id, page in pages.items()}
    editions_of = {
        link.number: [id for id, urls in there.items() if link.url in urls] for link in links
    }
    hidden = [number for number, editions in editions_of.items() if small and not editions]
    shown = [link for link in links if link.number not in hidden]
    return Shown(
        links=shown, small=small, hidden=hidden, editions_of=editions_of, is_counted=is_counted
    )


def _count_each(
    connection: Connection, issue: SentIssue, span: Span, told: Shown
) -> Mapping[int, int]:
    """Return how many readers of each edition opens can be seen, of those that may be told of."""
    until = issue.end_of(span)
    sizes = breakdown.count_editions(connection, issue.send.id, is_counted=told.is_counted)
    each = {
        id: fates.count_fates(
            connection,
            issue.send.id,
            until,
            is_counted=told.is_counted,
            without=sizes.keys() - {id},
        )
        for id in sizes.keys() - set(told.small)
    }
    # A provider's sums are of all editions, so they say nothing of one.
    return {id: count_seen(mail, None) for id, mail in each.items()}


def _with_copies(
    connection: Connection,
    issue: SentIssue,
    source: Source,
    span: Span,
    *,
    seen: Seen,
    told: Shown,
) -> Seen:
    """Return what was seen, of copies too, and how many of them there are."""
    send, is_early = issue.send.id, span is Span.WINDOW
    copies: Sequence[sums.Ranks] | None = None
    linked: Sequence[sums.Linked] = ()
    if not (seen.times and _is_forgotten(connection, issue, source, span)):
        copies = sums.rank_copies(connection, send, source, is_early=is_early, without=told.small)
        ranked = sums.rank_links(connection, send, source, is_early=is_early, without=told.small)
        linked = [row for row in ranked if row.link not in told.hidden]
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
        copies=copies,
        linked=linked,
        of=count_seen(mail, report.figures if report and is_all else None),
    )


def _is_forgotten(connection: Connection, issue: SentIssue, source: Source, span: Span) -> bool:
    """Return whether it is known no more whose copies were seen, and was never counted.

    So it is of issues that went out more than a month before a program came that counts them.
    """
    if issue.known(source, span) or issue.now < issue.begun_at + summing.KNOWN:
        return False
    return not sums.rank_copies(connection, issue.send.id, source, is_early=False)


def _with_persons(counts: Counts, known: Counts) -> Counts:
    """Return counts with what was counted of copies while these were told apart."""
    people = {link.number: (link.people, link.of) for link in known.links}
    return replace(
        counts,
        counted=known.counted,
        openers=known.openers,
        clickers=known.clickers,
        sections=known.sections,
        links=[
            replace(link, people=theirs, of=of)
            for link in counts.links
            for theirs, of in [people.get(link.number, (link.people, None))]
        ],
    )


def _reported(
    connection: Connection,
    issue: SentIssue,
    span: Span,
    *,
    small: Sequence[int],
    is_posted: bool,
) -> Counts | None:
    """Return what the provider tells of opens and clicks when it is asked: its list, or its sums.

    What it told once a window was over stays: months later some keep nothing of it any more. What
    it told before is a part of it.
    """
    said = reports.newest_report(connection, issue.send.id)
    known, end = issue.known(Source.REPORT, span), issue.end_of(span)
    last = final_at(issue.begun_at, issue.send.window_days)
    if end and (settled := _heard(known, last)):
        return settled
    if said is None:
        return None
    mail = fates.count_fates(connection, issue.send.id, end)
    credible = said.figures.believed(mail.accepted)
    told = said.counts.get(span)
    if told is None and (end is None or said.as_of <= end):
        told = counts_of_report(credible, as_of=said.as_of, span=span)
    if told is None:
        return None
    is_listed = told.opens.human is not None  # so readers of small editions are left out
    left_out = small if is_listed else ()
    if left_out:
        mail = fates.count_fates(connection, issue.send.id, end, without=left_out)
    told = believed(told, mail.accepted)
    told = replace(told, counted=count_seen(mail, None if left_out else credible))
    if small and not is_listed and is_posted:
        # Its sums less what it posted of all others would tell of those few.
        told = replace(told, opens=Split(), openers=Split())
    before = _heard(known, end) if end else None
    return _as_before(told, before) if before else told


def _heard(known: figures.KeptRow | None, since: dt.datetime) -> Counts | None:
    """Return what was final if it was heard at a moment or later."""
    is_settled = known and known.is_final and known.as_of and known.as_of >= since
    return known.content.counts if known and is_settled else None


def _as_before(told: Counts, before: Counts) -> Counts:
    """Return what is told; what did not change is of the day of which it was."""
    is_same = replace(told, as_of=before.as_of) == before
    return before if is_same else told
