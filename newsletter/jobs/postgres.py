"""Does jobs on any number of machines by Procrastinate, whose queue is in PostgreSQL."""

import asyncio
import datetime as dt
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import psycopg
from procrastinate import App, JobContext, PsycopgConnector, exceptions
from procrastinate.worker import Worker

from newsletter.jobs.context import Context
from newsletter.jobs.execution import bring_back, do
from newsletter.jobs.timetable import TABLE
from newsletter.language import say
from newsletter.ledger import procrastinate as its_tables
from newsletter.model import SENDS, JobState, KnownJob

_MISSED = dt.timedelta(days=40)  # how old a time of a schedule may be that a worker makes up for
_POLL = 2.0  # seconds between two looks for jobs whose time has come; of others it is told
_BEAT, _STALLED = 5.0, 30.0  # seconds between heartbeats, and without any until a worker is dead
_CONNECTIONS = 4  # at most, besides two that listen
_PAUSE = 1.0  # seconds before the next attempt on a server that does not answer


def serve(context: Context, *, queues: Collection[str], concurrency: int) -> None:
    """Do jobs of these queues until asked to stop, then finish what is under way.

    Raise ConfigError where Procrastinate's tables are newer than the library here.
    """
    with context.ledger.write() as connection:
        its_tables.bring_up_to_date(connection)
    asyncio.run(_serve(context, queues, concurrency))


async def _serve(context: Context, queues: Collection[str], concurrency: int) -> None:
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(3 + concurrency))
    stopped = loop.run_in_executor(None, context.stop.wait)
    is_away = False
    try:
        while not context.stop.is_set():
            begun = loop.time()
            try:
                await _work(context, queues, concurrency, stopped)
            except (exceptions.ConnectorException, psycopg.Error, OSError) as err:
                if not is_away or loop.time() - begun > _STALLED:  # it answered in the meantime
                    kind = type(err).__name__
                    told = say("the queue does not answer ({kind}); trying again", kind=kind)
                    context.report(err, told)
                is_away = True
                await asyncio.wait([stopped], timeout=_PAUSE)
    finally:
        context.stop.set()  # else whatever else fails would wait here for somebody to ask it to end


async def _work(
    context: Context,
    queues: Collection[str],
    concurrency: int,
    stopped: "asyncio.Future[bool]",
) -> None:
    """Run until asked to stop, or until the server is gone."""
    app = app_of(context)
    others = [name for name in queues if name != SENDS.name]
    places = [([SENDS.name], 1)] if SENDS.name in queues else []
    places += [(others, concurrency)] if others else []
    async with app.open_async():
        await _bring_back(context)  # first: what ends each worker would end this one, too
        workers = [
            Worker(
                app,
                queues=names,
                name=context.worker.name,
                concurrency=count,
                fetch_job_polling_interval=_POLL,
                install_signal_handlers=False,
                delete_jobs="successful",
                update_heartbeat_interval=_BEAT,
                stalled_worker_timeout=_STALLED,
            )
            for names, count in places
        ]
        runs = [asyncio.create_task(one.run()) for one in workers]  # type: ignore[no-untyped-call]
        rescue = asyncio.create_task(_watch(context))
        ends: list[asyncio.Future[Any]] = [stopped, rescue, *runs]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        rescue.cancel()
        for worker in workers:  # which then finishes its jobs
            # Not cancelled: while a worker begins, the wait for a connection may swallow that, and
            # it would work on for ever (https://github.com/procrastinate-org/procrastinate/issues/1591).
            worker.stop()  # type: ignore[no-untyped-call]
        faults = await asyncio.gather(rescue, *runs, return_exceptions=True)
    for fault in faults:
        if isinstance(fault, Exception):
            raise fault
    if not stopped.done():  # it ended by itself, as its connection was lost
        raise OSError


def app_of(context: Context) -> App:
    """Return Procrastinate's application with our table of jobs."""
    pool: dict[str, Any] = {"kwargs": dict(context.ledger.server_options), "timeout": 10.0}
    app = App(
        connector=PsycopgConnector(min_size=1, max_size=_CONNECTIONS, **pool),
        periodic_defaults={"max_delay": _MISSED.total_seconds()},
    )
    for name, row in TABLE.items():
        task = app.task(
            name=name,
            queue=row.queue.name,
            priority=row.queue.priority,
            lock=name if row.is_alone else None,
            queueing_lock=name if row.schedule else None,
            pass_context=True,
        )(_doing(context, name))
        if row.schedule:
            app.periodic(cron=row.schedule, periodic_id=name)(task)
    return app


def _doing(context: Context, name: str) -> Callable[..., None]:
    def run(its: JobContext, timestamp: float | None = None, **args: Any) -> None:
        attempt = args.pop("attempt", 1)
        tick = dt.datetime.fromtimestamp(timestamp, dt.UTC) if timestamp else None
        job = KnownJob(
            id=its.job.id or 0,
            name=name,
            queue=its.job.queue,
            key=its.job.queueing_lock or name,
            args=args,
            attempt=attempt,
            state=JobState.RUNNING,
            due=tick,
        )
        if not do(context, job):
            raise _FailedError

    return run


class _FailedError(Exception):
    """A job failed for good; why is in the ledger."""


async def _watch(context: Context) -> None:
    """Let the jobs of workers that died wait again, as soon as their heartbeat is missed."""
    while True:
        await asyncio.sleep(_BEAT)
        await _bring_back(context)


async def _bring_back(context: Context) -> None:
    lost = partial(its_tables.list_lost, seconds=_STALLED)
    await asyncio.to_thread(bring_back, context, lost)
