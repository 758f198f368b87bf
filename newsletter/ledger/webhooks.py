"""What providers post: kept as it came before anybody reads it, then taken in once each."""

import datetime as dt
import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, func, select, update

from newsletter.ledger import queue
from newsletter.ledger.bulk import count, delete_some, in_chunks, insert_of
from newsletter.ledger.people_tables import webhooks
from newsletter.model import DIGEST, UPKEEP, Job

WAITING, TAKEN, FAILED = "waiting", "taken", "failed"
_JOB = Job(name=DIGEST, queue=UPKEEP, key=DIGEST, is_alone=True)


class Posting(NamedTuple):
    """A request of a provider that proved to be genuine."""

    provider: str
    body: bytes
    received_at: dt.datetime
    once: str = ""  # what no second request may bring

    @property
    def digest(self) -> str:
        """Return what a repeat of it has, too."""
        what = self.once.encode() if self.once else hashlib.sha256(self.body).digest()
        return hashlib.sha256(f"{self.provider}\0".encode() + what).hexdigest()


class Waiting(NamedTuple):
    """A request that is to be read."""

    id: int
    provider: str
    body: bytes
    received_at: dt.datetime


class Unread(NamedTuple):
    """A request that could not be read, and why."""

    provider: str
    received_at: dt.datetime
    reason: str


class Lag(NamedTuple):
    """How far reading is behind."""

    waiting: int
    oldest: dt.datetime | None  # when the first of them came


def add_postings(connection: Connection, some: Sequence[Posting]) -> None:
    """Keep requests, each once, and ask for their being read, in the same transaction."""
    rows = [
        {
            "provider": one.provider,
            "digest": one.digest,
            "received_at": one.received_at,
            "headers": {},
            "body": one.body,
            "state": WAITING,
            "reason": "",
        }
        for one in some
    ]
    insert = insert_of(connection)(webhooks).on_conflict_do_nothing()
    connection.execute(insert, rows)
    queue.put(connection, _JOB)


def is_known(connection: Connection, posting: Posting) -> bool:
    """Was this request, or another with the same token, kept before?"""
    query = select(webhooks.c.id).where(webhooks.c.digest == posting.digest)
    return connection.execute(query).first() is not None


def list_waiting(connection: Connection, *, most: int, most_bytes: int) -> list[Waiting]:
    """Which requests are to be read, the oldest first? At least one, whatever its size."""
    size = func.length(webhooks.c.body)
    waiting = select(webhooks.c.id, size).where(webhooks.c.state == WAITING)
    ids, room = list[int](), most_bytes
    for id, length in connection.execute(waiting.order_by(webhooks.c.id).limit(most)):
        room -= length
        if ids and room < 0:
            break
        ids.append(id)
    columns = (webhooks.c.id, webhooks.c.provider, webhooks.c.body, webhooks.c.received_at)
    query = select(*columns).where(webhooks.c.id.in_(ids)).order_by(webhooks.c.id)
    return [Waiting(*row) for row in connection.execute(query)]


def note_taken(connection: Connection, ids: Collection[int], now: dt.datetime) -> None:
    """Record that requests were taken in."""
    for some in in_chunks(ids):
        these = update(webhooks).where(webhooks.c.id.in_(some))
        connection.execute(these.values(state=TAKEN, taken_at=now, reason=""))


def blank(connection: Connection, ids: Collection[int]) -> None:
    """Forget what requests said, but that they came."""
    for some in in_chunks(ids):
        connection.execute(update(webhooks).where(webhooks.c.id.in_(some)).values(body=b""))


def note_failed(connection: Connection, id: int, reason: str, now: dt.datetime) -> None:
    """Record why a request could not be taken in; it is kept like the others."""
    this = update(webhooks).where(webhooks.c.id == id)
    connection.execute(this.values(state=FAILED, taken_at=now, reason=reason))


def retry_failed(connection: Connection) -> int:
    """Let requests be read again that could not be, as by a newer version; return how many."""
    these = update(webhooks).where(webhooks.c.state == FAILED)
    count = connection.execute(these.values(state=WAITING, reason="")).rowcount
    if count:
        queue.put(connection, _JOB)
    return count


def delete_old(connection: Connection, *, before: dt.datetime) -> int:
    """Delete what was posted before this moment and read since; return how many requests.

    So many that nobody waits long for the ledger: again until there is none. No signature holds as
    long as that, so a token that is forgotten cannot be used again.
    """
    return delete_some(connection, webhooks, _is_over(before))


def count_old(connection: Connection, *, before: dt.datetime) -> int:
    """How many requests were posted before this moment, and read since?"""
    return count(connection, webhooks, _is_over(before))


def _is_over(before: dt.datetime) -> ColumnElement[bool]:
    return (webhooks.c.state != WAITING) & (webhooks.c.received_at < before)


def list_unread(connection: Connection, *, most: int = 100) -> list[Unread]:
    """Which requests could not be read, the newest first?"""
    columns = (webhooks.c.provider, webhooks.c.received_at, webhooks.c.reason)
    query = select(*columns).where(webhooks.c.state == FAILED).order_by(webhooks.c.id.desc())
    return [Unread(*row) for row in connection.execute(query.limit(most))]


def find_lag(connection: Connection) -> Lag:
    """How many requests are still to be read, and since when?"""
    is_waiting = webhooks.c.state == WAITING
    query = select(func.count(), func.min(webhooks.c.received_at)).where(is_waiting)
    return Lag(*connection.execute(query).one())


def newest_by_provider(connection: Connection) -> Mapping[str, dt.datetime]:
    """When did each provider last post anything?"""
    query = select(webhooks.c.provider, func.max(webhooks.c.received_at))
    rows = connection.execute(query.group_by(webhooks.c.provider))
    return {name: at for name, at in rows}
