"""A ledger that is being closed lets no call begin, and records what becomes of those under way."""

from collections.abc import Iterator, Sequence

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from newsletter.ledger import Ledger, batches, claims, closing, doubts
from newsletter.ledger.refusals import CLOSED
from newsletter.model import BatchState, State
from tests.ledger.examples import FREELY, NOW, at, begin, claim, outcomes, states_of


@pytest.fixture
def connection(ledger: Ledger) -> Iterator[Connection]:
    """A transaction of an empty ledger that is open again at its end."""
    with ledger.write() as open_connection:
        yield open_connection
        closing.reopen(open_connection)


@pytest.mark.parametrize(
    ("told", "known"),
    [
        # Somebody is refused for now, and goes to a batch of their own.
        ([State.QUEUED, State.REJECTED], {State.ACCEPTED: 1, State.REJECTED: 1, State.QUEUED: 1}),
        # Of somebody the provider says nothing: that is in doubt.
        ([State.UNKNOWN], {State.ACCEPTED: 2, State.UNKNOWN: 1}),
    ],
)
def test_whatever_becomes_of_a_call_under_way_is_recorded(
    connection: Connection, told: Sequence[State], known: dict[State, int]
) -> None:
    send_id = begin(connection, 3)
    claimed = claim(connection, send_id)
    closing.close_calls(connection)

    batches.record_outcomes(connection, claimed.batch, outcomes(claimed, *told), now=NOW)

    assert states_of(connection, send_id) == known


def test_a_call_without_an_answer_is_in_doubt(connection: Connection) -> None:
    send_id = begin(connection, 3)
    claimed = claim(connection, send_id)
    closing.close_calls(connection)

    batches.doubt_batch(connection, claimed.batch.id, reason="no answer")

    assert states_of(connection, send_id) == {State.UNKNOWN: 3}


def test_who_asks_about_a_doubt_may_end_that_and_nobody_else_begin(connection: Connection) -> None:
    send_id = begin(connection, 3)
    batches.doubt_batch(connection, claim(connection, send_id).batch.id, reason="no answer")
    [batch] = doubts.list_batches(connection, send_id, BatchState.UNKNOWN)
    assert doubts.take_over_batch(connection, batch, worker="a/doubt", is_living=bool)
    closing.close_calls(connection)

    doubts.stop_asking(connection, batch.id, worker="a/doubt")

    with pytest.raises(DBAPIError, match=CLOSED), connection.begin_nested():
        doubts.take_over_batch(connection, batch, worker="b/doubt", is_living=bool)


def test_nobody_claims(connection: Connection) -> None:
    send_id = begin(connection, 3)
    closing.close_calls(connection)

    with pytest.raises(DBAPIError, match=CLOSED), connection.begin_nested():
        claims.claim_batch(connection, send_id, worker="w/0", now=at(5.0), limits=FREELY)
