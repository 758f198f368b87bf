"""Whatever the editor does about a person is recorded, and sets how they stand."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.errors import UsageError
from newsletter.ledger import Ledger, history, people
from newsletter.model import By, Happened, Standing
from newsletter.register import Details, enter_person, rename_person, take_people_off
from tests.ledger.blank import open_blank

NOW = dt.datetime(2026, 12, 15, 8, tzinfo=dt.UTC)
AINO = "aino@example.org"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """An empty ledger."""
    opened = open_blank(tmp_path / "newsletter.db")
    yield opened
    opened.close()


def enter(ledger: Ledger, name: str = "", *, again: bool = False) -> None:
    """Enter Aino."""
    enter_person(ledger, AINO, Details(name=name), again=again, now=NOW)


def told(ledger: Ledger, address: str = AINO) -> tuple[Standing, list[tuple[Happened, By]]]:
    """Return how somebody stands, and what is recorded of them."""
    with ledger.read() as connection:
        person = people.find_subscriber(connection, address)
        assert person
        known = history.find_records(connection, [person.key])[person.key]
    return person.standing, [(record.what, record.by) for record in known]


JOINED, LEFT = (Happened.JOINED, By.EDITOR), (Happened.UNSUBSCRIBED, By.EDITOR)


def test_who_is_entered_joins(ledger: Ledger) -> None:
    enter(ledger)

    assert told(ledger) == (Standing.ACTIVE, [JOINED])


def test_details_that_are_the_same_are_no_news(ledger: Ledger) -> None:
    enter(ledger, "Aino")
    enter(ledger, "Aino")
    enter(ledger, "Aino Ek")

    assert told(ledger)[1] == [JOINED, (Happened.CHANGED, By.EDITOR)]


def test_who_was_taken_off_comes_back_only_when_told_that_they_wish_it(ledger: Ledger) -> None:
    enter(ledger)
    take_people_off(ledger, [AINO], now=NOW)
    assert told(ledger) == (Standing.UNSUBSCRIBED, [JOINED, LEFT])

    with pytest.raises(UsageError, match="at their own wish"):
        enter(ledger)
    enter(ledger, again=True)

    assert told(ledger) == (Standing.ACTIVE, [JOINED, LEFT, (Happened.RETURNED, By.EDITOR)])


def test_who_comes_back_and_leaves_at_once_has_left(ledger: Ledger) -> None:
    """All of it happens within one tick of the clock."""
    enter(ledger)
    for _ in range(3):
        take_people_off(ledger, [AINO], now=NOW)
        assert told(ledger)[0] is Standing.UNSUBSCRIBED
        enter(ledger, again=True)
        assert told(ledger)[0] is Standing.ACTIVE


def test_a_clock_that_is_late_hides_no_departure(ledger: Ledger) -> None:
    enter(ledger, again=True)

    take_people_off(ledger, [AINO], now=NOW - dt.timedelta(minutes=5))

    assert told(ledger)[0] is Standing.UNSUBSCRIBED


def test_both_addresses_of_who_left_are_recorded_as_such(ledger: Ledger) -> None:
    enter(ledger)
    take_people_off(ledger, [AINO], now=NOW)

    rename_person(ledger, AINO, "ek@example.org", now=NOW)

    assert told(ledger, "ek@example.org")[1] == [JOINED, LEFT, (Happened.RENAMED, By.EDITOR)]
    assert told(ledger) == (Standing.UNSUBSCRIBED, [JOINED])
