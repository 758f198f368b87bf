"""How sending as a whole is, in a few grouped questions that cost little however long the lists."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from newsletter.ledger import queue
from newsletter.ledger.tables import batches, paces, sends
from newsletter.ledger.webhooks import Lag, find_lag, newest_by_provider
from newsletter.ledger.workers import KnownWorker, list_workers
from newsletter.model import BatchState, JobTally, SendState

# Of a send that is over nothing changes any more.
_OVER = (SendState.DONE, SendState.CANCELLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast a provider is called."""

    provider: str
    gap: float  # seconds between two calls that it asked for; 0 if it did not
    next_at: dt.datetime  # when the next call may come


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """How sending is at a moment; of sends, only those that are not over."""

    sends: Mapping[tuple[str, SendState], int]  # provider, state -> sends
    # Provider, state of their batch -> deliveries; settled ones are decided, however.
    deliveries: Mapping[tuple[str, BatchState], int]
    next_at: dt.datetime | None  # when the next send is to begin, or should have begun
    paces: Sequence[Pace]
    workers: Sequence[KnownWorker]  # that have not signed off
    jobs: Sequence[JobTally]
    postings: Lag  # of what providers posted
    posted: Mapping[str, dt.datetime]  # when each provider last did


def find_vitals(connection: Connection) -> Vitals:
    """How is sending as a whole?

    The work grows with the sends and the batches under way, not with the readers.
    """
    is_open = sends.c.state.not_in(_OVER)
    by_state = select(sends.c.provider, sends.c.state, func.count()).where(is_open)
    by_batch = select(sends.c.provider, batches.c.state, func.sum(batches.c.size)).where(
        is_open, batches.c.send_id == sends.c.id
    )
    waits_here = (sends.c.state == SendState.SCHEDULED) & ~sends.c.by_provider
    return Vitals(
        sends={
            (provider, SendState(state)): count
            for provider, state, count in connection.execute(
                by_state.group_by(sends.c.provider, sends.c.state)
            )
        },
        deliveries={
            (provider, BatchState(state)): int(size)
            for provider, state, size in connection.execute(
                by_batch.group_by(sends.c.provider, batches.c.state)
            )
        },
        next_at=connection.execute(
            select(func.min(sends.c.scheduled_at)).where(waits_here)
        ).scalar(),
        paces=[Pace(**row._mapping) for row in connection.execute(select(paces))],
        workers=list_workers(connection),
        jobs=queue.tally(connection),
        postings=find_lag(connection),
        posted=newest_by_provider(connection),
    )
