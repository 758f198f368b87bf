"""Opening makes a ledger or brings it up to date, and says what is wrong where it cannot."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, event, inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from newsletter.errors import ConfigError, LedgerBusyError, LedgerError
from newsletter.ledger import Ledger, migrations, open_ledger, people
from newsletter.ledger.open import HEAD
from newsletter.ledger.tables import metadata
from newsletter.model import Subscriber
from tests.ledger.examples import add, person
from tests.servers.postgres import PostgresServer


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "newsletter.db"


def test_opening_makes_the_file_its_folder_and_all_tables(tmp_path: Path) -> None:
    path = tmp_path / "new" / "deep" / "newsletter.db"

    ledger = open_ledger(path)

    tables = set(inspect(ledger.engine).get_table_names())
    ledger.close()
    assert path.is_file()
    assert tables == {*metadata.tables, "alembic_version"}


def test_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))

    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_a_file_that_fails_while_it_is_watched_is_a_fault_of_the_ledger(path: Path) -> None:
    ledger, connections = open_ledger(path), list[sqlite3.Connection]()
    event.listen(ledger.engine, "checkout", lambda driver, *_: connections.append(driver))
    with ledger.changes() as has_changed:
        assert has_changed()
        connections[0].set_authorizer(lambda *_: sqlite3.SQLITE_DENY)

        with pytest.raises(LedgerError, match=r"newsletter\.db"):
            has_changed()
        connections[0].set_authorizer(None)
    ledger.close()


def test_opening_again_changes_nothing(path: Path) -> None:
    ledger = open_ledger(path)
    with ledger.write() as connection:
        add(connection, person("aino"))
    ledger.close()
    with sqlite3.connect(path) as raw:
        before = list(raw.iterdump())

    open_ledger(path).close()

    after = list(raw.iterdump())
    raw.close()
    assert after == before


@pytest.mark.parametrize("data", [b"x" * 4096, b"email,name\n"])
def test_a_file_that_is_no_database_is_a_fault_of_configuration(path: Path, data: bytes) -> None:
    path.write_bytes(data)

    with pytest.raises(ConfigError) as caught:
        open_ledger(path)

    assert str(path) in str(caught.value)
    assert path.read_bytes() == data


def test_a_folder_that_cannot_be_made_is_a_fault_of_configuration(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")

    with pytest.raises(ConfigError, match="cannot make the folder") as caught:
        open_ledger(tmp_path / "file" / "inner" / "newsletter.db")

    assert str(tmp_path / "file" / "inner") in str(caught.value)


@pytest.mark.parametrize("folder", ["työ kirje", "100%", "a#b", "a?b=c", "a%20b"])
def test_any_folder_name_will_do(tmp_path: Path, folder: str) -> None:
    path = tmp_path / folder / "newsletter.db"

    open_ledger(path).close()

    assert path.is_file()
    assert [entry.name for entry in tmp_path.iterdir()] == [folder]


@pytest.mark.parametrize(
    "again",
    [
        person("secret-aino"),  # the same address
        replace(person("bo"), key="key-secret-aino"),  # the same key
    ],
)
def test_no_error_of_the_ledger_holds_an_address(connection: Connection, again: Subscriber) -> None:
    add(connection, person("secret-aino"))

    with pytest.raises(DBAPIError) as caught:
        add(connection, again, person("secret-eva"))

    assert "secret" not in str(caught.value)
    assert "example.org" not in str(caught.value)


def test_an_error_takes_back_the_whole_change(ledger: Ledger) -> None:
    def write() -> None:
        with ledger.write() as connection:
            add(connection, person("aino"))
            add(connection, person("aino"))

    with pytest.raises(IntegrityError):
        write()

    with ledger.read() as connection:
        assert people.count_by_standing(connection) == {}


def test_a_transaction_that_reads_sees_one_moment(ledger: Ledger) -> None:
    with ledger.read() as reading:
        assert people.count_by_standing(reading) == {}
        with ledger.write() as connection:
            add(connection, person("aino"))

        assert people.count_by_standing(reading) == {}


# --- servers ------------------------------------------------------------------------------


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """A server of the test's own, which it may stop."""
    with PostgresServer(fsync=False) as running:
        yield running


@pytest.mark.long
def test_a_server_that_is_away_may_come_back(server: PostgresServer) -> None:
    ledger = open_ledger(server.create_database("a"))
    server.stop()

    for transaction in (ledger.read, ledger.write):
        with pytest.raises(LedgerBusyError, match="does not answer"), transaction():
            pass
    server.start()

    with ledger.write() as connection:
        add(connection, person("aino"))
    ledger.close()


@pytest.mark.long
def test_a_server_that_goes_away_in_a_transaction_takes_it_all_back(
    server: PostgresServer,
) -> None:
    ledger = open_ledger(server.create_database("a"))

    def write() -> None:
        with ledger.write() as connection:
            add(connection, person("aino"))
            server.restart()
            add(connection, person("bo"))

    with pytest.raises(LedgerBusyError):
        write()

    with ledger.read() as connection:
        assert people.count_by_standing(connection) == {}
    ledger.close()


def test_a_lock_that_is_held_for_too_long_may_be_free_later(
    postgres: PostgresServer, server_url: str
) -> None:
    ledger = open_ledger(server_url)

    def write() -> None:
        with ledger.write() as connection:
            connection.execute(text("SET LOCAL lock_timeout = '50ms'"))
            add(connection, person("aino"))

    with postgres.connect("ledger") as other, other.transaction():
        other.execute("LOCK TABLE subscribers")

        with pytest.raises(LedgerBusyError):
            write()
    ledger.close()


def test_a_question_that_takes_too_long_is_no_better_later(server_url: str) -> None:
    ledger = open_ledger(server_url)

    def ask() -> None:
        with ledger.write() as connection:
            connection.execute(text("SET LOCAL statement_timeout = '50ms'"))
            connection.execute(text("SELECT pg_sleep(5)"))

    with pytest.raises(LedgerError) as caught:
        ask()

    assert not isinstance(caught.value, LedgerBusyError)
    ledger.close()


def test_a_connection_that_the_server_ends_is_made_anew(
    postgres: PostgresServer, server_url: str
) -> None:
    ledger = open_ledger(server_url)

    def write() -> None:
        with ledger.write() as connection:
            with postgres.connect() as other:
                other.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = 'ledger'"
                )
            add(connection, person("aino"))

    with pytest.raises(LedgerBusyError):
        write()

    with ledger.read() as connection:
        people.count_by_standing(connection)
    ledger.close()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://postgres@127.0.0.1:1/nowhere",  # nobody listens
        "postgresql+psycopg://postgres@/nowhere?host=/nonexistent",  # no such socket
    ],
)
def test_a_server_that_cannot_be_reached_is_a_fault_of_configuration(url: str) -> None:
    with pytest.raises(ConfigError, match="its server must be running"):
        open_ledger(url)
