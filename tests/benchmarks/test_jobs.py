"""What background work costs: an idle worker, and the wait until a planned send begins."""

import datetime as dt
import os
import statistics
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from newsletter import pipeline
from newsletter.ledger import Ledger, Send, doubts, sends
from newsletter.ledgers import ledger_of
from newsletter.mailing.handover import ask_to_carry
from newsletter.model import BatchState, SendState
from newsletter.settings import load_settings
from tests.conftest import Site, make_site
from tests.servers.forked import Forked
from tests.servers.postgres import PostgresServer
from tests.waiting import read_until, wait_until

_IDLE = 20.0  # seconds
_SENDS = 20


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A PostgreSQL server of its own."""
    with PostgresServer() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def served(request: pytest.FixtureRequest, tmp_path: Path, server: PostgresServer) -> Site:
    """A newsletter of three readers on either database."""
    site = make_site(tmp_path / "site")
    if request.param == "postgresql":
        site.settings(url=f'url = "{server.create_database(f"jobs{uuid4().hex[:8]}", tcp=True)}"')
    site.people(3)
    return site


@contextmanager
def _worker(site: Site) -> Iterator[Forked]:
    process = site.start("worker")
    read_until(process.stderr, "Working for")
    try:
        yield process
    finally:
        process.end()


def _processor(process: Forked) -> float:
    """Return the seconds of processor a process has taken, in its own code and the system's."""
    fields = (
        Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    )
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_an_idle_worker_costs_less_than_a_hundredth_of_a_core(served: Site) -> None:
    with _worker(served) as process:
        time.sleep(5)  # what it does at first is not idling
        before, begun = _processor(process), time.monotonic()
        time.sleep(_IDLE)
        share = (_processor(process) - before) / (time.monotonic() - begun)

    print(f"\nan idle worker: {share:.2%} of a core (limit 1 %)", end="")
    assert share < 0.01


def test_a_planned_send_begins_within_half_a_second(served: Site) -> None:
    """From the commit that hands it over to the first claim of a batch."""
    settings = load_settings(served.root)
    text = (served.root / "issues/2026-06.md").read_text("utf-8")
    waits = []
    with closing(ledger_of(settings)) as ledger, _worker(served):
        for n in range(_SENDS):
            issue = f"2026-06-{n}"
            served.write(f"issues/{issue}.md", text)
            now = dt.datetime.now(dt.UTC)
            plan = pipeline.plan(settings, pipeline.read(settings, issue), ledger, now=now)
            send = pipeline.freeze(settings, plan, ledger, now=now)
            waits.append(_wait_of(ledger, send))

    median = statistics.median(waits)
    print(
        f"\na planned send begins after {median:.3f} s, at most {max(waits):.3f} (limit 0.5)",
        end="",
    )
    assert median < 0.5


def _wait_of(ledger: Ledger, send: Send) -> float:
    with ledger.write() as connection:
        sends.begin_sending(connection, send.id)
        ask_to_carry(connection, send)
    handed_over = dt.datetime.now(dt.UTC)

    def is_done() -> bool:
        with ledger.read() as connection:
            known = sends.find_by_id(connection, send.id)
        return known is not None and known.state is SendState.DONE

    wait_until(is_done)
    with ledger.read() as connection:
        [batch] = doubts.list_batches(connection, send.id, BatchState.SETTLED)
    assert batch.called_at
    return (batch.called_at - handed_over).total_seconds()
