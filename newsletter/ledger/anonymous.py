"""Deliveries of which nobody knows any more to whom they went; counts of them stay true."""

import datetime as dt
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    String,
    cast,
    delete,
    func,
    literal,
    not_,
    or_,
    select,
    update,
)

from newsletter.ledger.bulk import in_chunks
from newsletter.ledger.frozen import ANSWERS, REMINDERS
from newsletter.ledger.tables import OPEN, batches, deliveries, editions, events, metadata, sends
from newsletter.model import BatchState, State

# In place of an address; no mail goes there (RFC 6761).
_BEFORE, _AFTER = "erased-", "@erased.invalid"


def make_anonymous(connection: Connection, which: ColumnElement[bool]) -> None:
    """Take from deliveries, and from what is known of them, to whom they went.

    What was seen of these copies stays with them, as of nobody, until figures are final.
    """
    these = select(deliveries.c.id).where(which)
    connection.execute(update(events).where(events.c.delivery_id.in_(these)).values(detail={}))
    nobody = literal(_BEFORE) + cast(deliveries.c.id, String) + literal(_AFTER)
    values = {"address": nobody, "message_id": "", "reason": ""}
    connection.execute(update(deliveries).where(which).values(values))


def count_answers(connection: Connection, before: dt.datetime) -> int:
    """How many mails that answer what people asked for, or remind them, are older than this?"""
    query = select(func.count()).select_from(deliveries).where(_are_old_answers(before))
    return connection.execute(query).scalar_one()


def forget_answers(connection: Connection, before: dt.datetime) -> int:
    """Forget who was answered before a moment, and by which words and links; return how many.

    What came back about mails to strangers goes, too.
    """
    old = _are_old_answers(before)
    these = select(deliveries.c.id).where(old)
    of_sends = select(deliveries.c.send_id).where(old)
    returns = metadata.tables["returns"]
    strangers = returns.c.delivery_id.in_(these) & returns.c.subscriber_key.is_(None)
    connection.execute(delete(returns).where(strangers))
    blank = {"subject": "", "html": "", "text": "", "enclosures": []}
    connection.execute(update(editions).where(editions.c.send_id.in_(of_sends)).values(blank))
    ids = connection.execute(these).scalars().all()
    for some in in_chunks(ids):
        theirs = deliveries.c.id.in_(some)
        make_anonymous(connection, theirs)
        connection.execute(update(deliveries).where(theirs).values(subscriber_id=None))
    return len(ids)


def withdraw(connection: Connection, send_id: int, now: dt.datetime) -> None:
    """Forget whom a send is for, but for those who are in a call already."""
    is_called = batches.c.state.in_([BatchState.SENDING, BatchState.UNKNOWN])
    called = select(batches.c.id).where(batches.c.send_id == send_id, is_called)
    theirs = (deliveries.c.send_id == send_id) & deliveries.c.batch_id.not_in(called)
    skipped = {"state": State.SKIPPED, "changed_at": now}
    connection.execute(update(deliveries).where(theirs, deliveries.c.state == OPEN).values(skipped))
    make_anonymous(connection, theirs)


def _are_old_answers(before: dt.datetime) -> ColumnElement[Any]:
    """Return the SQL of deliveries of answers and reminders from before a moment, with a name."""
    is_one = (sends.c.scope.contains(kind, autoescape=True) for kind in (ANSWERS, REMINDERS))
    answers = select(sends.c.id).where(or_(*is_one), sends.c.planned_at < before)
    has_name = not_(deliveries.c.address.endswith(_AFTER))
    return deliveries.c.send_id.in_(answers) & (deliveries.c.state != OPEN) & has_name
