"""Who goes with an import and comes back keeps what was sent, whatever their address becomes."""

import datetime as dt
from collections.abc import Sequence

import pytest
from sqlalchemy import Connection, select

from newsletter.ledger import Claim, Import, Ledger, batches, imports, people, planning, sends
from newsletter.ledger.claims import claim_batch
from newsletter.ledger.tables import deliveries, subscribers
from newsletter.model import State
from tests.ledger.examples import FREELY, LATER, NOW, add, at, claim, outcomes, person, plan
from tests.ledger.test_imports import row, stage

FIRST = dt.datetime.fromisoformat("2026-12-01T08:00:00.000001+00:00")
UNDONE = dt.datetime.fromisoformat("2026-12-15T08:30:00.000001+00:00")
AGAIN = dt.datetime.fromisoformat("2026-12-15T08:45:00.000001+00:00")
NAMES = ("aino", "bo")


def _take(ledger: Ledger, names: Sequence[str], now: dt.datetime) -> Import:
    with ledger.session() as session, session.write() as connection:
        people.lock_people(connection)
        stage(connection, *(row(line, name) for line, name in enumerate(names, 2)))
        return imports.take(connection, "list.csv", now)


def _mail(connection: Connection) -> int:
    send_id = plan(connection)
    assert sends.begin_sending(connection, send_id)
    claimed = claim(connection, send_id)
    batches.record_outcomes(connection, claimed.batch, outcomes(claimed), now=NOW)
    return send_id


def _rename(connection: Connection, old: str, new: str) -> None:
    found = people.find_subscriber(connection, f"{old}@example.org")
    assert found
    people.rename_subscriber(connection, found, f"{new}@example.org", LATER)


def _late(connection: Connection) -> set[str]:
    """Return who would get the issue as somebody who joined since."""
    send = sends.find_send(connection, "2026-12")
    assert send
    choice = planning.late_choice(connection, send)
    query = select(subscribers.c.address).where(choice.eligible())
    return {address.partition("@")[0] for address in connection.execute(query).scalars()}


@pytest.fixture
def mailed(ledger: Ledger) -> Ledger:
    """A ledger whose readers had an issue, and went when their import was taken back."""
    taken = _take(ledger, NAMES, FIRST)
    with ledger.write() as connection:
        _mail(connection)
        imports.undo_import(connection, taken, UNDONE, mail_again=False)
        assert not list(people.list_subscribers(connection))
    return ledger


@pytest.mark.parametrize("joins", ["by the list", "alone"])
@pytest.mark.parametrize(
    "renames",
    [
        [],
        [("aino", "new")],
        [("aino", "new"), ("new", "newer")],
        [("aino", "new"), ("new", "aino"), ("aino", "newest")],
        [("aino", "x"), ("bo", "aino"), ("x", "bo")],
        [("aino", "x"), ("bo", "aino"), ("x", "bo"), ("aino", "y"), ("bo", "z")],
    ],
)
def test_who_comes_back_gets_no_issue_anew_by_another_address(
    mailed: Ledger, joins: str, renames: list[tuple[str, str]]
) -> None:
    if joins == "by the list":
        _take(mailed, [name.upper() for name in NAMES], AGAIN)
    with mailed.write() as connection:
        if joins == "alone":
            add(connection, *map(person, NAMES))
        for old, new in renames:
            _rename(connection, old, new)

        assert _late(connection) == set()


def test_who_only_now_gets_the_address_of_one_who_went_has_what_was_sent_there(
    mailed: Ledger,
) -> None:
    with mailed.write() as connection:
        add(connection, person("new"))
        _rename(connection, "new", "aino")
        _rename(connection, "aino", "newer")

        assert _late(connection) == set()


def test_who_joins_for_the_first_time_does_get_it(mailed: Ledger) -> None:
    _take(mailed, ["aino", "late"], AGAIN)

    with mailed.read() as connection:
        assert _late(connection) == {"late"}


def test_taking_the_second_import_back_lets_their_deliveries_go_again(mailed: Ledger) -> None:
    taken = _take(mailed, NAMES, AGAIN)
    with mailed.write() as connection:
        _rename(connection, "aino", "new")

        imports.undo_import(connection, taken, LATER, mail_again=False)

        columns = (deliveries.c.address, deliveries.c.subscriber_id)
        whose = {address: id for address, id in connection.execute(select(*columns))}
        found = people.find_ids(connection, ["new@example.org"])
        assert whose == {"bo@example.org": None, "aino@example.org": found["new@example.org"]}
        add(connection, person("bo"))
        _rename(connection, "bo", "other")
        assert _late(connection) == set()


def test_who_comes_back_while_their_mail_waits_is_mailed_once(ledger: Ledger) -> None:
    taken = _take(ledger, NAMES, FIRST)
    with ledger.write() as connection:
        send_id = plan(connection)
        assert sends.begin_sending(connection, send_id)
        imports.undo_import(connection, taken, UNDONE, mail_again=False)
    _take(ledger, NAMES, AGAIN)

    with ledger.write() as connection:
        _rename(connection, "aino", "new")
        claimed = claim(connection, send_id)
        batches.record_outcomes(connection, claimed.batch, outcomes(claimed), now=NOW)
        again = claim_batch(connection, send_id, worker="w", now=at(6.0), limits=FREELY)

        assert not isinstance(again, Claim)
        rows = sends.list_deliveries(connection, send_id, State.ACCEPTED)
        assert {address for address, *_ in rows} == {"new@example.org", "bo@example.org"}
        assert _late(connection) == set()
