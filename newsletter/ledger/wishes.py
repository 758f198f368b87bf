"""What people asked for on our pages, the wordings they agreed to, and who wants no such mail."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, or_, select, update

from newsletter.ledger.bulk import count, insert_of, is_storable
from newsletter.ledger.people_tables import disowned, sign_ups, wordings
from newsletter.model import ConsentWording, Purpose, Tracking, Wish


def add_wish(connection: Connection, wish: Wish) -> None:
    """Write down what somebody asks for."""
    values = {name: getattr(wish, name) for name in sign_ups.c.keys()}  # noqa: SIM118 - columns
    connection.execute(insert(sign_ups), {**values, "attributes": dict(wish.attributes)})


def find_wish(connection: Connection, key: str) -> Wish | None:
    """Which wish has this key?"""
    if not is_storable(key):
        return None
    row = connection.execute(select(sign_ups).where(sign_ups.c.key == key)).one_or_none()
    return wish_from(row) if row else None


def list_due(connection: Connection, now: dt.datetime, *, most: int) -> list[Wish]:
    """Which wishes of people who are known are to be answered by mail, the oldest first?"""
    query = select(sign_ups).where(sign_ups.c.due_at <= now, sign_ups.c.purpose != Purpose.SIGN_UP)
    query = query.order_by(sign_ups.c.due_at, sign_ups.c.key).limit(most)
    return [wish_from(row) for row in connection.execute(query)]


def list_sign_ups_due(
    connection: Connection, now: dt.datetime, *, is_slow: bool, most: int
) -> list[Wish]:
    """Which forms of strangers are to be answered by mail, in the order of their turns?"""
    query = select(sign_ups).where(sign_ups.c.due_at <= now, sign_ups.c.purpose == Purpose.SIGN_UP)
    query = query.where(sign_ups.c.is_slow.is_(is_slow))
    query = query.order_by(sign_ups.c.turn, sign_ups.c.due_at, sign_ups.c.key).limit(most)
    return [wish_from(row) for row in connection.execute(query)]


def next_due(connection: Connection) -> dt.datetime | None:
    """When is the next wish to be answered?"""
    query = select(sign_ups.c.due_at).where(sign_ups.c.due_at.is_not(None))
    found: dt.datetime | None
    found = connection.execute(query.order_by(sign_ups.c.due_at).limit(1)).scalar()
    return found


def list_wishes_of(
    connection: Connection, subscriber_key: str, purposes: Sequence[Purpose]
) -> list[Wish]:
    """What of this kind does a subscriber ask for?"""
    query = select(sign_ups).where(sign_ups.c.subscriber_key == subscriber_key)
    rows = connection.execute(query.where(sign_ups.c.purpose.in_(purposes)))
    return [wish_from(row) for row in rows]


def change_wish(connection: Connection, key: str, **values: Any) -> None:
    """Set how far a wish is."""
    connection.execute(update(sign_ups).where(sign_ups.c.key == key).values(**values))


def drop_wish(connection: Connection, key: str) -> None:
    """Forget a wish: it is answered, or will not be."""
    connection.execute(delete(sign_ups).where(sign_ups.c.key == key))


def drop_open_sign_ups(connection: Connection, address: str) -> None:
    """Let nobody be asked any more who was asked at this address, but did not confirm."""
    is_open = sign_ups.c.confirmed_at.is_(None) & (sign_ups.c.purpose == Purpose.SIGN_UP)
    values = {"due_at": None}
    connection.execute(
        update(sign_ups).where(sign_ups.c.address == address, is_open).values(values)
    )


def purge_wishes(connection: Connection, before: dt.datetime) -> int:
    """Delete what was asked for before this moment, and was not asked again since."""
    return connection.execute(delete(sign_ups).where(_is_old(before))).rowcount


def count_old(connection: Connection, before: dt.datetime) -> int:
    """How much was asked for before this moment, and not asked again since?"""
    return count(connection, sign_ups, _is_old(before))


def _is_old(before: dt.datetime) -> ColumnElement[bool]:
    return (sign_ups.c.asked_at < before) & or_(
        sign_ups.c.mailed_at.is_(None), sign_ups.c.mailed_at < before
    )


def wish_from(row: Row[Any]) -> Wish:
    """Turn a row of the table into a wish."""
    values = dict(row._mapping)
    values["purpose"], values["tracking"] = Purpose(row.purpose), Tracking(row.tracking)
    return Wish(**values)


# --- what was shown, and who wants none of it ----------------------------------------------


def keep_wording(connection: Connection, wording: ConsentWording, now: dt.datetime) -> None:
    """Keep what people are shown when they agree."""
    row = insert_of(connection)(wordings).values(
        digest=wording.digest, language=wording.language, text=wording.text, shown_since=now
    )
    connection.execute(row.on_conflict_do_nothing())


def list_wordings(connection: Connection, digests: Collection[str]) -> list[ConsentWording]:
    """What was shown, word for word, in the order in which it was first?"""
    query = select(wordings).where(wordings.c.digest.in_(list(digests)))
    rows = connection.execute(query.order_by(wordings.c.shown_since, wordings.c.digest))
    return [ConsentWording(language=r.language, text=r.text, digest=r.digest) for r in rows]


def disown(connection: Connection, fingerprint: str, now: dt.datetime) -> None:
    """Record that whoever owns an address did not fill in the form."""
    row = insert_of(connection)(disowned).values(fingerprint=fingerprint, noted_at=now)
    connection.execute(row.on_conflict_do_nothing())


def is_disowned(connection: Connection, fingerprint: str) -> bool:
    """Did whoever owns an address say that it was not them?"""
    query = select(disowned.c.fingerprint).where(disowned.c.fingerprint == fingerprint)
    return connection.execute(query).scalar() is not None
