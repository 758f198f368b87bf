"""The ledger on both databases, as the tests of the ledger have it, in a database of its own."""

from collections.abc import Iterator

import pytest

from newsletter.ledger import open_ledger
from tests.ledger.conftest import ledger, place, postgresql, sqlite  # noqa: F401 - fixtures
from tests.servers.postgres import PostgresServer
from tests.servers.smtp import SmtpThread


@pytest.fixture(scope="session")
def server_url(postgres: PostgresServer) -> str:
    """The URL of a PostgreSQL ledger that all tests of a process share, one after the other."""
    url = postgres.create_database("mailing")
    open_ledger(url).close()
    return url


@pytest.fixture
def server() -> Iterator[SmtpThread]:
    """A mail server that takes everything."""
    running = SmtpThread()
    running.start()
    yield running
    running.stop()
