"""How groups of readers fared with an issue: by the language of their copy, and by an attribute."""

import datetime as dt
from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Integer, func, literal, null, select

from newsletter.ledger import fates, sums
from newsletter.ledger.tables import batches, deliveries, editions, subscribers
from newsletter.model import MEMBER_SLOTS


class Cell(NamedTuple):
    """How many readers are alike in all of this."""

    language: str  # of their copy
    value: str  # of the attribute; empty: none, or nobody knows whose the copy is
    is_counted: bool  # they had allowed that opens and clicks are counted
    is_seen: bool  # what is seen of them counts; not of editions with few readers
    is_told: bool  # something became known of the mail after it was accepted
    is_hard: bool  # told to have bounced for good
    is_soft: bool  # or not to have arrived this time
    is_reached: bool  # or to have arrived
    is_complained: bool
    opened: int | None  # as in `Ranks`
    clicked: int | None
    number: int


def count_editions(connection: Connection, send_id: int, *, is_counted: bool) -> dict[int, int]:
    """How many got each edition of a send, or how many of those who allowed counting?"""
    query = select(batches.c.edition_id, func.count()).select_from(deliveries)
    query = query.join(batches, batches.c.id == deliveries.c.batch_id)
    which = fates.are_accepted(connection, send_id, None)
    which += [deliveries.c.is_counted] if is_counted else []
    rows = connection.execute(query.where(*which).group_by(batches.c.edition_id))
    return {edition: number for edition, number in rows}


def list_copies(connection: Connection, edition_ids: Collection[int]) -> set[int]:
    """Which deliveries are of these editions?"""
    query = select(deliveries.c.id).join(batches, batches.c.id == deliveries.c.batch_id)
    theirs = query.where(batches.c.edition_id.in_(edition_ids))
    return set(connection.execute(theirs).scalars()) if edition_ids else set()


def find_pages(connection: Connection, edition_ids: Collection[int]) -> dict[int, str]:
    """What is the page of each of these editions, its links as everybody has them?"""
    columns = (editions.c.id, editions.c.html, editions.c.slots)
    query = select(*columns).where(editions.c.id.in_(edition_ids))
    pages: dict[int, str] = {}
    for id, page, slots in connection.execute(query):
        pages[id] = page
        for marker in (slot["marker"] for slot in slots if slot["name"] in MEMBER_SLOTS):
            pages[id] = pages[id].replace(marker, "")
    return pages


def list_cells(
    connection: Connection,
    send_id: int,
    source: str | None,
    *,
    attribute: str | None,
    small: Collection[int],
    until: dt.datetime,
) -> list[Cell]:
    """Who got an issue, and what was told and, by a source, seen of them until a moment?"""
    which = fates.are_accepted(connection, send_id, until)
    told = fates.told_of_each(which, until).subquery()
    value = subscribers.c.attributes[attribute].as_string() if attribute else null()
    facts = (told.c[name] for name in ("hard", "soft", "reached", "complained"))
    columns: list[ColumnElement[Any]] = [
        editions.c.language,
        func.coalesce(value, ""),
        deliveries.c.is_counted,
        editions.c.id.not_in(small),
        told.c.delivery_id.is_not(None),
        *(func.coalesce(fact, 0) for fact in facts),
    ]
    tables = deliveries.join(batches, batches.c.id == deliveries.c.batch_id)
    tables = tables.join(editions, editions.c.id == batches.c.edition_id)
    is_whose = subscribers.c.id == deliveries.c.subscriber_id
    tables = tables.outerjoin(subscribers, is_whose)
    tables = tables.outerjoin(told, told.c.delivery_id == deliveries.c.id)
    if source:
        seen = sums.of_copies(send_id, source, is_early=True).subquery()
        tables = tables.outerjoin(seen, seen.c.delivery_id == deliveries.c.id)
        columns += [seen.c.opened, seen.c.clicked]
    else:
        columns += [literal(None, Integer), literal(None, Integer)]
    named = zip(Cell._fields, columns, strict=False)
    query = select(*(column.label(name) for name, column in named)).select_from(tables)
    each = query.where(*which).subquery()
    grouped = select(each, func.count().label("number")).group_by(*each.c)
    return [Cell(**row._mapping) for row in connection.execute(grouped)]
