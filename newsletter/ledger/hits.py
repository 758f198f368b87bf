"""Opens and clicks that the public service counted, and where its redirects lead."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, union_all

from newsletter.ledger.bulk import in_chunks, insert_of, write_rows
from newsletter.ledger.people_tables import hits, links, visits
from newsletter.ledger.tables import deliveries, sends, subscribers
from newsletter.model import Hit, HitKind, Tracking, Visitor

_COLUMNS = (
    *("send_id", "kind", "link", "hour", "verdict", "reason"),
    *("rules", "delivery_id", "hides", "count"),
)
_TOGETHER = 5_000  # hits that are summed up in a transaction
_HOURLY = dt.timedelta(hours=72)  # after a send's end: then by the day
_DAY = 10  # characters of a day


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
            *(hit.rules, hit.delivery or None, hit.hides, count),
        )
        for hit, count in counts.items()
    ]
    if rows:
        write_rows(connection, hits, _COLUMNS, rows)


def sum_up(
    connection: Connection, now: dt.datetime, *, forgotten: dt.datetime, after: int = 0
) -> int | None:
    """Sum up hits whose hour is over, and forget of those before a moment who it was.

    Those of persons wait for that moment. So many are summed up that nobody waits long for the
    ledger: return where to go on, None at the end. What comes late is added the next time.
    """
    is_over = hits.c.delivery_id.is_(None) & (hits.c.hour < _hour(now))
    some = select(hits.c.id).where(is_over | (hits.c.hour < _hour(forgotten)), hits.c.id > after)
    some = some.order_by(hits.c.id).limit(_TOGETHER)
    # Deleted and read at once: what another process writes meanwhile is in neither.
    columns = (hits.c.kind, hits.c.link, hits.c.hour, hits.c.verdict, hits.c.reason)
    told = (hits.c.id, hits.c.count, hits.c.send_id, hits.c.source, *columns)
    taken = delete(hits).where(hits.c.id.in_(some)).returning(*told)
    rows = connection.execute(taken).all()
    hourly = _hourly_until(connection, {row.send_id for row in rows})
    counts: Counter[tuple[int, str, str, int, str, str, str]] = Counter()
    for _, count, send, source, kind, link, hour, verdict, reason in rows:
        grain = hour if hour <= hourly.get(send, hour) else hour[:_DAY]
        counts[send, source, kind, link or 0, grain, verdict, reason] += count
    if counts:
        new = insert_of(connection)(visits)
        summed = {"count": visits.c.count + new.excluded.count}
        new = new.on_conflict_do_update(index_elements=list(visits.primary_key), set_=summed)
        values = ((*key, count) for key, count in counts.items())
        connection.execute(new, [dict(zip(visits.c.keys(), row, strict=True)) for row in values])
    return max((row.id for row in rows), default=None)


def count_hits(connection: Connection, send_id: int) -> dict[tuple[HitKind, Visitor], int]:
    """How often was an issue opened, and how often were its links followed, by whom?"""
    seen = (
        select(table.c.kind, table.c.verdict, table.c.count).where(table.c.send_id == send_id)
        for table in (hits, visits)
    )
    both = union_all(*seen).subquery()
    query = select(both.c.kind, both.c.verdict, func.sum(both.c.count))
    rows = connection.execute(query.group_by(both.c.kind, both.c.verdict))
    return {(HitKind(kind), Visitor(who)): int(count) for kind, who, count in rows}


def _hourly_until(connection: Connection, send_ids: set[int]) -> dict[int, str]:
    """Return the last hour of each send that is counted by itself; none before its end."""
    found: dict[int, str] = {}
    for some in in_chunks(sorted(send_ids)):
        query = select(sends.c.id, sends.c.done_at).where(sends.c.id.in_(some))
        rows = connection.execute(query.where(sends.c.done_at.is_not(None)))
        found |= {id: _hour(done_at + _HOURLY) for id, done_at in rows}
    return found


def _hour(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat()[:13]


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
