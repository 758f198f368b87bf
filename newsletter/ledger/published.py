"""Queries about what anybody may read: issues that went out, without what is for some alone."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from newsletter.ledger.choosing import Choice
from newsletter.ledger.frozen import Send
from newsletter.ledger.sends import list_where, load_edition
from newsletter.ledger.tables import deliveries, editions, sends
from newsletter.model import Edition, Segment, State, Variant


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


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionalEdition:
    """An edition that has a block for readers of some regions, and the same one without it."""

    segment: Segment
    without: Edition
    with_it: Edition


def list_regional_editions(connection: Connection, send: Send) -> list[RegionalEdition]:
    """Which blocks of a send are for regions alone, and which editions differ by each?

    A block that all readers of a language met, or none of them, is in no such pair.
    """
    if not send.choice:
        return []
    choice = Choice.from_json(send.choice)
    regional = [c for c in choice.conditions if c.names == ("region",)]
    if not regional:
        return []
    query = select(editions.c.id, editions.c.variant, editions.c.language)
    rows = connection.execute(query.where(editions.c.send_id == send.id)).all()
    ids = {choice.variant_named(row.variant, row.language): row.id for row in rows}
    found = []
    for segment in regional:
        for language in dict.fromkeys(variant.language for variant in ids):
            pair = _pair(ids, segment, language)
            if pair:
                without, with_it = (load_edition(connection, id) for id in pair)
                found.append(RegionalEdition(segment=segment, without=without, with_it=with_it))
    return found


def _pair(ids: Mapping[Variant, int], segment: Segment, language: str) -> tuple[int, int] | None:
    """Return two editions that differ by one block alone, those with the fewest other blocks."""
    some = sorted((v for v in ids if v.language == language), key=lambda v: len(v.met))
    for variant in some:
        plain = replace(variant, met=variant.met - {segment})
        if segment in variant.met and plain in ids:
            return ids[plain], ids[variant]
    return None
