"""What the servers of the tests cost: whoever waits for them stops asking for them."""

import statistics
import time
from pathlib import Path
from types import ModuleType
from uuid import uuid4

import pytest
import requests

from tests.servers.good_calls import brevo_body
from tests.servers.house import ProviderServer
from tests.servers.postgres import FOLDERS, PostgresServer

_LIMIT = 3.0  # seconds


@pytest.mark.parametrize("version", FOLDERS)
def test_postgresql_starts_and_takes_connections_within_three_seconds(version: int) -> None:
    taken = [_start(version) for _ in range(3)]

    told = ", ".join(f"{seconds:.2f}" for seconds in taken)
    print(f"\nPostgreSQL {version}: {statistics.median(taken):.2f} s to start ({told})", end="")
    assert statistics.median(taken) < _LIMIT


def _start(version: int) -> float:
    begun = time.monotonic()
    with PostgresServer(version=version) as server, server.connect():
        return time.monotonic() - begun


def test_a_call_on_an_open_connection_costs_no_more_than_one_on_a_new_one(tmp_path: Path) -> None:
    """Acknowledgements that the kernel delays would cost 40 ms each (RFC 1122, 4.2.3.2)."""
    server = ProviderServer(name="brevo", journal_file=tmp_path / "journal.jsonl")
    with server, requests.Session() as kept:
        _call(kept, server)  # opens it
        ratios = [_call(kept, server) / _call(requests, server) for _ in range(5)]

    told = f"{statistics.median(ratios):.2f} of one on a new connection"
    print(f"\na call on an open connection: {told}", end="")
    assert statistics.median(ratios) < 1.2


def _call(by: requests.Session | ModuleType, server: ProviderServer) -> float:
    begun = time.monotonic()
    for _ in range(20):
        headers = {"api-key": server.api_key}
        assert by.post(f"{server.url}/smtp/email", json=_body(), headers=headers, timeout=10).ok
    return time.monotonic() - begun


def _body() -> dict[str, object]:
    return brevo_body({"headers": {"idempotencyKey": str(uuid4())}})
