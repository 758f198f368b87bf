"""Queries and changes of the processes that send."""

from dataclasses import dataclass
from functools import cache

from sqlalchemy import (
    Connection,
    Update,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from newsletter.ledger.instants import clock_of_database
from newsletter.ledger.tables import workers

MISSED = 35.0  # seconds; not seen for so long, a worker counts as not serving
_FORGOTTEN = 24 * 3600.0  # seconds after which a dead worker is no longer listed


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownWorker:
    """A process that sends, or did so."""

    name: str
    host: str
    is_serving: bool  # False: carries out one send and ends
    account: str = ""  # the account it sends through; empty if unknown
    age: float  # seconds since it was last seen, by the database's clock

    @property
    def is_missed(self) -> bool:
        """Return whether it was not seen for so long that it counts as not serving."""
        return self.age >= MISSED


def enroll(
    connection: Connection, name: str, *, host: str, is_serving: bool, account: str = ""
) -> None:
    """Register a worker as living."""
    now = clock_of_database(connection.dialect.name)
    if not note_living(connection, name):
        connection.execute(
            insert(workers).values(
                name=name, host=host, is_serving=is_serving, account=account, seen_at=now
            )
        )
        connection.execute(delete(workers).where(workers.c.seen_at < now - _FORGOTTEN))


def note_living(connection: Connection, name: str) -> bool:
    """Renew a worker's lease; False if it is not registered."""
    return bool(connection.execute(_seen(connection.dialect.name), {"worker": name}).rowcount)


def leave(connection: Connection, name: str) -> None:
    """Record that a worker has ended in good order."""
    connection.execute(delete(workers).where(workers.c.name == name))


def count_serving(connection: Connection) -> int:
    """How many workers serve, as far as the ledger can tell?"""
    return sum(w.is_serving and not w.is_missed for w in list_workers(connection))


def find_worker(connection: Connection, name: str) -> KnownWorker | None:
    """What is known about the worker with this name?"""
    return next((w for w in list_workers(connection) if w.name == name), None)


def list_workers(connection: Connection) -> list[KnownWorker]:
    """Which workers have not signed off, the newest first?"""
    age = clock_of_database(connection.dialect.name) - workers.c.seen_at
    query = select(workers, age.label("age"))
    return [
        KnownWorker(**{k: v for k, v in row._mapping.items() if k != "seen_at"})
        for row in connection.execute(query.order_by(workers.c.seen_at.desc()))
    ]


@cache
def _seen(dialect: str) -> Update:
    """Return the statement of every claim: to build it takes longer than to execute it."""
    this = update(workers).where(workers.c.name == bindparam("worker"))
    return this.values(seen_at=clock_of_database(dialect))
