"""Lets go of whose copies were seen, where it must not be known any more; counts stay true.

Until the figures of an issue are final, readers and their groups are counted by their copies: were
one missing in a group alone, a difference would tell what that reader did. Then the link is cut.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, func, or_, select, update

from newsletter.ledger.people import lock_people
from newsletter.ledger.tables import deliveries, metadata, subscribers
from newsletter.model import Source, Span, Tracking

figures, readers = (metadata.tables[name] for name in ("figures", "readers"))


def let_go(connection: Connection) -> int:
    """Give copies whose readers were erased, or refuse by now to be counted, to nobody; how many?

    Each has a negative number then, in place of a delivery: it is known that it was one copy.
    """
    lock_people(connection)  # so that no two give the same numbers
    rows = list(_list_refused(connection))
    for send, source, delivery in rows:
        lowest = select(func.min(readers.c.delivery_id)).where(readers.c.send_id == send)
        number = min(0, connection.execute(lowest).scalar() or 0) - 1
        these = (readers.c.send_id == send, readers.c.source == source)
        this = update(readers).where(*these, readers.c.delivery_id == delivery)
        connection.execute(this.values(delivery_id=number))
    return len(rows)


def _list_refused(connection: Connection) -> Iterable[tuple[int, str, int]]:
    """Whose copies, of issues whose figures are final, are to be nobody's?"""
    final = select(figures.c.send_id).where(
        figures.c.source == "", figures.c.span == Span.WINDOW, figures.c.is_final
    )
    columns = (readers.c.send_id, readers.c.source, readers.c.delivery_id)
    refused = (readers.c.source == Source.SERVICE) & (subscribers.c.tracking != Tracking.GRANTED)
    query = (
        select(*columns)
        .distinct()
        .join(deliveries, deliveries.c.id == readers.c.delivery_id)
        .outerjoin(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
        .where(readers.c.send_id.in_(final), or_(subscribers.c.id.is_(None), refused))
    )
    return [(row.send_id, row.source, row.delivery_id) for row in connection.execute(query)]
