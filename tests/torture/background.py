"""Leave all work to `newsletter worker`, and kill workers and their database at any instant.

A send, notices and figures are asked for; from then on nobody helps but workers that are started
in place of those that were killed. In the end each job has had its effect once.
"""

import datetime as dt
import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from random import Random
from typing import Any

from newsletter.errors import LedgerBusyError
from newsletter.jobs.timetable import TABLE, job_named
from newsletter.ledger import Ledger, open_ledger, queue, sends
from newsletter.mailing import Notice
from newsletter.mailing.handover import ask_to_carry
from newsletter.mailing.notices import freeze_notice
from newsletter.model import JobState, NoticeKind
from newsletter.settings import load_settings
from tests.servers.fate import fate
from tests.servers.forked import Forked

from .oracle import EVERYBODY
from .stage import LONGEST, Stage
from .trace import Trace, await_answer, end_workers

_WORKERS = 3  # on a PostgreSQL; of a file, one
_NOTICES, _READERS = 4, 25  # so many notices, to so many addresses each
_MOST_DISTURBED = 5
_NO_LEDGER = re.compile(r"^Error: (?:cannot open )?the ledger .*", re.MULTILINE)
GUESTS = frozenset(f"guest{n}@example.org" for n in range(_NOTICES * _READERS))


def jobs(stage: Stage, chance: Random, span: float) -> Trace:
    """Ask for jobs of every kind, kill those who do them, and wait until all are done."""
    trace = Trace(is_exact=False, guests=GUESTS)
    _keep_key(stage)
    workers = [stage.start_worker() for _ in range(_WORKERS if stage.postgres else 1)]
    count = len(workers)
    await_answer(stage, f"SELECT count(*) = {count} FROM workers WHERE is_serving")  # noqa: S608
    sender = stage.start_send()
    await_answer(stage, "SELECT count(*) > 0 FROM sends WHERE state IN ('sending', 'done')")
    sender.kill()  # it only looked on
    sender.wait()
    with _ledger_of(stage) as ledger:
        _ask_for_notices(stage, ledger)
        for _ in range(chance.randint(1, _MOST_DISTURBED)):
            time.sleep(chance.uniform(0, span / 2))
            _ask_for_figures(ledger)
            _disturb(stage, chance, trace, workers)
            _begin_again(stage, trace, workers)
        _await(lambda: _has_sent(stage) and not _open_jobs(ledger), stage, ledger)
        _begin_again(stage, trace, workers)
        time.sleep(stage.house.lag)  # what was accepted is only then reported
        _ask_for_figures(ledger)
        _await(lambda: not _open_jobs(ledger), stage, ledger)
        trace.faults += _faults(stage, ledger)
    end_workers(trace, workers)
    return trace


def _disturb(stage: Stage, chance: Random, trace: Trace, workers: list[Forked]) -> None:
    """Kill a worker, or one time in four the database, and start another in its place."""
    trace.note_kill(stage)
    if stage.postgres and chance.random() < 0.25:
        stage.note("the database is killed")
        stage.postgres.kill()
        time.sleep(chance.uniform(0, 1))
        stage.postgres.start()
        stage.note("the database is up")
        return
    victim = workers.pop(chance.randrange(len(workers)))
    victim.kill()
    victim.wait()
    time.sleep(chance.uniform(0, 0.5))
    workers.append(stage.start_worker())


def _keep_key(stage: Stage) -> None:
    """Write the provider's key where this process finds it, too: it is of the same account."""
    file = stage.site.root / ".env"
    file.touch(mode=0o600)
    file.write_text(f"NEWSLETTER_API_KEY={stage.house.key}\n", encoding="utf-8")


def _begin_again(stage: Stage, trace: Trace, workers: list[Forked]) -> None:
    """Start anew, as systemd does, whoever found no database as it began; nobody else has ended."""
    for worker in [one for one in workers if one.poll() is not None]:
        workers.remove(worker)
        workers.append(stage.start_worker())
        if not _NO_LEDGER.search(said := stage.said_by(worker)):
            trace.faults.append(f"a worker has ended: {worker.returncode}, {said[-300:]}")


# --- what is asked for --------------------------------------------------------------------


def _ask_for_notices(stage: Stage, ledger: Ledger) -> None:
    settings, now = load_settings(stage.site.root), dt.datetime.now(dt.UTC)
    addresses = sorted(GUESTS)
    for number in range(_NOTICES):
        notice = Notice(
            kind=NoticeKind.CONFIRMATION,
            key=str(number),
            subject="Vahvista tilauksesi",
            html="<p>Hei!</p>",
            text="Hei!\n",
            language="fi",
        )
        send = freeze_notice(settings, ledger, notice, addresses[number::_NOTICES], now)
        with ledger.write() as connection:
            if sends.begin_sending(connection, send.id, now=now):
                ask_to_carry(connection, send)


def _ask_for_figures(ledger: Ledger) -> None:
    with ledger.write() as connection:
        queue.put(connection, job_named("pull-figures"))


# --- what came of it ----------------------------------------------------------------------


def _has_sent(stage: Stage) -> bool:
    return {row[0] for row in stage.ask("SELECT state FROM sends")} == {"done"}


def _open_jobs(ledger: Ledger) -> list[str]:
    """Return the jobs that are not done, but for those that come again by themselves."""
    with ledger.read() as connection:
        known = queue.list_jobs(connection)
    asked = (job for job in known if not (TABLE[job.name].schedule and job.due))
    return [f"{job.key} {job.state} {job.reason}" for job in asked if not _is_failed(job.state)]


def _is_failed(state: JobState) -> bool:
    return state is JobState.FAILED


def _faults(stage: Stage, ledger: Ledger) -> Iterator[str]:
    with ledger.read() as connection:
        failed = [job.key for job in queue.list_jobs(connection) if _is_failed(job.state)]
    if failed:
        yield f"jobs that failed for good: {failed}"
    stored = stage.ask(
        "SELECT figures FROM reports JOIN sends ON sends.id = send_id "
        "WHERE scope NOT LIKE 'notice%' ORDER BY reports.id DESC LIMIT 1"
    )
    told = _read(stored[0][0]) if stored else {}
    lines = stage.server.journal()
    mailed = fate(sum(1 for line in lines if line.get("email", "") in EVERYBODY))
    if told.get("sent") not in (None, mailed.sent) or told.get("delivered") != mailed.delivered:
        yield f"the figures are {told}, but the server counts {mailed}"


def _read(figures: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(figures) if isinstance(figures, str) else figures
    return found


# --- the ledger ---------------------------------------------------------------------------


@contextmanager
def _ledger_of(stage: Stage) -> Iterator[Ledger]:
    place = stage.postgres.url_of("postgres", tcp=True) if stage.postgres else stage.ledger_file
    ledger = open_ledger(place)
    try:
        yield ledger
    finally:
        ledger.close()


def _await(is_done: Callable[[], bool], stage: Stage, ledger: Ledger) -> None:
    limit = time.monotonic() + LONGEST
    while time.monotonic() < limit:
        with suppress(LedgerBusyError):
            if is_done():
                return
        time.sleep(0.1)
    left = stage.ask("SELECT scope, state FROM sends WHERE state <> 'done'")
    raise TimeoutError(f"{_open_jobs(ledger)}, {left}")
