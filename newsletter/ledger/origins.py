"""Issues that readers had before their list moved here, according to the ledger it left."""

import datetime as dt

from sqlalchemy import Connection, delete, exists, func, insert, select

from newsletter.ledger.tables import deliveries, origins, sends, subscribers
from newsletter.model import State

_NOT_MAILED = (State.SKIPPED, State.REJECTED)


def sent_elsewhere_until(connection: Connection) -> str:
    """What is the date of the newest issue that another ledger sent to this list? Empty if none."""
    return connection.execute(select(func.max(origins.c.sent_until))).scalar_one() or ""


def sent_until(connection: Connection) -> str:
    """What is the date of the newest issue that readers were sent, here or elsewhere?"""
    mailed = exists().where(
        deliveries.c.send_id == sends.c.id, deliveries.c.state.not_in(_NOT_MAILED)
    )
    is_real = sends.c.scope == sends.c.issue_id
    here = select(func.max(sends.c.issue_date)).where(is_real, mailed)
    newest = connection.execute(here).scalar_one() or ""
    return max(newest, sent_elsewhere_until(connection))


def is_news(connection: Connection, day: str) -> bool:
    """Is a day later than any up to which issues are known to have been sent elsewhere?"""
    return day > sent_elsewhere_until(connection)


def note_origin(connection: Connection, day: str, taken_at: dt.datetime) -> None:
    """Record that a list comes from a ledger that had sent issues up to a day."""
    if is_news(connection, day):
        connection.execute(insert(origins).values(sent_until=day, taken_at=taken_at))


def forget_origin(connection: Connection, taken_at: dt.datetime) -> None:
    """Forget where a list that was taken back came from, if nobody who joined by it is left."""
    is_here = exists().where(subscribers.c.joined_at == taken_at)
    gone = (origins.c.taken_at == taken_at) & ~is_here
    connection.execute(delete(origins).where(gone))
