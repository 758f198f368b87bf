"""The ledger on both databases, as the tests of the ledger have it, in a database of its own."""

import pytest

from newsletter.ledger import open_ledger
from tests.ledger.conftest import (  # noqa: F401 - fixtures
    ledger,
    postgresql,
    sqlite,
)
from tests.servers.postgres import PostgresServer


@pytest.fixture(scope="session")
def server_url(postgres: PostgresServer) -> str:
    """The URL of a PostgreSQL ledger that all tests of a process share, one after the other."""
    url = postgres.create_database("meetings")
    open_ledger(url).close()
    return url
