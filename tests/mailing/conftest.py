"""The ledger on both databases."""

from tests.ledger.conftest import ledger, place, server_url  # noqa: F401 - fixtures
