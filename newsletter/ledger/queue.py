"""The queue of background work, whichever engine does it; and what went wrong in it.

    a change of the story --put, in its transaction--> queue --claim--> worker --> function

A job only names what is to be done; what there is to do stands in the other tables. So one that is
lost, or done twice, harms nothing: `mailing` asks for it again.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from newsletter.language import say
from newsletter.ledger import local_jobs, losses, procrastinate
from newsletter.ledger.bulk import insert_of
from newsletter.ledger.tables import rounds, troubles
from newsletter.model import QUEUES, UPKEEP, Job, JobState, JobTally, KnownJob


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why the last attempt of a job failed."""

    key: str
    name: str
    reason: str
    is_final: bool  # it waits for the editor, unless a later round of its schedule goes well
    at: dt.datetime  # UTC
    told_in: str = ""  # the key of the notice that tells the editor


def put(connection: Connection, job: Job) -> None:
    """Ask for a job, in the transaction of the change that needs it.

    Where one of its key waits already, that one is done at the earlier of the two times.
    """
    _engine(connection).put(connection, job)


def take_back(connection: Connection, prefix: str) -> None:
    """Ask no more for the jobs whose key begins so, but for those that are being done."""
    _engine(connection).take_back(connection, prefix)


def list_jobs(connection: Connection) -> list[KnownJob]:
    """Which jobs wait, run or have failed, and why, in the order in which they were asked for?"""
    known: list[KnownJob] = _engine(connection).list_jobs(connection)
    by_key = {row.key: row for row in connection.execute(select(troubles))}
    return [
        replace(job, reason=by_key[job.key].reason, failed_at=by_key[job.key].at)
        if job.key in by_key
        else job
        for job in known
    ]


def tally(connection: Connection) -> list[JobTally]:
    """How many jobs of each queue are how far, and for how long has the first waited?"""
    found: list[JobTally] = _engine(connection).tally(connection)
    return found


def list_keys(connection: Connection, *, due_by: dt.datetime) -> set[str]:
    """Of which keys is there a job that runs, has failed, or waits for no later a time?"""
    known: list[KnownJob] = _engine(connection).list_jobs(connection)
    return {job.key for job in known if job.due is None or job.due <= due_by}


def retry(connection: Connection, jobs: Sequence[KnownJob]) -> None:
    """Let failed jobs be done at once, from their first attempt."""
    queues = {queue.name: queue for queue in QUEUES}
    for job in jobs:
        if job.state is JobState.FAILED:
            forget(connection, job.key)
            queue = queues.get(job.queue, UPKEEP)
            again = Job(name=job.name, queue=queue, key=job.key, args=job.args)
            put(connection, replace(again, is_alone=job.is_alone))


def bring_back(
    connection: Connection, lost: Sequence[KnownJob], now: dt.datetime
) -> list[KnownJob]:
    """Let jobs wait again whose workers died; return those that fail for good instead.

    One that ends whoever does it would otherwise be tried for ever.
    """
    hopeless = list[KnownJob]()
    for job in lost:
        if not losses.note_loss(connection, job):
            _engine(connection).let_wait(connection, job)
            continue
        reason = say(
            "each worker that did it was killed, {count} in a row; is there enough memory?",
            count=losses.MOST,
        )
        trouble = Trouble(key=job.key, name=job.name, reason=reason, is_final=True, at=now)
        note_trouble(connection, trouble)
        _engine(connection).give_up(connection, job)
        hopeless.append(replace(job, reason=reason))
    return hopeless


def list_hopeless(connection: Connection) -> set[str]:
    """Under which keys did a job end its worker too often to be tried again unasked?"""
    return losses.list_hopeless(connection)


def forget(connection: Connection, key: str) -> None:
    """Remove what failed under a key: it was done since, is asked for anew, or long past."""
    connection.execute(delete(troubles).where(troubles.c.key == key))
    losses.forget_losses(connection, key)
    _engine(connection).forget_failed(connection, key)


def forget_all(connection: Connection, prefix: str) -> None:
    """Remove what failed under keys that begin so."""
    failed = select(troubles.c.key).where(troubles.c.key.startswith(prefix, autoescape=True))
    for key in connection.execute(failed).scalars().all():
        forget(connection, key)


# --- what went wrong ----------------------------------------------------------------------


def note_trouble(connection: Connection, trouble: Trouble) -> None:
    """Record why an attempt failed; the newest reason holds.

    What failed for good stays so, whatever the next round of its schedule attempts, until it
    succeeds; and of a key one failure is kept.
    """
    values = {"name": trouble.name, "reason": trouble.reason, "at": trouble.at}
    row = insert_of(connection)(troubles).values(
        key=trouble.key, is_final=trouble.is_final, told_in=trouble.told_in, **values
    )
    connection.execute(
        row.on_conflict_do_update(
            index_elements=[troubles.c.key],
            set_={**values, "is_final": troubles.c.is_final | row.excluded.is_final},
        )
    )
    if trouble.is_final:
        _engine(connection).forget_failed(connection, trouble.key)


def list_failed(connection: Connection, *, before: dt.datetime) -> list[Trouble]:
    """What failed for good before this moment?"""
    query = select(troubles).where(troubles.c.is_final, troubles.c.at < before)
    return [_trouble(row) for row in connection.execute(query)]


def list_troubled(connection: Connection) -> set[str]:
    """Under which keys did something go wrong?"""
    return set(connection.execute(select(troubles.c.key)).scalars())


def list_untold(connection: Connection) -> list[Trouble]:
    """What failed for good that the editor has not been mailed about?"""
    query = select(troubles).where(troubles.c.is_final, troubles.c.told_at.is_(None))
    return [_trouble(row) for row in connection.execute(query.order_by(troubles.c.at))]


def tell_in(connection: Connection, keys: Sequence[str], notice: str) -> None:
    """Record in which notice the editor is to be told of these."""
    connection.execute(update(troubles).where(troubles.c.key.in_(keys)).values(told_in=notice))


def note_told(connection: Connection, notice: str, now: dt.datetime) -> None:
    """Record that the editor was mailed a notice."""
    connection.execute(update(troubles).where(troubles.c.told_in == notice).values(told_at=now))


# --- schedules ----------------------------------------------------------------------------


def last_round(connection: Connection, name: str) -> dt.datetime | None:
    """When did a scheduled job last begin, in UTC? None if never."""
    return connection.execute(select(rounds.c.begun_at).where(rounds.c.name == name)).scalar()


def note_round(connection: Connection, name: str, now: dt.datetime) -> None:
    """Record that a scheduled job begins."""
    row = insert_of(connection)(rounds).values(name=name, begun_at=now)
    connection.execute(
        row.on_conflict_do_update(index_elements=[rounds.c.name], set_={"begun_at": now})
    )


def _trouble(row: Row[Any]) -> Trouble:
    values = {name: value for name, value in row._mapping.items() if name != "told_at"}
    return Trouble(**values)


def _engine(connection: Connection) -> ModuleType:
    return procrastinate if connection.dialect.name == "postgresql" else local_jobs
