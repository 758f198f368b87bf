"""Calls a provider with a batch and acts on its answer."""

import time

from newsletter.delivery.desks import Desk
from newsletter.delivery.retry import (
    ATTEMPTS,
    LONGEST_ASKED,
    Action,
    backoff,
    decide,
    deferral_wait,
)
from newsletter.delivery.session import Run, change_ledger, record
from newsletter.errors import LostProcessError, ProviderError, Verdict
from newsletter.language import Wording, say
from newsletter.ledger import EPOCH, Batch, Claim
from newsletter.ledger import batches as batches_of
from newsletter.ledger import claims as claims_of
from newsletter.masking import mask
from newsletter.model import Outcome, State
from newsletter.observing import (
    Answered,
    CallAnswered,
    DeliveriesRecorded,
    PaceSlowed,
    Purpose,
    observe,
)

_WINDOW_MARGIN = 30.0  # seconds a repeated call may take to arrive
_DOUBTS_THAT_STOP = 2  # batches in a row without an answer: the provider is down
_TOO_FAST = 429


class UnsettledError(Exception):
    """A call without outcomes: the provider's error and what to do about it."""

    def __init__(self, error: ProviderError, action: Action, wait: float) -> None:
        super().__init__(str(error))
        self.error = error
        self.action = action
        self.wait = wait

    @property
    def is_doubt(self) -> bool:
        """Return whether the provider may have accepted the call."""
        return self.action is Action.DOUBT


def make_call(run: Run, desk: Desk, claim: Claim, *, in_doubt: bool = False) -> tuple[Outcome, ...]:
    """Call the provider; repeat under the same key while it would recognise the repeat.

    `in_doubt` says that an earlier call under this key may have been accepted. From then on only
    success settles the call: a refused repeat says nothing about the first.
    Raise UnsettledError without outcomes, TooLargeError if the call may not be made.
    """
    batch = claim.batch
    attempt = 1 if in_doubt else batch.attempt
    while True:
        begun, size = time.monotonic(), len(claim.recipients)
        answer = desk.call(claim)
        if not isinstance(answer, ProviderError):
            observe_call(run, size, begun)
            return answer
        observe_call(run, size, begun, answer)
        in_doubt = in_doubt or answer.verdict is Verdict.UNKNOWN
        decision = decide(
            answer,
            attempt=attempt,
            recipients=size,
            repeatable=is_repeatable(run, batch),
            in_doubt=in_doubt,
            random_source=run.clock.random,
        )
        repeat = decision.action is Action.REPEAT
        if not repeat or run.stop.is_set() or not is_repeatable(run, batch, decision.wait):
            action = Action.DOUBT if repeat else decision.action
            raise UnsettledError(answer, action, decision.wait)
        run.progress(
            0,
            say(
                "{fault}; asking again in {seconds:.0f} s",
                fault=answer.words,
                seconds=decision.wait,
            ),
        )
        run.clock.sleep(decision.wait)
        attempt += 1


def is_repeatable(run: Run, batch: Batch, wait: float = 0.0) -> bool:
    """Return whether the provider would recognise the batch's key after a wait, in seconds.

    What came back from a backup may have been sent since under another key.
    """
    if batch.restored_at:
        return False
    age = (run.clock.instant - (batch.called_at or EPOCH)).total_seconds() + wait
    return abs(age) < run.composer.capabilities.idempotency_window - _WINDOW_MARGIN


def settle(run: Run, batch: Batch, outcomes: tuple[Outcome, ...]) -> None:
    """Record outcomes; temporary refusals are retried later, but not for ever."""
    wait = backoff(batch.attempt, run.clock.random)
    # A call that gets anybody further is not a failed attempt for the others in it.
    is_stuck = batch.attempt >= ATTEMPTS and not any(o.state is State.ACCEPTED for o in outcomes)
    deferral = deferral_wait(batch.attempt, run.greylist_wait)
    given_up = {False: is_stuck, True: deferral is None}
    outcomes = tuple(
        o._replace(state=State.REJECTED, transient=True)
        if o.state is State.QUEUED and given_up[o.transient]
        else o
        for o in outcomes
    )
    retry_at, deferred_until = run.clock.after(wait), run.clock.after(deferral or 0.0)
    record(run, batch, outcomes, retry_at=retry_at, deferred_until=deferred_until)
    put_off = [o for o in outcomes if o.state is State.QUEUED and o.transient]
    if put_off:
        run.progress(
            0,
            say(
                "{count:,} put off for now, the first: {reason}; next attempt in {seconds:.0f} s",
                count=len(put_off),
                reason=put_off[0].reason,
                seconds=deferral or 0.0,
            ),
        )


def give_back(run: Run, batch: Batch) -> None:
    """Queue a claimed batch again that the provider was not called with."""
    change_ledger(
        run,
        batches_of.release_batch,
        batch.id,
        key=batch.key,
        not_before=batch.not_before,
        attempt=batch.attempt - 1,
    )


def carry_out(run: Run, claim: Claim, unsettled: UnsettledError) -> None:
    """Carry out the decision about a claimed batch whose call did not succeed."""
    batch, recipients = claim.batch, claim.recipients
    action, reason = unsettled.action, mask(unsettled.error.words)
    if action is Action.REJECT:
        delivery = recipients[0].delivery
        record(run, batch, (Outcome(delivery=delivery, state=State.REJECTED, reason=reason),))
        return
    if action is Action.SPLIT:
        change_ledger(run, batches_of.split_batch, batch)
    elif action is Action.DOUBT:
        change_ledger(run, batches_of.doubt_batch, batch.id, key=batch.key, reason=reason)
        observe(DeliveriesRecorded(provider=run.limits.provider, unknown=len(recipients)))
    else:
        _release(run, batch, unsettled)
    note_failure(run, len(recipients), unsettled)


def note_failure(run: Run, count: int, unsettled: UnsettledError) -> None:
    """Tell the editor about a failed call, and end the run if no other can succeed."""
    error, action = unsettled.error, unsettled.action
    is_doubt = unsettled.is_doubt
    if not isinstance(error, LostProcessError):  # which says nothing about the provider
        with run.lock:
            run.doubts_in_a_row = run.doubts_in_a_row + 1 if is_doubt else 0
    decided = count if is_doubt else 0
    run.progress(decided, _told_of(unsettled))
    if action is Action.STOP or error.verdict is Verdict.STOP:
        run.stopped_by = _told_to_wait(run, error)
    elif run.doubts_in_a_row >= _DOUBTS_THAT_STOP:
        run.stopped_by = say(
            "{fault} ({count} batches in a row)", fault=error.words, count=run.doubts_in_a_row
        )


def _told_of(unsettled: UnsettledError) -> Wording:
    """Return the fault of a call, and when another is made."""
    fault, wait = unsettled.error.words, unsettled.wait
    if unsettled.action is not Action.RETRY:
        return fault
    return say("{fault}; next attempt in {seconds:.0f} s", fault=fault, seconds=wait)


def _told_to_wait(run: Run, error: ProviderError) -> Wording:
    """Return a fault, and when the provider wants the next call, if a run waits less."""
    if error.retry_after is None or error.retry_after <= LONGEST_ASKED:
        return error.words
    then = run.clock.local(run.clock.after(error.retry_after))
    return say(
        "{fault}; it asks to be called again after {then:%Y-%m-%d %H:%M}, not before",
        fault=error.words,
        then=then,
    )


def _release(run: Run, batch: Batch, unsettled: UnsettledError) -> None:
    """Queue a batch again; if calls came too fast, everything that sends slows down."""
    retry = unsettled.action is Action.RETRY
    change_ledger(
        run,
        batches_of.release_batch,
        batch.id,
        key=batch.key,
        not_before=run.clock.after(unsettled.wait) if retry else EPOCH,
        attempt=batch.attempt if retry else 0,
        reason=mask(unsettled.error.words),
    )
    if retry and unsettled.error.status == _TOO_FAST:
        name, now = run.limits.provider, run.clock.instant
        gap = change_ledger(run, claims_of.slow_down, name, now=now, wait=unsettled.wait)
        observe(PaceSlowed(provider=name, gap=gap, seconds=unsettled.wait))


def observe_call(
    run: Run,
    size: int,
    begun: float,
    error: ProviderError | None = None,
    *,
    purpose: Purpose = Purpose.SEND,
) -> None:
    """Tell those who watch how a call ended that began at a time of the monotonic clock."""
    observe(
        CallAnswered(
            provider=run.limits.provider,
            purpose=purpose,
            answer=Answered[error.verdict.name] if error else Answered.TAKEN,
            status=error.status if error else None,
            size=size,
            seconds=time.monotonic() - begun,
        )
    )
