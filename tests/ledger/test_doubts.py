"""Batches in doubt are asked about by one worker at a time; the editor decides about deliveries."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection

from newsletter.ledger import Batch, Claim, Ledger, batches, claims, doubts, sends
from newsletter.model import BatchState, State
from tests.ledger.examples import (
    FREELY,
    LATER,
    NOW,
    at,
    batch_rows,
    begin,
    claim,
    outcomes,
    states_of,
)


def nobody(_name: str) -> bool:
    """Say that no worker lives."""
    return False


def everybody(name: str) -> bool:
    """Say that every worker lives."""
    return bool(name)


def in_doubt(connection: Connection, send_id: int) -> Batch:
    """Claim a batch and leave it in doubt; return it as it is then."""
    batch = claim(connection, send_id).batch
    batches.doubt_batch(connection, batch.id, key=batch.key, reason="no answer")
    (found,) = [b for b in batch_rows(connection) if b.id == batch.id]
    return found


# --- asking -------------------------------------------------------------------------------


def test_a_batch_in_doubt_is_taken_over_by_one_worker(connection: Connection) -> None:
    batch = in_doubt(connection, begin(connection, 1))

    def take(worker: str, is_living: Callable[[str], bool]) -> bool:
        return doubts.take_over_batch(connection, batch, worker=worker, is_living=is_living)

    assert take("a/doubt", everybody)
    assert take("a/doubt", everybody)  # as after a commit that went unanswered
    assert not take("b/doubt", everybody)
    assert take("b/doubt", nobody)
    doubts.stop_asking(connection, batch.id, worker="a/doubt")  # it comes too late
    assert not take("c/doubt", everybody)
    doubts.stop_asking(connection, batch.id, worker="b/doubt")
    assert take("c/doubt", everybody)


def test_a_batch_that_is_in_doubt_no_more_is_not_taken_over(connection: Connection) -> None:
    batch = in_doubt(connection, begin(connection, 1))
    doubts.requeue_batch(connection, batch.id, key=batch.key)

    assert not doubts.take_over_batch(connection, batch, worker="a/doubt", is_living=nobody)


def test_letting_go_leaves_alone_whoever_claimed_the_batch(connection: Connection) -> None:
    """A look-up queues what was not taken, and another worker is quick."""
    send_id = begin(connection, 1)
    batch = in_doubt(connection, send_id)
    doubts.take_over_batch(connection, batch, worker="a/doubt", is_living=nobody)
    doubts.requeue_batch(connection, batch.id, key=batch.key)
    claim(connection, send_id, worker="b/0")

    doubts.stop_asking(connection, batch.id)

    (now,) = batch_rows(connection)
    assert (now.state, now.worker) == (BatchState.SENDING, "b/0")


def test_when_to_ask_again_is_noted_while_there_is_doubt(connection: Connection) -> None:
    send_id = begin(connection, 1)
    batch = in_doubt(connection, send_id)

    doubts.ask_again(connection, batch.id, key=batch.key, at=at(99.0))
    assert batch_rows(connection)[0].not_before == at(99.0)

    doubts.requeue_batch(connection, batch.id, key=batch.key)
    doubts.ask_again(connection, batch.id, key=batch.key, at=at(99.0))
    assert batch_rows(connection)[0].not_before == at(0.0)


def test_what_was_not_taken_is_queued_again_under_a_new_key(connection: Connection) -> None:
    send_id = begin(connection, 3)
    claimed = claim(connection, send_id)
    told = outcomes(claimed, State.ACCEPTED, State.UNKNOWN, State.UNKNOWN)
    batches.record_outcomes(connection, claimed.batch, told, now=NOW)

    doubts.requeue_batch(connection, claimed.batch.id, key=claimed.batch.key)

    again = claim(connection, send_id)
    assert [r.key for r in again.recipients] == ["key-p1", "key-p2"]
    assert again.batch.key != claimed.batch.key
    assert again.batch.attempt == 1


@pytest.mark.parametrize("is_unknown_again", [False, True])
def test_queueing_that_comes_twice_leaves_the_next_call_alone(
    connection: Connection, is_unknown_again: bool
) -> None:
    send_id = begin(connection, 1)
    batch = in_doubt(connection, send_id)
    doubts.requeue_batch(connection, batch.id, key=batch.key)
    if is_unknown_again:
        in_doubt(connection, send_id)
    before = batch_rows(connection)

    doubts.requeue_batch(connection, batch.id, key=batch.key)

    assert batch_rows(connection) == before


# --- the editor's decisions ---------------------------------------------------------------


@pytest.mark.parametrize(("resend", "state"), [(True, State.QUEUED), (False, State.ABANDONED)])
def test_the_editor_decides_about_what_is_unknown(
    connection: Connection, resend: bool, state: State
) -> None:
    send_id = begin(connection, 4, batch_size=2)
    in_doubt(connection, send_id)

    doubts.decide_unknown(connection, send_id, resend=resend, now=LATER, is_living=nobody)

    assert states_of(connection, send_id) == (
        {State.QUEUED: 4} if resend else {State.QUEUED: 2, state: 2}
    )


def test_what_is_abandoned_keeps_the_reason_of_the_doubt(connection: Connection) -> None:
    send_id = begin(connection, 1)
    in_doubt(connection, send_id)

    doubts.decide_unknown(connection, send_id, resend=False, now=LATER, is_living=nobody)

    assert [row[3] for row in sends.list_deliveries(connection, send_id)] == ["no answer"]
    assert [batch.state for batch in batch_rows(connection)] == [BatchState.SETTLED]


def test_the_editors_decision_leaves_alone_what_a_worker_asks_about(
    connection: Connection,
) -> None:
    send_id = begin(connection, 1)
    batch = in_doubt(connection, send_id)
    doubts.take_over_batch(connection, batch, worker="a/doubt", is_living=nobody)

    doubts.decide_unknown(connection, send_id, resend=True, now=LATER, is_living=everybody)

    assert states_of(connection, send_id) == {State.UNKNOWN: 1}


def test_a_decision_is_about_the_calls_the_editor_saw(connection: Connection) -> None:
    """Made twice, it must not reach a call that was made after the first time."""
    send_id = begin(connection, 1)
    batch = in_doubt(connection, send_id)

    for _ in range(2):
        doubts.decide_unknown(
            connection, send_id, resend=True, now=LATER, is_living=nobody, keys={batch.key}
        )
        claims.claim_batch(connection, send_id, worker="w/1", now=at(5.0), limits=FREELY)
        (now,) = batch_rows(connection)
        batches.doubt_batch(connection, now.id, key=now.key, reason="again")

    assert states_of(connection, send_id) == {State.UNKNOWN: 1}


# --- those who were refused ---------------------------------------------------------------


def refused(connection: Connection, *transient: bool) -> tuple[int, Claim]:
    """Plan a send of which so many are refused, for a temporary reason or not, and two accepted."""
    send_id = begin(connection, len(transient) + 2)
    claimed = claim(connection, send_id, now=1e9)
    told = outcomes(claimed, *[State.REJECTED] * len(transient))
    passing = (*transient, False, False)  # the two that are accepted come last
    told = [o._replace(transient=p) for o, p in zip(told, passing, strict=True)]
    batches.record_outcomes(connection, claimed.batch, told, now=NOW)
    return send_id, claimed


def test_those_refused_for_a_passing_reason_are_tried_again(connection: Connection) -> None:
    send_id, _ = refused(connection, True, False, True)
    assert sends.count_transient(connection, send_id) == 2

    count = doubts.requeue_rejected(connection, send_id, now=LATER, transient_only=True)

    assert count == 2
    assert states_of(connection, send_id) == {
        State.ACCEPTED: 2,
        State.REJECTED: 1,
        State.QUEUED: 2,
    }
    assert [r.key for r in claim(connection, send_id).recipients] == ["key-p0", "key-p2"]
    assert sends.count_transient(connection, send_id) == 0


def test_where_the_fault_was_not_theirs_all_are_tried_again(connection: Connection) -> None:
    send_id, _ = refused(connection, True, False)

    for expected in (2, 0):  # made twice, it changes nothing more
        found = doubts.requeue_rejected(connection, send_id, now=LATER, transient_only=False)
        assert found == expected

    again = claim(connection, send_id)
    assert (again.batch.size, len(again.recipients)) == (2, 2)
    batches.record_outcomes(connection, again.batch, outcomes(again), now=LATER)
    assert states_of(connection, send_id) == {State.ACCEPTED: 4}


def test_those_refused_are_tried_again_even_while_others_of_their_call_are_unknown(
    connection: Connection,
) -> None:
    send_id = begin(connection, 3)
    claimed = claim(connection, send_id)
    told = outcomes(claimed, State.UNKNOWN, State.REJECTED)
    batches.record_outcomes(connection, claimed.batch, told, now=NOW)

    assert doubts.requeue_rejected(connection, send_id, now=LATER, transient_only=False) == 1

    assert [r.key for r in claim(connection, send_id).recipients] == ["key-p1"]
    (unknown,) = doubts.list_batches(connection, send_id, BatchState.UNKNOWN)
    assert unknown.key == claimed.batch.key


# --- cancelling ---------------------------------------------------------------------------


def test_cancelling_skips_what_is_queued_and_no_more(connection: Connection) -> None:
    send_id = begin(connection, 4, batch_size=1)
    in_doubt(connection, send_id)
    claimed = claim(connection, send_id)
    batches.record_outcomes(connection, claimed.batch, outcomes(claimed), now=NOW)
    claim(connection, send_id)

    for _ in range(2):
        doubts.cancel_queued(connection, send_id, now=LATER)

    assert states_of(connection, send_id) == {
        State.UNKNOWN: 1,
        State.ACCEPTED: 1,
        State.SENDING: 1,
        State.SKIPPED: 1,
    }
    (skipped,) = sends.list_deliveries(connection, send_id, State.SKIPPED)
    assert skipped[3] == "cancelled"


def test_a_batch_is_claimed_or_cancelled_but_never_both(ledger: Ledger) -> None:
    if not ledger.is_shared:
        pytest.skip("one transaction at a time writes there")
    with ledger.write() as connection:
        send_id = begin(connection, 2, batch_size=1)

    with ledger.write() as claiming:
        claimed = claim(claiming, send_id)
        with ledger.write() as cancelling:
            cancelling.exec_driver_sql("SET LOCAL lock_timeout = '10s'")
            claims.speed_up(cancelling, "outbox")
            assert doubts.count_batches(cancelling, send_id, BatchState.QUEUED) == 2
            claiming.commit()
            doubts.cancel_queued(cancelling, send_id, now=LATER)

    with ledger.read() as connection:
        assert states_of(connection, send_id) == {State.SENDING: 1, State.SKIPPED: 1}
        assert [r.key for r in claims.list_recipients(connection, claimed.batch.id)] == ["key-p0"]


def test_what_the_provider_gives_up_is_skipped(connection: Connection) -> None:
    send_id = begin(connection, 2, batch_size=1)
    for _ in range(2):
        claimed = claim(connection, send_id)
        batches.record_outcomes(connection, claimed.batch, outcomes(claimed), now=NOW)
    first, second = doubts.list_accepted_batches(connection, send_id)

    doubts.take_back(connection, first.id, now=LATER)

    assert states_of(connection, send_id) == {State.SKIPPED: 1, State.ACCEPTED: 1}
    assert doubts.list_accepted_batches(connection, send_id) == [second]


def test_the_canary_is_out_when_its_batches_are_settled(connection: Connection) -> None:
    send_id = begin(connection, 10, batch_size=5, canary=2)
    assert len(doubts.list_open_canary(connection, send_id)) == 1
    claimed = claim(connection, send_id)
    batches.record_outcomes(connection, claimed.batch, outcomes(claimed), now=NOW)

    assert doubts.list_open_canary(connection, send_id) == []
    assert sends.count_canary(connection, send_id) == {State.ACCEPTED: 2}
