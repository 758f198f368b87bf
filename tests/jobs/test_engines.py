"""Both engines keep the same promises: each job is done, in its turn, and again if it fails."""

import asyncio
import datetime as dt
import io
import json
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import pairwise
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import text

from newsletter.delivery import Clock
from newsletter.errors import ConfigError, LedgerError, LedgerRefusedError
from newsletter.jobs import Context, execution, local, serve_jobs, timetable
from newsletter.jobs.timetable import Work
from newsletter.language import say
from newsletter.ledger import Ledger, local_jobs, losses, queue
from newsletter.mailing import worker_of
from newsletter.model import NOTICES, QUEUES, SENDS, UPKEEP, Job, JobState, KnownJob
from newsletter.monitoring.logs import json_log
from newsletter.settings import load_settings
from tests.conftest import Site
from tests.ledger.killing import kill, lose
from tests.waiting import join, wait_until

NAMES = [queue.name for queue in QUEUES]


@dataclass
class Bench:
    """An engine that runs in a thread, and what its jobs did."""

    site: Site
    ledger: Ledger
    works: Mapping[str, Work]
    told: list[str] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)  # what ended the engine

    @contextmanager
    def serving(
        self, *, concurrency: int = 2, ahead: dt.timedelta = dt.timedelta()
    ) -> Iterator[Event]:
        """Serve with a clock that is so far ahead, until the block ends."""
        stop, settings = Event(), load_settings(self.site.root)
        clock = Clock(
            now=lambda: dt.datetime.now(dt.UTC) + ahead, sleep=stop.wait, random=random.Random(1)
        )
        with worker_of(settings, self.ledger, is_serving=True) as worker:
            context = Context(
                settings=settings,
                ledger=self.ledger,
                worker=worker,
                clock=clock,
                progress=lambda *_: None,
                tell=lambda words: self.told.append(str(words)),
                stop=stop,
            )

            def serve() -> None:
                try:
                    serve_jobs(context, queues=NAMES, concurrency=concurrency)
                except Exception as err:
                    self.faults.append(err)

            thread = Thread(target=serve, name="the engine", daemon=True)
            thread.start()
            try:
                yield stop
            finally:
                stop.set()
                join(thread)
        if self.faults:
            raise self.faults[0]

    def put(self, name: str, **changed: Any) -> None:
        """Ask for a job."""
        job = replace(timetable.job_named(name), **changed)
        with self.ledger.write() as connection:
            queue.put(connection, job)

    def known(self) -> list[KnownJob]:
        """Return the jobs that the ledger knows, but for those of schedules."""
        with self.ledger.read() as connection:
            return [j for j in queue.list_jobs(connection) if not self.works[j.name].schedule]


MakeBench = Callable[[Mapping[str, Work]], Bench]


@pytest.fixture
def make_bench(site: Site, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> MakeBench:
    """Make an engine for a table of jobs of one's own."""

    def make(works: Mapping[str, Work]) -> Bench:
        works = {**works, "join-in": Work(does=lambda _: None)}
        for module in (timetable, execution, local):
            monkeypatch.setattr(module, "TABLE", works)
        if ledger.is_shared:
            from newsletter.jobs import postgres  # noqa: PLC0415 - one of two

            monkeypatch.setattr(postgres, "TABLE", works)
        monkeypatch.setattr(local, "_ALONE", [n for n, w in works.items() if w.is_alone])
        monkeypatch.setattr(execution, "_FIRST_WAIT", 0.01)
        return Bench(site, ledger, works)

    return make


def test_a_job_is_done_and_forgotten(make_bench: MakeBench) -> None:
    done = list[int]()
    bench = make_bench({"count": Work(does=lambda _, n: done.append(n))})

    with bench.serving():
        bench.put("count", args={"n": 5})
        wait_until(lambda: done and not bench.known())

    assert done == [5]


def test_a_job_that_waits_while_nobody_serves_is_done_by_the_next_who_does(
    make_bench: MakeBench,
) -> None:
    done = list[int]()
    bench = make_bench({"count": Work(does=lambda _, n: done.append(n))})
    bench.put("count", args={"n": 5})

    with bench.serving():
        wait_until(lambda: done)


def test_jobs_are_done_in_the_order_of_their_urgency(make_bench: MakeBench) -> None:
    done = list[str]()
    bench = make_bench({"note": Work(does=lambda _, n: done.append("abc"[n]), is_alone=False)})
    for n, line in enumerate((UPKEEP, UPKEEP, NOTICES)):
        bench.put("note", args={"n": n}, key=str(n), queue=line)

    with bench.serving(concurrency=1):
        wait_until(lambda: len(done) == 3)

    assert done == ["c", "a", "b"]


def test_a_job_that_asks_for_itself_again_is_done_at_that_time(make_bench: MakeBench) -> None:
    begun = list[dt.datetime]()

    def tick(context: Context) -> dt.datetime | None:
        begun.append(context.clock.instant)
        return context.clock.after(0.5) if len(begun) < 3 else None

    bench = make_bench({"tick": Work(does=tick)})

    with bench.serving():
        bench.put("tick")
        wait_until(lambda: len(begun) == 3 and not bench.known())

    waits = [(b - a).total_seconds() for a, b in pairwise(begun)]
    assert min(waits) >= 0.5


def test_a_job_that_fails_is_tried_again_and_its_trouble_forgotten_when_it_succeeds(
    make_bench: MakeBench,
) -> None:
    attempts = list[int]()

    def fail_twice(_: Context) -> None:
        attempts.append(1)
        if len(attempts) < 3:
            raise ConfigError(say("no key"))

    bench = make_bench({"try": Work(does=fail_twice, tries=5)})

    with bench.serving():
        bench.put("try")
        wait_until(lambda: len(attempts) == 3 and not bench.known())

    assert bench.told == ["try: no key", "try: no key"]
    with bench.ledger.read() as connection:
        assert queue.list_untold(connection) == []


def test_a_job_that_fails_for_good_waits_for_the_editor_with_its_reason(
    make_bench: MakeBench,
) -> None:
    broken = [True]

    def work(_: Context) -> None:
        if broken:
            raise ValueError("jane@example.org")

    bench = make_bench({"try": Work(does=work, tries=2)})

    with bench.serving():
        bench.put("try")
        wait_until(lambda: [j.state for j in bench.known()] == [JobState.FAILED])
        [failed] = bench.known()
        assert failed.reason.startswith("the program itself failed: ValueError at newsletter/jobs/")

        broken.clear()
        with bench.ledger.write() as connection:
            queue.retry(connection, bench.known())
        wait_until(lambda: not bench.known())

    with bench.ledger.read() as connection:
        assert queue.list_untold(connection) == []


def test_one_failing_job_keeps_no_other_back(make_bench: MakeBench) -> None:
    done = list[int]()

    def fail(_: Context) -> None:
        raise OSError(28, "No space left on device")

    works = {"fail": Work(does=fail, tries=50), "count": Work(does=lambda _, n: done.append(n))}
    bench = make_bench(works)

    with bench.serving(concurrency=1):
        bench.put("fail")
        bench.put("count", args={"n": 1})
        wait_until(lambda: done)


class Closed(list[str]):
    """A terminal that is gone: nothing can be told there."""

    def append(self, words: str) -> None:
        """Fail as writing to a closed pipe does."""
        raise BrokenPipeError(words)


def test_a_worker_that_can_tell_nothing_writes_down_what_failed_and_ends(
    make_bench: MakeBench,
) -> None:
    def fail(_: Context) -> None:
        raise ConfigError(say("no key"))

    bench = make_bench({"fail": Work(does=fail, tries=1)})
    if bench.ledger.is_shared:
        pytest.skip("Procrastinate writes that down, and goes on")
    bench.told = Closed()

    with bench.serving() as stop:
        bench.put("fail")
        wait_until(stop.is_set)

    assert [job.reason for job in bench.known()] == ["no key"]


def test_a_worker_that_can_tell_nothing_of_jobs_that_were_lost_ends(
    make_bench: MakeBench, ledger: Ledger
) -> None:
    bench = make_bench({"count": Work(does=lambda _: None)})
    bench.put("count")
    with ledger.write() as connection:
        assert lose(connection, losses.MOST - 1) == []
        kill(connection)
    bench.told = Closed()

    with pytest.raises(BrokenPipeError), bench.serving():
        wait_until(lambda: bench.faults)


def test_who_is_asked_to_end_while_it_begins_ends(
    make_bench: MakeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench, begins = make_bench({}), Event()
    if bench.ledger.is_shared:
        from procrastinate.manager import JobManager  # noqa: PLC0415 - one of two

        registered = JobManager.register_worker

        async def register(manager: JobManager) -> int:
            begins.set()
            for _ in range(100):  # the wait for a connection may swallow what cancels it
                with suppress(asyncio.CancelledError):
                    await asyncio.sleep(0.001)
            return await registered(manager)

        monkeypatch.setattr(JobManager, "register_worker", register)
    else:
        begins.set()

    with bench.serving():
        wait_until(begins.is_set)


def test_jobs_that_may_not_be_beside_one_another_are_not(make_bench: MakeBench) -> None:
    inside, most = [0], [0]
    gate = Event()

    def work(_: Context, n: int) -> None:
        del n
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        gate.wait(0.3)
        inside[0] -= 1

    bench = make_bench({"alone": Work(does=work)})

    with bench.serving(concurrency=4):
        for n in range(3):
            bench.put("alone", args={"n": n}, key=str(n))
        wait_until(lambda: not bench.known())

    assert most == [1]


def test_one_send_is_carried_at_a_time_and_upkeep_beside_it(make_bench: MakeBench) -> None:
    events, gate = list[str](), Event()

    def carry(_: Context, n: int) -> None:
        events.append(f"begin {n}")
        gate.wait(30)
        events.append(f"end {n}")

    def keep(_: Context) -> None:
        events.append("keep")
        gate.set()

    works = {"carry": Work(does=carry, queue=SENDS, is_alone=False), "keep": Work(does=keep)}
    bench = make_bench(works)

    with bench.serving(concurrency=1):
        for n in range(2):
            bench.put("carry", args={"n": n}, key=str(n))
        wait_until(lambda: events)
        bench.put("keep")
        wait_until(lambda: len(events) == 5)

    assert events == ["begin 0", "keep", "end 0", "begin 1", "end 1"]


def test_who_is_asked_to_end_finishes_what_is_under_way(make_bench: MakeBench) -> None:
    events = list[str]()

    def work(context: Context) -> None:
        events.append("begun")
        context.stop.wait(30)
        events.append("finished")

    bench = make_bench({"long": Work(does=work)})

    with bench.serving():
        bench.put("long")
        wait_until(lambda: events)

    assert events == ["begun", "finished"]
    assert bench.known() == []


def test_the_log_tells_what_becomes_of_a_job_by_its_id_and_of_nobody(
    make_bench: MakeBench,
) -> None:
    def work(_: Context, n: int) -> None:
        raise ValueError(f"jane@example.org {n}")

    bench, stream = make_bench({"try": Work(does=work, tries=2)}), io.StringIO()

    with json_log("debug", stream), bench.serving():
        bench.put("try", args={"n": 424242})
        wait_until(lambda: [j.state for j in bench.known()] == [JobState.FAILED])
        [failed] = bench.known()

    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    ends = [line for line in lines if line["event"] == "job_ended" and line["name"] == "try"]
    assert [(line["outcome"], line["level"]) for line in ends] == [
        ("retried", "warning"),
        ("failed", "error"),
    ]
    assert ends[1]["job"] == failed.id
    assert (ends[1]["fault"], ends[1]["queue"]) == ("ValueError", "upkeep")
    assert "test_engines.py" in ends[1]["trace"][-1]
    assert {line["worker"] for line in lines if "job" in line} == {ends[0]["worker"]}
    assert "jane" not in stream.getvalue()
    assert "424242" not in stream.getvalue()


def test_a_job_that_ends_each_worker_fails_for_good_and_is_told_of(
    make_bench: MakeBench, ledger: Ledger
) -> None:
    done, stream = list[int](), io.StringIO()
    bench = make_bench({"count": Work(does=lambda _, n: done.append(n))})
    bench.put("count", args={"n": 5})
    with ledger.write() as connection:
        assert lose(connection, losses.MOST - 1) == []
        kill(connection)

    with json_log("info", stream), bench.serving():
        wait_until(lambda: [job.state for job in bench.known()] == [JobState.FAILED])
        wait_until(lambda: bench.told)

    [failed] = bench.known()
    assert "20 in a row" in failed.reason
    assert bench.told == [f"count: {failed.reason}"]
    assert '"outcome": "failed"' in stream.getvalue()
    assert done == []


def test_a_job_that_only_a_newer_version_knows_waits_for_it(make_bench: MakeBench) -> None:
    done = list[int]()
    bench = make_bench({"count": Work(does=lambda _, n: done.append(n))})
    if bench.ledger.is_shared:
        pytest.skip("Procrastinate takes it, and lists it as failed")
    newer = Job(name="newer", queue=UPKEEP, key="newer")
    with bench.ledger.write() as connection:
        queue.put(connection, newer)

    with bench.serving():
        bench.put("count", args={"n": 1})
        wait_until(lambda: done)

    with bench.ledger.read() as connection:
        assert {(j.name, j.state) for j in queue.list_jobs(connection)} >= {
            ("newer", JobState.WAITING)
        }


def test_a_ledger_without_room_loses_no_job(
    make_bench: MakeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    done, full = list[int](), iter([True] * 3)
    bench = make_bench({"count": Work(does=lambda _, n: done.append(n))})
    for name in ("forget", "note_trouble"):
        monkeypatch.setattr(queue, name, _without_room(getattr(queue, name), full))
    monkeypatch.setattr(execution, "_PAUSE", 0.01)

    with bench.serving():
        wait_until(lambda: next(full, None) is None)
        bench.put("count", args={"n": 5})
        wait_until(lambda: done and not bench.known())


def _without_room(change: Callable[..., None], full: Iterator[bool]) -> Callable[..., None]:
    """Return a change for which the disk has no room at first."""

    def changed(*given: Any) -> None:
        if next(full, False):
            raise LedgerError(say("database or disk is full"))
        change(*given)

    return changed


def test_a_job_whose_end_cannot_be_recorded_ends_the_worker_for_the_next_to_do_it_again(
    make_bench: MakeBench, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    if ledger.is_shared:
        pytest.skip("a server's engine notices by itself")
    done, finish, harm = list[int](), local_jobs.finish, iter([True])
    bench = make_bench({"count": Work(does=lambda _, n: done.append(n))})

    def refused(*given: Any, **named: Any) -> None:
        if next(harm, False):
            raise LedgerRefusedError(say("database disk image is malformed"))
        finish(*given, **named)

    monkeypatch.setattr(local_jobs, "finish", refused)
    bench.put("count", args={"n": 5})
    with bench.serving() as stop:
        wait_until(stop.is_set)
    with bench.serving():
        wait_until(lambda: not bench.known())

    assert done == [5, 5]


@pytest.mark.parametrize("args", ["null", "[]", "5", "not json", '{"m": 5}'])
def test_a_job_with_broken_arguments_fails_and_keeps_nobody_from_work(
    make_bench: MakeBench, ledger: Ledger, args: str
) -> None:
    if ledger.is_shared:
        pytest.skip("a server refuses what is no JSON, and its engine reads the rest")
    done = list[int]()
    bench = make_bench({"count": Work(does=lambda _, n: done.append(n), tries=2, is_alone=False)})
    bench.put("count", key="broken", args={"n": 1})
    with ledger.write() as connection:
        connection.execute(text("UPDATE jobs SET args = :args, attempt = 2000"), {"args": args})
    bench.put("count", key="whole", args={"n": 5})

    with bench.serving():
        wait_until(lambda: done and [job.state for job in bench.known()] == [JobState.FAILED])

    assert done == [5]


def test_a_round_that_a_clock_noted_that_was_days_ahead_keeps_no_job_from_its_next(
    make_bench: MakeBench, ledger: Ledger
) -> None:
    done = list[int]()
    bench = make_bench({"watch": Work(does=lambda _: done.append(1), schedule="* * * * *")})
    now = dt.datetime.now(dt.UTC)
    with ledger.write() as connection:
        queue.note_round(connection, "watch", now + dt.timedelta(days=3))

    with bench.serving():
        bench.put("watch", due=now)
        wait_until(lambda: done)
