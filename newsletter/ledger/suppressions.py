"""Who must not be mailed though nothing else is kept of them: keyed hashes of their addresses."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Protocol

from sqlalchemy import Connection, delete, select

from newsletter.errors import ConfigError
from newsletter.language import say
from newsletter.ledger.bulk import in_chunks, insert_of
from newsletter.ledger.people_tables import suppressions
from newsletter.model import Standing

KEY = "key"  # the source of the row that tells by which key the others were made


class Marks(Protocol):
    """What tells the keyed hash of an address."""

    def of(self, address: str) -> str:
        """Return the keyed hash of an address; of "" that which tells the key."""
        ...


def verify_key(connection: Connection, marks: Marks | None) -> bool:
    """Return whether anybody is known by a hash alone.

    Raise ConfigError if so, and hashes of today would not find them: whoever was erased would be
    mailed again.
    """
    known = key_marks(connection)
    if not known:
        return False
    if marks is None or known != {marks.of("")}:
        raise ConfigError(
            say(
                "NEWSLETTER_SECRET is not the one by which those who were erased are known, so "
                "nobody can be added without risk: put it back into the environment or .env"
            )
        )
    return True


def add(
    connection: Connection,
    marks: Iterable[str],
    standing: Standing,
    *,
    source: str,
    key: Marks,
    now: dt.datetime,
) -> int:
    """Add those that are not known yet; return how many. `key` is what made them."""
    own = {"fingerprint": key.of(""), "standing": Standing.ERASED, "source": KEY, "noted_at": now}
    connection.execute(insert_of(connection)(suppressions).values(own).on_conflict_do_nothing())
    added = 0
    for some in in_chunks(dict.fromkeys(marks)):
        rows = [
            {"fingerprint": mark, "standing": standing, "source": source, "noted_at": now}
            for mark in some
        ]
        statement = insert_of(connection)(suppressions).values(rows).on_conflict_do_nothing()
        added += connection.execute(statement).rowcount
    return added


def lift(connection: Connection, mark: str) -> bool:
    """Forget about an address, whose owner wishes for mail again; was it known?"""
    this = suppressions.c.fingerprint == mark, suppressions.c.source != KEY
    return connection.execute(delete(suppressions).where(*this)).rowcount > 0


def find(connection: Connection, mark: str) -> Standing | None:
    """How does an address stand of which only this hash is kept?"""
    return list_all(connection, [mark]).get(mark)


def list_all(connection: Connection, marks: Iterable[str] | None = None) -> Mapping[str, Standing]:
    """How do those stand of whom only these hashes are kept, or any?"""
    query = select(suppressions.c.fingerprint, suppressions.c.standing)
    query = query.where(suppressions.c.source != KEY)
    if marks is None:
        return {mark: Standing(standing) for mark, standing in connection.execute(query)}
    found: dict[str, Standing] = {}
    for some in in_chunks(marks):
        rows = connection.execute(query.where(suppressions.c.fingerprint.in_(some)))
        found |= {mark: Standing(standing) for mark, standing in rows}
    return found


def key_marks(connection: Connection) -> set[str]:
    """By which keys were the hashes made? One, unless the secret was changed."""
    query = select(suppressions.c.fingerprint).where(suppressions.c.source == KEY)
    return set(connection.execute(query).scalars())
