"""How states of sends and deliveries, and reasons for leaving people out, are said to people."""

from collections.abc import Mapping

from newsletter.language import Wording, say, say_list, say_many
from newsletter.ledger import NO_TEXT
from newsletter.model import SendState, Standing, State


def say_state(state: str) -> str:
    """Return the state of a send in words."""
    return SendState(state).words if state in list(SendState) else state


def say_counts(counts: Mapping[str, int]) -> Wording:
    """Return how many deliveries are in each state, leaving out those with none."""
    told = [_count(state, n) for state, n in counts.items() if n]
    return say_list(told) if told else say("nobody")


def _count(state: str, n: int) -> str:
    return {
        State.QUEUED: say_many("{n:,} queued", "{n:,} queued", n=n),
        State.SENDING: say_many("{n:,} sending", "{n:,} sending", n=n),
        State.ACCEPTED: say_many("{n:,} accepted", "{n:,} accepted", n=n),
        State.REJECTED: say_many("{n:,} rejected", "{n:,} rejected", n=n),
        State.UNKNOWN: say_many("{n:,} unknown", "{n:,} unknown", n=n),
        State.SKIPPED: say_many("{n:,} skipped", "{n:,} skipped", n=n),
        State.ABANDONED: say_many("{n:,} given up", "{n:,} given up", n=n),
    }[State(state)]


def say_left_out(reason: str, n: int) -> Wording:
    """Return how many people do not get an issue, and why, from the reason kept in the ledger."""
    told = {
        Standing.PENDING: say_many("{n:,} pending", "{n:,} pending", n=n),
        Standing.PAUSED: say_many("{n:,} paused", "{n:,} paused", n=n),
        Standing.BOUNCED: say_many("{n:,} bounced", "{n:,} bounced", n=n),
        Standing.UNSUBSCRIBED: say_many("{n:,} unsubscribed", "{n:,} unsubscribed", n=n),
        Standing.COMPLAINED: say_many("{n:,} complained", "{n:,} complained", n=n),
        Standing.ERASED: say_many("{n:,} erased", "{n:,} erased", n=n),
        NO_TEXT: say("{n:,} for whom nothing is written", n=n),
    }
    if reason.startswith("not "):
        return say("{n:,} not {segment}", n=n, segment=reason.removeprefix("not "))
    return told.get(reason) or say("{n:,} {reason}", n=n, reason=reason)
