"""How far a send has come."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from newsletter.ledger.planning import count_left_out_since
from newsletter.ledger.sends import (
    Send,
    count_states,
    count_transient,
    find_rehearsal,
    find_send,
)
from newsletter.model.post import SendState, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """How far a send has come."""

    send: Send  # as it is now
    counts: Mapping[State, int]  # deliveries
    put_off: int  # of the rejected: for a passing reason, or renamed since
    left_out_since: Mapping[str, int]  # reason -> who joined since and does not get it
    rehearsal: Send | None  # of the same issue

    @property
    def left(self) -> int:
        """Return how many deliveries something may still come of."""
        return sum(count for state, count in self.counts.items() if state.is_open)

    @property
    def is_open(self) -> bool:
        """Tell whether anything may still go out."""
        return self.left > 0 and self.send.state is not SendState.CANCELLED

    def count(self, state: State) -> int:
        """Return how many deliveries are in a state."""
        return self.counts.get(state, 0)


def find_situation(connection: Connection, send: Send) -> Situation:
    """How far has a send come?"""
    send = find_send(connection, send.scope) or send
    return Situation(
        send=send,
        counts=count_states(connection, send.id),
        put_off=count_transient(connection, send.id),
        left_out_since=count_left_out_since(connection, send),
        rehearsal=find_rehearsal(connection, send.issue_id),
    )
