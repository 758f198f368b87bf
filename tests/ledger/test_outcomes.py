"""What a call comes to is written for each delivery; nothing but the ledger's rules undoes it."""

import datetime as dt

import pytest
from sqlalchemy import Connection

from newsletter.ledger import Batch, Ledger, batches, claims, doubts, sends
from newsletter.model import BatchState, Outcome, SendState, State
from tests.ledger.examples import (
    LATER,
    NOW,
    at,
    batch_rows,
    begin,
    claim,
    outcomes,
    plan_for,
    states_of,
)


def list_of(connection: Connection, send_id: int) -> list[tuple[str, State, str, str]]:
    """Return the deliveries of a send, with the local part of the address."""
    listed = sends.list_deliveries(connection, send_id)
    return [(address.partition("@")[0], *rest) for address, *rest in listed]  # type: ignore[misc]


def test_each_outcome_is_written_with_its_id_and_reason(connection: Connection) -> None:
    send_id = begin(connection, 3)
    claimed = claim(connection, send_id)

    told = outcomes(claimed, State.ACCEPTED, State.REJECTED)
    batches.record_outcomes(connection, claimed.batch, told, now=LATER)

    assert list_of(connection, send_id) == [
        ("p0", State.ACCEPTED, "id-0", ""),
        ("p1", State.REJECTED, "", "reason 1"),
        ("p2", State.ACCEPTED, "id-2", ""),
    ]
    assert [batch.state for batch in batch_rows(connection)] == [BatchState.SETTLED]


def test_the_words_of_a_provider_are_written_whatever_they_are(connection: Connection) -> None:
    send_id = begin(connection, 2)
    claimed = claim(connection, send_id)
    odd = "nul \0, half \ud800, quote \" ' %s :x, ä€🙂\n"
    told = [
        Outcome(delivery=r.delivery, state=State.REJECTED, reason=f"{n} {odd}", message_id=odd)
        for n, r in enumerate(claimed.recipients)
    ]

    batches.record_outcomes(connection, claimed.batch, told, now=NOW)

    kept = "nul , half ?, quote \" ' %s :x, ä€🙂\n"
    assert list_of(connection, send_id) == [
        ("p0", State.REJECTED, kept, f"0 {kept}"),
        ("p1", State.REJECTED, kept, f"1 {kept}"),
    ]


def test_what_is_refused_for_now_is_queued_apart_until_its_time(connection: Connection) -> None:
    send_id = begin(connection, 4)
    claimed = claim(connection, send_id)

    told = outcomes(claimed, State.QUEUED, State.ACCEPTED, State.QUEUED)
    batches.record_outcomes(connection, claimed.batch, told, now=NOW, retry_at=at(60.0))

    assert states_of(connection, send_id) == {State.ACCEPTED: 2, State.QUEUED: 2}
    first, again = batch_rows(connection)
    assert (first.state, first.size) == (BatchState.SETTLED, 2)
    assert (again.size, again.not_before, again.attempt) == (2, at(60.0), 1)
    assert (again.key != first.key, again.called_at) == (True, None)
    keys = [r.key for r in claim(connection, send_id, now=60.0).recipients]
    assert keys == ["key-p0", "key-p2"]


def test_what_is_in_doubt_stays_where_a_look_up_finds_it(connection: Connection) -> None:
    """The provider knows the call by the batch's id and key."""
    send_id = begin(connection, 4)
    claimed = claim(connection, send_id)

    told = outcomes(claimed, State.UNKNOWN, State.QUEUED)
    batches.record_outcomes(connection, claimed.batch, told, now=NOW)

    assert states_of(connection, send_id) == {
        State.ACCEPTED: 2,
        State.UNKNOWN: 1,
        State.QUEUED: 1,
    }
    (batch,) = doubts.list_batches(connection, send_id, BatchState.UNKNOWN)
    assert (batch.id, batch.key) == (claimed.batch.id, claimed.batch.key)
    assert batch.reason == "reason 0"


def test_whom_a_provider_says_nothing_about_is_unknown(connection: Connection) -> None:
    send_id = begin(connection, 3)
    claimed = claim(connection, send_id)

    batches.record_outcomes(connection, claimed.batch, outcomes(claimed)[:2], now=NOW)

    assert states_of(connection, send_id) == {State.ACCEPTED: 2, State.UNKNOWN: 1}
    assert list_of(connection, send_id)[2][3] == "the provider did not say what became of it"


def test_a_batch_whose_readers_all_left_is_settled(connection: Connection) -> None:
    send_id = begin(connection, 2)
    claimed = claim(connection, send_id)
    claims._skip(connection, {r.delivery: "unsubscribed" for r in claimed.recipients})

    batches.record_outcomes(connection, claimed.batch, (), now=NOW)

    assert [batch.state for batch in batch_rows(connection)] == [BatchState.SETTLED]


def test_a_split_makes_two_queued_batches_of_one(connection: Connection) -> None:
    send_id = begin(connection, 5)
    claimed = claim(connection, send_id)

    batches.split_batch(connection, claimed.batch)

    lower, upper = batch_rows(connection)
    assert [(b.state, b.size, b.attempt) for b in (lower, upper)] == [
        (BatchState.QUEUED, 2, 0),
        (BatchState.QUEUED, 3, 0),
    ]
    assert len({claimed.batch.key, lower.key, upper.key}) == 3
    calls = [[r.key for r in claim(connection, send_id).recipients] for _ in range(2)]
    assert calls == [["key-p0", "key-p1"], ["key-p2", "key-p3", "key-p4"]]


# --- who is shown where -------------------------------------------------------------------


def test_an_open_delivery_is_shown_where_its_batch_is(connection: Connection) -> None:
    send_id = begin(connection, 4, batch_size=1)
    first, second = claim(connection, send_id), claim(connection, send_id)
    batches.doubt_batch(connection, first.batch.id, key=first.batch.key, reason="no answer")
    third = claim(connection, send_id)
    batches.record_outcomes(connection, second.batch, outcomes(second), now=NOW)
    batches.release_batch(
        connection,
        third.batch.id,
        key=third.batch.key,
        not_before=at(9.0),
        attempt=1,
        reason="busy",
    )

    assert list_of(connection, send_id) == [
        ("p0", State.UNKNOWN, "", "no answer"),
        ("p1", State.ACCEPTED, "id-0", ""),
        ("p2", State.QUEUED, "", "busy"),
        ("p3", State.QUEUED, "", ""),
    ]
    unknown = sends.list_deliveries(connection, send_id, State.UNKNOWN)
    assert [address for address, *_ in unknown] == ["p0@example.org"]


# --- sends --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        (SendState.SENDING, SendState.DONE, SendState.DONE),
        (SendState.SENDING, SendState.STOPPED, SendState.STOPPED),
        (SendState.PAUSED, SendState.STOPPED, SendState.PAUSED),  # the editor said so
        (SendState.CANCELLED, SendState.DONE, SendState.CANCELLED),  # and for good
        (SendState.CANCELLED, SendState.STOPPED, SendState.CANCELLED),
        (SendState.PAUSED, SendState.SENDING, SendState.SENDING),
    ],
)
def test_how_far_a_send_has_come_does_not_undo_what_the_editor_said(
    connection: Connection, before: SendState, after: SendState, kept: SendState
) -> None:
    send_id = begin(connection, 1)
    claimed = claim(connection, send_id)
    batches.record_outcomes(connection, claimed.batch, outcomes(claimed), now=NOW)
    sends.set_send_state(connection, send_id, before)

    sends.set_send_state(connection, send_id, after, reason="why", done_at=NOW)

    send = sends.find_send(connection, "2026-12")
    assert send
    assert send.state is kept


def test_no_send_is_done_as_long_as_a_delivery_is_open(connection: Connection) -> None:
    send_id = begin(connection, 2)
    claimed = claim(connection, send_id)
    told = outcomes(claimed)[:1]  # the other one is unknown

    assert not sends.set_send_state(connection, send_id, SendState.DONE, done_at=NOW)
    batches.record_outcomes(connection, claimed.batch, told, now=NOW)
    assert not sends.set_send_state(connection, send_id, SendState.DONE, done_at=NOW)

    send = sends.find_send(connection, "2026-12")
    assert send
    assert (send.state, send.done_at) == (SendState.SENDING, None)


@pytest.mark.parametrize("is_serving", [True, False])
@pytest.mark.parametrize(("wait", "begun"), [(0, True), (1, False)])
def test_a_send_that_was_planned_for_later_begins_when_its_time_has_come(
    connection: Connection, wait: int, *, begun: bool, is_serving: bool
) -> None:
    send_id = plan_for(connection, NOW + dt.timedelta(seconds=wait))
    sends.set_send_state(connection, send_id, SendState.SENDING)  # as an older version resumed it

    assert sends.begin_sending(connection, send_id, now=NOW, is_serving=is_serving) is begun


@pytest.mark.parametrize(
    ("state", "is_serving", "begun"),
    [
        (SendState.PLANNED, False, True),
        (SendState.STOPPED, False, True),
        (SendState.PAUSED, False, False),
        (SendState.CANCELLED, False, False),
        (SendState.SCHEDULED, True, True),
        (SendState.SENDING, True, True),
        (SendState.STOPPED, True, False),  # by another worker, a moment ago
        (SendState.DONE, True, False),
    ],
)
def test_a_send_begins_unless_it_is_halted(
    connection: Connection, state: SendState, is_serving: bool, begun: bool
) -> None:
    send_id = begin(connection, 1)
    if state is SendState.DONE:
        claimed = claim(connection, send_id)
        batches.record_outcomes(connection, claimed.batch, outcomes(claimed), now=NOW)
    sends.set_send_state(connection, send_id, state)

    assert sends.begin_sending(connection, send_id, is_serving=is_serving) is begun


# --- changes that come twice, or too late -------------------------------------------------


def retold(ledger: Ledger, batch: Batch, told: list[Outcome]) -> None:
    """Record the same outcomes again, as after a commit that went unanswered."""
    with ledger.write() as connection:
        batches.record_outcomes(connection, batch, told, now=LATER, retry_at=at(99.0))


def test_outcomes_that_are_recorded_twice_are_recorded_once(ledger: Ledger) -> None:
    with ledger.write() as connection:
        send_id = begin(connection, 5)
        claimed = claim(connection, send_id)
        told = outcomes(claimed, State.QUEUED, State.UNKNOWN, State.REJECTED)
        batches.record_outcomes(connection, claimed.batch, told, now=NOW)
        before = batch_rows(connection), list_of(connection, send_id)

    retold(ledger, claimed.batch, told)

    with ledger.read() as connection:
        assert (batch_rows(connection), list_of(connection, send_id)) == before


def test_a_refusal_that_comes_twice_does_not_reach_the_next_attempt(ledger: Ledger) -> None:
    with ledger.write() as connection:
        send_id = begin(connection, 2)
        claimed = claim(connection, send_id)
        told = outcomes(claimed, State.REJECTED, State.REJECTED)
        batches.record_outcomes(connection, claimed.batch, told, now=NOW)
        doubts.requeue_rejected(connection, send_id, now=NOW, transient_only=False)

    retold(ledger, claimed.batch, told)

    with ledger.read() as connection:
        assert states_of(connection, send_id) == {State.QUEUED: 2}


@pytest.mark.parametrize("is_claimed", [False, True])
def test_who_was_accepted_stays_so_even_if_others_gave_up_the_call(
    ledger: Ledger, is_claimed: bool
) -> None:
    """A worker that was thought dead comes back with an answer: the next call is spared."""
    with ledger.write() as connection:
        send_id = begin(connection, 2)
        claimed = claim(connection, send_id)
        batches.doubt_batch(connection, claimed.batch.id, key=claimed.batch.key, reason="?")
        doubts.requeue_batch(connection, claimed.batch.id, key=claimed.batch.key)
        if is_claimed:
            claim(connection, send_id)

    retold(ledger, claimed.batch, outcomes(claimed, State.ACCEPTED, State.REJECTED))

    with ledger.read() as connection:
        counts = states_of(connection, send_id)
        assert counts[State.ACCEPTED] == 1
        assert counts[State.SENDING if is_claimed else State.QUEUED] == 1


def test_a_split_that_comes_twice_splits_once(ledger: Ledger) -> None:
    with ledger.write() as connection:
        send_id = begin(connection, 4)
        claimed = claim(connection, send_id)
        batches.split_batch(connection, claimed.batch)
        claim(connection, send_id)
        before = batch_rows(connection)

    with ledger.write() as connection:
        batches.split_batch(connection, claimed.batch)

        assert batch_rows(connection) == before


def test_a_release_or_a_doubt_that_comes_twice_leaves_the_next_claim_alone(
    ledger: Ledger,
) -> None:
    with ledger.write() as connection:
        send_id = begin(connection, 1)
        batch = claim(connection, send_id).batch
        batches.release_batch(connection, batch.id, key=batch.key, not_before=at(0.0), attempt=1)
        claim(connection, send_id, worker="other/0")
        before = batch_rows(connection)

    with ledger.write() as connection:
        batches.release_batch(connection, batch.id, key=batch.key, not_before=at(0.0), attempt=1)
        batches.doubt_batch(connection, batch.id, key=batch.key, reason="cut off")

        assert batch_rows(connection) == before


def test_a_claim_whose_commit_went_unanswered_is_found_again(ledger: Ledger) -> None:
    with ledger.write() as connection:
        send_id = begin(connection, 2, batch_size=1)
        claim(connection, send_id, worker="other/0")
        claimed = claim(connection, send_id, worker="w/0")

    with ledger.write() as connection:
        assert claims.find_claim(connection, send_id, worker="w/0") == claimed
        assert claims.find_claim(connection, send_id, worker="w/1") is None
