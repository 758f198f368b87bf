"""The ledger on both databases: what is tested with `ledger` is one contract for both."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from newsletter.ledger import Ledger, open_ledger
from newsletter.ledger.tables import metadata
from tests.ledger.blank import open_blank
from tests.servers.postgres import PostgresServer

DATABASES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def server_url(postgres: PostgresServer) -> str:
    """The URL of a PostgreSQL ledger that all tests of a process share, one after the other."""
    url = postgres.create_database("ledger")
    open_ledger(url).close()
    return url


@pytest.fixture(params=DATABASES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where an empty ledger is: a file, and a database of a server."""
    if request.param == "sqlite":
        open_blank(tmp_path / "newsletter.db").close()
        return tmp_path / "newsletter.db"
    url: str = request.getfixturevalue("server_url")
    emptied = open_ledger(url)
    with emptied.write() as connection:
        names = ", ".join(metadata.tables)
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    emptied.close()
    return url


@pytest.fixture
def ledger(place: Path | str) -> Iterator[Ledger]:
    """An empty ledger."""
    opened = open_ledger(place)
    yield opened
    opened.close()


@pytest.fixture
def connection(ledger: Ledger) -> Iterator[Connection]:
    """A transaction of an empty ledger that may write."""
    with ledger.write() as open_connection:
        yield open_connection
