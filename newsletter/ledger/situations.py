"""How far a send has come."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from newsletter.ledger.frozen import Send
from newsletter.ledger.planning import count_left_out_since
from newsletter.ledger.sends import (
    count_states,
    count_transient,
    find_rehearsal,
    find_send,
)
from newsletter.model import SendState, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """How far a send has come."""

    send: Send  # in its present state
    counts: Mapping[State, int]  # deliveries
    put_off: int  # rejected for a temporary reason, or renamed since
    left_out_since: Mapping[str, int]  # reason -> people who joined since and do not get it
    rehearsal: Send | None  # of the same issue

    @property
    def left(self) -> int:
        """Return how many deliveries are not decided yet."""
        return sum(count for state, count in self.counts.items() if state.is_open)

    @property
    def is_open(self) -> bool:
        """Return whether anything may still be sent."""
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
