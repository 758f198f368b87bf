"""What the servers of the tests cost: whoever waits for them stops asking for them."""

import statistics
import time

import pytest

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
