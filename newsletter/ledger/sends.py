"""Questions and changes about sends, their batches and deliveries.

Every change of state names the state it starts from, so none can undo another's work:
queued -> sending -> accepted | rejected | unknown; queued -> skipped;
unknown -> accepted | queued | abandoned; rejected -> queued, where one and all were refused.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from newsletter.ledger.people import may_be_mailed
from newsletter.ledger.tables import batches, deliveries, editions, pictures, sends, subscribers
from newsletter.model import Edition, Outcome, Picture, Slot, Standing, State, Subscriber


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """The mailing of an issue."""

    id: int
    key: str
    scope: str
    issue_id: str
    issue_date: str
    subject: str
    provider: str
    tag: str
    sender: tuple[str, str]
    reply_to: str
    public_url: str  # when it was frozen
    digest: str
    state: str
    reason: str
    left_out: Mapping[str, int]
    planned_at: str
    done_at: str | None

    @property
    def is_test(self) -> bool:
        """Tell whether it went to test addresses only."""
        return self.scope.startswith("test:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Deliveries of one edition that are sent in one call."""

    id: int
    send_id: int
    edition_id: int
    key: str
    worker: str
    attempt: int
    not_before: float
    called_at: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """A delivery with the person it goes to; a test may go to somebody who never subscribed."""

    delivery: int
    address: str
    state: State
    subscriber: Subscriber | None


# --- sends --------------------------------------------------------------------------------


def find_send(connection: Connection, scope: str) -> Send | None:
    """What is the send of this scope?"""
    row = connection.execute(select(sends).where(sends.c.scope == scope)).one_or_none()
    return _send_from(row) if row else None


def list_sends(connection: Connection) -> list[Send]:
    """Which issues were sent, oldest first? Tests are none."""
    query = select(sends).where(sends.c.scope == sends.c.issue_id).order_by(sends.c.issue_date)
    return [_send_from(row) for row in connection.execute(query)]


def set_send_state(
    connection: Connection,
    send_id: int,
    state: str,
    *,
    reason: str = "",
    done_at: str | None = None,
) -> None:
    """Note how far a send has come."""
    connection.execute(
        update(sends)
        .where(sends.c.id == send_id)
        .values(state=state, reason=reason, done_at=done_at)
    )


def count_states(connection: Connection, send_id: int) -> dict[State, int]:
    """How many deliveries of a send are in each state?"""
    query = (
        select(deliveries.c.state, func.count())
        .where(deliveries.c.send_id == send_id)
        .group_by(deliveries.c.state)
    )
    return {State(state): count for state, count in connection.execute(query)}


def list_deliveries(
    connection: Connection, send_id: int, state: State | None = None
) -> Iterator[tuple[str, State, str, str]]:
    """Which deliveries has a send: address, state, provider's message id, reason?"""
    columns = (
        deliveries.c.address,
        deliveries.c.state,
        deliveries.c.message_id,
        deliveries.c.reason,
    )
    query = select(*columns).where(deliveries.c.send_id == send_id).order_by(deliveries.c.address)
    if state:
        query = query.where(deliveries.c.state == state)
    for row in connection.execution_options(yield_per=1000).execute(query):
        yield row.address, State(row.state), row.message_id, row.reason


def count_joined_since(connection: Connection, moment: str) -> int:
    """How many who may be mailed joined after this moment?"""
    query = select(func.count()).select_from(subscribers)
    joined_later = may_be_mailed() & (subscribers.c.joined_at > moment)
    return connection.execute(query.where(joined_later)).scalar_one()


# --- editions -----------------------------------------------------------------------------


def load_edition(connection: Connection, edition_id: int) -> Edition:
    """What exactly was frozen under this id?"""
    row = connection.execute(
        select(editions, sends.c.issue_id)
        .join(sends, sends.c.id == editions.c.send_id)
        .where(editions.c.id == edition_id)
    ).one()
    return Edition(
        issue_id=row.issue_id,
        variant=row.variant,
        language=row.language,
        subject=row.subject,
        html=row.html,
        text=row.text,
        slots=tuple(Slot(**slot) for slot in row.slots),
        pictures=tuple(_load_picture(connection, **named) for named in row.pictures),
        digest=row.digest,
    )


def _load_picture(connection: Connection, source: str, digest: str) -> Picture:
    row = connection.execute(select(pictures).where(pictures.c.digest == digest)).one()
    return Picture(source=source, **row._mapping)


# --- batches ------------------------------------------------------------------------------


def claim_batch(connection: Connection, send_id: int, *, worker: str, now: float) -> Batch | None:
    """Claim the next batch with queued deliveries whose time has come; None if there is none.

    Deliveries to people who have left in the meantime are skipped.
    """
    queued = (deliveries.c.send_id == send_id) & (deliveries.c.state == State.QUEUED)
    query = (
        select(batches)
        .join(deliveries, deliveries.c.batch_id == batches.c.id)
        .where(queued, batches.c.not_before <= now)
        .order_by(batches.c.id)
        .limit(1)
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    _skip_those_who_left(connection, row.id)
    claimed = {"worker": worker, "attempt": row.attempt + 1, "called_at": now}
    connection.execute(update(batches).where(batches.c.id == row.id).values(**claimed))
    connection.execute(
        update(deliveries)
        .where(deliveries.c.batch_id == row.id, deliveries.c.state == State.QUEUED)
        .values(state=State.SENDING)
    )
    return _batch_from(row, **claimed)


def next_due(connection: Connection, send_id: int) -> float | None:
    """When may the next queued batch be tried? None if none is queued."""
    query = (
        select(func.min(batches.c.not_before))
        .join(deliveries, deliveries.c.batch_id == batches.c.id)
        .where(deliveries.c.send_id == send_id, deliveries.c.state == State.QUEUED)
    )
    return connection.execute(query).scalar()


def list_batches_in(connection: Connection, send_id: int, state: State) -> list[Batch]:
    """Which batches of a send hold deliveries in this state?"""
    query = (
        select(batches)
        .join(deliveries, deliveries.c.batch_id == batches.c.id)
        .where(deliveries.c.send_id == send_id, deliveries.c.state == state)
        .distinct()
        .order_by(batches.c.id)
    )
    return [_batch_from(row) for row in connection.execute(query)]


def list_recipients(connection: Connection, batch_id: int, state: State) -> list[Recipient]:
    """Who are the recipients of a batch in this state, in the order of the first call?"""
    query = (
        select(deliveries.c.id, deliveries.c.address, deliveries.c.state, subscribers)
        .join_from(deliveries, subscribers, isouter=True)
        .where(deliveries.c.batch_id == batch_id, deliveries.c.state == state)
        .order_by(deliveries.c.id)
    )
    return [_recipient_from(row) for row in connection.execute(query)]


def take_over_batch(
    connection: Connection, batch: Batch, *, worker: str, is_living: Callable[[str], bool]
) -> bool:
    """Note who now repeats the call of a batch in doubt; False if a living sender is at it."""
    this = batches.c.id == batch.id
    holder = connection.execute(select(batches.c.worker).where(this)).scalar_one()
    if holder != worker and is_living(holder):
        return False
    connection.execute(update(batches).where(this).values(worker=worker))
    return True


def release_batch(
    connection: Connection, batch_id: int, *, not_before: float, attempt: int
) -> None:
    """Put a batch the provider refused before acceptance back in the queue, under a new key."""
    connection.execute(
        update(batches)
        .where(batches.c.id == batch_id)
        .values(key=str(uuid4()), not_before=not_before, attempt=attempt, called_at=None)
    )
    _move(connection, batch_id, State.SENDING, State.QUEUED)


def split_batch(connection: Connection, batch: Batch) -> None:
    """Divide a batch that was refused as a whole into two, both queued, to find the culprit."""
    query = select(deliveries.c.id).where(
        deliveries.c.batch_id == batch.id, deliveries.c.state == State.SENDING
    )
    ids = list(connection.execute(query.order_by(deliveries.c.id)).scalars())
    values = {
        "send_id": batch.send_id,
        "edition_id": batch.edition_id,
        "key": str(uuid4()),
        "worker": "",
        "attempt": 0,
        "not_before": 0.0,
    }
    new_id = connection.execute(
        insert(batches).values(**values).returning(batches.c.id)
    ).scalar_one()
    upper = ids[len(ids) // 2 :]
    connection.execute(
        update(deliveries)
        .where(deliveries.c.batch_id == batch.id, deliveries.c.id >= upper[0])
        .where(deliveries.c.state == State.SENDING)
        .values(batch_id=new_id, state=State.QUEUED)
    )
    release_batch(connection, batch.id, not_before=0.0, attempt=0)


def doubt_batch(connection: Connection, batch_id: int, *, reason: str) -> None:
    """Note that nobody knows whether the provider took a batch."""
    _move(connection, batch_id, State.SENDING, State.UNKNOWN, reason=reason)


def decide_unknown(
    connection: Connection,
    send_id: int,
    *,
    resend: bool,
    now: str,
    is_living: Callable[[str], bool],
) -> int:
    """Carry out the editor's decision about unknown deliveries; return their number.

    Those that a living sender is just asking about are left alone.
    """
    state = State.QUEUED if resend else State.ABANDONED
    count = 0
    for batch in list_batches_in(connection, send_id, State.UNKNOWN):
        if is_living(batch.worker):
            continue
        if resend:
            connection.execute(
                update(batches)
                .where(batches.c.id == batch.id)
                .values(key=str(uuid4()), not_before=0.0, attempt=0, called_at=None)
            )
        unknown = (deliveries.c.batch_id == batch.id) & (deliveries.c.state == State.UNKNOWN)
        done = connection.execute(
            update(deliveries).where(unknown).values(state=state, changed_at=now)
        )
        count += done.rowcount
    return count


def requeue_rejected(connection: Connection, send_id: int, *, now: str) -> None:
    """Queue again those who were refused for a fault that is not theirs."""
    rejected = (deliveries.c.send_id == send_id) & (deliveries.c.state == State.REJECTED)
    connection.execute(
        update(deliveries).where(rejected).values(state=State.QUEUED, changed_at=now)
    )


def record_outcomes(connection: Connection, outcomes: Iterable[Outcome], now: str) -> None:
    """Write what became of each message of a call."""
    rows = [
        {"_id": o.delivery, "state": o.state, "message_id": o.message_id, "reason": o.reason}
        for o in outcomes
    ]
    if rows:
        statement = (
            update(deliveries)
            .where(deliveries.c.id == bindparam("_id"))
            .where(
                (deliveries.c.state == State.SENDING.value)
                | (deliveries.c.state == State.UNKNOWN.value)
            )
            .values(changed_at=now)
        )
        connection.execute(statement, rows)


def _skip_those_who_left(connection: Connection, batch_id: int) -> None:
    left = (
        select(subscribers.c.standing)
        .where(subscribers.c.id == deliveries.c.subscriber_id)
        .where(~may_be_mailed())
        .scalar_subquery()
    )
    connection.execute(
        update(deliveries)
        .where(deliveries.c.batch_id == batch_id, deliveries.c.state == State.QUEUED)
        .where(left.is_not(None), ~deliveries.c.scope.startswith("test:"))
        .values(state=State.SKIPPED, reason=left)
    )


def _move(
    connection: Connection, batch_id: int, old: State, new: State, *, reason: str = ""
) -> None:
    connection.execute(
        update(deliveries)
        .where(deliveries.c.batch_id == batch_id, deliveries.c.state == old)
        .values(state=new, reason=reason)
    )


def _send_from(row: Row[Any]) -> Send:
    return Send(**{**row._mapping, "sender": tuple(row.sender)})


def _batch_from(row: Row[Any], **changes: Any) -> Batch:
    return Batch(**{**row._mapping, **changes})


def _recipient_from(row: Row[Any]) -> Recipient:
    known = row.key is not None
    person = (
        Subscriber(
            address=row.address,
            key=row.key,
            name=row.name,
            language=row.language,
            attributes=row.attributes,
            standing=Standing(row.standing),
        )
        if known
        else None
    )
    return Recipient(
        delivery=row.id, address=row.address, state=State(row.state), subscriber=person
    )
