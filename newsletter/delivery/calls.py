"""Calls a provider with a batch and carries out what follows from its answer."""

from newsletter.delivery.retry import Action, decide
from newsletter.delivery.session import Run, record
from newsletter.errors import ProviderError, Verdict
from newsletter.ledger import sends as ledger_of
from newsletter.ledger.sends import Batch
from newsletter.model import Call, Outcome, State

_WINDOW_MARGIN = 30.0  # seconds a repeated call may take to arrive
_DOUBTS_THAT_STOP = 2  # batches in a row without an answer: the provider is down


class UnsettledError(Exception):
    """A call that did not end in outcomes: the provider's error and what to do about it."""

    def __init__(self, error: ProviderError, action: Action, wait: float) -> None:
        super().__init__(str(error))
        self.error = error
        self.action = action
        self.wait = wait


def make_call(
    run: Run, batch: Batch, call: Call, *, attempt: int, in_doubt: bool = False
) -> tuple[Outcome, ...]:
    """Call the provider; repeat under the same key while it would recognise the repeat.

    `in_doubt` says that an earlier call under this key may have been taken. From then on only
    success settles the call: a refusal of a repeat tells nothing about the first.
    """
    while True:
        try:
            return _ask(run, call)
        except ProviderError as err:
            in_doubt = in_doubt or err.verdict is Verdict.UNKNOWN
            decision = decide(
                err,
                attempt=attempt,
                recipients=len(call.messages),
                repeatable=is_repeatable(run, batch),
                in_doubt=in_doubt,
                random_source=run.clock.random,
            )
            repeat = decision.action is Action.REPEAT
            if not repeat or run.stop.is_set() or not is_repeatable(run, batch, decision.wait):
                action = Action.DOUBT if repeat else decision.action
                raise UnsettledError(err, action, decision.wait) from err
            run.progress(0, f"{err}; asking again in {decision.wait:.0f} s")
        run.clock.sleep(decision.wait)
        attempt += 1


def is_repeatable(run: Run, batch: Batch, wait: float = 0.0) -> bool:
    """Tell whether the provider would recognise the batch's key after a wait, in seconds."""
    age = run.clock.seconds + wait - (batch.called_at or 0.0)
    return abs(age) < run.provider.capabilities.idempotency_window - _WINDOW_MARGIN


def carry_out(run: Run, batch: Batch, call: Call, unsettled: UnsettledError) -> None:
    """Carry out what was decided about a claimed batch whose call did not succeed."""
    error, action = unsettled.error, unsettled.action
    if action is Action.REJECT:
        reason = str(error)
        delivery = call.messages[0].delivery
        record(run, (Outcome(delivery=delivery, state=State.REJECTED, reason=reason),))
        return
    with run.ledger.write() as connection:
        if action is Action.SPLIT:
            ledger_of.split_batch(connection, batch)
        elif action is Action.DOUBT:
            ledger_of.doubt_batch(connection, batch.id, reason=str(error))
        else:
            retry = action is Action.RETRY
            ledger_of.release_batch(
                connection,
                batch.id,
                not_before=run.clock.seconds + unsettled.wait if retry else 0.0,
                attempt=batch.attempt if retry else 0,
            )
    note_failure(run, call, unsettled)


def note_failure(run: Run, call: Call, unsettled: UnsettledError) -> None:
    """Tell the editor about a failed call, and end the run when no other can succeed."""
    error, action = unsettled.error, unsettled.action
    run.doubts_in_a_row = run.doubts_in_a_row + 1 if action is Action.DOUBT else 0
    decided = len(call.messages) if action is Action.DOUBT else 0
    wait = f"; next attempt in {unsettled.wait:.0f} s" if action is Action.RETRY else ""
    run.progress(decided, f"{error}{wait}")
    if action is Action.STOP or error.verdict is Verdict.STOP:
        run.stopped_by = str(error)
    elif run.doubts_in_a_row >= _DOUBTS_THAT_STOP:
        run.stopped_by = f"{error} ({run.doubts_in_a_row} batches in a row)"


def _ask(run: Run, call: Call) -> tuple[Outcome, ...]:
    """Call the provider; whatever else goes wrong there, the call may have been taken."""
    try:
        return run.provider.send(call)
    except ProviderError:
        raise
    except Exception as err:
        raise ProviderError(
            f"{run.provider.name} answered something unreadable ({type(err).__name__})",
            provider=run.provider.name,
            verdict=Verdict.UNKNOWN,
        ) from err
