"""How sending is as a whole, asked in a few questions on both databases."""

import datetime as dt

from sqlalchemy import Connection

from newsletter.ledger import batches, claims, find_vitals, workers
from newsletter.ledger.tables import sends as sends_table
from newsletter.model import BatchState, SendState
from tests.ledger.examples import LATER, NOW, begin, claim, plan_for


def test_a_ledger_without_sends_is_at_rest(connection: Connection) -> None:
    vitals = find_vitals(connection)

    assert (dict(vitals.sends), dict(vitals.deliveries)) == ({}, {})
    assert (vitals.next_at, list(vitals.paces), list(vitals.workers)) == (None, [], [])


def test_deliveries_are_counted_by_the_state_of_their_batch(connection: Connection) -> None:
    send_id = begin(connection, 5, batch_size=2)
    claim(connection, send_id)
    batches.doubt_batch(connection, claim(connection, send_id).batch.id, reason="no answer")

    vitals = find_vitals(connection)

    assert dict(vitals.sends) == {("outbox", SendState.SENDING): 1}
    assert dict(vitals.deliveries) == {
        ("outbox", BatchState.SENDING): 2,
        ("outbox", BatchState.UNKNOWN): 2,
        ("outbox", BatchState.QUEUED): 1,
    }


def test_what_is_over_is_not_counted(connection: Connection) -> None:
    begin(connection, 3, batch_size=2)
    connection.execute(sends_table.update().values(state=SendState.CANCELLED))

    vitals = find_vitals(connection)

    assert (dict(vitals.sends), dict(vitals.deliveries)) == ({}, {})


def test_the_next_send_is_the_first_that_waits_here(connection: Connection) -> None:
    plan_for(connection, LATER)
    connection.execute(sends_table.update().values(state=SendState.SCHEDULED, by_provider=True))
    of_the_provider = find_vitals(connection).next_at
    connection.execute(sends_table.update().values(by_provider=False))

    assert of_the_provider is None
    assert find_vitals(connection).next_at == LATER


def test_paces_and_workers_are_told(connection: Connection) -> None:
    claims.slow_down(connection, "brevo", now=NOW, wait=5.0)
    workers.enroll(connection, "w", host="machine", is_serving=True)

    vitals = find_vitals(connection)

    [pace], [worker] = vitals.paces, vitals.workers
    assert (pace.provider, pace.next_at) == ("brevo", NOW + dt.timedelta(seconds=5))
    assert worker.name == "w"
