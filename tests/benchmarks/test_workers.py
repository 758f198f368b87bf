"""How the rate grows with workers on PostgreSQL, all of them on this machine."""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newsletter.ledger import open_ledger
from tests.benchmarks.crowd import crowd, measure, settle
from tests.conftest import Site
from tests.servers.postgres import PostgresServer
from tests.servers.sink import SinkServer

_COUNT = 40_000
_LATENCY = 0.2  # seconds a provider takes for a call, over a distance


@contextmanager
def _workers(site: Site, count: int) -> Iterator[None]:
    started = [site.start("worker") for _ in range(count)]
    try:
        for process in started:
            assert process.stderr
            assert re.match("Working for", process.stderr.readline())
        yield
    finally:
        for process in started:
            process.send_signal(signal.SIGTERM)
        for process in started:
            process.communicate(timeout=30)


def _seconds(server: PostgresServer, folder: Path, sink: SinkServer, count: int) -> float:
    """Return the seconds from `send --yes`, which plans and looks on, to done."""
    url = server.create_database(f"crowd{count}")
    extra = "concurrency = 1\nbatch_size = 500"
    site = settle(folder, provider="brevo", base_url=sink.url, database=url, extra=extra)
    ledger = open_ledger(url)
    crowd(ledger, _COUNT)
    ledger.close()
    with _workers(site, count):
        return measure(site, "send", "2026-06", "--yes").seconds


def test_workers_share_the_work(tmp_path: Path) -> None:
    """With a provider that takes its time, four workers are far faster than one."""
    rates = {}
    with PostgresServer() as server:
        for latency in (0.0, _LATENCY):
            with SinkServer(manner="brevo", latency=latency) as sink:
                for count in (1, 2, 4):
                    folder = tmp_path / f"{latency}-{count}"
                    rates[latency, count] = _COUNT / _seconds(server, folder, sink, count)
                    with server.connect() as connection:
                        connection.execute(f"DROP DATABASE crowd{count} WITH (FORCE)")
    for latency in (0.0, _LATENCY):
        told = ", ".join(f"{n}: {rates[latency, n]:,.0f}" for n in (1, 2, 4))
        print(f"\nworkers on PostgreSQL, {latency * 1000:.0f} ms a call, a second: {told}", end="")
    gain = rates[_LATENCY, 4] / rates[_LATENCY, 1]
    print(f"; four against one {gain:.2f} (limit 2) on {os.cpu_count()} cores", end="")
    assert gain >= 2
