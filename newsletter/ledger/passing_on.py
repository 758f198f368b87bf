"""Whom the list of a provider is to be told of, and whom it is to let go."""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, exists, select

from newsletter.ledger.bulk import in_chunks, insert_of
from newsletter.ledger.people_tables import passed_on, records, returns, sign_ups
from newsletter.ledger.returns import AGREED, IDLE, SPARED, TAKEN, set_state
from newsletter.ledger.tables import subscribers
from newsletter.model import Departure, Happened, Purpose, Standing

_TOLD = (Standing.UNSUBSCRIBED, Standing.COMPLAINED)  # of bounces it knows by itself
_WISH_HOLDS = dt.timedelta(days=8)  # a link to confirm by is good for seven


class Gone(NamedTuple):
    """Somebody who left."""

    key: str
    address: str
    standing: Standing

    @property
    def departure(self) -> Departure:
        """Return it as providers are told."""
        return Departure(self.address, self.standing, "")


def list_untold(
    connection: Connection, provider: str, now: dt.datetime, *, most: int
) -> list[Gone]:
    """Who left or complained, of whom this provider was not told yet?

    Whoever asks to come back is to get the mail with the link.
    """
    is_told = exists().where(
        passed_on.c.provider == provider, passed_on.c.subscriber_key == subscribers.c.key
    )
    query = select(subscribers.c.key, subscribers.c.address, subscribers.c.standing)
    query = query.where(subscribers.c.standing.in_(_TOLD), ~is_told, ~_wishes_to_return(now))
    rows = connection.execute(query.order_by(subscribers.c.id).limit(most))
    return [Gone(key, address, Standing(standing)) for key, address, standing in rows]


def note_told(
    connection: Connection, provider: str, keys: Collection[str], now: dt.datetime
) -> None:
    """Record that a provider was told of these people."""
    rows = [{"provider": provider, "subscriber_key": key, "at": now} for key in keys]
    for some in in_chunks(rows):
        insert = insert_of(connection)(passed_on).values(some)
        connection.execute(insert.on_conflict_do_nothing())


def list_to_lift(
    connection: Connection, provider: str, now: dt.datetime, *, most: int
) -> list[str]:
    """Which addresses does this provider keep from their mail, though their people want it?

    Of whom it was told, or told us, and who came back since, ask to, or stay by the editor's word.
    Whoever complained is let go by their own confirmation alone, never as somebody types their
    address, nor by the editor's word.
    """
    wants_mail = (subscribers.c.standing == Standing.ACTIVE) | _wishes_to_return(now)
    wants_mail &= ~_complained_last()
    told = select(subscribers.c.address).join(
        passed_on, passed_on.c.subscriber_key == subscribers.c.key
    )
    told = told.where(passed_on.c.provider == provider, wants_mail)
    heard = select(returns.c.address).join(
        subscribers, subscribers.c.key == returns.c.subscriber_key
    )
    is_in_force = returns.c.state.in_([TAKEN, AGREED, SPARED])
    heard = heard.where(returns.c.source == provider, is_in_force, wants_mail)
    found = [*connection.execute(told.limit(most)).scalars()]
    found += connection.execute(heard.limit(most)).scalars()
    return list({address.lower(): address for address in found}.values())[:most]


def note_lifted(connection: Connection, provider: str, address: str) -> None:
    """Record that a provider sends to somebody again."""
    keys = select(subscribers.c.key).where(subscribers.c.address == address)
    its = (passed_on.c.provider == provider) & passed_on.c.subscriber_key.in_(keys)
    connection.execute(delete(passed_on).where(its))
    theirs = (returns.c.source == provider) & (returns.c.address == address)
    ids = connection.execute(select(returns.c.id).where(theirs)).scalars().all()
    set_state(connection, ids, IDLE)


def find_told(connection: Connection, provider: str, addresses: Iterable[str]) -> set[str]:
    """Of which of these was this provider told by us? Their addresses, in lower case."""
    found: set[str] = set()
    for some in in_chunks(addresses):
        query = select(subscribers.c.address).join(
            passed_on, passed_on.c.subscriber_key == subscribers.c.key
        )
        these = query.where(passed_on.c.provider == provider, subscribers.c.address.in_(some))
        found |= {address.lower() for address in connection.execute(these).scalars()}
    return found


def _complained_last() -> ColumnElement[bool]:
    """Return the SQL for whether somebody complained, and has not confirmed since."""
    later = records.alias()
    has_confirmed = exists().where(
        later.c.subscriber_key == records.c.subscriber_key,
        later.c.what == Happened.CONFIRMED,
        later.c.id > records.c.id,
    )
    was_found_so = records.c.detail["standing"].as_string() == Standing.COMPLAINED
    complained = (records.c.what == Happened.COMPLAINED) | was_found_so
    theirs = records.c.subscriber_key == subscribers.c.key
    return exists().where(theirs, complained, ~has_confirmed)


def _wishes_to_return(now: dt.datetime) -> ColumnElement[bool]:
    return exists().where(
        sign_ups.c.address == subscribers.c.address,
        sign_ups.c.purpose.in_([Purpose.SIGN_UP, Purpose.LINK]),  # not that they are told they left
        sign_ups.c.confirmed_at.is_(None),
        sign_ups.c.refused_at.is_(None),
        sign_ups.c.asked_at > now - _WISH_HOLDS,
    )
