"""The canary: a few get an issue first, and what becomes of them decides about the rest."""

import datetime as dt
from dataclasses import dataclass

from newsletter.ledger import Ledger, Send, doubts, sends
from newsletter.mailing.measuring import count_hard_bounces
from newsletter.model.post import SendState, State
from newsletter.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What became of a canary, and how many wait behind it."""

    accepted: int
    rejected: int
    left: int  # the rest, who may follow


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether the rest may follow a canary."""

    bounced: int  # refused at once, or given up by the provider since
    share: float  # of the canary
    most: float  # that share may be

    @property
    def may_follow(self) -> bool:
        """Tell whether the rest may follow."""
        return self.share <= self.most


def find_returned(ledger: Ledger, send: Send) -> Returned:
    """Return what became of the canary of a send."""
    with ledger.read() as connection:
        canary = sends.count_canary(connection, send.id)
        counts = sends.count_states(connection, send.id)
    return Returned(
        accepted=canary.get(State.ACCEPTED, 0),
        rejected=canary.get(State.REJECTED, 0),
        left=sum(count for state, count in counts.items() if state.is_open),
    )


def judge_canary(
    settings: Settings, send: Send, returned: Returned, *, most: float, now: dt.datetime
) -> Verdict:
    """Ask the provider how many of a canary bounced, and decide whether the rest may follow.

    Raise UsageError where the provider does not tell.
    """
    bounced = returned.rejected + count_hard_bounces(settings, send, now)
    share = bounced / max(1, returned.accepted + returned.rejected)
    return Verdict(bounced=bounced, share=share, most=most)


def is_out(ledger: Ledger, send: Send) -> bool:
    """Tell whether a send is held and every delivery of its canary is decided."""
    if not send.is_held:
        return False
    with ledger.read() as connection:
        return not doubts.list_open_canary(connection, send.id)


def let_follow(ledger: Ledger, send: Send) -> None:
    """Let the rest follow a canary."""
    with ledger.write() as connection:
        sends.release_held(connection, send.id)


def hold_back(ledger: Ledger, send: Send, verdict: Verdict) -> None:
    """Stop a send whose canary came back badly."""
    reason = f"{verdict.share:.1%} of the canary bounced"
    with ledger.write() as connection:
        sends.set_send_state(connection, send.id, SendState.STOPPED, reason=reason)
