"""What is left of a send that has begun, and the editor's orders: continue, pause, end."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from newsletter.errors import ProviderError, UsageError
from newsletter.gateway import open_provider
from newsletter.language import Wording, say
from newsletter.ledger import (
    Ledger,
    Restoration,
    Send,
    Situation,
    doubts,
    find_absence,
    find_restoration,
    find_situation,
    sends,
)
from newsletter.mailing.canary import is_out
from newsletter.mailing.handover import ask_to_carry
from newsletter.model import SendState, WhenUnknown
from newsletter.settings import Settings

_ENDED = (SendState.DONE, SendState.CANCELLED)


class Order(StrEnum):
    """An order of the editor about a send that has begun."""

    PAUSE = "pause"  # send nothing more for now
    RESUME = "resume"  # continue after a pause
    CANCEL = "cancel"  # end it for good
    LATE = "late"  # send it, as it was frozen, to those who joined since


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """What the editor decides about a send that has begun."""

    order: Order | None = None
    unknown: WhenUnknown | None = None  # about deliveries with an unknown outcome
    retry_failed: bool = False  # retry those refused for a temporary reason

    @property
    def is_any(self) -> bool:
        """Return whether anything is decided."""
        return bool(self.order or self.unknown or self.retry_failed)


def look_at(ledger: Ledger, send: Send) -> Situation:
    """Return how far a send has come."""
    with ledger.read() as connection:
        return find_situation(connection, send)


def count_joined_since(ledger: Ledger, send: Send) -> int:
    """Return how many people who may be mailed joined since a send was planned."""
    with ledger.read() as connection:
        return sends.count_joined_since(connection, send.planned_at)


def find_restoration_since(ledger: Ledger, send: Send) -> Restoration | None:
    """Return when the ledger came back from a backup after it planned a send, if it did."""
    with ledger.read() as connection:
        found = find_restoration(connection)
    return found if found and found.restored_at > send.planned_at else None


def find_unknown_since(ledger: Ledger) -> Restoration | None:
    """Return the restoration before which people may have left that the ledger does not know of."""
    with ledger.read() as connection:
        return find_absence(connection)


def note_the_end(ledger: Ledger, send: Send, now: dt.datetime) -> bool:
    """Mark a send as done whose process was cut off after its very last delivery.

    False where it is not: more was planned for it a moment ago.
    """
    if send.state in _ENDED:
        return True
    with ledger.write() as connection:
        return sends.set_send_state(connection, send.id, SendState.DONE, done_at=now)


def check_order(situation: Situation, order: Order, now: dt.datetime) -> None:
    """Raise UsageError if an order does not apply to a send, or no longer does."""
    send = situation.send
    is_waiting = send.waits_at_provider(now) and send.state is not SendState.CANCELLED
    if send.state in _ENDED and not situation.left and not is_waiting:
        raise UsageError(_nothing_to(order, send))
    if order is Order.RESUME and send.state is not SendState.PAUSED:
        raise UsageError(
            say("{issue} is {state}, not paused", issue=send.issue_id, state=send.state.words)
        )


def _nothing_to(order: Order, send: Send) -> Wording:
    issue, state = send.issue_id, send.state.words
    match order:
        case Order.PAUSE:
            return say("{issue} is {state}; there is nothing to pause", issue=issue, state=state)
        case Order.RESUME:
            return say("{issue} is {state}; there is nothing to resume", issue=issue, state=state)
    return say("{issue} is {state}; there is nothing to cancel", issue=issue, state=state)


def check_turn(settings: Settings, send: Send, now: dt.datetime) -> None:
    """Raise UsageError for a send that must be resumed first, or is not due yet."""
    if send.state is SendState.PAUSED:
        raise UsageError(
            say(
                "{issue} is paused; “newsletter send {issue} --resume” goes on",
                issue=send.issue_id,
            )
        )
    at = send.scheduled_at
    if send.state is SendState.SCHEDULED and at and at > now:
        raise UsageError(
            say(
                "{issue} waits for {time}; “newsletter send {issue} --cancel” takes it back",
                issue=send.issue_id,
                time=settings.local_time(at),
            )
        )


def pause(ledger: Ledger, send: Send) -> None:
    """Let no more calls begin for a send, whoever sends it."""
    with ledger.write() as connection:
        sends.set_send_state(connection, send.id, SendState.PAUSED)


def resume(ledger: Ledger, send: Send, now: dt.datetime) -> None:
    """Let whoever can send go on with a send that was paused, when its time has come."""
    state = SendState.SCHEDULED if send.is_for_later(now) else SendState.SENDING
    due = send.scheduled_at if state is SendState.SCHEDULED else None
    with ledger.write() as connection:
        sends.set_send_state(connection, send.id, state)
        ask_to_carry(connection, send, due=due)


def cancel(settings: Settings, ledger: Ledger, send: Send, now: dt.datetime) -> list[Wording]:
    """Cancel a send for good: nothing more is sent; return what could not be taken back.

    Mail that the provider holds for later is cancelled there.
    """
    with ledger.write() as connection:
        sends.set_send_state(connection, send.id, SendState.CANCELLED, done_at=now)
        doubts.cancel_queued(connection, send.id, now=now)
        taken = doubts.list_accepted_batches(connection, send.id) if send.by_provider else []
    if not taken:
        return []
    troubles = []
    with open_provider(settings, send.provider) as provider:
        for batch in taken:
            try:
                provider.cancel(batch.key)
            except ProviderError as err:
                troubles.append(err.words)
                continue
            with ledger.write() as connection:
                doubts.take_back(connection, batch.id, now=now)
    return troubles


def schedule(ledger: Ledger, send: Send) -> None:
    """Let a send wait for its time, when a worker begins it."""
    with ledger.write() as connection:
        sends.set_send_state(connection, send.id, SendState.SCHEDULED)
        ask_to_carry(connection, send, due=send.scheduled_at)


def make_ready(ledger: Ledger, send: Send, *, retry_failed: bool, now: dt.datetime) -> None:
    """Queue what is to continue: the rest after a canary, and recipients to be retried."""
    if retry_failed:
        with ledger.write() as connection:
            doubts.requeue_rejected(connection, send.id, now=now, transient_only=True)
    if is_out(ledger, send):
        with ledger.write() as connection:
            sends.release_held(connection, send.id)
