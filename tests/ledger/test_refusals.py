"""A database that refuses is told with its cause and its cure, and ends as one of configuration."""

import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from newsletter.errors import (
    ConfigError,
    LedgerBusyError,
    LedgerReadOnlyError,
    LedgerRefusedError,
)
from newsletter.ledger import Ledger, open_ledger, people
from tests.conftest import Site
from tests.ledger.examples import add, person
from tests.servers.postgres import PostgresServer


@contextmanager
def opened(place: Path | str, password: str = "") -> Iterator[Ledger]:
    """Open a ledger for as long as it is needed."""
    ledger = open_ledger(place, password=password)
    try:
        yield ledger
    finally:
        ledger.close()


def refuse(place: Path | str, words: str, *, password: str = "") -> None:
    """See a ledger refused at its opening, in these words."""
    with pytest.raises(ConfigError) as caught:
        open_ledger(place, password=password)
    assert words in str(caught.value)
    assert str(place) in str(caught.value)
    assert "must be running" not in str(caught.value)
    assert caught.value.exit_code == 3


# --- both ---------------------------------------------------------------------------------


@pytest.fixture(params=["sqlite", "postgresql"])
def own(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path | str]:
    """Where a database is that the test may spoil."""
    if request.param == "sqlite":
        yield tmp_path / "newsletter.db"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.connect() as connection:
        connection.execute("DROP DATABASE IF EXISTS spoiled WITH (FORCE)")
    yield server.create_database("spoiled")


def spoil(place: Path | str, statement: str) -> None:
    """Change a ledger behind its back."""
    with opened(place) as ledger, ledger.write() as connection:
        connection.execute(text(statement))


def test_an_emptied_version_table_is_told(own: Path | str) -> None:
    spoil(own, "DELETE FROM alembic_version")

    refuse(own, "has lost the number of its version (its table alembic_version is empty)")


def test_a_dropped_version_table_is_told(own: Path | str) -> None:
    spoil(own, "DROP TABLE alembic_version")

    refuse(own, "has lost the number of its version")


@pytest.mark.parametrize(
    ("version", "words"),
    [
        ("9999", "newer version"),
        ("1a2b3c4d5e6f", "another program"),  # as Alembic makes them for others
        ("", "another program"),
        ("0000", "no way leads from its version to this one"),
    ],
)
def test_a_version_that_is_not_ours_is_told(own: Path | str, version: str, words: str) -> None:
    spoil(own, f"UPDATE alembic_version SET version_num = '{version}'")  # noqa: S608 - the test's

    refuse(own, words)


def test_a_database_of_another_program_stays_as_it_is(own: Path | str) -> None:
    spoil(own, "CREATE TABLE moz_places (id INTEGER)")
    with opened(own) as ledger, ledger.write() as connection:
        drop = "DROP TABLE {} CASCADE" if ledger.is_shared else "DROP TABLE {}"
        names = ["reports", "deliveries", "batches", "sends", "editions", "pictures", "workers"]
        for name in [*names, "paces", "subscribers", "alembic_version"]:
            if ledger.engine.dialect.has_table(connection, name):
                connection.execute(text(drop.format(name)))
        rest = set(ledger.engine.dialect.get_table_names(connection)) - {"moz_places"}
        for name in rest:
            connection.execute(text(drop.format(name)))

    refuse(own, "holds tables of another program (moz_places)")


def test_a_table_that_somebody_dropped_is_told(own: Path | str) -> None:
    with opened(own) as ledger:
        with ledger.write() as connection:
            connection.execute(text("DROP TABLE reports"))

        with (
            pytest.raises(LedgerRefusedError, match="not as this version") as caught,
            ledger.read() as connection,
        ):
            connection.execute(text("SELECT * FROM reports"))
    assert caught.value.exit_code == 3


# --- files --------------------------------------------------------------------------------


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"email,name\n" * 999)

    refuse(tmp_path / "a.db", "the file is not an SQLite database")


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with opened(path) as ledger, ledger.write() as connection:
        add(connection, *[person(f"p{n}") for n in range(500)])
    data = bytearray(path.read_bytes())
    data[4096 * 2 :] = b"\xff" * (len(data) - 4096 * 2)
    path.write_bytes(data)

    with (
        pytest.raises((ConfigError, LedgerRefusedError), match="damaged") as caught,
        opened(path) as ledger,
        ledger.read() as connection,
    ):
        list(people.list_subscribers(connection))
    assert caught.value.exit_code == 3


@pytest.mark.parametrize("beside", ["newsletter.db-wal", "newsletter.db"])
def test_a_folder_in_the_way_of_a_file_is_told(tmp_path: Path, beside: str) -> None:
    (tmp_path / beside).mkdir()

    refuse(tmp_path / "newsletter.db", "no folder may be")


def test_a_pipe_in_place_of_the_file_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "newsletter.db")

    refuse(tmp_path / "newsletter.db", "")


def test_a_file_that_only_reads_is_told(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as ledger:
        with ledger.read() as connection:  # rights would not keep root from writing
            connection.execute(text("PRAGMA query_only = ON"))
        with (
            pytest.raises(LedgerRefusedError, match="must be writable for you") as caught,
            ledger.write() as connection,
        ):
            add(connection, person("aino"))
    assert caught.value.exit_code == 3


def test_a_locked_file_is_told_as_held_by_another(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with opened(path) as ledger, closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with ledger.read() as connection:
            connection.execute(text("PRAGMA busy_timeout = 10"))
        with pytest.raises(LedgerBusyError, match="another program holds it"), ledger.write():
            pass


def test_a_full_disk_is_told_when_the_ledger_is_made(site: Site) -> None:
    done = subprocess.run(
        ["prlimit", "--fsize=0", *site.command("subscribers", "add", "aino@example.org")],
        env=site.full_environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 3, done.stderr
    assert "make room" in done.stderr


# --- servers ------------------------------------------------------------------------------


@pytest.fixture
def shared(postgres: PostgresServer) -> Iterator[str]:
    """The URL of a ledger on a server, and a role that may only read it."""
    with postgres.connect() as connection:
        connection.execute("DROP DATABASE IF EXISTS refusing WITH (FORCE)")
        connection.execute("DROP ROLE IF EXISTS reader")
        connection.execute("CREATE ROLE reader LOGIN")
    url = postgres.create_database("refusing")
    open_ledger(url).close()
    with postgres.connect("refusing") as connection:
        connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
    yield url
    with postgres.connect() as connection:
        connection.execute("DROP DATABASE refusing WITH (FORCE)")
        connection.execute("DROP ROLE reader")


def write_to(url: str) -> Callable[[], None]:
    """Return what writes to a ledger."""

    def write() -> None:
        with opened(url) as ledger, ledger.write() as connection:
            add(connection, person("aino"))

    return write


def test_a_role_that_may_only_read_is_told_what_it_lacks(shared: str) -> None:
    with pytest.raises(LedgerRefusedError, match="GRANT USAGE, CREATE") as caught:
        write_to(shared.replace("postgres@", "reader@"))()

    assert caught.value.exit_code == 3


def test_a_role_without_any_right_is_told(shared: str, postgres: PostgresServer) -> None:
    with postgres.connect("refusing") as connection:
        connection.execute("REVOKE SELECT ON ALL TABLES IN SCHEMA public FROM reader")

    refuse(shared.replace("postgres@", "reader@"), "GRANT USAGE, CREATE")


def test_an_empty_database_in_which_a_role_may_make_nothing_is_told(
    shared: str, postgres: PostgresServer
) -> None:
    with postgres.connect() as connection:
        connection.execute("DROP DATABASE IF EXISTS bare WITH (FORCE)")
    url = postgres.create_database("bare")

    refuse(url.replace("postgres@", "reader@"), "GRANT USAGE, CREATE")


def test_a_server_that_only_reads_is_told(shared: str, postgres: PostgresServer) -> None:
    with postgres.connect() as connection:
        connection.execute("ALTER DATABASE refusing SET default_transaction_read_only = on")

    with pytest.raises(LedgerReadOnlyError, match="name the server that takes writes") as caught:
        write_to(shared)()

    assert caught.value.exit_code == 3


def test_a_user_that_is_missing_is_told(shared: str) -> None:
    refuse(shared.replace("postgres@", "ghost@"), "make the user with createuser")


def test_a_database_that_is_missing_is_told(postgres: PostgresServer) -> None:
    refuse(postgres.url_of("nowhere"), "make the database with createdb")


def test_a_wrong_password_is_told_without_showing_it(shared: str) -> None:
    with PostgresServer(fsync=False, method="scram-sha-256") as server:
        url = server.create_database("locked", tcp=True)
        with server.connect() as connection:
            connection.execute("CREATE ROLE editor LOGIN PASSWORD 'right'")
        url = url.replace("postgres@", "editor@")

        for password in ("wrong-hush", ""):
            with pytest.raises(ConfigError, match="NEWSLETTER_DATABASE_PASSWORD") as caught:
                open_ledger(url, password=password)
            assert "hush" not in str(caught.value)
            assert "must be running" not in str(caught.value)
