"""Neither a change of clocks nor a sleep of a machine makes a schedule skip a turn or double it."""

import datetime as dt
import time
from collections.abc import Iterator
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from procrastinate.periodic import PeriodicDeferrer

from newsletter.jobs import local, postgres
from newsletter.jobs.timetable import TABLE, Work
from newsletter.ledger import queue
from tests.jobs.test_engines import Bench, MakeBench, make_bench  # noqa: F401 - a fixture
from tests.waiting import wait_until

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
SCHEDULED = {name: row for name, row in TABLE.items() if row.schedule}
# The nights in which clocks of Helsinki go forward and back.
CHANGES = [dt.datetime(2026, 3, 29, 1, tzinfo=dt.UTC), dt.datetime(2026, 10, 25, 1, tzinfo=dt.UTC)]


@pytest.fixture
def in_helsinki(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the machine's clock be Helsinki's."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Europe/Helsinki")
        time.tzset()
        yield
    time.tzset()


def turns_on_one_machine(name: str, since: dt.datetime, until: dt.datetime) -> list[dt.datetime]:
    """Return the moments after one at which SQLite's engine asks for a job."""
    trigger, found = local.trigger_of(SCHEDULED[name]), list[dt.datetime]()
    now = last = since
    while (last := trigger.get_next_fire_time(last, now)) <= until:
        found.append(last.astimezone(dt.UTC))
        now = last + dt.timedelta(microseconds=1)
    return [turn for turn in found if turn > since]


def turns_on_a_server(name: str, since: dt.datetime, until: dt.datetime) -> list[dt.datetime]:
    """Return the moments after one at which PostgreSQL's engine asks for a job."""
    context: Any = SimpleNamespace(ledger=SimpleNamespace(server_options={}))
    registry = postgres.app_of(context).periodic_registry
    [task] = [task for key, task in registry.periodic_tasks.items() if key[0] == name]
    stamps = PeriodicDeferrer(registry).get_timestamps(
        task, round(since.timestamp()), until.timestamp()
    )
    return [dt.datetime.fromtimestamp(stamp, dt.UTC) for stamp in stamps]


@pytest.mark.usefixtures("in_helsinki")
@pytest.mark.parametrize("change", CHANGES, ids=["forward", "back"])
@pytest.mark.parametrize("name", SCHEDULED)
def test_a_change_of_clocks_skips_no_turn_and_doubles_none(name: str, change: dt.datetime) -> None:
    around = change - 2 * DAY, change + 2 * DAY

    turns = turns_on_one_machine(name, *around)

    assert turns == turns_on_a_server(name, *around)
    assert len({later - turn for turn, later in pairwise(turns)}) == 1
    assert len(turns) >= 4


# --- a sleep ------------------------------------------------------------------------------


@pytest.fixture
def done() -> list[str]:
    """What was done, in order."""
    return []


@pytest.fixture
def bench(make_bench: MakeBench, done: list[str]) -> Bench:  # noqa: F811
    """An engine that did its hourly job the last time a day ago."""
    now = dt.datetime.now(dt.UTC)
    hourly = f"{(now.minute + 30) % 60} * * * *"  # so that no turn comes while a test runs
    bench = make_bench(
        {
            "hourly": Work(does=lambda _: done.append("hourly"), schedule=hourly),
            "after": Work(does=lambda _: done.append("after")),
        }
    )
    with bench.ledger.write() as connection:
        queue.note_round(connection, "hourly", now - DAY)
    return bench


def test_who_begins_to_serve_after_a_day_does_a_missed_job_once(
    bench: Bench, done: list[str]
) -> None:
    with bench.serving(concurrency=1):
        wait_until(lambda: done)
        bench.put("after")
        wait_until(lambda: done[-1] == "after" and not bench.known())

    assert done == ["hourly", "after"]


def test_who_served_before_a_machine_slept_a_day_does_a_missed_job_once(
    bench: Bench, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = _sleep_on_a_server if bench.ledger.is_shared else _sleep_on_one_machine
    slept = asked(monkeypatch)

    with bench.serving(concurrency=1):
        wait_until(lambda: done and slept)
        bench.put("after")
        wait_until(lambda: done[-1] == "after" and not bench.known())

    assert set(slept) == {24}  # each of the two workers asks for all
    assert done == ["hourly", "after"]


def _sleep_on_a_server(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let Procrastinate's last turn be a day ago, so that it asks for each that was missed."""
    known, slept = PeriodicDeferrer.get_previous_tasks, list[int]()

    def since_yesterday(self: PeriodicDeferrer, at: float) -> Any:
        if not self.last_defers:
            yesterday = round(at - DAY.total_seconds())
            self.last_defers = dict.fromkeys(self.registry.periodic_tasks, yesterday)
        missed = list(known(self, at))
        slept.append(len(missed))
        return missed

    monkeypatch.setattr(PeriodicDeferrer, "get_previous_tasks", since_yesterday)
    return slept


def _sleep_on_one_machine(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let APScheduler find that the turn after its last one was due a day ago."""
    slept = list[int]()

    class Slept(BackgroundScheduler):  # type: ignore[misc]
        def start(self, *given: Any, **named: Any) -> None:
            super().start(*given, **named)
            [job] = self.get_jobs()
            missed = job.next_run_time - dt.timedelta(hours=24)
            job.modify(next_run_time=missed)
            slept.append(24)

    monkeypatch.setattr(local, "BackgroundScheduler", Slept)
    return slept
