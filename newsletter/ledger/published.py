"""Queries about what anybody may read: issues that went out, without what is for some alone."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, select

from newsletter.ledger.frozen import Send
from newsletter.ledger.sends import list_where, load_edition
from newsletter.ledger.tables import deliveries, editions, sends
from newsletter.model import Edition, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """An issue that went out to readers."""

    send: Send
    is_for_some: bool  # it was for a segment of the list alone

    @property
    def at(self) -> dt.datetime:
        """Return when it went out, as it was planned."""
        return self.send.scheduled_at or self.send.planned_at


def list_published(connection: Connection, now: dt.datetime) -> list[Published]:
    """Which issues has somebody by now, oldest first? Tests and rehearsals do not count."""
    is_out = select(deliveries.c.id).where(
        deliveries.c.send_id == sends.c.id, deliveries.c.state == State.ACCEPTED
    )
    found = list_where(connection, sends.c.scope == sends.c.issue_id, is_out.exists())
    out = [send for send in found if not send.waits_at_provider(now)]
    ordered = sorted(out, key=lambda send: (send.issue_date, send.id))
    return [Published(send=s, is_for_some=bool(s.choice.get("segment"))) for s in ordered]


def list_public_editions(connection: Connection, send_id: int) -> list[Edition]:
    """Which editions of a send have nothing in them that is for some readers alone?

    Its `only` blocks may be for a board's eyes: no edition with one of them is among these.
    """
    query = select(editions.c.id).where(
        editions.c.send_id == send_id, editions.c.variant == editions.c.language
    )
    ids = connection.execute(query.order_by(editions.c.id)).scalars().all()
    return [load_edition(connection, edition_id) for edition_id in ids]
