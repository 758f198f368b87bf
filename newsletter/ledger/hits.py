"""Opens and clicks that the public service counted, and where its redirects lead."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select, update

from newsletter.ledger.bulk import in_chunks, write_rows
from newsletter.ledger.people_tables import hits, links
from newsletter.ledger.tables import deliveries, sends, subscribers
from newsletter.model import Hit, HitKind, Tracking, Visitor

_COLUMNS = (
    *("send_id", "kind", "link", "hour", "verdict", "reason"),
    *("rules", "delivery_id", "count"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Destinations:
    """Where the redirects of a send lead."""

    urls: dict[int, str]  # by number
    is_counted: bool  # False: a test or a rehearsal, of which nobody is a reader


def keep_links(connection: Connection, send_id: int, urls: Iterable[str]) -> None:
    """Number links of a send that have no number yet, after those that do."""
    known = find_links(connection, send_id)
    new = [url for url in dict.fromkeys(urls) if url not in known]
    first = max(known.values(), default=0) + 1
    rows = [{"send_id": send_id, "number": n, "url": url} for n, url in enumerate(new, first)]
    if rows:
        connection.execute(insert(links), rows)


def find_links(connection: Connection, send_id: int) -> dict[str, int]:
    """Which links of a send lead through the public service, and under which numbers?"""
    query = select(links.c.url, links.c.number).where(links.c.send_id == send_id)
    return {url: number for url, number in connection.execute(query)}


def find_destinations(connection: Connection, send_id: int) -> Destinations | None:
    """Where do the redirects of a send lead, and do they count? None if there is no such send."""
    query = select(sends.c.scope == sends.c.issue_id).where(sends.c.id == send_id)
    is_counted = connection.execute(query).scalar_one_or_none()
    if is_counted is None:
        return None
    urls = {number: url for url, number in find_links(connection, send_id).items()}
    return Destinations(urls=urls, is_counted=bool(is_counted))


def add_hits(connection: Connection, seen: Sequence[Hit]) -> None:
    """Keep what was seen; that of a person only while they allow it, and are not forgotten."""
    allowed = _allowed(connection, {hit.delivery for hit in seen} - {0})
    counts = Counter(hit for hit in seen if not hit.delivery or (hit.delivery, hit.send) in allowed)
    rows = [
        (
            *(hit.send, hit.kind.value, hit.link, hit.hour, hit.visitor.value, hit.reason),
            *(hit.rules, hit.delivery or None, count),
        )
        for hit, count in counts.items()
    ]
    if rows:
        write_rows(connection, hits, _COLUMNS, rows)


def forget_persons(connection: Connection, before: dt.datetime) -> None:
    """Keep of hits before a moment what was done, and no longer by whom."""
    hour = before.astimezone(dt.UTC).isoformat()[:13]
    old = (hits.c.hour < hour) & hits.c.delivery_id.is_not(None)
    connection.execute(update(hits).where(old).values(delivery_id=None))


def count_hits(connection: Connection, send_id: int) -> dict[tuple[HitKind, Visitor], int]:
    """How often was an issue opened, and how often were its links followed, by whom?"""
    query = select(hits.c.kind, hits.c.verdict, func.sum(hits.c.count))
    query = query.where(hits.c.send_id == send_id).group_by(hits.c.kind, hits.c.verdict)
    return {
        (HitKind(kind), Visitor(who)): int(count) for kind, who, count in connection.execute(query)
    }


def _allowed(connection: Connection, ids: set[int]) -> set[tuple[int, int]]:
    """Return deliveries, with their sends, whose people allow that theirs are counted."""
    found: set[tuple[int, int]] = set()
    query = (
        select(deliveries.c.id, deliveries.c.send_id)
        .join(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
        .where(subscribers.c.tracking == Tracking.GRANTED)
    )
    for some in in_chunks(sorted(ids)):
        rows = connection.execute(query.where(deliveries.c.id.in_(some)))
        found.update((id, send) for id, send in rows)
    return found
