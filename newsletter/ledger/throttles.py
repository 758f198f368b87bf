"""How often something was done in a span of time, and which proofs of work were accepted."""

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import Connection, delete, func, select

from newsletter.ledger.bulk import insert_of
from newsletter.ledger.people_tables import challenges, throttles

_HOUR = 3600  # seconds; the grain in which is counted


def count_one(connection: Connection, key: str, now: dt.datetime) -> None:
    """Count one more, in the hour that it is."""
    row = insert_of(connection)(throttles).values(key=key, window=_hour(now), count=1)
    connection.execute(
        row.on_conflict_do_update(
            index_elements=[throttles.c.key, throttles.c.window],
            set_={"count": throttles.c.count + 1},
        )
    )


def count_since(
    connection: Connection, hours_of: Mapping[str, int], now: dt.datetime
) -> dict[str, int]:
    """How often was each of these counted in the hours before now, this one included?"""
    found = {}
    for key, hours in hours_of.items():
        query = select(func.coalesce(func.sum(throttles.c.count), 0)).where(
            throttles.c.key == key, throttles.c.window > _hour(now) - hours
        )
        found[key] = int(connection.execute(query).scalar_one())
    return found


def accept_proof(connection: Connection, id: str, expires_at: dt.datetime) -> bool:
    """Accept a proof of work; False if it was accepted before."""
    row = insert_of(connection)(challenges).values(id=id, expires_at=expires_at)
    new = row.on_conflict_do_nothing().returning(challenges.c.id)
    return connection.execute(new).scalar() is not None


def purge_throttles(connection: Connection, now: dt.datetime, *, days: int) -> None:
    """Delete what was counted so many days ago, and proofs that nobody could show again."""
    oldest = _hour(now - dt.timedelta(days=days))
    connection.execute(delete(throttles).where(throttles.c.window < oldest))
    connection.execute(delete(challenges).where(challenges.c.expires_at < now))


def _hour(now: dt.datetime) -> int:
    return int(now.timestamp()) // _HOUR
