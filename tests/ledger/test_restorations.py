"""A ledger that came back from a backup doubts whatever another may have sent since."""

import datetime as dt
from dataclasses import replace

from sqlalchemy import Connection, select, update

from newsletter.ledger import batches, claims, doubts, planning, sends, workers
from newsletter.ledger.restorations import doubt_all, find_restoration
from newsletter.ledger.tables import batches as batch_table
from newsletter.ledger.tables import sends as send_table
from newsletter.model import BatchState, SendState, State
from tests.ledger.examples import (
    FI,
    FINNISH,
    LATER,
    NEW,
    NOW,
    add,
    at,
    begin,
    claim,
    edition,
    outcomes,
    person,
    plan_for,
)

_RESTORED = LATER + dt.timedelta(hours=3)


def _states(connection: Connection) -> list[str]:
    query = select(batch_table.c.state).order_by(batch_table.c.id)
    return list(connection.execute(query).scalars())


def test_queued_and_called_batches_are_in_doubt_and_their_send_stops(
    connection: Connection,
) -> None:
    send_id = begin(connection, 30, batch_size=10)
    done = claim(connection, send_id)
    batches.record_outcomes(connection, done.batch, outcomes(done, *[State.ACCEPTED] * 10), now=NOW)
    called = claim(connection, send_id)
    workers.enroll(connection, "w", host="h", is_serving=True)

    count = doubt_all(connection, LATER, _RESTORED)

    assert count == 20
    assert _states(connection) == ["settled", "unknown", "unknown"]
    [first, second] = doubts.list_batches(connection, send_id, BatchState.UNKNOWN)
    assert first.called_at == called.batch.called_at  # the earliest call of either ledger
    assert second.called_at == LATER
    assert first.restored_at == second.restored_at == _RESTORED
    assert first.worker == ""
    send = sends.list_sends(connection)[0]
    assert send.state is SendState.STOPPED
    assert "backup of 2026-12-15 09:00 UTC" in send.reason
    assert workers.list_workers(connection) == []
    assert not sends.begin_sending(connection, send_id, is_serving=True)


def test_the_time_of_a_backup_that_is_in_the_future_is_not_believed(
    connection: Connection,
) -> None:
    send_id = begin(connection, 1)

    doubt_all(connection, _RESTORED + dt.timedelta(days=3), _RESTORED)

    [batch] = doubts.list_batches(connection, send_id, BatchState.UNKNOWN)
    assert batch.called_at == NOW


def test_without_the_time_of_the_backup_calls_may_be_as_old_as_their_plan(
    connection: Connection,
) -> None:
    send_id = begin(connection, 1)

    doubt_all(connection, None, _RESTORED)

    [batch] = doubts.list_batches(connection, send_id, BatchState.UNKNOWN)
    assert batch.called_at == NOW
    assert find_restoration(connection) is not None


def test_a_send_that_is_not_due_is_paused_and_nothing_of_it_in_doubt(
    connection: Connection,
) -> None:
    plan_for(connection, _RESTORED + dt.timedelta(days=1))

    count = doubt_all(connection, LATER, _RESTORED)

    assert count == 0
    assert _states(connection) == ["queued"]
    assert sends.list_sends(connection)[0].state is SendState.PAUSED


def test_a_rehearsal_mails_nobody_and_is_not_in_doubt(connection: Connection) -> None:
    add(connection, person("aino"))
    new = replace(NEW, scope="rehearsal:2026-12")
    planning.plan_send(connection, new, FINNISH, {FI: edition(FI)}, batch_sizes={FI: 100})

    assert doubt_all(connection, LATER, _RESTORED) == 0
    assert _states(connection) == ["queued"]


def test_who_was_refused_before_may_have_been_sent_to_since_and_is_asked_about(
    connection: Connection,
) -> None:
    send_id = begin(connection, 2)
    claimed = claim(connection, send_id)
    refused = outcomes(claimed, State.ACCEPTED, State.REJECTED)
    batches.record_outcomes(connection, claimed.batch, refused, now=NOW)
    doubt_all(connection, LATER, _RESTORED)

    doubts.requeue_rejected(connection, send_id, now=_RESTORED, transient_only=False)

    [batch] = doubts.list_batches(connection, send_id, BatchState.UNKNOWN)
    assert batch.restored_at == _RESTORED
    assert batch.root == claimed.batch.id  # under whose tag a retry was sent, too


def test_who_is_refused_afterwards_is_simply_tried_again(connection: Connection) -> None:
    send_id = begin(connection, 2)
    doubt_all(connection, LATER, _RESTORED)
    [batch] = doubts.list_batches(connection, send_id, BatchState.UNKNOWN)
    doubts.requeue_batch(connection, batch.id)
    connection.execute(update(send_table).values(state=SendState.SENDING))
    claimed = claim(connection, send_id, now=_RESTORED.timestamp() + 60)
    refused = outcomes(claimed, State.REJECTED, State.REJECTED)
    batches.record_outcomes(
        connection, claimed.batch, refused, now=_RESTORED + dt.timedelta(minutes=2)
    )

    doubts.requeue_rejected(connection, send_id, now=_RESTORED, transient_only=False)

    assert "unknown" not in _states(connection)
    assert "queued" in _states(connection)
    assert claims.find_claim(connection, send_id, worker="nobody") is None
    assert at(0) < NOW
