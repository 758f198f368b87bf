"""The canary: a few get an issue first, and their outcomes decide about the rest."""

import datetime as dt
from dataclasses import dataclass

from newsletter.language import say
from newsletter.ledger import Ledger, Send, doubts, sends
from newsletter.mailing.pulling import count_hard_bounces
from newsletter.model import SendState, State
from newsletter.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class CanaryOutcome:
    """The outcomes of a canary, and how many are waiting for them."""

    accepted: int
    rejected: int
    left: int  # the rest, who may follow


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The decision whether the rest may follow a canary."""

    bounced: int  # refused at once, or given up by the provider since
    share: float  # of the canary
    most: float  # the highest share allowed

    @property
    def may_follow(self) -> bool:
        """Return whether the rest may follow."""
        return self.share <= self.most


def find_canary_outcome(ledger: Ledger, send: Send) -> CanaryOutcome:
    """Return the outcomes of the canary of a send."""
    with ledger.read() as connection:
        canary = sends.count_canary(connection, send.id)
        counts = sends.count_states(connection, send.id)
    return CanaryOutcome(
        accepted=canary.get(State.ACCEPTED, 0),
        rejected=canary.get(State.REJECTED, 0),
        left=sum(count for state, count in counts.items() if state.is_open),
    )


def judge_canary(
    settings: Settings, send: Send, returned: CanaryOutcome, *, most: float, now: dt.datetime
) -> Verdict:
    """Ask the provider how many of a canary bounced, and decide whether the rest may follow.

    Raise UsageError if the provider does not report it.
    """
    bounced = returned.rejected + count_hard_bounces(settings, send, now)
    share = bounced / max(1, returned.accepted + returned.rejected)
    return Verdict(bounced=bounced, share=share, most=most)


def is_out(ledger: Ledger, send: Send) -> bool:
    """Return whether a send is held and every delivery of its canary is decided."""
    if not send.is_held:
        return False
    with ledger.read() as connection:
        return not doubts.list_open_canary(connection, send.id)


def release_rest(ledger: Ledger, send: Send) -> None:
    """Release the rest after a canary."""
    with ledger.write() as connection:
        sends.release_held(connection, send.id)


def hold_back(ledger: Ledger, send: Send, verdict: Verdict) -> None:
    """Stop a send whose canary went badly."""
    reason = say("{percent:.1f}% of the canary bounced", percent=100 * verdict.share)
    with ledger.write() as connection:
        sends.set_send_state(connection, send.id, SendState.STOPPED, reason=reason)
