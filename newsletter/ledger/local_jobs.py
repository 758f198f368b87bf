"""The queue in the ledger's own table, where the database has no engine for jobs: SQLite."""

import datetime as dt
import json
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import (
    Connection,
    Float,
    String,
    delete,
    func,
    insert,
    or_,
    select,
    type_coerce,
    update,
)

from newsletter.ledger.instants import EPOCH, clock_of_database
from newsletter.ledger.tables import jobs
from newsletter.model import Job, JobState, JobTally, KnownJob

_IS_WAITING = jobs.c.state == JobState.WAITING
# Of a job that nobody can read, all others shall hear nothing.
_IS_OURS = jobs.c.state.in_(list(JobState))
_WHOLE = select(
    *(column for column in jobs.c if column is not jobs.c.args),
    type_coerce(jobs.c.args, String).label("args"),
).where(_IS_OURS)


def put(connection: Connection, job: Job) -> None:
    """Put a job into the queue; where one of its key waits, the earlier time holds."""
    due = job.due or EPOCH
    known = select(jobs.c.id, jobs.c.due).where(_IS_WAITING, jobs.c.key == job.key)
    if waiting := connection.execute(known).one_or_none():
        sooner = update(jobs).where(jobs.c.id == waiting.id, jobs.c.due > due)
        connection.execute(sooner.values(due=due))
        return
    connection.execute(
        insert(jobs).values(
            name=job.name,
            queue=job.queue.name,
            priority=job.queue.priority,
            key=job.key,
            args=dict(job.args),
            attempt=job.attempt,
            state=JobState.WAITING,
            due=due,
            asked_at=clock_of_database(connection.dialect.name),
            worker="",
        )
    )


def take_back(connection: Connection, prefix: str) -> None:
    """Take the waiting jobs out of the queue whose key begins so."""
    theirs = jobs.c.key.startswith(prefix, autoescape=True)
    connection.execute(delete(jobs).where(_IS_WAITING, theirs))


def list_jobs(connection: Connection) -> list[KnownJob]:
    """Which jobs wait, run or have failed, in the order in which they were asked for?"""
    return [_known(row) for row in connection.execute(_WHOLE.order_by(jobs.c.id))]


def tally(connection: Connection) -> list[JobTally]:
    """How many jobs of each queue are how far, and for how long has the first waited?"""
    now, due = clock_of_database(connection.dialect.name), type_coerce(jobs.c.due, Float)
    is_due = or_(jobs.c.state != JobState.WAITING, due <= now)
    waited = func.max(now - func.max(due, jobs.c.asked_at, type_=Float))
    query = select(jobs.c.queue, jobs.c.state, is_due, func.count(), waited).where(_IS_OURS)
    return [
        JobTally(queue=queue, state=JobState(state), is_due=bool(due), count=count, waited=seconds)
        for queue, state, due, count, seconds in connection.execute(
            query.group_by(jobs.c.queue, jobs.c.state, is_due)
        )
    ]


def forget_failed(connection: Connection, key: str) -> None:
    """Remove the jobs that failed for good under this key."""
    is_failed = jobs.c.state == JobState.FAILED
    connection.execute(delete(jobs).where(is_failed, jobs.c.key == key))


# --- for who does them --------------------------------------------------------------------


def claim(
    connection: Connection,
    queues: Iterable[str],
    *,
    names: Iterable[str],
    alone: Iterable[str],
    worker: str,
    now: dt.datetime,
) -> KnownJob | None:
    """Take the next job that is due in these queues, of the highest priority; None if none is.

    Jobs of other `names` wait for a newer version that knows them. Of those in `alone` only one may
    run at once.
    """
    running = select(jobs.c.name).where(jobs.c.state == JobState.RUNNING)
    is_free = jobs.c.name.not_in(list(alone)) | jobs.c.name.not_in(running)
    mine = (
        _IS_WAITING,
        jobs.c.due <= now,
        jobs.c.queue.in_(list(queues)),
        jobs.c.name.in_(list(names)),
        is_free,
    )
    # In two steps, each in the order of the index: of 100,000 that wait, few are read.
    priorities = select(jobs.c.priority).where(*mine).order_by(jobs.c.priority.desc())
    is_first = jobs.c.priority == priorities.limit(1).scalar_subquery()
    query = _WHOLE.where(*mine, is_first).order_by(jobs.c.id).limit(1)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    this = update(jobs).where(jobs.c.id == row.id)
    connection.execute(this.values(state=JobState.RUNNING, worker=worker))
    return _known(row)


def finish(connection: Connection, job_id: int, *, has_failed: bool) -> None:
    """Forget a job that is done, or keep one that failed for good."""
    if has_failed:
        this = update(jobs).where(jobs.c.id == job_id)
        connection.execute(this.values(state=JobState.FAILED, worker=""))
    else:
        connection.execute(delete(jobs).where(jobs.c.id == job_id))


def list_workers(connection: Connection) -> set[str]:
    """Who has a job under way?"""
    running = select(jobs.c.worker).where(jobs.c.state == JobState.RUNNING)
    return set(connection.execute(running).scalars())


def list_lost(connection: Connection, dead: Collection[str]) -> list[KnownJob]:
    """Which jobs did dead workers have under way?"""
    theirs = _WHOLE.where(jobs.c.state == JobState.RUNNING, jobs.c.worker.in_(list(dead)))
    return [_known(row) for row in connection.execute(theirs.order_by(jobs.c.id))]


def let_wait(connection: Connection, job: KnownJob) -> None:
    """Let a job wait again, unless one of its key waits already."""
    others = select(jobs.c.id).where(_IS_WAITING, jobs.c.key == job.key)
    if connection.execute(others).one_or_none():
        finish(connection, job.id, has_failed=False)
    else:
        again = update(jobs).where(jobs.c.id == job.id)
        connection.execute(again.values(state=JobState.WAITING, worker="", due=EPOCH))


def give_up(connection: Connection, job: KnownJob) -> None:
    """Keep a job as failed for good, and do none that waits under its key."""
    connection.execute(delete(jobs).where(_IS_WAITING, jobs.c.key == job.key))
    finish(connection, job.id, has_failed=True)


def next_due(
    connection: Connection, queues: Iterable[str], *, names: Iterable[str]
) -> dt.datetime | None:
    """When is the next job of these queues and names due? None if none waits."""
    theirs = jobs.c.queue.in_(list(queues)) & jobs.c.name.in_(list(names))
    return connection.execute(select(func.min(jobs.c.due)).where(_IS_WAITING, theirs)).scalar()


def _known(row: Any) -> KnownJob:
    return KnownJob(
        id=row.id,
        name=row.name,
        queue=row.queue,
        key=row.key,
        args=_args_of(row.args),
        attempt=row.attempt,
        state=JobState(row.state),
        due=None if row.due == EPOCH else row.due,
        asked_at=dt.datetime.fromtimestamp(row.asked_at, dt.UTC),
    )


def _args_of(written: Any) -> dict[str, Any]:
    """Return the arguments of a job; none where they are broken: then it fails, and is listed."""
    try:
        args = json.loads(written)
    except (TypeError, ValueError):
        return {}
    return args if isinstance(args, dict) else {}
