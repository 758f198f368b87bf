"""The ledger on both databases, as the tests of the ledger have it, in a database of its own."""

import datetime as dt

import pytest

from newsletter.ledger import Ledger, open_ledger, people
from newsletter.model import Subscriber
from tests.ledger.conftest import (  # noqa: F401 - fixtures
    ledger,
    postgresql,
    sqlite,
)
from tests.servers.postgres import PostgresServer

MEMBERS = [f"jasen{n:02}" for n in range(24)]


@pytest.fixture(scope="session")
def server_url(postgres: PostgresServer) -> str:
    """The URL of a PostgreSQL ledger that all tests of a process share, one after the other."""
    url = postgres.create_database("surveys")
    open_ledger(url).close()
    return url


@pytest.fixture
def members(ledger: Ledger) -> Ledger:  # noqa: F811 - the fixture
    """An empty ledger but for 24 people on the list."""
    crowd = [Subscriber(address=f"{key}@example.org", key=key) for key in MEMBERS]
    with ledger.write() as connection:
        people.add_subscribers(connection, crowd, dt.datetime(2027, 1, 1, tzinfo=dt.UTC))
    return ledger
