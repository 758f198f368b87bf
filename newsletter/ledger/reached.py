"""Whose mail arrived, as their copies were opened, though a server had said that it did not."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Connection, exists, select

from newsletter.ledger.bulk import in_chunks, insert_of
from newsletter.ledger.tables import metadata, sends
from newsletter.model import HitKind, ReturnKind, Source

hits, readers, returns = (metadata.tables[name] for name in ("hits", "readers", "returns"))
SEEN = "seen:"  # prefix of the digest of what is concluded, and was told by no server
# Of each copy one row of a kind is so, and found by the table's index.
_ONE = (readers.c.source.in_(list(Source)), readers.c.kind.in_(list(HitKind)), readers.c.link == 0)


def find_seen(connection: Connection, ids: Iterable[int], send_ids: Collection[int]) -> set[int]:
    """Which of these deliveries, of these sends, was anything seen of?"""
    is_seen = exists().where(readers.c.send_id == sends.c.id)
    of_late = select(sends.c.id).where(sends.c.id.in_(send_ids), is_seen)
    theirs = readers.c.send_id.in_(connection.execute(of_late).scalars().all())
    found = set[int]()
    for some in in_chunks(ids):
        query = select(readers.c.delivery_id).where(theirs, *_ONE)
        found |= set(connection.execute(query.where(readers.c.delivery_id.in_(some))).scalars())
        query = select(hits.c.delivery_id).where(hits.c.delivery_id.in_(some))
        found |= set(connection.execute(query).scalars())
    return found


def keep_reached(connection: Connection, ids: Iterable[int]) -> None:
    """Keep of deliveries of which nothing seen is kept any more that they arrived.

    Only of those of which a server said that they had not: all others arrived anyway.
    """
    rows: dict[int, dict[str, Any]] = {}
    for some in in_chunks(ids):
        is_soft = returns.c.kind == ReturnKind.SOFT
        query = select(returns).where(returns.c.delivery_id.in_(some), is_soft)
        for row in connection.execute(query.order_by(returns.c.id)):
            rows[row.delivery_id] = {k: v for k, v in row._mapping.items() if k != "id"}
    told = {"kind": ReturnKind.DELIVERED, "status": "", "text": "", "detail": {}}
    new = [{**row, **told, "digest": f"{SEEN}{delivery}"} for delivery, row in rows.items()]
    if new:
        connection.execute(insert_of(connection)(returns).on_conflict_do_nothing(), new)
