"""A segment chooses the same people in SQL, on each engine, as it does in plain Python."""

import datetime as dt
import random
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Connection, select, update

from newsletter.ledger import Choice, people
from newsletter.ledger.members import meets
from newsletter.ledger.tables import subscribers
from newsletter.model import Segment, Subscriber
from newsletter.plans.readership import known_of
from newsletter.segments import parse_segment
from tests.ledger.examples import BOTH, add
from tests.segments.expressions import DAYS, VALUES, segments_as_written

HELSINKI = ZoneInfo("Europe/Helsinki")
LANGUAGES = ("", "fi", "sv", "sv-FI", "sv_FI", "ruotsi", "en")


def crowd(connection: Connection) -> Sequence[Subscriber]:
    """Put people on the list of whom all sorts of things are known, and return them."""
    draw = random.Random(16)
    made = [
        Subscriber(
            address=f"p{n}@example.org",
            key=f"key-{n}",
            name=draw.choice(VALUES),
            language=draw.choice(LANGUAGES),
            attributes={
                name: draw.choice([*VALUES, *DAYS, ""])
                for name in ("region", "organisation", "role")
                if draw.random() < 0.7
            },
        )
        for n in range(120)
    ]
    add(connection, *made)
    for person in made:
        # Around midnight where the newsletter is at home, which is another day in UTC.
        midnight = dt.datetime.fromisoformat(draw.choice(DAYS)).replace(tzinfo=HELSINKI)
        joined = midnight + dt.timedelta(seconds=draw.choice([-1, 0, 1, 7200]))
        this = update(subscribers).where(subscribers.c.key == person.key)
        connection.execute(this.values(joined_at=joined))
    return list(people.list_subscribers(connection))


def keys_by_sql(connection: Connection, segment: Segment) -> set[str]:
    """Return who is in a segment, by the database."""
    query = select(subscribers.c.key).where(meets(segment, HELSINKI))
    return set(connection.execute(query).scalars())


def keys_by_python(persons: Sequence[Subscriber], segment: Segment) -> set[str]:
    """Return who is in a segment, by plain rules."""
    return {person.key for person in persons if segment.holds(known_of(person, HELSINKI))}


def test_a_segment_chooses_the_same_in_sql_as_in_python(connection: Connection) -> None:
    persons, chosen = crowd(connection), set[int]()
    examples = 100 if connection.dialect.name == "sqlite" else 15

    @settings(
        max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    @given(segments_as_written)
    def compare(text: str) -> None:
        segment = parse_segment(text)
        found = keys_by_sql(connection, segment)
        assert found == keys_by_python(persons, segment)
        denied = parse_segment(f"not ({text})")
        assert keys_by_sql(connection, denied) == {p.key for p in persons} - found
        chosen.add(len(found))

    compare()

    assert len(chosen) > 3  # some of them choose a part


@pytest.mark.parametrize(
    "text",
    [
        *(f"language={language}" for language in ("fi", "sv", "sv-FI", "Ruotsi")),
        *("language != sv", "language is empty", "language in (en, sv-FI)"),
        *("standing=active", "name=strasse", "email=P7@EXAMPLE.ORG", "joined is empty"),
        "joined on 2026-01-01",
        "role before 2026-03-01",
        *(f'{name}="{value}"' for name in ("name", "role") for value in ("'", "%", "\\\\", '\\"')),
        # What tries to be SQL is a value like any other.
        "name=\"' OR '1'='1\" or name=\"x'; DELETE FROM subscribers; --\"",
        "role='$.x\"), 1) --'",
    ],
)
def test_each_kind_of_test_means_the_same_in_sql(connection: Connection, text: str) -> None:
    persons, segment = crowd(connection), parse_segment(text)

    assert keys_by_sql(connection, segment) == keys_by_python(persons, segment)
    assert len(list(people.list_subscribers(connection))) == len(persons)


@pytest.mark.parametrize(
    "text",
    [
        "region in (" + ", ".join(f"a{n}" for n in range(300)) + ")",
        " or ".join(f"a=b{n}" for n in range(200)),
        "(" * 19 + "not a=1" + ")" * 19,
        " and (b=1 or ".join(["a=1"] * 20) + ")" * 19,
        " and not (b=1 or ".join(["a=1"] * 11) + ")" * 10,
        # Letters that others are folded to, each of them in another place
        f"a = {''.join(chr(0x430 + n % 32) for n in range(100))}",
        "a in (" + ", ".join(chr(n) for n in range(0x3B1, 0x450) if chr(n).isalpha()) + ")",
    ],
    ids=[
        "many values",
        "many tests",
        "deep",
        "deep by turns",
        "deep denials",
        "long value",
        "many letters",
    ],
)
def test_the_largest_segments_are_within_what_a_database_takes(
    connection: Connection, text: str
) -> None:
    assert keys_by_sql(connection, parse_segment(text)) == set()


def test_a_choice_is_stored_as_written_and_those_of_older_versions_are_read() -> None:
    rule = parse_segment("region in (Lappi, Kainuu) and joined before 2026")
    choice = Choice(
        languages=("fi",), default_language="fi", segment=rule, conditions=(rule,), zone=HELSINKI
    )
    old = {
        **BOTH.as_json(),
        "segment": {"key": "region", "value": "Pohjois-Savo ja Kainuu"},
        "conditions": [{"key": "region", "value": "Lappi"}],
        "needs": {"fi": [[{"key": "region", "value": "Lappi"}]]},
    }
    del old["zone"]

    assert Choice.from_json(choice.as_json()) == choice
    read = Choice.from_json(old)
    assert str(read.segment) == "region=Pohjois-Savo ja Kainuu"
    assert read.segment
    assert read.segment.values_of("region") == ("Pohjois-Savo ja Kainuu",)
    assert read.conditions == (parse_segment("region=Lappi"),)
