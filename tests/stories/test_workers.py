"""Many workers send from one PostgreSQL: everybody once, whoever dies, pauses or restarts."""

import datetime as dt
import json
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import TypeVar
from uuid import uuid4

import pytest
from sqlalchemy import Connection, text

from newsletter.ledger import Send, sends, workers
from newsletter.ledgers import ledger_of
from newsletter.settings import load_settings
from tests.conftest import Site, StartBrevo
from tests.servers.brevo import BrevoServer
from tests.servers.forked import Forked
from tests.servers.postgres import PostgresServer
from tests.waiting import read_until, wait_until

T = TypeVar("T")
PEOPLE = 200
SLOWLY = "batch_size = 10\nconcurrency = 1"  # so that there is a middle to do something in


@dataclass
class Office:
    """A newsletter whose ledger is a server's, and the processes that work for it."""

    site: Site
    server: BrevoServer

    def work(self) -> Forked:
        """Start a worker and wait until it waits for sends."""
        worker = self.site.start("worker")
        read_until(worker.stderr, "Working for")
        return worker

    def send(self) -> Forked:
        """Start sending, which the workers do while this process looks on."""
        return self.site.start("send", "2026-06", "--yes")

    def mailed(self) -> Counter[str]:
        """Return how often each address was mailed."""
        return Counter(message["email"] for message in self.server.messages())

    def state(self) -> str:
        """Return how far the send has come."""
        return self._ask(lambda _connection, send: send.state.value)

    def counts(self) -> dict[str, int]:
        """Return the deliveries by state, without those nobody is in."""
        counted = self._ask(lambda connection, send: sends.count_states(connection, send.id))
        return {state.value: count for state, count in counted.items() if count}

    def _ask(self, question: Callable[[Connection, Send], T]) -> T:
        ledger = ledger_of(load_settings(self.site.root))
        with closing(ledger), ledger.read() as connection:
            send = sends.find_send(connection, "2026-06")
            assert send
            return question(connection, send)

    def wait_for(self, mailed: int) -> None:
        """Wait until so many were mailed."""
        wait_until(lambda: self.mailed().total() >= mailed)


@pytest.fixture
def office(site: Site, start_brevo: StartBrevo, postgres: PostgresServer) -> Office:
    """Two hundred people, in calls of ten that take a fifth of a second."""
    url = postgres.create_database(f"office{uuid4().hex[:8]}", tcp=True)
    return opened(site, start_brevo, url)


@pytest.fixture
def slow_office(site: Site, start_brevo: StartBrevo, postgres: PostgresServer) -> Office:
    """An office whose calls take so long that an order comes in time on a busy machine."""
    url = postgres.create_database(f"office{uuid4().hex[:8]}", tcp=True)
    return opened(site, start_brevo, url, delay=0.8)


def opened(site: Site, start_brevo: StartBrevo, url: str, *, delay: float = 0.2) -> Office:
    """Open an office."""
    server = start_brevo(site, delay=delay, extra=SLOWLY)
    site.settings(url=f'url = "{url}"')
    site.people(PEOPLE)
    return Office(site, server)


def end(process: Forked, code: int | None = 0, *, by: int = 0) -> str:
    """Let a process end, by a signal if need be; return what it said."""
    if by:
        process.send_signal(by)
    said = "".join(process.communicate())
    assert code is None or process.returncode == code, said
    return said


def test_workers_share_a_send_and_its_sender_looks_on(office: Office) -> None:
    workers = [office.work(), office.work()]

    said = end(office.send())

    assert "Done" in said
    assert office.mailed() == Counter(f"person{n}@example.org" for n in range(PEOPLE))
    assert office.counts() == {"accepted": PEOPLE}
    assert office.server.violations() == []
    for worker in workers:
        assert "decided" in end(worker, by=signal.SIGTERM)


def test_a_killed_workers_batch_is_taken_over_at_once(office: Office) -> None:
    doomed, _ = office.work(), office.work()
    viewer = office.send()
    office.wait_for(60)

    end(doomed, -signal.SIGKILL, by=signal.SIGKILL)

    end(viewer)
    assert set(office.mailed().values()) == {1}
    assert office.counts() == {"accepted": PEOPLE}


def test_what_all_workers_left_when_they_were_killed_is_finished_by_the_next(
    office: Office,
) -> None:
    workers = [office.work(), office.work()]
    viewer = office.send()
    office.wait_for(60)
    for worker in workers:
        end(worker, -signal.SIGKILL, by=signal.SIGKILL)

    office.work()

    end(viewer)
    assert set(office.mailed().values()) == {1}
    assert office.counts() == {"accepted": PEOPLE}


def test_a_worker_that_is_asked_to_end_finishes_its_call(slow_office: Office) -> None:
    worker = slow_office.work()
    viewer = slow_office.send()
    slow_office.wait_for(20)

    said = end(worker, by=signal.SIGTERM)

    assert "Ended; nothing was under way" in said
    end(viewer)  # who looked on sends the rest
    assert slow_office.mailed().total() == len(slow_office.mailed()) == PEOPLE
    assert slow_office.counts() == {"accepted": PEOPLE}


@pytest.fixture(params=["sqlite", "postgresql"])
def any_office(
    request: pytest.FixtureRequest, site: Site, start_brevo: StartBrevo, postgres: PostgresServer
) -> Office:
    """An office on either database."""
    if request.param == "postgresql":
        url = postgres.create_database(f"office{uuid4().hex[:8]}", tcp=True)
    else:
        url = "sqlite:///subscribers/newsletter.db"
    return opened(site, start_brevo, url)


def test_nobody_waits_for_a_worker_that_was_killed_however_often_they_send(
    any_office: Office,
) -> None:
    office = any_office
    end(office.work(), -signal.SIGKILL, by=signal.SIGKILL)
    office.site.run("send", "2026-06", "--test", "me@example.org", "--yes")

    office.site.run("send", "2026-06", "--yes")

    assert len(office.mailed()) == PEOPLE + 1
    assert office.counts() == {"accepted": PEOPLE}


def test_who_looks_on_sends_the_rest_when_the_only_worker_is_killed(any_office: Office) -> None:
    worker = any_office.work()
    viewer = any_office.send()
    any_office.wait_for(20)

    end(worker, -signal.SIGKILL, by=signal.SIGKILL)

    assert "Done" in end(viewer)
    assert set(any_office.mailed().values()) == {1}
    assert any_office.counts() == {"accepted": PEOPLE}


def test_a_time_is_not_promised_when_the_only_worker_was_killed(any_office: Office) -> None:
    any_office.site.settings(name='name = "outbox"')
    end(any_office.work(), -signal.SIGKILL, by=signal.SIGKILL)

    for _ in range(2):
        at = ("--at", f"{dt.datetime.now(dt.UTC).date() + dt.timedelta(days=2)} 06:00")
        refused = any_office.site.run("send", "2026-06", *at, "--yes", code=2)

        assert "no “newsletter worker” is running" in refused.stderr


def test_a_worker_elsewhere_that_was_not_seen_for_two_minutes_serves_nobody(
    any_office: Office,
) -> None:
    ledger = ledger_of(load_settings(any_office.site.root))
    with closing(ledger), ledger.write() as connection:
        workers.enroll(connection, "far", host="another machine", is_serving=True)
        connection.execute(text("UPDATE workers SET seen_at = seen_at - 120"))

    any_office.site.run("send", "2026-06", "--yes")

    assert any_office.counts() == {"accepted": PEOPLE}


def test_a_restarted_database_costs_nobody_their_mail_and_no_worker_its_life(
    site: Site, start_brevo: StartBrevo
) -> None:
    with PostgresServer(fsync=False) as database:
        office = opened(site, start_brevo, database.create_database("office", tcp=True))
        workers = [office.work(), office.work()]
        viewer = office.send()
        office.wait_for(60)

        database.stop()
        for worker in workers:
            read_until(worker.stderr, "trying again")
        database.start()

        office.wait_for(PEOPLE)
        wait_until(lambda: office.state() == "done")
        assert set(office.mailed().values()) == {1}
        assert office.counts() == {"accepted": PEOPLE}
        for worker in workers:
            end(worker, by=signal.SIGTERM)
        viewer.end()


def test_a_send_is_paused_and_resumed_from_another_process(slow_office: Office) -> None:
    slow_office.work()
    slow_office.work()
    viewer = slow_office.send()
    slow_office.wait_for(20)

    slow_office.site.run("send", "2026-06", "--pause")

    assert "Paused" in end(viewer, 130)
    wait_until(lambda: "sending" not in slow_office.counts())
    mailed = slow_office.mailed().total()
    assert mailed < PEOPLE
    time.sleep(1)
    assert slow_office.mailed().total() == mailed
    assert slow_office.state() == "paused"
    slow_office.site.run("send", "2026-06", "--resume", "--yes")
    assert slow_office.mailed().total() == len(slow_office.mailed()) == PEOPLE
    assert slow_office.counts() == {"accepted": PEOPLE}


def test_a_send_is_cancelled_from_another_process(slow_office: Office) -> None:
    slow_office.work()
    slow_office.work()
    viewer = slow_office.send()
    slow_office.wait_for(20)

    slow_office.site.run("send", "2026-06", "--cancel", "--yes")

    end(viewer, 1)
    wait_until(lambda: "sending" not in slow_office.counts())
    time.sleep(1)
    mailed = slow_office.mailed().total()
    assert mailed < PEOPLE
    assert slow_office.counts() == {"accepted": mailed, "skipped": PEOPLE - mailed}
    assert slow_office.state() == "cancelled"


def test_two_processes_that_send_an_issue_at_once_share_it_and_both_see_its_end(
    any_office: Office,
) -> None:
    office = any_office
    first, second = office.send(), office.send()

    assert "Done" in end(first)
    end(second)

    assert office.mailed().total() == len(office.mailed()) == PEOPLE
    assert office.state() == "done"


def test_processes_that_open_an_empty_database_at_once_all_may(
    site: Site, postgres: PostgresServer
) -> None:
    site.settings(url=f'url = "{postgres.create_database("empty", tcp=True)}"')

    started = [site.start("status", "--json") for _ in range(3)]

    assert [json.loads(end(process)) for process in started] == [[], [], []]
