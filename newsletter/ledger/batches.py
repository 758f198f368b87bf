"""What happens to batches after a call: decided, queued again, split, or in doubt.

queued -> sending -> settled | unknown | queued; unknown -> settled | queued. An open delivery is
where its batch is; a decided one never changes again except rejected -> open, if the recipient was
not at fault or the editor tries again.

Every change names the state it starts from and the key of its call. A batch gets a new key whenever
it is queued again, so a change that comes twice or too late changes nothing.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Row,
    bindparam,
    insert,
    select,
    update,
)

from newsletter.language import as_stored
from newsletter.ledger.bulk import count, listed, update_rows
from newsletter.ledger.instants import EPOCH
from newsletter.ledger.tables import OPEN, batches, deliveries
from newsletter.model import BatchState, Outcome, State

_CHUNK = 10_000  # batches inserted at once: there may be one for each reader
_NO_OUTCOME = "the provider did not say what became of it"

# Statements of every call: to build one takes longer than to execute it.
_OPEN_IN = (deliveries.c.batch_id == bindparam("batch")) & (deliveries.c.state == OPEN)
_STILL_OPEN = deliveries.c.state == OPEN
_KEY = select(batches.c.key).where(batches.c.id == bindparam("batch")).with_for_update()
_SETTLED = (
    update(batches)
    .where(batches.c.id == bindparam("batch"), ~select(deliveries.c.id).where(_OPEN_IN).exists())
    .values(state=BatchState.SETTLED, reason="")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Deliveries of one edition that are sent in one call."""

    id: int
    send_id: int
    edition_id: int
    size: int  # deliveries in the current call, or to be called with
    is_canary: bool
    state: BatchState
    reason: str
    key: str  # UUID of the current call
    worker: str
    attempt: int
    not_before: dt.datetime
    called_at: dt.datetime | None
    root_id: int | None = None
    restored_at: dt.datetime | None = None

    @property
    def root(self) -> int:
        """Return the batch in which its people were planned: all calls carry that one's tag."""
        return self.root_id or self.id


def insert_batches(
    connection: Connection, send_id: int, edition_id: int, sizes: Sequence[int], *, canary: bool
) -> list[int]:
    """Insert the batches planned for an edition; return their ids in the same order."""
    fixed = {"send_id": send_id, "edition_id": edition_id, "is_canary": canary}
    statement = insert(batches).returning(batches.c.id, sort_by_parameter_order=True)
    ids: list[int] = []
    for start in range(0, len(sizes), _CHUNK):
        part = sizes[start : start + _CHUNK]
        rows = [{**fixed, **queued_afresh(), "size": size} for size in part]
        ids += connection.execute(statement, rows).scalars()
    return ids


def record_outcomes(
    connection: Connection,
    batch: Batch,
    outcomes: Iterable[Outcome],
    *,
    now: dt.datetime,
    retry_at: dt.datetime = EPOCH,
    deferred_until: dt.datetime = EPOCH,
) -> None:
    """Record the outcomes of the messages of a call; the batch is settled when all are decided.

    Temporary refusals go to a batch of their own that is queued until `retry_at`, those deferred by
    the recipient's server to one until `deferred_until`. What the call leaves open is in doubt.
    Whoever was accepted stays so even if others gave up the call.
    """
    this = {"batch": batch.id}
    is_current = connection.execute(_KEY, this).scalar_one() == batch.key
    told = [o for o in outcomes if is_current or o.state is State.ACCEPTED]
    accepted = [o for o in told if o.state is State.ACCEPTED]
    rejected = [o for o in told if o.state is State.REJECTED]
    _decide(connection, accepted, _STILL_OPEN, {}, now)
    _decide(connection, rejected, _OPEN_IN, this, now)
    for is_deferred, not_before in ((False, retry_at), (True, deferred_until)):
        again = [o for o in told if o.state is State.QUEUED and o.transient is is_deferred]
        if not again:
            continue
        set_apart(
            connection,
            batch,
            [o.delivery for o in again],
            now=now,
            reason=_storable(as_stored(again[0].reason)),
            not_before=not_before,
            attempt=batch.attempt,
        )
    if not settle(connection, batch.id):
        reasons = (_storable(o.reason) for o in told if o.state is State.UNKNOWN)
        doubt_batch(connection, batch.id, key=batch.key, reason=next(reasons, _NO_OUTCOME))


def release_batch(
    connection: Connection,
    batch_id: int,
    *,
    key: str = "",
    not_before: dt.datetime,
    attempt: int,
    reason: str = "",
) -> None:
    """Queue a batch again that the provider refused before acceptance, under a new key."""
    values = queued_afresh() | {"not_before": not_before, "attempt": attempt, "reason": reason}
    change_batch(connection, of_call(batch_id, key), BatchState.SENDING, **values)


def split_batch(connection: Connection, batch: Batch) -> None:
    """Split a batch that was refused as a whole into two, both queued, to find the culprit."""
    this = of_call(batch.id, batch.key)
    if not change_batch(connection, this, BatchState.SENDING, **queued_afresh()):
        return
    query = select(deliveries.c.id).where(is_open_in(batch.id)).order_by(deliveries.c.id)
    ids = list(connection.execute(query).scalars())
    set_apart(connection, batch, ids[len(ids) // 2 :])


def doubt_batch(connection: Connection, batch_id: int, *, key: str = "", reason: str) -> None:
    """Record that it is unknown whether the provider accepted a batch."""
    values = {"state": BatchState.UNKNOWN, "reason": reason, "worker": ""}
    change_batch(connection, of_call(batch_id, key), BatchState.SENDING, **values)


def set_apart(
    connection: Connection,
    parent: Batch,
    ids: Sequence[int],
    *,
    was: str = OPEN,
    now: dt.datetime | None = None,
    **values: Any,
) -> int:
    """Move the deliveries in some state from a batch to one of their own, to be sent.

    Return how many they are.
    """
    wanted = listed(connection, {"id": ids}, {"id": Integer()})
    movable = (
        (deliveries.c.batch_id == parent.id)
        & (deliveries.c.state == was)
        & deliveries.c.id.in_(select(wanted.c.id))
    )
    moving = count(connection, deliveries, movable)
    if not moving:
        return 0
    fixed = {
        "send_id": parent.send_id,
        "edition_id": parent.edition_id,
        "size": moving,
        "is_canary": parent.is_canary,
        "root_id": parent.root,
    }
    statement = insert(batches).values(**{**fixed, **queued_afresh(), **values})
    new_id = connection.execute(statement.returning(batches.c.id)).scalar_one()
    moved = {"batch_id": new_id, "state": OPEN, "reason": "", "transient": False}
    moved |= {"changed_at": now} if now else {}
    connection.execute(update(deliveries).where(movable).values(moved))
    smaller = update(batches).where(batches.c.id == parent.id)
    connection.execute(smaller.values(size=batches.c.size - moving))
    return moving


def settle(connection: Connection, batch_id: int) -> bool:
    """Record that a batch has no open delivery left; False if it has."""
    return bool(connection.execute(_SETTLED, {"batch": batch_id}).rowcount)


def change_batch(
    connection: Connection, which: ColumnElement[bool], was: BatchState, /, **values: Any
) -> bool:
    """Change a batch that is in a state still; False if it is not."""
    this = which & (batches.c.state == was)
    return bool(connection.execute(update(batches).where(this).values(**values)).rowcount)


def list_where(
    connection: Connection, *which: ColumnElement[bool], lock: bool = False
) -> list[Batch]:
    """Which batches meet all these conditions? Locked, nobody else changes them before the end."""
    query = select(batches).where(*which).order_by(batches.c.id)
    rows = connection.execute(query.with_for_update() if lock else query)
    return [batch_from(row) for row in rows]


def of_call(batch_id: int, key: str) -> ColumnElement[bool]:
    """Return the SQL that finds a batch as long as its call is the one with this key."""
    this = batches.c.id == batch_id
    return this & (batches.c.key == key) if key else this


def is_open_in(batch_id: int) -> ColumnElement[bool]:
    """Return the SQL that finds the open deliveries of a batch."""
    return (deliveries.c.batch_id == batch_id) & (deliveries.c.state == OPEN)


def _decide(
    connection: Connection,
    outcomes: Sequence[Outcome],
    which: ColumnElement[bool],
    parameters: Mapping[str, Any],
    now: dt.datetime,
) -> None:
    if not outcomes:
        return
    values: dict[str, list[Any]] = {
        "state": [o.state for o in outcomes],
        "message_id": [_storable(o.message_id) for o in outcomes],
        "reason": [_storable(as_stored(o.reason)) for o in outcomes],
        "transient": [o.transient for o in outcomes],
    }
    ids = [o.delivery for o in outcomes]
    update_rows(connection, deliveries, ids, which, values, parameters, changed_at=now)


def _storable(text: str) -> str:
    """Return a provider's message without what no database stores: NUL, lone surrogates."""
    if text.isascii() and "\0" not in text:
        return text
    return text.encode("utf-8", "replace").decode().replace("\0", "")


def queued_afresh() -> dict[str, Any]:
    """Return the values of a batch that is queued as if it had never been called."""
    return {
        "state": BatchState.QUEUED,
        "key": str(uuid4()),
        "not_before": EPOCH,
        "attempt": 0,
        "called_at": None,
        "reason": "",
        "worker": "",
        "restored_at": None,
    }


def batch_from(row: Row[Any], **changes: Any) -> Batch:
    """Turn a row of the batches into a batch."""
    values = {**row._mapping, **changes}
    return Batch(**{**values, "state": BatchState(values["state"])})
