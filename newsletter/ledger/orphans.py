"""Deliveries whose subscriber was removed with an import: they go to whoever has the address.

They stay with that person through later changes of address, so nobody gets an issue twice because
of a new address.
"""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, select, update

from newsletter.ledger.bulk import in_chunks
from newsletter.ledger.tables import OPEN, batches, deliveries, subscribers
from newsletter.model import BatchState


def orphan(connection: Connection, gone: ColumnElement[bool]) -> None:
    """Remove the subscriber from the deliveries of people who are about to be removed."""
    ids = select(subscribers.c.id).where(gone)
    theirs = update(deliveries).where(deliveries.c.subscriber_id.in_(ids))
    connection.execute(theirs.values(subscriber_id=None))


def adopt(connection: Connection, whose: ColumnElement[bool]) -> None:
    """Give these people the deliveries to their addresses that no longer have a subscriber.

    A concurrent claim is waited for, and sees a delivery either with its subscriber or without.
    """
    is_theirs = deliveries.c.subscriber_id.is_(None) & whose
    is_theirs &= subscribers.c.address == deliveries.c.address
    waiting = select(deliveries.c.batch_id).where(is_theirs, deliveries.c.state == OPEN)
    held = select(batches.c.id).where(
        batches.c.state != BatchState.SETTLED, batches.c.id.in_(waiting)
    )
    connection.execute(held.order_by(batches.c.id).with_for_update())
    connection.execute(update(deliveries).where(is_theirs).values(subscriber_id=subscribers.c.id))


def adopt_at(connection: Connection, addresses: Iterable[str]) -> None:
    """Give people who now have these addresses the deliveries to them that have no subscriber."""
    for some in in_chunks(addresses):
        adopt(connection, subscribers.c.address.in_(some))
