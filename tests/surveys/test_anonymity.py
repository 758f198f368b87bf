"""Nothing leads from who has answered to an answer: tried with all that a database knows.

Whoever tries here has the ledger's files, its secret, and a copy of the table of who has answered,
taken at the last moment. They put people and answers side by side in every order that either
database has, by its own numbers of rows and transactions too, and count how often they are right.
"""

import datetime as dt
import json
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from newsletter import surveys
from newsletter.ledger import Ledger, ballots
from newsletter.ledger.instants import Instant
from newsletter.ledger.survey_tables import answered, urns
from newsletter.ledger.survey_tables import ballots as ballot_table
from newsletter.ledger.tables import metadata
from newsletter.model import Answer
from newsletter.surveys import Outcome
from newsletter.surveys.sealing import open_urn
from tests.surveys.conftest import MEMBERS
from tests.surveys.questions import TEXT, question, survey

SECRET = "so long that nobody guesses it"  # noqa: S105 - of tests
NOW = dt.datetime(2027, 5, 1, 9, tzinfo=dt.UTC)
LUCK = 8  # right guesses of 24; by chance there are as many once in 100,000 orders
PLACES = {
    "sqlite": {"answered": ("rowid", "_rowid_"), "ballots": ("rowid", "_rowid_")},
    "postgresql": {name: ("ctid", "xmin::text::bigint") for name in ("answered", "ballots")},
}
SURVEY = survey((question("sana", TEXT),))


class Careless(Random):
    """Chance that leaves everything in its order."""

    def shuffle(self, x: Any) -> None:
        """Leave it."""

    def getrandbits(self, k: int) -> int:
        """Count keys, as numbers of rows do; choose the first of all else."""
        if k < 128:
            return 0
        self.last = getattr(self, "last", 0) + 1
        return self.last


def answer_all(ledger: Ledger, chance: Random) -> list[str]:
    """Let all answer, each with words that name them; return who, in order."""
    surveys.open_survey(ledger, SURVEY, zone=ZoneInfo("UTC"), now=NOW)
    order = Random(5).sample(MEMBERS, len(MEMBERS))
    for n, member in enumerate(order):
        answer_as(ledger, member, chance, n)
    return order


def answer_as(ledger: Ledger, member: str, chance: Random, n: int = 0) -> None:
    """Let somebody answer with words that name them, as the nth."""
    receipt = surveys.answer(
        ledger,
        "kysely",
        {"sana": Answer(text=f"olen {member}")},
        member=member,
        network=f"192.0.2.{n}",
        secret=SECRET,
        now=NOW + dt.timedelta(minutes=n),
        chance=chance,
    )
    assert receipt.outcome is Outcome.TAKEN


def orders_of(ledger: Ledger, table: str, column: str) -> Iterator[list[Any]]:
    """Yield the rows of a table in every order that its database has for it."""
    with ledger.read() as connection:
        for place in ("", *PLACES[connection.dialect.name][table]):
            query = f"SELECT {column} FROM {table}"  # noqa: S608 - names of ours
            if place and not _has(connection, table, place):
                continue
            rows = connection.execute(text(f"{query} ORDER BY {place}" if place else query))
            yield list(rows.scalars())


def _has(connection: Any, table: str, place: str) -> bool:
    """Return whether a table's rows have such a number at all."""
    is_without = connection.dialect.name == "sqlite" and not metadata.tables[table].dialect_options[
        "sqlite"
    ].get("with_rowid", True)
    return not (is_without and "rowid" in place)


def written_orders(ledger: Ledger, words: Sequence[str]) -> Iterator[list[str]]:
    """Yield words in the order in which they lie in the ledger's files, where it has some."""
    if ledger.is_shared:
        return
    for path in files_of(ledger):
        data = path.read_bytes()
        for find in (data.find, data.rfind):
            there = [word for word in words if word.encode() in data]
            if len(there) == len(words):
                yield sorted(words, key=lambda word, find=find: find(word.encode()))  # type: ignore[misc]


def files_of(ledger: Ledger) -> list[Path]:
    """Return the file of a ledger and its log."""
    file = Path(ledger.place)
    return [path for path in (file, Path(f"{file}-wal")) if path.is_file()]


def right_guesses(people: Sequence[list[str]], said: Sequence[list[str]]) -> int:
    """Return how many answers the best of all pairs of orders gives to who gave them."""
    best = 0
    for who in people:
        for what in said:
            for way in (what, what[::-1]):
                best = max(best, sum(f"olen {a}" == b for a, b in zip(who, way, strict=True)))
    return best


def attack(ledger: Ledger, chance: Random) -> tuple[int, int]:
    """Answer and close; return how many are found out while it is open, and afterwards."""
    order = answer_all(ledger, chance)
    people = [*orders_of(ledger, "answered", "subscriber_key"), order]
    people += written_orders(ledger, MEMBERS)
    with ledger.read() as connection:
        [(number, _)] = ballots.list_urns(connection, "kysely")
        lying = open_urn(SECRET, "kysely", ballots.read_urn(connection, "kysely", number))
    while_open = right_guesses(people, [[one["sana"]["text"] for one in lying]])
    surveys.close_survey(ledger, "kysely", secret=SECRET, now=NOW, chance=chance)
    said = [
        [row["sana"]["text"] for row in _decoded(rows)]
        for rows in orders_of(ledger, "ballots", "answers")
    ]
    said += written_orders(ledger, [f"olen {key}" for key in MEMBERS])
    return while_open, right_guesses(people, said)


def _decoded(rows: Sequence[Any]) -> list[Any]:
    return [json.loads(row) if isinstance(row, str) else row for row in rows]


def test_no_order_of_any_table_says_whose_answer_it_is(members: Ledger) -> None:
    while_open, afterwards = attack(members, Random(7))

    assert while_open < LUCK
    assert afterwards < LUCK


def test_the_same_attack_finds_everybody_where_nothing_is_shuffled(members: Ledger) -> None:
    assert attack(members, Careless()) == (len(MEMBERS), len(MEMBERS))


def test_who_answered_and_what_was_answered_share_no_value_and_no_time(members: Ledger) -> None:
    answer_all(members, Random(7))
    with members.read() as connection:
        tokens = [dict(row._mapping) for row in connection.execute(answered.select())]
        sealed = [dict(row._mapping) for row in connection.execute(urns.select())]

    assert {name for row in tokens for name in row} == {"survey_id", "subscriber_key"}
    assert [{**row, "sealed": b""} for row in sealed] == [
        {"survey_id": "kysely", "number": 0, "count": len(MEMBERS), "sealed": b""}
    ]
    for table in (answered, urns, ballot_table):
        assert not [c.name for c in table.c if isinstance(c.type, Instant) or "day" in c.name]
        assert table.dialect_options["sqlite"]["with_rowid"] is False


def test_no_transaction_is_of_one_ballot_alone(members: Ledger) -> None:
    """PostgreSQL keeps the transaction of each row, and both rows of one had the same."""
    if not members.is_shared:
        pytest.skip("SQLite keeps no transactions of rows")
    answer_all(members, Random(7))
    surveys.close_survey(members, "kysely", secret=SECRET, now=NOW)

    with members.read() as connection:
        found = connection.execute(text("SELECT DISTINCT xmin::text FROM ballots")).all()

    assert len(found) == 1


def test_an_answer_changes_nothing_else_and_is_told_to_nobody(
    members: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    """No job, no mail, no count by time, no line in a log: each would tell when who answered."""
    caplog.set_level(logging.DEBUG, "newsletter")
    before = _dump(members)

    answer_all(members, Random(7))

    after = _dump(members)
    assert {name for name in after if after[name] != before[name]} == {
        "surveys",
        "answered",
        "urns",
    }
    assert [record for record in caplog.records if "jasen" in record.getMessage()] == []


def _dump(ledger: Ledger) -> dict[str, list[Any]]:
    with ledger.read() as connection:
        return {t.name: [*connection.execute(t.select())] for t in metadata.sorted_tables}


def test_files_hold_no_word_of_an_answer_while_it_is_open_and_no_token_afterwards(
    members: Ledger,
) -> None:
    """Two backups around an answer told it; without the secret they tell that there is one more."""
    if members.is_shared:
        pytest.skip("a server's files are its own")
    known = sum(path.read_bytes().count(b"jasen01") for path in files_of(members))
    answer_all(members, Random(7))
    assert not any(b"olen jasen" in path.read_bytes() for path in files_of(members))

    surveys.close_survey(members, "kysely", secret=SECRET, now=NOW)

    data = b"".join(path.read_bytes() for path in files_of(members))
    assert data.count(b"olen jasen01") == 1
    assert data.count(b"jasen01") - 1 <= known


@pytest.mark.parametrize("ledger", ["sqlite"], indirect=True)
def test_no_journal_keeps_what_an_urn_was_when_somebody_answered(members: Ledger) -> None:
    """A copy of it would have each urn beside whoever answered in the same transaction."""
    answer_all(members, Random(3))

    journal = Path(f"{members.place}-wal")
    assert not journal.exists() or journal.stat().st_size == 0


def test_a_server_keeps_no_earlier_urn_beside_who_answered_then(members: Ledger) -> None:
    if not members.is_shared:
        pytest.skip("of SQLite its files are looked at")
    answer_all(members, Random(3))

    with members.read() as connection:
        size = connection.execute(text("SELECT pg_total_relation_size('urns')")).scalar_one()

    assert size < 160_000  # of 24 versions, none of which is gone, it is more than 200,000


@pytest.mark.parametrize("ledger", ["postgresql"], indirect=True)
def test_no_file_of_a_server_but_its_log_has_an_earlier_urn(members: Ledger) -> None:
    """What VACUUM frees it does not overwrite: sealed urns lay there beside their transactions."""
    surveys.open_survey(members, SURVEY, zone=ZoneInfo("UTC"), now=NOW)
    urns_since = []
    for member in MEMBERS:
        answer_as(members, member, Random(3))
        urns_since.append(urn_of(members))

    data = data_of(members)
    assert [any(part in data for part in urn) for urn in urns_since] == [False] * 23 + [True]


@pytest.mark.parametrize("ledger", ["postgresql"], indirect=True)
def test_an_earlier_urn_that_somebody_else_could_still_read_goes_with_the_next_answer(
    members: Ledger,
) -> None:
    surveys.open_survey(members, SURVEY, zone=ZoneInfo("UTC"), now=NOW)
    answer_as(members, "jasen01", Random(3))
    first = urn_of(members)
    with members.read() as elsewhere:
        elsewhere.execute(ballot_table.select())  # so it sees what is there at this moment
        answer_as(members, "jasen02", Random(3))
        kept = data_of(members)

    answer_as(members, "jasen03", Random(3))

    assert any(part in kept for part in first)
    left = data_of(members)
    assert not any(part in left for part in first)


def urn_of(ledger: Ledger) -> list[bytes]:
    """Return parts by which the urn is known that is there now."""
    with ledger.read() as connection:
        sealed = ballots.read_urn(connection, "kysely", 0)
    return [sealed[start : start + 40] for start in range(40, len(sealed), 200)]


def data_of(ledger: Ledger) -> bytes:
    """Return all files of a server's database, as they are on its disk: without its log."""
    with ledger.engine.connect() as connection:
        connection.execute(text("CHECKPOINT"))
        root = connection.execute(text("SHOW data_directory")).scalar_one()
        table = connection.execute(text("SELECT pg_relation_filepath('urns')")).scalar_one()
    return b"".join(path.read_bytes() for path in (Path(root) / table).parent.iterdir())
