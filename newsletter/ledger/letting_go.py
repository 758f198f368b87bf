"""Lets go of whose copies were seen, where it must not be known any more; counts stay true.

Until the figures of an issue are final, readers and their groups are counted by their copies: were
one missing in a group alone, a difference would tell what that reader did. Then the link is cut.
"""

from sqlalchemy import Connection, bindparam, func, or_, select, update

from newsletter.ledger.people import lock_people
from newsletter.ledger.tables import deliveries, metadata, subscribers
from newsletter.model import Source, Span, Tracking

figures, readers = (metadata.tables[name] for name in ("figures", "readers"))


def let_go(connection: Connection) -> int:
    """Give copies whose readers were erased, or refuse by now to be counted, to nobody; how many?

    Each has a negative number then, in place of a delivery: it is known that it was one copy.
    """
    lock_people(connection)  # so that no two give the same numbers
    rows = _list_refused(connection)
    lowest = _lowest_numbers(connection, {send for send, *_ in rows})
    numbers: dict[tuple[int, str, int], int] = {}
    for send, source, _, _, delivery in rows:
        if (send, source, delivery) not in numbers:
            lowest[send] -= 1
            numbers[send, source, delivery] = lowest[send]
    keys = list(readers.primary_key)
    this = update(readers).where(*(key == bindparam(f"its_{key.name}") for key in keys))
    values = [
        {"number": numbers[row[0], row[1], row[-1]]}
        | {f"its_{key.name}": value for key, value in zip(keys, row, strict=True)}
        for row in rows
    ]
    if values:
        connection.execute(this.values(delivery_id=bindparam("number")), values)
    return len(numbers)


def _lowest_numbers(connection: Connection, send_ids: set[int]) -> dict[int, int]:
    """Return the lowest number of nobody's copies of each of these sends; 0 if there are none."""
    query = select(readers.c.send_id, func.min(readers.c.delivery_id))
    query = query.where(readers.c.send_id.in_(send_ids)).group_by(readers.c.send_id)
    return {send: min(0, lowest) for send, lowest in connection.execute(query)}


def _list_refused(connection: Connection) -> list[tuple[int, str, str, int, int]]:
    """What was seen, of issues whose figures are final, of copies that are to be nobody's?"""
    final = select(figures.c.send_id).where(
        figures.c.source == "", figures.c.span == Span.WINDOW, figures.c.is_final
    )
    refused = (readers.c.source == Source.SERVICE) & (subscribers.c.tracking != Tracking.GRANTED)
    query = (
        select(*readers.primary_key)
        .join(deliveries, deliveries.c.id == readers.c.delivery_id)
        .outerjoin(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
        .where(readers.c.send_id.in_(final), or_(subscribers.c.id.is_(None), refused))
    )
    return [tuple(row) for row in connection.execute(query.order_by(*readers.primary_key))]
