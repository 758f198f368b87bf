"""Whoever is erased is found in no table and no file of the ledger, and counts stay true."""

import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Float,
    Integer,
    LargeBinary,
    Table,
    func,
    insert,
    select,
    update,
)

from newsletter.consent import erase_files, find_held, forget, forget_everywhere, gather
from newsletter.errors import ConfigError, UsageError
from newsletter.ledger import Ledger, batches, compacting, people, sends, suppressions, webhooks
from newsletter.ledger.instants import Instant, UnixTime
from newsletter.ledger.personal import REGISTRY, Holds
from newsletter.ledger.tables import events, metadata
from newsletter.links import SuppressionMarks
from newsletter.model import State
from newsletter.register import Details, enter_person
from tests.ledger.examples import LATER, NOW, add, begin, claim, outcomes, person, plan

SECRET = "a secret that is long enough for tests"  # noqa: S105 - of no newsletter
KEY, MARKER = "key-zyzzyva", "zyzzyva.marker@example.org"
OTHER = "other@example.org"
_WORDLESS = (Integer, Float, Boolean, Instant, UnixTime)
# One row of these is about nobody, whatever it says: keyed hashes, and what the program counts by.
_OF_NOBODY = {t for t, columns in REGISTRY.items() if set(columns.values()) <= {Holds.NOTHING}}


def can_hold_words(column: Column[Any]) -> bool:
    """Return whether a column can hold a word of or about somebody."""
    return not isinstance(column.type, _WORDLESS)


def test_every_column_that_can_hold_words_is_in_the_registry() -> None:
    known = {(table, column) for table, columns in REGISTRY.items() for column in columns}
    there = {(t.name, c.name) for t in metadata.sorted_tables for c in t.c if can_hold_words(c)}

    assert there - known == set()


def test_every_number_of_a_person_or_a_delivery_is_in_the_registry() -> None:
    names = {
        "subscriber_id": {Holds.ID},
        "delivery_id": {Holds.DELIVERY},
        "subscriber_key": {Holds.KEY, Holds.WHO},
    }
    found = {
        (t.name, c.name): REGISTRY[t.name].get(c.name)
        for t in metadata.sorted_tables
        for c in t.c
        if c.name in names
    }

    assert [place for place, holds in found.items() if holds not in names[place[1]]] == []
    assert {t.name for t in metadata.sorted_tables} == set(REGISTRY)


# --- a marker in every table --------------------------------------------------------------


def _value(column: Column[Any], holds: Holds | None, delivery: int) -> Any:
    """Return a value of a column that names the marker wherever it can."""
    own = {
        **dict.fromkeys((Holds.KEY, Holds.WHO), KEY),
        **{Holds.ADDRESS: MARKER, Holds.ID: 1, Holds.DELIVERY: delivery},
    }
    if holds in own:
        return own[holds]
    words = "" if holds is Holds.NOTHING else f"to {MARKER}"
    if isinstance(column.type, JSON):
        return {"said": words}
    if isinstance(column.type, LargeBinary):
        return f'{{"email": "{MARKER.replace("@", "%40")}"}}'.encode()
    if isinstance(column.type, Instant | UnixTime):
        return NOW
    if isinstance(column.type, Boolean):
        return True
    return 7 if isinstance(column.type, _WORDLESS) else words or column.name


def _fill(connection: Connection, table: Table, delivery: int) -> None:
    """Add a row about the marker to a table that has none."""
    registry = REGISTRY[table.name]
    row = {c.name: _value(c, registry.get(c.name), delivery) for c in table.c if c.name != "id"}
    fitting = {"send_id": 1, "import_id": 1, "state": "taken"}
    connection.execute(
        insert(table).values({**row, **{k: fitting[k] for k in fitting if k in row}})
    )


def _mark(connection: Connection, table: Table) -> None:
    """Let the words of anybody in a table that has rows name the marker."""
    values = {
        name: _value(table.c[name], holds, 0)
        for name, holds in REGISTRY[table.name].items()
        if holds is Holds.ANYTHING and not table.c[name].primary_key
    }
    if values:
        connection.execute(update(table).values(values))


@pytest.fixture
def marked(ledger: Ledger) -> Ledger:
    """A ledger in which something of the marker stands in every table that can hold it."""
    zyzzyva = replace(person("x"), address=MARKER, key=KEY, name="Zyzzyva Marker")
    with ledger.write() as connection:
        add(connection, zyzzyva, person("other"))
        send_id = plan(connection)
        assert sends.begin_sending(connection, send_id)
        claimed = claim(connection, send_id)
        batches.record_outcomes(connection, claimed.batch, outcomes(claimed), now=NOW)
        first = claimed.recipients[0].delivery
        for table in metadata.sorted_tables:
            if connection.execute(select(func.count()).select_from(table)).scalar_one():
                _mark(connection, table)
            elif table.name not in _OF_NOBODY:
                _fill(connection, table, first)
    return ledger


def places_of(ledger: Ledger) -> dict[str, bytes]:
    """Return all that the ledger holds: its files, or its tables as they are dumped."""
    if not ledger.is_shared:
        here = Path(ledger.place)
        return {path.name: path.read_bytes() for path in here.parent.glob(f"{here.name}*")}
    with ledger.read() as connection:
        names = connection.exec_driver_sql(
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
        ).scalars()
        return {
            name: repr(
                connection.exec_driver_sql(f'SELECT t::text FROM "{name}" AS t').all()  # noqa: S608
            ).encode()
            for name in names
        }


def traces(ledger: Ledger) -> set[str]:
    """Return where the marker is found."""
    return {name for name, content in places_of(ledger).items() if b"zyzzyva" in content.lower()}


def test_who_is_erased_is_found_nowhere_but_as_a_hash(marked: Ledger) -> None:
    assert traces(marked)

    forget(marked, MARKER, SECRET, LATER, source="forget")
    assert compacting.compact(marked)

    marked.close()
    assert traces(marked) == set()
    with marked.read() as connection:
        [mark] = suppressions.list_all(connection)
        assert mark == SuppressionMarks(SECRET).of(f" {MARKER.upper()} ")
        assert people.find_subscriber(connection, "other@example.org")


@pytest.mark.parametrize("ledger", ["sqlite"], indirect=True)
def test_who_erases_themselves_is_in_no_file_at_once(marked: Ledger, tmp_path: Path) -> None:
    """On the page there is no time to write the whole ledger anew, as the command does."""
    forget_everywhere(marked, MARKER, SECRET, LATER, source="data page", outbox=tmp_path)

    assert traces(marked) == set()


def test_what_is_given_out_comes_from_every_table_that_held_it(marked: Ledger) -> None:
    about = {table for table in REGISTRY if table not in _OF_NOBODY}

    assert about - set(gather(marked, MARKER)) == set()
    assert find_held(marked, MARKER, SECRET).rows.keys() >= about

    forget(marked, MARKER, SECRET, LATER, source="forget")

    assert gather(marked, MARKER) == {}
    assert find_held(marked, MARKER, SECRET).is_erased


def test_counts_of_what_was_sent_stay_true(marked: Ledger) -> None:
    with marked.read() as connection:
        before = sends.count_states(connection, 1)
        told = connection.execute(select(func.count()).select_from(events)).scalar_one()

    forget(marked, MARKER, SECRET, LATER, source="forget")

    with marked.read() as connection:
        assert sends.count_states(connection, 1) == before == {State.ACCEPTED: 2}
        assert connection.execute(select(func.count()).select_from(events)).scalar_one() == told


def test_nobody_is_erased_in_the_middle_of_a_call(ledger: Ledger) -> None:
    with ledger.write() as connection:
        send_id = begin(connection, 2)
        claim(connection, send_id)

    with pytest.raises(UsageError, match="not answered yet"):
        forget(ledger, "p0@example.org", SECRET, LATER, source="forget")

    with ledger.read() as connection:
        assert people.find_subscriber(connection, "p0@example.org")


def test_who_is_erased_before_a_call_is_not_mailed(ledger: Ledger) -> None:
    with ledger.write() as connection:
        send_id = begin(connection, 2)

    forget(ledger, "p0@example.org", SECRET, LATER, source="forget")

    with ledger.write() as connection:
        assert [r.address for r in claim(connection, send_id).recipients] == ["p1@example.org"]
        assert sends.count_states(connection, send_id)[State.SKIPPED] == 1


# --- others -------------------------------------------------------------------------------


def _post(ledger: Ledger, *addresses: str) -> bytes:
    """Keep what a provider posted about these, and return it."""
    body = json.dumps([{"email": one, "ip": f"192.0.2.{n}"} for n, one in enumerate(addresses)])
    posting = webhooks.Posting("sendgrid", body.encode(), NOW, "")
    with ledger.write() as connection:
        webhooks.add_postings(connection, [posting])
    return body.encode()


def test_who_asks_is_told_nothing_of_others(ledger: Ledger) -> None:
    with ledger.write() as connection:
        add(connection, person("bo"), person("turbo"))
    _post(ledger, "bo@example.org", "turbo@example.org", "eva@example.org")
    _post(ledger, "turbo@example.org")

    [posted] = gather(ledger, "bo@example.org")["webhooks"]

    assert json.loads(posted["body"]) == [{"email": "bo@example.org", "ip": "192.0.2.0"}]


def test_an_address_that_ends_like_theirs_is_left_alone(ledger: Ledger, tmp_path: Path) -> None:
    with ledger.write() as connection:
        add(connection, person("bo"), person("turbo"))
    posted = _post(ledger, "turbo@example.org")
    for to, body in (("bo", "x"), ("turbo", "write to bo@example.org")):
        mail = f"To: {to}@example.org\r\n\r\n{body}".encode()
        (tmp_path / f"{to}@example.org.eml").write_bytes(mail)

    forget(ledger, "bo@example.org", SECRET, LATER, source="forget")

    with ledger.read() as connection:
        assert connection.execute(select(metadata.tables["webhooks"].c.body)).scalar() == posted
    assert erase_files(tmp_path, ["bo@example.org"]) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["turbo@example.org.eml"]


# --- afterwards ---------------------------------------------------------------------------


def test_who_was_erased_is_added_only_at_their_own_wish(ledger: Ledger) -> None:
    with ledger.write() as connection:
        add(connection, person("other"))
    forget(ledger, OTHER, SECRET, LATER, source="forget")
    other = SECRET.upper()
    enter = partial(enter_person, ledger, OTHER, Details(), now=LATER)

    with pytest.raises(UsageError, match="known as erased"):
        enter(again=False, secret=SECRET)
    with pytest.raises(ConfigError, match="NEWSLETTER_SECRET is not the one"):
        enter(again=True, secret=other)
    with pytest.raises(ConfigError, match="NEWSLETTER_SECRET is not the one"):
        enter(again=False)
    enter(again=True, secret=SECRET)

    with ledger.read() as connection:
        assert people.find_subscriber(connection, OTHER)
        assert not suppressions.list_all(connection)
