"""Does jobs on one machine, from the ledger's own table: for SQLite.

Whoever changes the ledger is noticed by SQLite's counter of changes, which costs no query; the
moments of schedules come from APScheduler.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from threading import Event, Lock

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from newsletter.errors import LedgerError, LedgerMovedError, LedgerRefusedError, words_of
from newsletter.jobs.context import Context
from newsletter.jobs.execution import bring_back, do, record
from newsletter.jobs.timetable import TABLE, Work, job_named
from newsletter.ledger import EPOCH, local_jobs, queue
from newsletter.model import SENDS, KnownJob

_LOOK = 0.2  # seconds between two looks at the counter of changes
_ROLL_CALL = 5.0  # seconds between two looks for workers that died
_ALONE = [name for name, row in TABLE.items() if row.is_alone]


def serve(context: Context, *, queues: Collection[str], concurrency: int) -> None:
    """Do jobs of these queues until asked to stop, then finish what is under way."""
    with _schedules(context, queues), ThreadPoolExecutor(1 + concurrency) as pool:
        _Hall(context, queues, concurrency, pool).serve()


def trigger_of(row: Work) -> CronTrigger:
    """Return what tells when a scheduled job is to be done."""
    return CronTrigger.from_crontab(row.schedule, timezone=dt.UTC)


@contextmanager
def _schedules(context: Context, queues: Collection[str]) -> Iterator[None]:
    """Ask for scheduled jobs when their time comes, and at once where it was missed."""
    scheduler = BackgroundScheduler(
        timezone=dt.UTC, job_defaults={"coalesce": True, "misfire_grace_time": None}
    )
    now = context.clock.instant
    for name, row in TABLE.items():
        if row.schedule and row.queue.name in queues:
            trigger = trigger_of(row)
            scheduler.add_job(_ask, trigger, args=(context, name))
            with context.ledger.read() as connection:
                last = queue.last_round(connection, name) or EPOCH
            if trigger.get_next_fire_time(None, last) <= now:
                _ask(context, name)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown()


def _ask(context: Context, name: str) -> None:
    try:
        with context.ledger.write() as connection:
            queue.put(connection, replace(job_named(name), due=context.clock.instant))
    except LedgerError as err:
        context.report(err, err.words)
        if isinstance(err, LedgerMovedError):  # another ledger goes on
            context.stop.set()


@dataclass(slots=True)
class _Hall:
    """The worker's places: one for a send, and some for all other jobs."""

    context: Context
    queues: Collection[str]
    concurrency: int
    pool: ThreadPoolExecutor
    under_way: dict[int, KnownJob] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)
    is_free: Event = field(default_factory=Event)  # a job has ended since the last look
    due: dt.datetime | None = None  # when the next job is

    def serve(self) -> None:
        with self.context.ledger.changes() as has_changed:
            rounds, is_away = 0, False
            while not self.context.stop.wait(_LOOK):
                rounds += 1
                try:
                    if rounds % round(_ROLL_CALL / _LOOK) == 1:
                        self._call_roll()
                    if has_changed() or self.is_free.is_set() or is_away or self._is_due():
                        self.is_free.clear()
                        self._begin_what_is_due()
                    is_away = False
                except LedgerRefusedError:
                    raise
                except LedgerError as err:  # it does not answer, or has no room
                    if not is_away:
                        self.context.report(err, err.words)
                    is_away = True

    def _is_due(self) -> bool:
        return self.due is not None and self.due <= self.context.clock.instant

    def _call_roll(self) -> None:
        """Let the jobs of workers that died wait again."""
        worker = self.context.worker
        with self.context.ledger.read() as connection:
            running = local_jobs.list_workers(connection) - {worker.name}
        dead = {name for name in running if not worker.is_living(name)}
        if dead:
            bring_back(self.context, partial(local_jobs.list_lost, dead=dead))

    def _begin_what_is_due(self) -> None:
        while open_queues := self._open_queues():
            with self.context.ledger.write() as connection:
                job = local_jobs.claim(
                    connection,
                    open_queues,
                    names=list(TABLE),
                    alone=_ALONE,
                    worker=self.context.worker.name,
                    now=self.context.clock.instant,
                )
                next_due = partial(local_jobs.next_due, connection, open_queues, names=list(TABLE))
                self.due = None if job else next_due()
            if job is None:
                return
            with self.lock:
                self.under_way[job.id] = job
            self.pool.submit(self._work, job)

    def _open_queues(self) -> list[str]:
        """Return the queues with a free place."""
        with self.lock:
            taken = Counter(job.queue == SENDS.name for job in self.under_way.values())
        return [
            name
            for name in self.queues
            if (not taken[True] if name == SENDS.name else taken[False] < self.concurrency)
        ]

    def _work(self, job: KnownJob) -> None:
        """Do a job and record its end.

        One whose end could not be recorded counts as under way for as long as this worker lives:
        so it ends, and the job is done again.
        """
        try:
            has_failed = not do(self.context, job)
            record(self.context, lambda c: local_jobs.finish(c, job.id, has_failed=has_failed))
        except Exception as err:
            self.context.stop.set()  # first: that it ends may be what cannot be told
            self.context.report(err, words_of(err))
        finally:
            with self.lock:
                del self.under_way[job.id]
            self.is_free.set()
