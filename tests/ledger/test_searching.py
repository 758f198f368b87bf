"""Finding subscribers by a few letters."""

import datetime as dt

import pytest
from sqlalchemy import Connection

from newsletter.ledger import people
from newsletter.model import Standing, Subscriber

JOINED = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_LIST = [
    Subscriber(address="asa.orn@example.org", key="a", name="Åsa Örn"),
    Subscriber(address="aino.virtanen@example.org", key="b", name="Aino Virtanen"),
    Subscriber(address="a_b@example.org", key="c"),
    Subscriber(address="gone@example.org", key="d", name="Virpi", standing=Standing.ERASED),
]


@pytest.mark.parametrize(
    ("letters", "found"),
    [
        ("VIRT", ["aino.virtanen@example.org"]),
        ("örn", ["asa.orn@example.org"]),  # a capital in the name, beyond ASCII
        ("a_b", ["a_b@example.org"]),  # no pattern
        ("virpi", []),  # erased people are not found
        *(("\0", []), ("virt\0", []), ("\ud800", [])),  # no database holds these
    ],
)
def test_letters_of_a_name_or_an_address_find_a_subscriber(
    connection: Connection, letters: str, found: list[str]
) -> None:
    people.add_subscribers(connection, _LIST, JOINED)

    assert [p.address for p in people.search_subscribers(connection, letters)] == found


def test_a_search_ends_after_so_many(connection: Connection) -> None:
    many = [Subscriber(address=f"p{n:02}@example.org", key=str(n)) for n in range(30)]
    people.add_subscribers(connection, many, JOINED)

    assert len(people.search_subscribers(connection, "example")) == 20
