"""Deliveries whose subscriber went when an import was taken back: whoever has the address has them.

They keep that for good, whatever address comes next, so nobody gets an issue anew by another.
"""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, select, update

from newsletter.ledger.tables import OPEN, batches, deliveries, subscribers
from newsletter.model.post import BatchState

_CHUNK = 500  # addresses named at once


def orphan(connection: Connection, gone: ColumnElement[bool]) -> None:
    """Let the deliveries of those who are about to go be without a subscriber."""
    ids = select(subscribers.c.id).where(gone)
    theirs = update(deliveries).where(deliveries.c.subscriber_id.in_(ids))
    connection.execute(theirs.values(subscriber_id=None))


def adopt(connection: Connection, whose: ColumnElement[bool]) -> None:
    """Give these people the deliveries to their addresses that have no subscriber any more.

    A claim of what is still to go out is waited for, and sees it with its subscriber or without.
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
    """Give those who have these addresses now the deliveries to them that have no subscriber."""
    wanted = list(addresses)
    for start in range(0, len(wanted), _CHUNK):
        adopt(connection, subscribers.c.address.in_(wanted[start : start + _CHUNK]))
