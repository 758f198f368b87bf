"""Counts the groups of an issue's readers once, when its window is over, and reads them again."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from newsletter.ledger import breakdown, figures
from newsletter.model import (
    Counting,
    Counts,
    GroupFigures,
    Source,
    Span,
)
from newsletter.stats.grouped import GroupCounts, count_groups
from newsletter.stats.sent_issue import SentIssue
from newsletter.stats.shares import open_range
from newsletter.stats.sources import choose_source, find_small


def group_rows(
    connection: Connection, issue: SentIssue, rows: Iterable[figures.KeptRow], attribute: str | None
) -> list[figures.KeptRow]:
    """Return rows of the groups that may be told of, as its readers are at this moment.

    They are counted never again: what one report told of a group and another of the next size of it
    would tell of those in between.
    """
    counting, until = issue.send.counting, issue.end_of(Span.WINDOW)
    source = choose_source(counting, {row.source for row in rows})
    is_ours = source is Source.SERVICE
    is_seen = source is Source.WEBHOOKS or counting is Counting.CONSENTED
    is_counted = is_ours and is_seen
    sizes = breakdown.count_editions(connection, issue.send.id, is_counted=is_counted)
    cells = breakdown.list_cells(
        connection,
        issue.send.id,
        source if is_seen else None,
        attribute=attribute,
        small=find_small(sizes),
        until=until or issue.now,
    )
    if is_counted:  # the mail is told of all the same, of everybody
        cells = [cell._replace(is_seen=cell.is_seen and cell.is_counted) for cell in cells]
    return [
        figures.KeptRow(
            send=issue.send.id,
            source=figures.OWN,
            span=Span.WINDOW,
            grouping=group.by,
            value=group.name,
            content=figures.Content(
                delivered=group.delivered, counts=_counts(group, source if is_seen else None)
            ),
            computed_at=issue.now,
            is_final=True,
        )
        for group in count_groups(cells, attribute, is_seen=is_seen)
    ]


def read_groups(kept: Iterable[figures.KeptRow]) -> Mapping[str, list[GroupFigures]]:
    """Return the groups that are told of, by what they are groups; all the others come last."""
    found: dict[str, list[GroupFigures]] = {}
    for row in sorted(kept, key=lambda row: (row.grouping, not row.value, row.value)):
        delivered, counts = row.content.delivered, row.content.counts
        if row.grouping and delivered and counts:
            group = GroupFigures(
                name=row.value,
                delivered=delivered,
                open_range=open_range(counts.openers, counts.clickers, counts.counted),
                clickers=counts.clickers,
            )
            found.setdefault(row.grouping, []).append(group)
    return found


def _counts(group: GroupCounts, source: Source | None) -> Counts:
    return Counts(
        source=source,
        span=Span.WINDOW,
        as_of=None,
        counted=group.counted,
        openers=group.openers,
        clickers=group.clickers,
    )
