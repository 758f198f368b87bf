"""Lets what came back about mails stay counted when it is erased whose they were.

Else two reports, one from before and one from after, would tell by what is missing how that person
had fared: that they had bounced, complained or left.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, String, cast, delete, insert, literal, select, update

from newsletter.ledger import fates, personal
from newsletter.ledger.bulk import in_chunks
from newsletter.ledger.tables import deliveries, metadata, sends
from newsletter.model import ReturnKind, State

returns = metadata.tables["returns"]
_COUNTED = [kind for kind in ReturnKind if not kind.is_visit]
_IDLE = "idle"  # without any effect
_ERASED = "erased"  # who tells of what nobody else told
_SOONER = dt.timedelta(days=62)  # figures of older issues are kept, whatever becomes of this


def keep_nameless(connection: Connection, holder: personal.Holder, now: dt.datetime) -> None:
    """Take from what came back about somebody's mails whose they were, and keep by which they left.

    The deliveries must be theirs still.
    """
    _keep_leaving(connection, holder, now)
    blank: dict[str, Any] = {
        **dict.fromkeys(("address", "status", "text"), ""),
        **{"subscriber_key": None, "domain": None, "detail": {}, "state": _IDLE, "source": _ERASED},
        "digest": literal(f"{_ERASED}:") + cast(returns.c.id, String),
    }
    for some in in_chunks(holder.deliveries):
        theirs = returns.c.delivery_id.in_(some)
        connection.execute(delete(returns).where(theirs, returns.c.kind.not_in(_COUNTED)))
        connection.execute(update(returns).where(theirs).values(blank))


def _keep_leaving(connection: Connection, holder: personal.Holder, now: dt.datetime) -> None:
    """Write down by which mails somebody left, where the mail is known by the time alone."""
    who = (holder.key, holder.deliveries)
    left = fates.list_leaving(connection, now - _SOONER, who=who) if holder.key else []
    mails = _list_mails(connection, holder.deliveries)
    told = _told_of(connection, holder.deliveries)
    for moment in sorted({one.at for one in left if one.send is None}):
        before = {id: begun_at for id, begun_at in mails.items() if begun_at <= moment}
        last = max(before, key=lambda id: before[id], default=None)
        if last is not None and last not in told:
            told.add(last)
            connection.execute(
                insert(returns).values(
                    digest=f"{_ERASED}:left:{last}",
                    source=_ERASED,
                    kind=ReturnKind.UNSUBSCRIBED,
                    at=moment,
                    noted_at=moment,
                    address="",
                    delivery_id=last,
                    status="",
                    text="",
                    state=_IDLE,
                    detail={},
                )
            )


def _list_mails(connection: Connection, ids: Iterable[int]) -> Mapping[int, dt.datetime]:
    """Return which of these deliveries are issues that were accepted, and when each issue began."""
    found: dict[int, dt.datetime] = {}
    columns = (deliveries.c.id, sends.c.scheduled_at, sends.c.planned_at)
    query = select(*columns).join(sends, sends.c.id == deliveries.c.send_id)
    query = query.where(sends.c.scope == sends.c.issue_id, deliveries.c.state == State.ACCEPTED)
    for some in in_chunks(ids):
        rows = connection.execute(query.where(deliveries.c.id.in_(some)))
        found |= {id: scheduled_at or planned_at for id, scheduled_at, planned_at in rows}
    return found


def _told_of(connection: Connection, ids: Iterable[int]) -> set[int]:
    """Return by which of these deliveries it was told that somebody left."""
    found: set[int] = set()
    for some in in_chunks(ids):
        query = select(returns.c.delivery_id).where(returns.c.kind == ReturnKind.UNSUBSCRIBED)
        found |= set(connection.execute(query.where(returns.c.delivery_id.in_(some))).scalars())
    return found
