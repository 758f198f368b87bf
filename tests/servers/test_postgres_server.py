"""Check that the PostgreSQL for tests starts, keeps what was committed, and leaves nothing."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import create_engine, text

from tests.waiting import wait_until

from .postgres import FOLDERS, PostgresServer

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def cluster() -> Iterator[PostgresServer]:
    with PostgresServer() as running:
        yield running


@pytest.fixture
def server(cluster: PostgresServer) -> PostgresServer:
    """A server that runs, whatever the test before did to it."""
    cluster.start()
    return cluster


@pytest.mark.parametrize("version", FOLDERS)
def test_starts_and_answers(version: int) -> None:
    with PostgresServer(version=version) as server, server.connect() as connection:
        answer = connection.execute("SHOW server_version").fetchone()

    assert answer is not None
    assert answer[0].startswith(f"{version}.")


@pytest.mark.parametrize("tcp", [False, True])
def test_its_urls_are_ones_sqlalchemy_takes(server: PostgresServer, tcp: bool) -> None:
    engine = create_engine(server.create_database(f"mine{tcp:d}", tcp=tcp))

    with engine.connect() as connection:
        name = connection.execute(text("SELECT current_database()")).scalar_one()

    engine.dispose()
    assert name == f"mine{tcp:d}"


@pytest.mark.parametrize("end", [PostgresServer.kill, PostgresServer.stop])
def test_committed_rows_are_there_again_under_the_same_url(
    server: PostgresServer, end: Callable[[PostgresServer], None]
) -> None:
    database = f"kept{server.pid}"
    url = server.create_database(database, tcp=True)
    with server.connect(database) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'committed' AS word")
        connection.execute("BEGIN")
        connection.execute("INSERT INTO kept VALUES ('not committed')")

        end(server)
        with pytest.raises(psycopg.OperationalError):
            _ask_until_nobody_answers(connection)
    server.start()

    engine = create_engine(url)
    with engine.connect() as again:
        words = again.execute(text("SELECT word FROM kept")).scalars().all()
    engine.dispose()
    assert words == ["committed"]


def test_nobody_answers_while_it_is_stopped(server: PostgresServer) -> None:
    server.stop()

    assert server.pid is None
    with pytest.raises(psycopg.OperationalError):
        server.connect()


def test_starting_twice_changes_nothing(server: PostgresServer) -> None:
    before = server.pid

    server.start()

    assert server.pid == before


def test_fsync_is_on_unless_told_otherwise(server: PostgresServer) -> None:
    with server.connect() as connection:
        safe = connection.execute("SHOW fsync").fetchone()
    with PostgresServer(fsync=False) as quick, quick.connect() as connection:
        unsafe = connection.execute("SHOW fsync").fetchone()

    assert (safe, unsafe) == (("on",), ("off",))


def test_leaving_one_that_was_never_entered_takes_nothing_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.txt").touch()
    monkeypatch.chdir(tmp_path)

    PostgresServer().__exit__()

    assert (tmp_path / "mine.txt").exists()


def test_nothing_is_left_when_the_test_process_is_killed() -> None:
    program = (
        "from tests.servers.postgres import PostgresServer\n"
        "server = PostgresServer().__enter__()\n"
        "print(server.pid, server.url.partition('host=')[2].partition('&')[0], flush=True)\n"
        "import time; time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
    ) as test_process:
        assert test_process.stdout
        pid, folder = test_process.stdout.readline().split()

        test_process.kill()

    wait_until(lambda: not _is_running(int(pid)) and not Path(folder).exists())


def _ask_until_nobody_answers(connection: psycopg.Connection[tuple[Any, ...]]) -> None:
    """Ask until it fails: a backend whose postmaster was killed may still answer a question."""
    wait_until(lambda: connection.execute("SELECT 1") is None)


def _is_running(pid: int) -> bool:
    """Return whether a process runs; one whose parent has not asked after it yet does not."""
    try:
        os.kill(pid, 0)
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (OSError, ProcessLookupError):
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
