"""Does one job: calls its work, asks for it again where need be, and records what went wrong."""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace

from sqlalchemy import Connection

from newsletter.errors import (
    LedgerError,
    LedgerMovedError,
    LedgerRefusedError,
    words_of,
)
from newsletter.jobs.context import Context
from newsletter.jobs.timetable import TABLE, job_named
from newsletter.language import say
from newsletter.ledger import queue, sends
from newsletter.masking import mask
from newsletter.model import Job, KnownJob, say_job
from newsletter.observing import JobBegun, JobEnded, JobOutcome, observe, within

_FIRST_WAIT, _LONGEST_WAIT = 2.0, 300.0  # seconds before the second attempt, and before the last
_PAUSE = 1.0  # seconds between two attempts on a ledger that does not answer


def do(context: Context, job: KnownJob) -> bool:
    """Do a job; return False if it failed for good. Nothing is raised while the ledger answers.

    What is to follow is written down before this returns: who is killed after that, and thus has
    it done twice, loses nothing.
    """
    begun, since = context.clock.instant, time.monotonic()
    late = max(0.0, (begun - job.due).total_seconds()) if job.due else None
    with within(worker=context.worker.name, job=job.id or None), _about(context, job):
        observe(
            JobBegun(name=job.name, key=job.key, queue=job.queue, attempt=job.attempt, late=late)
        )
        outcome, error = _attempt(context, job, begun)
        reason = words_of(error) if error else ""
        observe(_ended(job, outcome, reason, time.monotonic() - since), error=error)
    return outcome is not JobOutcome.FAILED


@contextmanager
def _about(context: Context, job: KnownJob) -> Iterator[None]:
    """Let all that happens inside bear which send a job is about, as far as the ledger says."""
    send = None
    with suppress(LedgerError), context.ledger.read() as connection:
        send = sends.find_by_key(connection, job.key)
    with within(send=send.id, issue=send.issue_id) if send else nullcontext():
        yield


def _attempt(
    context: Context, job: KnownJob, begun: dt.datetime
) -> tuple[JobOutcome, Exception | None]:
    """Try to do a job, and record what became of it and what is to follow."""
    try:
        again = None
        if not _is_answered(context, job):
            again = TABLE[job.name].does(context, **job.args)
        record(context, lambda connection: _note_success(connection, job, begun, again))
    except LedgerMovedError as err:  # another ledger goes on: nothing can be done here any more
        context.report(err, err.words)
        context.stop.set()
        return JobOutcome.DONE, err
    except Exception as err:
        is_tried_again = _note_failure(context, job, err)
        return (JobOutcome.RETRIED if is_tried_again else JobOutcome.FAILED), err
    return (JobOutcome.AGAIN if again else JobOutcome.DONE), None


def record(context: Context, change: Callable[[Connection], None]) -> None:
    """Change the ledger, however long it does not answer or has no room.

    Raise LedgerError when told to end, or if it refuses for good. The job then counts as under way
    until this process ends, and is done again.
    """
    while True:
        try:
            with context.ledger.write() as connection:
                change(connection)
            return
        except LedgerRefusedError:
            raise
        except LedgerError:
            if context.stop.wait(_PAUSE):
                raise


def _is_answered(context: Context, job: KnownJob) -> bool:
    """Return whether a scheduled job was done after the moment at which it was asked for.

    After a day of sleep a schedule may ask 24 times; one answer is enough.
    """
    if not (TABLE[job.name].schedule and job.due):
        return False
    with context.ledger.read() as connection:
        last = queue.last_round(connection, job.name)
    # A round in the future was noted by a clock that was ahead: it answers nothing.
    return last is not None and job.due <= last <= context.clock.instant


def _note_success(
    connection: Connection, job: KnownJob, begun: dt.datetime, again: dt.datetime | None
) -> None:
    queue.forget(connection, job.key)
    if TABLE[job.name].schedule:
        queue.note_round(connection, job.name, begun)
    if again:
        queue.put(connection, replace(asked_of(job), due=again))


def _note_failure(context: Context, job: KnownJob, err: Exception) -> bool:
    """Record why a job failed; return whether it is tried again."""
    reason = mask(words_of(err))
    is_final = job.attempt >= TABLE[job.name].tries
    now = context.clock.instant
    trouble = queue.Trouble(key=job.key, name=job.name, reason=reason, is_final=is_final, at=now)
    due = context.clock.after(_wait(job.attempt))

    def change(connection: Connection) -> None:
        queue.note_trouble(connection, trouble)
        if not is_final:
            queue.put(connection, replace(asked_of(job), due=due, attempt=job.attempt + 1))

    record(context, change)
    context.tell(say("{job}: {reason}", job=say_job(job.name), reason=reason))
    return not is_final


def bring_back(context: Context, lost: Callable[[Connection], list[KnownJob]]) -> None:
    """Let jobs of workers that died wait again; tell of those that fail for good instead.

    Where the ledger does not answer, which the engine notices by itself, the next look finds them.
    """
    hopeless = list[KnownJob]()
    with suppress(LedgerError), context.ledger.write() as connection:
        hopeless = queue.bring_back(connection, lost(connection), context.clock.instant)
    for job in hopeless:
        with within(job=job.id), _about(context, job):
            observe(_ended(job, JobOutcome.FAILED, job.reason, seconds=0.0))
            context.tell(say("{job}: {reason}", job=say_job(job.name), reason=job.reason))


def _ended(job: KnownJob, outcome: JobOutcome, reason: str, seconds: float) -> JobEnded:
    what = {"name": job.name, "key": job.key, "queue": job.queue}
    return JobEnded(**what, outcome=outcome, reason=reason, seconds=seconds)


def asked_of(job: KnownJob) -> Job:
    """Return a known job as it was asked for at first."""
    return replace(job_named(job.name, job.queue), key=job.key, args=job.args)


def _wait(attempt: int) -> float:
    doublings = min(attempt - 1, 20)
    return min(_LONGEST_WAIT, _FIRST_WAIT * 2.0**doublings)
