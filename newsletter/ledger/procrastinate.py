"""Procrastinate's tables on PostgreSQL: installed, kept up to date, written by its functions.

Commands only ever put jobs into its queue. They do so by the SQL functions that its own Python code
calls, within their own transaction, and without importing it: that takes longer than most commands.
"""

import json
import re
from importlib import import_module
from typing import Any

from sqlalchemy import Connection, text

from newsletter.errors import ConfigError
from newsletter.language import say
from newsletter.model import Job, JobState, JobTally, KnownJob

_STEP = re.compile(r"(\d\d\.\d\d\.\d\d_\d\d)_\w+\.sql")
_LOCK = 0x70726F63  # "proc"; held by whoever brings the tables up to date
_STATES = {"todo": JobState.WAITING, "doing": JobState.RUNNING, "failed": JobState.FAILED}

# Of two who ask for the same job at once, the second waits for the first.
_TURN = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")
_FIND = text(
    "SELECT id, scheduled_at FROM procrastinate_jobs "
    "WHERE queueing_lock = :key AND status = 'todo' FOR UPDATE"
)
_TAKE_BACK = text("SELECT procrastinate_cancel_job_v1(:id, false, true)")
_TAKE_ALL_BACK = text(
    "SELECT procrastinate_cancel_job_v1(id, false, true) FROM procrastinate_jobs "
    "WHERE starts_with(queueing_lock, :prefix) AND status = 'todo'"
)
_PUT = text(
    "SELECT procrastinate_defer_jobs_v1(ARRAY[CAST(ROW(CAST(:queue AS varchar), "
    "CAST(:name AS varchar), CAST(:priority AS integer), CAST(:lock AS text), CAST(:key AS text), "
    "CAST(:args AS jsonb), CAST(:due AS timestamptz)) AS procrastinate_job_to_defer_v1)])"
)
_TAKE_THIS_BACK = text(
    "SELECT procrastinate_cancel_job_v1(id, false, true) FROM procrastinate_jobs "
    "WHERE queueing_lock = :key AND status = 'todo'"
)
# Whose worker was not seen for so long, or is forgotten; whoever looks, too, passes them over.
_LOCK_LOST = text(
    "SELECT id, task_name, queue_name, queueing_lock, lock, args, status, scheduled_at, "
    "NULL AS asked_at FROM procrastinate_jobs jobs WHERE status = 'doing' AND NOT EXISTS ("
    "SELECT 1 FROM procrastinate_workers WHERE id = jobs.worker_id "
    "AND last_heartbeat >= now() - make_interval(secs => :seconds)) "
    "ORDER BY id FOR UPDATE SKIP LOCKED"
)
_LET_WAIT = text("SELECT procrastinate_retry_job_v1(:id, now(), NULL, NULL, NULL)")
_FINISH = text("SELECT procrastinate_finish_job_v1(:id, 'failed', :is_deleted)")
_FORGET = text("DELETE FROM procrastinate_jobs WHERE queueing_lock = :key AND status = 'failed'")
# A job is asked for when it is deferred, and again when it is to be tried once more.
_KNOWN = (
    "FROM procrastinate_jobs jobs LEFT JOIN LATERAL (SELECT max(at) AS at "
    "FROM procrastinate_events WHERE job_id = jobs.id AND type::text LIKE 'deferred%') asked "
    "ON true WHERE status IN ('todo', 'doing', 'failed')"
)
_LIST_COLUMNS = (
    "id, task_name, queue_name, queueing_lock, lock, args, status, scheduled_at, "
    "asked.at AS asked_at"
)
_TALLY_COLUMNS = (
    "queue_name, status, status <> 'todo' OR coalesce(scheduled_at, now()) <= now(), "
    "count(*), extract(epoch FROM max(now() - greatest(scheduled_at, asked.at)))::float"
)
_LIST = text(f"SELECT {_LIST_COLUMNS} {_KNOWN} ORDER BY id")
_TALLY = text(f"SELECT {_TALLY_COLUMNS} {_KNOWN} GROUP BY 1, 2, 3")


# --- its tables ---------------------------------------------------------------------------


def install(connection: Connection) -> None:
    """Create its tables and functions, within the caller's transaction."""
    _run(connection, str(_library("schema").SchemaManager.get_schema()))
    _note(connection, max(_steps()))


def bring_up_to_date(connection: Connection) -> None:
    """Make the changes that a newer version of the library comes with.

    Raise ConfigError where a version wrote them that is newer than the one installed here.
    """
    connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    steps, missing = _steps(), list_missing(connection)
    for step in missing:
        _run(connection, steps[step])
    if missing:
        _note(connection, missing[-1])


def list_missing(connection: Connection) -> list[str]:
    """Which of the library's migrations do its tables lack, oldest first?

    Raise ConfigError where a version wrote them that is newer than the one installed here.
    """
    steps = _steps()
    done = connection.execute(
        text("SELECT obj_description('procrastinate_jobs'::regclass, 'pg_class')")
    ).scalar()
    if not done or done > max(steps):
        raise ConfigError(
            say(
                "the job queue was made by a newer version of Procrastinate; install that version "
                "here, too: pip install --upgrade “./newsletter[postgres]”"
            )
        )
    return sorted(step for step in steps if step > done)


def _library(module: str) -> Any:
    try:
        return import_module(f"procrastinate.{module}")
    except ImportError as err:
        raise ConfigError(
            say("jobs on PostgreSQL need Procrastinate: pip install “./newsletter[postgres]”")
        ) from err


def _steps() -> dict[str, str]:
    """Return the library's migrations, by their numbers."""
    folder = _library("schema").migrations_path
    found = ((_STEP.fullmatch(path.name), path) for path in folder.iterdir())
    return {name[1]: path.read_text("utf-8") for name, path in found if name}


def _run(connection: Connection, sql: str) -> None:
    driver: Any = connection.connection.driver_connection
    connection.execute(text("SELECT 1"))  # a transaction has begun
    driver.execute(sql)


def _note(connection: Connection, step: str) -> None:
    """Remember the newest migration where everybody sees it: it keeps no table of them."""
    _run(connection, f"COMMENT ON TABLE procrastinate_jobs IS '{step}'")


# --- its queue ----------------------------------------------------------------------------


def put(connection: Connection, job: Job) -> None:
    """Put a job into the queue; where one of its key waits, the earlier time holds."""
    connection.execute(_TURN, {"key": job.key})
    waiting = connection.execute(_FIND, {"key": job.key}).one_or_none()
    if waiting:
        is_earlier = waiting.scheduled_at and (job.due is None or job.due < waiting.scheduled_at)
        if not is_earlier:
            return
        # Workers hear of a job that is new, not of one that changed.
        connection.execute(_TAKE_BACK, {"id": waiting.id})
    connection.execute(
        _PUT,
        {
            "queue": job.queue.name,
            "name": job.name,
            "priority": job.queue.priority,
            "key": job.key,
            "args": json.dumps({**job.args, "attempt": job.attempt}),
            "due": job.due,
            "lock": job.name if job.is_alone else None,
        },
    )


def take_back(connection: Connection, prefix: str) -> None:
    """Take the waiting jobs out of the queue whose key begins so."""
    connection.execute(_TAKE_ALL_BACK, {"prefix": prefix})


def list_jobs(connection: Connection) -> list[KnownJob]:
    """Which jobs wait, run or have failed, in the order in which they were asked for?"""
    return [_known(row) for row in connection.execute(_LIST)]


def tally(connection: Connection) -> list[JobTally]:
    """How many jobs of each queue are how far, and for how long has the first waited?"""
    return [
        JobTally(queue=queue, state=_STATES[status], is_due=due, count=count, waited=waited or 0.0)
        for queue, status, due, count, waited in connection.execute(_TALLY)
    ]


def forget_failed(connection: Connection, key: str) -> None:
    """Remove the jobs that failed for good under this key."""
    connection.execute(_FORGET, {"key": key})


# --- for who does them --------------------------------------------------------------------


def list_lost(connection: Connection, seconds: float) -> list[KnownJob]:
    """Which jobs did workers have under way that have not been seen for so long?

    Until the transaction ends, nobody else brings those back.
    """
    return [_known(row) for row in connection.execute(_LOCK_LOST, {"seconds": seconds})]


def let_wait(connection: Connection, job: KnownJob) -> None:
    """Let a job wait again, unless one of its key waits already."""
    connection.execute(_TURN, {"key": job.key})
    if connection.execute(_FIND, {"key": job.key}).one_or_none():
        connection.execute(_FINISH, {"id": job.id, "is_deleted": True})
    else:
        connection.execute(_LET_WAIT, {"id": job.id})


def give_up(connection: Connection, job: KnownJob) -> None:
    """Keep a job as failed for good, and do none that waits under its key."""
    connection.execute(_TAKE_THIS_BACK, {"key": job.key})
    connection.execute(_FINISH, {"id": job.id, "is_deleted": False})


def _known(row: Any) -> KnownJob:
    args = dict(row.args) if isinstance(row.args, dict) else {}  # broken: then it fails
    attempt = args.pop("attempt", 1)
    return KnownJob(
        id=row.id,
        name=row.task_name,
        queue=row.queue_name,
        key=row.queueing_lock or row.task_name,
        attempt=attempt if isinstance(attempt, int) else 1,
        args={name: value for name, value in args.items() if name != "timestamp"},
        state=_STATES[row.status],
        due=row.scheduled_at,
        asked_at=row.asked_at,
        is_alone=row.lock is not None,
    )
