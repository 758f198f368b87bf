"""How far mailboxes were read."""

import datetime as dt

from sqlalchemy import Connection, select

from newsletter.ledger.bulk import insert_of
from newsletter.ledger.people_tables import mailboxes


def find_cursor(connection: Connection, name: str) -> tuple[int, int] | None:
    """How far was this mailbox read: UIDVALIDITY and UID?"""
    query = select(mailboxes.c.validity, mailboxes.c.uid).where(mailboxes.c.name == name)
    row = connection.execute(query).one_or_none()
    return (row.validity, row.uid) if row else None


def note_cursor(
    connection: Connection, name: str, *, validity: int, uid: int, now: dt.datetime
) -> None:
    """Record how far a mailbox was read."""
    values = {"validity": validity, "uid": uid, "read_at": now}
    insert = insert_of(connection)(mailboxes).values(name=name, **values)
    connection.execute(insert.on_conflict_do_update(index_elements=["name"], set_=values))
