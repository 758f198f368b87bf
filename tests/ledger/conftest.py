"""The ledger on both databases: what is tested with `ledger` is one contract for both."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection

from newsletter.ledger import Ledger, open_ledger
from newsletter.ledger.tables import metadata
from tests.ledger.blank import open_blank, put_blank
from tests.ledger.examples import astray
from tests.servers.postgres import PostgresServer

_TABLES = metadata.sorted_tables[::-1]  # those that refer to others first
_DELETE = "; ".join(f"DELETE FROM {table}" for table in _TABLES)  # noqa: S608 - ours
_ITS_QUEUE = (
    "DELETE FROM procrastinate_periodic_defers; DELETE FROM procrastinate_events; "
    "DELETE FROM procrastinate_jobs; DELETE FROM procrastinate_workers"
)
_COUNT_ANEW = "; ".join(
    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 1, false)"  # as in a new one
    for table in _TABLES
    if "id" in table.c
)


@pytest.fixture(scope="session")
def server_url(postgres: PostgresServer) -> str:
    """The URL of a PostgreSQL ledger that all tests of a process share, one after the other."""
    url = postgres.create_database("ledger")
    open_ledger(url).close()
    return url


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """A ledger in a file, open for all tests of a process: SQL is compiled once for each."""
    opened = open_blank(tmp_path_factory.mktemp("ledger") / "newsletter.db")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def postgresql(server_url: str) -> Iterator[Ledger]:
    """A ledger on a server, open for all tests of a process."""
    opened = open_ledger(server_url)
    yield opened
    opened.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest) -> Ledger:
    """An empty ledger."""
    opened: Ledger = request.getfixturevalue(request.param)
    opened.close()  # its connections, and their temporary tables; it makes new ones
    if opened.is_shared:
        with opened.engine.begin() as connection:
            connection.exec_driver_sql(f"{_DELETE}; {_ITS_QUEUE}; {_COUNT_ANEW}")
    else:
        put_blank(Path(opened.place))
    return opened


@pytest.fixture
def place(ledger: Ledger) -> Path | str:
    """Where an empty ledger is: a file, and a database of a server."""
    url = ledger.engine.url.render_as_string(hide_password=False)
    return url if ledger.is_shared else Path(ledger.place)


@pytest.fixture
def connection(ledger: Ledger) -> Iterator[Connection]:
    """A transaction of an empty ledger that may write; in the end all standings must follow."""
    with ledger.write() as open_connection:
        yield open_connection
        if open_connection.in_transaction() and not _has_failed(open_connection):
            assert astray(open_connection) == {}


def _has_failed(connection: Connection) -> bool:
    """Return whether a server refuses all else in this transaction, as a test had it refuse."""
    if connection.dialect.name != "postgresql":
        return False
    driver = connection.connection.driver_connection
    assert driver
    return bool(driver.info.transaction_status == TransactionStatus.INERROR)
