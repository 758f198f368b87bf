"""The ledger keeps who subscribes; an address is one person, however it is written."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from newsletter.ledger import Ledger, people
from newsletter.model import Segment, Standing
from tests.ledger.examples import LAPPI, NOW, add, person

UTC = ZoneInfo("UTC")


def test_a_person_is_read_back_as_written(connection: Connection) -> None:
    aino = person("aino", language="sv", region="Lappi", standing="pending")

    add(connection, aino)

    assert people.find_subscriber(connection, aino.address) == aino
    assert people.find_subscriber(connection, "bo@example.org") is None


def test_a_change_keeps_the_key(connection: Connection) -> None:
    aino = person("aino")
    add(connection, aino)

    people.change_subscribers(connection, [replace(aino, key="other", name="Aino Ek")], NOW)

    assert people.find_subscriber(connection, aino.address) == replace(aino, name="Aino Ek")


def test_more_people_are_found_than_fit_one_question(connection: Connection) -> None:
    crowd = [person(f"p{n}") for n in range(1201)]
    add(connection, *crowd)

    found = people.find_subscribers(connection, [p.address for p in crowd])

    assert found == {p.address: p for p in crowd}


def test_an_attribute_nobody_has_meets_no_condition(connection: Connection) -> None:
    add(connection, person("aino"), person("bo", region="Lappi"), person("eva", region="lappi"))

    listed = list(people.list_subscribers(connection, segment=LAPPI))

    assert [p.name for p in listed] == ["Bo", "Eva"]  # whatever the case of the letters


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (Segment.of("email", "AINO@example.org"), ["Aino"]),
        (Segment.of("name", "aino"), ["Aino"]),
        (Segment.of("language", "sv"), ["Bo"]),
        (Segment.of("työpaikka", "Säätiö"), ["Bo"]),
        (Segment.of("region", ""), ["Aino", "Bo"]),
    ],
)
def test_a_condition_asks_for_a_column_or_an_attribute(
    connection: Connection, condition: Segment, found: list[str]
) -> None:
    bo = replace(person("bo", language="sv"), attributes={"työpaikka": "Säätiö"})
    add(connection, person("aino"), bo)

    listed = people.list_subscribers(connection, segment=condition)

    assert [p.name for p in listed] == found


def test_attributes_and_longest_values_are_those_anybody_has(connection: Connection) -> None:
    add(connection, person("aino", region="Lappi"), person("bo", region="Uusimaa"), person("eva"))

    assert people.attribute_names(connection) == {"region"}
    assert people.longest_values(connection, ["region", "name", "email", "town"]) == {
        "region": "Uusimaa",
        "name": "Aino",
        "email": "aino@example.org",
        "town": "",
    }


def test_empty_values_are_counted_among_those_who_would_be_mailed(connection: Connection) -> None:
    gone = person("eva", standing="unsubscribed")
    add(connection, person("aino", region="Lappi"), person("bo"), gone)

    assert people.empty_values(connection, ["region", "name"], None, UTC) == {
        "region": 1,
        "name": 0,
    }
    assert people.empty_values(connection, ["name"], LAPPI, UTC) == {"name": 0}


def test_names_that_nobody_writes_by_hand_are_counted(connection: Connection) -> None:
    names = ("ÅKE ÖRN", "Aino2", "bo@example.org", "Åke Örn", "Bo", "EU", "")
    found = [replace(person(f"p{n}"), name=name) for n, name in enumerate(names)]
    add(connection, *found, replace(person("eva", standing="bounced"), name="EVA ÖRN"))

    assert people.count_odd_names(connection, None, UTC) == 3
    assert people.count_odd_names(connection, LAPPI, UTC) == 0


def test_people_are_counted_by_standing(connection: Connection) -> None:
    add(connection, person("aino"), person("bo"), person("eva", standing="bounced"))

    counts = people.count_by_standing(connection)

    assert counts == {Standing.ACTIVE: 2, Standing.BOUNCED: 1}


# --- addresses ----------------------------------------------------------------------------


def test_an_address_is_found_however_it_is_written(connection: Connection) -> None:
    aino = replace(person("aino"), address="Aino.Ek@Example.org")
    add(connection, aino)

    assert people.find_subscriber(connection, "aino.ek@EXAMPLE.ORG") == aino
    assert people.find_subscribers(connection, ["AINO.EK@example.org"]) == {
        "aino.ek@example.org": aino
    }
    assert len(people.find_ids(connection, ["AINO.EK@example.org"])) == 1


def test_a_change_finds_its_person_however_the_address_is_written(connection: Connection) -> None:
    add(connection, person("aino"))
    changed = replace(person("aino"), address="AINO@example.org", name="Aino Ek")

    people.change_subscribers(connection, [changed], NOW)

    found = people.find_subscriber(connection, "aino@example.org")
    assert found == replace(person("aino"), name="Aino Ek")


def test_nobody_is_on_the_list_twice(ledger: Ledger) -> None:
    with ledger.write() as connection:
        add(connection, person("aino"))
    again = replace(person("other"), address="AINO@EXAMPLE.ORG")

    with pytest.raises(IntegrityError), ledger.write() as connection:
        add(connection, again)


def test_only_the_letters_of_ascii_are_folded(connection: Connection) -> None:
    small, large = "äiti@example.org", "Äiti@example.org"
    add(connection, replace(person("a"), address=small), replace(person("b"), address=large))

    found = people.find_subscriber(connection, large.replace("i", "I"))

    assert found
    assert found.address == large


def test_people_are_listed_in_the_order_of_their_addresses(connection: Connection) -> None:
    """The same on every database, whatever the language of its server."""
    given = ["b@example.org", "A@example.org", "a-b@example.org", "C@example.org", "ä@example.org"]
    add(connection, *(replace(person(f"p{n}"), address=a) for n, a in enumerate(given)))

    listed = [p.address for p in people.list_subscribers(connection)]

    assert listed == [
        "a-b@example.org",
        "A@example.org",
        "b@example.org",
        "C@example.org",
        "ä@example.org",
    ]
