"""A ledger hands everything over to another: at no instant can both send.

The origin goes from in use to no more calls to closed, the goal from nothing to arriving to in use:
only when all is there, and the origin was closed long before.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError

from newsletter.ledger import closing, restorations, transfer
from newsletter.ledger.open import HEAD, Ledger, lock_migrations, migrate
from newsletter.ledger.roles import Role, find_version, is_version, set_version, verify_role
from newsletter.ledger.tables import handovers

_TURN = 0x6D6F7665  # "move"
_TRY_TURN = text(f"SELECT pg_try_advisory_lock({_TURN}, hashtext(current_schema()))")
_END_TURN = text(f"SELECT pg_advisory_unlock({_TURN}, hashtext(current_schema()))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """What one ledger and another share."""

    key: str
    place: str  # of the other one
    at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is at a place."""

    is_blank: bool  # no table at all
    role: Role | None  # None: no ledger, or one without a number
    number: str = ""  # of its last migration
    handover: Handover | None = None  # the newest


def look_at(ledger: Ledger) -> Found:
    """What is at a place?"""
    with ledger.read() as connection:
        version = find_version(connection)
        if version is None or not is_version(version[1]):
            return Found(is_blank=transfer.is_blank(connection), role=None)
        role, number = version
        return Found(is_blank=False, role=role, number=number, handover=_newest(connection))


@contextmanager
def turn_at(ledger: Ledger) -> Iterator[bool]:
    """Is it this process's turn to move a ledger of a server, until the block ends?

    The lock is the server's. It is given back at the end, and by the server when it sees that
    a connection is gone: a while after that, so nobody may wait for it.
    """
    if not ledger.is_shared:
        yield True
        return
    with ledger.session() as session:
        session.connection.execution_options(isolation_level="AUTOCOMMIT")
        is_ours = bool(session.connection.execute(_TRY_TURN).scalar())
        try:
            yield is_ours
        finally:
            if is_ours:
                with suppress(DBAPIError):  # the server has ended, and the lock with it
                    session.connection.execute(_END_TURN)


def begin_arrival(ledger: Ledger, handover: Handover) -> None:
    """Make the tables of a ledger that nobody uses yet, where nothing is."""
    with ledger.write() as connection:
        lock_migrations(connection)
        migrate(connection)
        set_version(connection, Role.ARRIVING, HEAD)
        _note(connection, handover)


def finish_arrival(ledger: Ledger) -> None:
    """Let a ledger be used, now that all is there; raise ConfigError if its move was given up."""
    with ledger.write() as connection:
        lock_migrations(connection)
        role, _ = find_version(connection) or (Role.GIVEN_UP, "")
        if role is not Role.ARRIVING:  # another run of the same move was faster, or gave it up
            verify_role(connection, role, ledger.place)
            return
        transfer.count_on(connection)
        set_version(connection, Role.IN_USE, HEAD)


def begin_leaving(ledger: Ledger, number: str, handover: Handover) -> None:
    """Let nobody open a ledger any more, nor begin a call; calls under way are recorded."""
    with ledger.write() as connection:
        closing.close_calls(connection)
        set_version(connection, Role.MOVED, number)
        _note(connection, handover)


def finish_leaving(ledger: Ledger) -> bool:
    """Let nobody change a ledger any more; False if it was reopened meanwhile."""
    with ledger.write() as connection:
        lock_migrations(connection)
        role, _ = find_version(connection) or (Role.IN_USE, "")
        if role is Role.MOVED:
            closing.close(connection)
        return role is Role.MOVED


def reopen(ledger: Ledger, number: str) -> None:
    """Let a ledger be used again that was closed."""
    with ledger.write() as connection:
        lock_migrations(connection)
        closing.reopen(connection)
        set_version(connection, Role.IN_USE, number)


def come_back(
    connection: Connection,
    number: str,
    made_at: dt.datetime | None,
    now: dt.datetime,
    *,
    in_doubt: bool,
) -> int:
    """Make a ledger of what a backup held, in one transaction; return how many are in doubt.

    Nothing is `in_doubt` if nothing was sent after the backup.
    """
    set_version(connection, Role.IN_USE, number)
    migrate(connection)
    closing.reopen(connection)
    if in_doubt:
        return restorations.doubt_all(connection, made_at, now)
    restorations.trust_all(connection, made_at, now)
    return 0


def refuse_arrival(ledger: Ledger, key: str) -> bool:
    """Let what arrived of a ledger never be used; False if that was finished, so another goes on.

    By now that one may have been moved on.
    """
    with ledger.write() as connection:
        lock_migrations(connection)
        found = find_version(connection)
        if found is None or not _knows(connection, key):
            return True
        role, number = found
        if role is Role.ARRIVING:
            set_version(connection, Role.GIVEN_UP, number)
        return role in (Role.ARRIVING, Role.GIVEN_UP)


def _note(connection: Connection, handover: Handover) -> None:
    connection.execute(delete(handovers).where(handovers.c.key == handover.key))
    connection.execute(
        insert(handovers).values(key=handover.key, place=handover.place, at=handover.at)
    )


def _newest(connection: Connection) -> Handover | None:
    if not inspect(connection).has_table(handovers.name):  # of an older version
        return None
    row = connection.execute(select(handovers).order_by(handovers.c.at.desc()).limit(1)).first()
    return Handover(**row._mapping) if row else None


def _knows(connection: Connection, key: str) -> bool:
    if not inspect(connection).has_table(handovers.name):
        return False
    return bool(connection.execute(select(handovers).where(handovers.c.key == key)).first())
