"""Batches in doubt, and what the editor decides about deliveries."""

import datetime as dt
from collections.abc import Callable, Collection

from sqlalchemy import Connection, func, select, true, update

from newsletter.language import say
from newsletter.ledger.batches import (
    Batch,
    change_batch,
    is_open_in,
    list_where,
    of_call,
    queued_afresh,
    set_apart,
    settle,
)
from newsletter.ledger.bulk import count
from newsletter.ledger.moves import has_moved
from newsletter.ledger.restorations import doubted, restored_at
from newsletter.ledger.tables import batches, deliveries
from newsletter.model import BatchState, State


def list_batches(connection: Connection, send_id: int, state: BatchState) -> list[Batch]:
    """Which batches of a send are in this state?"""
    return list_where(connection, batches.c.send_id == send_id, batches.c.state == state)


def list_holders(connection: Connection, send_id: int) -> list[str]:
    """Which workers are calling about a batch of a send, or asking about one in doubt?"""
    held = batches.c.state.in_([BatchState.SENDING, BatchState.UNKNOWN]) & (batches.c.worker != "")
    query = select(batches.c.worker).where(batches.c.send_id == send_id, held).distinct()
    return list(connection.execute(query).scalars())


def next_look(connection: Connection, send_id: int) -> dt.datetime | None:
    """When is asking about a batch of a send that is in doubt next worthwhile?"""
    in_doubt = batches.c.send_id == send_id, batches.c.state == BatchState.UNKNOWN
    return connection.execute(select(func.min(batches.c.not_before)).where(*in_doubt)).scalar()


def list_all_holders(connection: Connection) -> list[str]:
    """Which workers are calling about a batch of any send, or asking about one in doubt?"""
    held = batches.c.state.in_([BatchState.SENDING, BatchState.UNKNOWN]) & (batches.c.worker != "")
    return list(connection.execute(select(batches.c.worker).where(held).distinct()).scalars())


def count_batches(connection: Connection, send_id: int, state: BatchState) -> int:
    """How many batches of a send are in this state?"""
    return count(connection, batches, batches.c.send_id == send_id, batches.c.state == state)


def count_open(connection: Connection, send_id: int) -> int:
    """How many deliveries are in batches that are not settled? A quick estimate of progress."""
    query = select(func.coalesce(func.sum(batches.c.size), 0)).where(batches.c.send_id == send_id)
    return int(connection.execute(query.where(batches.c.state != BatchState.SETTLED)).scalar_one())


def take_over_batch(
    connection: Connection, batch: Batch, *, worker: str, is_living: Callable[[str], bool]
) -> bool:
    """Record who now asks about a batch in doubt; False if a living worker is doing so."""
    this = of_call(batch.id, batch.key)
    for known in list_where(connection, this, batches.c.state == BatchState.UNKNOWN, lock=True):
        if known.worker == worker or not is_living(known.worker):
            return change_batch(connection, this, BatchState.UNKNOWN, worker=worker)
    return False


def stop_asking(connection: Connection, batch_id: int, *, worker: str = "") -> None:
    """Record that a worker no longer asks about a batch; it may be queued, even claimed."""
    this = batches.c.id == batch_id
    if worker:
        this = this & (batches.c.worker == worker)
    change_batch(connection, this, BatchState.UNKNOWN, worker="")


def ask_again(connection: Connection, batch_id: int, *, key: str = "", at: dt.datetime) -> None:
    """Record when asking about a batch in doubt is next worthwhile."""
    change_batch(connection, of_call(batch_id, key), BatchState.UNKNOWN, not_before=at)


def requeue_batch(connection: Connection, batch_id: int, *, key: str = "") -> None:
    """Queue what is open of a batch in doubt, under a new key: it was not accepted."""
    change_batch(connection, of_call(batch_id, key), BatchState.UNKNOWN, **queued_afresh())


def decide_unknown(
    connection: Connection,
    send_id: int,
    *,
    resend: bool,
    now: dt.datetime,
    is_living: Callable[[str], bool],
    keys: Collection[str] | None = None,
) -> None:
    """Carry out the editor's decision about unknown deliveries: about the calls with these keys.

    Those that a living worker is just asking about are left alone.
    """
    in_doubt = batches.c.send_id == send_id, batches.c.state == BatchState.UNKNOWN
    for batch in list_where(connection, *in_doubt, lock=True):
        if is_living(batch.worker) or (keys is not None and batch.key not in keys):
            continue
        if resend:
            requeue_batch(connection, batch.id)
        else:
            _close(connection, batch.id, State.ABANDONED, now, batch.reason)


def requeue_rejected(
    connection: Connection, send_id: int, *, now: dt.datetime, transient_only: bool
) -> int:
    """Queue again those refused through no fault of their own; return their number.

    With `transient_only`, those whose address was corrected since are among them.
    """
    rejected = (deliveries.c.send_id == send_id) & (deliveries.c.state == State.REJECTED)
    if transient_only:
        rejected = rejected & (deliveries.c.transient | has_moved())
    where = select(deliveries.c.batch_id).where(rejected)
    parents = list_where(connection, batches.c.id.in_(where), lock=True)
    since = restored_at(connection)
    members: dict[int, list[int]] = {batch.id: [] for batch in parents}
    before: dict[int, list[int]] = {batch.id: [] for batch in parents}
    for batch_id, id_, changed_at in connection.execute(
        select(deliveries.c.batch_id, deliveries.c.id, deliveries.c.changed_at).where(rejected)
    ):
        if batch_id in members:
            is_older = since is not None and changed_at <= since
            (before if is_older else members)[batch_id].append(id_)
    return sum(
        set_apart(connection, batch, members[batch.id], was=State.REJECTED, now=now)
        + set_apart(
            connection, batch, before[batch.id], was=State.REJECTED, now=now,
            **doubted(since or now, called_at=batch.called_at or since or now),
        )
        for batch in parents
    )  # fmt: skip


def cancel_queued(connection: Connection, send_id: int, *, now: dt.datetime) -> None:
    """Skip everything of a send that is still queued, for good."""
    queued = batches.c.send_id == send_id, batches.c.state == BatchState.QUEUED
    for batch in list_where(connection, *queued, lock=True):
        _close(connection, batch.id, State.SKIPPED, now, "cancelled")


def skip_batch(connection: Connection, batch_id: int, *, now: dt.datetime, reason: str) -> None:
    """Skip for good whatever of a batch is open."""
    _close(connection, batch_id, State.SKIPPED, now, reason)


def list_members(connection: Connection, root: int) -> list[str]:
    """Whose mail was planned in a batch: all addresses, wherever they are by now?"""
    theirs = (batches.c.id == root) | (batches.c.root_id == root)
    query = select(deliveries.c.address).join(batches, batches.c.id == deliveries.c.batch_id)
    return list(connection.execute(query.where(theirs)).scalars())


def list_open_canary(connection: Connection, send_id: int) -> list[Batch]:
    """Which batches of a send's canary are not settled yet?"""
    canary = (batches.c.send_id == send_id) & batches.c.is_canary
    return list_where(connection, canary, batches.c.state != BatchState.SETTLED)


def list_accepted_batches(connection: Connection, send_id: int) -> list[Batch]:
    """Which batches did the provider accept, at least in part?"""
    taken = (deliveries.c.batch_id == batches.c.id) & (deliveries.c.state == State.ACCEPTED)
    return list_where(
        connection, batches.c.send_id == send_id, select(true()).where(taken).exists()
    )


def take_back(connection: Connection, batch_id: int, *, now: dt.datetime) -> None:
    """Record that the provider gave up the deliveries of a batch too early."""
    connection.execute(
        update(deliveries)
        .where(deliveries.c.batch_id == batch_id, deliveries.c.state == State.ACCEPTED)
        .values(state=State.SKIPPED, reason=say("cancelled"), changed_at=now)
    )


def _close(
    connection: Connection, batch_id: int, state: State, now: dt.datetime, reason: str
) -> None:
    """Decide the open deliveries of a batch, which settles it."""
    connection.execute(
        update(deliveries)
        .where(is_open_in(batch_id))
        .values(state=state, reason=reason, changed_at=now)
    )
    settle(connection, batch_id)
