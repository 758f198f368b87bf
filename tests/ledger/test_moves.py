"""Who has another address since a send was planned gets their mail there: nobody twice, or not."""

from dataclasses import replace

from sqlalchemy import Connection

from newsletter.ledger import Claim, batches, claims, doubts, people, planning, readers, sends
from newsletter.ledger.moves import WAS_MAILED
from newsletter.model import State
from tests.ledger.examples import (
    FREELY,
    LATER,
    NOW,
    add,
    at,
    begin,
    claim,
    now_stands,
    outcomes,
    person,
)


def _rename(connection: Connection, old: str, new: str) -> None:
    found = people.find_subscriber(connection, f"{old}@example.org")
    assert found
    people.rename_subscriber(connection, found, f"{new}@example.org", LATER)


def _mail_all(connection: Connection, send_id: int) -> list[str]:
    """Claim and accept batch after batch; return who was mailed, in that order."""
    mailed = []
    while isinstance(
        claimed := claims.claim_batch(connection, send_id, worker="w", now=at(5.0), limits=FREELY),
        Claim,
    ):
        mailed += [
            recipient.address.removesuffix("@example.org") for recipient in claimed.recipients
        ]
        batches.record_outcomes(connection, claimed.batch, outcomes(claimed), now=NOW)
    return mailed


def _listed(connection: Connection, send_id: int, state: State) -> dict[str, str]:
    rows = sends.list_deliveries(connection, send_id, state)
    return {address.removesuffix("@example.org"): reason for address, _, _, reason in rows}


def test_who_got_another_address_after_the_plan_is_mailed_there(connection: Connection) -> None:
    send_id = begin(connection, 2)
    _rename(connection, "p0", "new")

    assert _mail_all(connection, send_id) == ["new", "p1"]
    assert set(_listed(connection, send_id, State.ACCEPTED)) == {"new", "p1"}


def test_a_slip_in_capitals_is_mended_for_the_send_too(connection: Connection) -> None:
    send_id = begin(connection, 1)
    _rename(connection, "p0", "P0")

    assert _mail_all(connection, send_id) == ["P0"]


def test_people_who_change_places_are_each_mailed_once(connection: Connection) -> None:
    send_id = begin(connection, 3, batch_size=1)
    for old, new in (("p0", "x"), ("p2", "p0"), ("p1", "p2"), ("x", "p1")):
        _rename(connection, old, new)

    assert _mail_all(connection, send_id) == ["p1", "p2", "p0"]


def test_an_address_that_was_mailed_is_not_mailed_again_for_who_has_it_now(
    connection: Connection,
) -> None:
    send_id = begin(connection, 3, batch_size=1)
    claimed = claim(connection, send_id)  # p0, who may be mailed at this moment
    _rename(connection, "p0", "x")
    _rename(connection, "p1", "p0")
    _rename(connection, "p2", "p1")  # whose mail waited there for p1, who does not get it there

    batches.record_outcomes(connection, claimed.batch, outcomes(claimed), now=NOW)

    assert _mail_all(connection, send_id) == []
    assert set(_listed(connection, send_id, State.ACCEPTED)) == {"p0"}
    assert set(_listed(connection, send_id, State.SKIPPED).values()) == {WAS_MAILED}


def test_who_left_after_they_got_another_address_is_mailed_nowhere(connection: Connection) -> None:
    send_id = begin(connection, 2)
    _rename(connection, "p0", "x")
    _rename(connection, "p1", "p0")
    now_stands(connection, person("x", standing="unsubscribed"), now=LATER)

    assert _mail_all(connection, send_id) == ["p0"]
    assert _listed(connection, send_id, State.SKIPPED) == {"x": "unsubscribed"}


def test_a_batch_in_doubt_keeps_the_addresses_it_was_called_with_until_it_is_queued_again(
    connection: Connection,
) -> None:
    send_id = begin(connection, 1)
    claimed = claim(connection, send_id)
    _rename(connection, "p0", "new")
    batches.doubt_batch(connection, claimed.batch.id, reason="no answer")

    (found,) = claims.list_recipients(connection, claimed.batch.id)

    assert (found.address, found.has_moved) == ("p0@example.org", True)
    doubts.requeue_batch(connection, claimed.batch.id)
    assert _mail_all(connection, send_id) == ["new"]


def test_who_was_mailed_at_a_new_address_is_no_later_joiner_and_who_has_the_old_one_is(
    connection: Connection,
) -> None:
    send_id = begin(connection, 1)
    _rename(connection, "p0", "new")
    _mail_all(connection, send_id)
    add(connection, replace(person("p0"), key="key-of-another"))
    send = sends.find_send(connection, "2026-12")
    assert send

    late = readers.count_variants(connection, planning.late_choice(connection, send))

    assert sum(late.values()) == 1


def test_who_was_refused_at_an_address_that_is_corrected_gets_another_try(
    connection: Connection,
) -> None:
    send_id = begin(connection, 3)
    claimed = claim(connection, send_id)
    refused = outcomes(claimed, State.REJECTED, State.REJECTED, State.REJECTED)
    batches.record_outcomes(connection, claimed.batch, refused, now=NOW)
    _rename(connection, "p0", "right")
    _rename(connection, "p1", "left")
    now_stands(connection, person("left", standing="unsubscribed"), now=LATER)

    count = sends.count_transient(connection, send_id)
    doubts.requeue_rejected(connection, send_id, now=LATER, transient_only=True)

    assert count == 1
    assert _mail_all(connection, send_id) == ["right"]
