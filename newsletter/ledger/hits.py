"""Opens and clicks as they come in: each once, and of persons only where that may be known."""

from collections import Counter
from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, func, select, union_all

from newsletter.ledger.bulk import delete_some, in_chunks, insert_listed, write_rows
from newsletter.ledger.figure_tables import marks
from newsletter.ledger.people_tables import hits, visits
from newsletter.ledger.tables import deliveries, subscribers
from newsletter.model import Hit, HitKind, Source, Tracking, Visitor

_COLUMNS = (
    *("send_id", "kind", "link", "hour", "verdict", "reason"),
    *("rules", "delivery_id", "source", "hides", "count"),
)
_DAY = 10  # characters of a day


def add_hits(connection: Connection, seen: Iterable[Hit]) -> None:
    """Keep what was seen and was not told before.

    What the public service saw of a person is kept only while they allow it; what a provider told,
    until they are erased.
    """
    new = list(_not_told_before(connection, seen))
    whose = _find_readers(connection, {hit.delivery for hit in new} - {0})
    counts = Counter(_row(hit) for hit in new if _may_be_kept(hit, whose))
    if counts:
        write_rows(connection, hits, _COLUMNS, [(*row, n) for row, n in counts.items()])


def count_hits(connection: Connection, send_id: int) -> dict[tuple[HitKind, Visitor], int]:
    """How often did the public service see an issue opened, and its links followed, by whom?"""
    seen = (
        select(table.c.kind, table.c.verdict, table.c.count).where(
            table.c.send_id == send_id, table.c.source == Source.SERVICE
        )
        for table in (hits, visits)
    )
    both = union_all(*seen).subquery()
    query = select(both.c.kind, both.c.verdict, func.sum(both.c.count))
    rows = connection.execute(query.group_by(both.c.kind, both.c.verdict))
    return {(HitKind(kind), Visitor(who)): int(count) for kind, who, count in rows}


def forget_marks(connection: Connection, *, before: str) -> int:
    """Forget what providers told of before a day; return how much, a few thousand at most."""
    return delete_some(connection, marks, marks.c.day < before)


def _not_told_before(connection: Connection, seen: Iterable[Hit]) -> Iterator[Hit]:
    """Yield what was seen, but for that of which a provider told before, here or elsewhere."""
    told: dict[int, Hit] = {}
    for hit in seen:
        if hit.mark is None:
            yield hit
        else:
            told.setdefault(hit.mark, hit)
    if told:
        # In one order, so that no two transactions wait for each other.
        rows = sorted((mark, hit.hour[:_DAY]) for mark, hit in told.items())
        new = insert_listed(connection, marks, rows)
        new = new.on_conflict_do_nothing().returning(marks.c.mark)
        yield from map(told.__getitem__, connection.execute(new).scalars())


def _row(hit: Hit) -> tuple[object, ...]:
    return (
        *(hit.send, hit.kind.value, hit.link, hit.hour, hit.visitor.value, hit.reason),
        *(hit.rules, hit.delivery or None, hit.source.value, hit.hides),
    )


def _may_be_kept(hit: Hit, whose: dict[tuple[int, int], str]) -> bool:
    if not hit.delivery:
        return True
    consent = whose.get((hit.delivery, hit.send))
    return consent is not None and (hit.source is not Source.SERVICE or consent == Tracking.GRANTED)


def _find_readers(connection: Connection, ids: set[int]) -> dict[tuple[int, int], str]:
    """Return deliveries, with their sends, and whether their people allow counting, as they said.

    Those of people who were erased are nobody's.
    """
    found: dict[tuple[int, int], str] = {}
    query = select(deliveries.c.id, deliveries.c.send_id, subscribers.c.tracking).join(
        subscribers, subscribers.c.id == deliveries.c.subscriber_id
    )
    for some in in_chunks(sorted(ids)):
        rows = connection.execute(query.where(deliveries.c.id.in_(some)))
        found |= {(id, send): consent for id, send, consent in rows}
    return found
