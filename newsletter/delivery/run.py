"""Carries a planned send through: doubts first, then claim, call, record, batch by batch."""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

from newsletter.delivery.claims import Worker
from newsletter.delivery.compose import Composer
from newsletter.delivery.retry import Action, decide, is_hopeless
from newsletter.errors import ProviderError
from newsletter.ledger import Ledger
from newsletter.ledger import sends as ledger_of
from newsletter.ledger.sends import Batch, Recipient, Send
from newsletter.model import Call, Outcome, Standing, State
from newsletter.providers import Provider

_WINDOW_MARGIN = 30.0  # seconds a repeated call may take to arrive


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Time and chance, handed in so that rules never read them."""

    now: Callable[[], dt.datetime]  # aware
    sleep: Callable[[float], object]  # seconds; ends early when the run is asked to stop
    random: random.Random

    @property
    def seconds(self) -> float:
        """Return the Unix time."""
        return self.now().timestamp()

    @property
    def stamp(self) -> str:
        """Return the time as the ledger writes it."""
        return self.now().astimezone(dt.UTC).isoformat(timespec="milliseconds")


Progress = Callable[[int, str], None]  # deliveries decided since the last call, and a remark


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How a run ended."""

    state: str  # "done", "stopped" or "interrupted"
    reason: str = ""


@dataclass(slots=True)
class _Run:
    """One run of a send: everything its steps need."""

    send: Send
    ledger: Ledger
    provider: Provider
    composer: Composer
    worker: Worker
    clock: Clock
    progress: Progress
    stop: Event
    stopped_by: str = ""


def run_send(
    send: Send,
    *,
    ledger: Ledger,
    provider: Provider,
    composer: Composer,
    worker: Worker,
    clock: Clock,
    progress: Progress,
    stop: Event,
) -> Result:
    """Send until nothing is left to send, the provider stops the run, or `stop` is set.

    Every batch is claimed and that is committed before the provider is called; what the provider
    said is committed after. Whatever kills the process, the same call of this function goes on.
    """
    run = _Run(send, ledger, provider, composer, worker, clock, progress, stop)
    _set_state(run, "sending")
    _resolve_doubts(run)
    while not run.stopped_by and not stop.is_set():
        claimed = _claim(run)
        if claimed is None:
            break
        _carry_out(run, *claimed)
    return _conclude(run)


# --- the queue ----------------------------------------------------------------------------


def _claim(run: _Run) -> tuple[Batch, list[Recipient]] | None:
    """Claim a batch, waiting for one whose time has not come; None when nothing is queued."""
    while not run.stop.is_set():
        with run.ledger.write() as connection:
            batch = ledger_of.claim_batch(
                connection, run.send.id, worker=run.worker.name, now=run.clock.seconds
            )
            if batch:
                return batch, ledger_of.list_recipients(connection, batch.id, State.SENDING)
            due = ledger_of.next_due(connection, run.send.id)
        if due is None:
            return None
        run.clock.sleep(max(0.05, due - run.clock.seconds))
    return None


def _carry_out(run: _Run, batch: Batch, recipients: list[Recipient]) -> None:
    """Call the provider with a claimed batch and record what came of it."""
    if not recipients:  # all of them left in the meantime
        return
    call = run.composer.compose(batch, recipients)
    if len(recipients) > 1 and not run.composer.fits(call):
        with run.ledger.write() as connection:
            ledger_of.split_batch(connection, batch)
        return
    try:
        outcomes = _call(run, batch, call, attempt=batch.attempt)
    except _UnsettledError as unsettled:
        _act(run, batch, call, unsettled)
    else:
        _record(run, outcomes)


class _UnsettledError(Exception):
    """A call that did not end in outcomes: the provider's error and what to do about it."""

    def __init__(self, error: ProviderError, action: Action, wait: float) -> None:
        super().__init__(str(error))
        self.error = error
        self.action = action
        self.wait = wait


def _call(run: _Run, batch: Batch, call: Call, *, attempt: int) -> tuple[Outcome, ...]:
    """Call the provider; repeat under the same key while it would recognise the repeat."""
    while True:
        try:
            return run.provider.send(call)
        except ProviderError as err:
            decision = decide(
                err,
                attempt=attempt,
                recipients=len(call.messages),
                repeatable=_is_repeatable(run, batch),
                random_source=run.clock.random,
            )
            repeat = decision.action is Action.REPEAT
            if not repeat or run.stop.is_set() or not _is_repeatable(run, batch, decision.wait):
                action = Action.DOUBT if repeat else decision.action
                raise _UnsettledError(err, action, decision.wait) from err
            run.progress(0, f"{err}; asking again in {decision.wait:.0f} s")
        run.clock.sleep(decision.wait)
        attempt += 1


def _is_repeatable(run: _Run, batch: Batch, wait: float = 0.0) -> bool:
    """Tell whether the provider would recognise the batch's key after a wait, in seconds."""
    age = run.clock.seconds + wait - (batch.called_at or 0.0)
    return abs(age) < run.provider.capabilities.idempotency_window - _WINDOW_MARGIN


def _act(run: _Run, batch: Batch, call: Call, unsettled: _UnsettledError) -> None:
    """Carry out what was decided about a call that did not succeed."""
    error, action = unsettled.error, unsettled.action
    if action is Action.REJECT:
        rejected = Outcome(
            delivery=call.messages[0].delivery, state=State.REJECTED, reason=str(error)
        )
        _record(run, (rejected,))
        return
    with run.ledger.write() as connection:
        if action is Action.SPLIT:
            ledger_of.split_batch(connection, batch)
        elif action is Action.DOUBT:
            ledger_of.doubt_batch(connection, batch.id, reason=str(error))
        else:
            not_before = run.clock.seconds + unsettled.wait if action is Action.RETRY else 0.0
            attempt = batch.attempt if action is Action.RETRY else 0
            ledger_of.release_batch(connection, batch.id, not_before=not_before, attempt=attempt)
    if action is Action.STOP:
        run.stopped_by = str(error)
    elif action is Action.RETRY:
        run.progress(0, f"{error}; next attempt in {unsettled.wait:.0f} s")
    else:
        run.progress(len(call.messages) if action is Action.DOUBT else 0, str(error))


def _record(run: _Run, outcomes: tuple[Outcome, ...]) -> None:
    with run.ledger.write() as connection:
        ledger_of.record_outcomes(connection, outcomes, run.clock.stamp)
        counts = ledger_of.count_states(connection, run.send.id)
    run.progress(len(outcomes), "")
    rejected = [o for o in outcomes if o.state is State.REJECTED]
    if rejected and is_hopeless(counts[State.REJECTED], counts.get(State.ACCEPTED, 0)):
        run.stopped_by = f"too many recipients are refused; the last time: {rejected[-1].reason}"


# --- doubt --------------------------------------------------------------------------------


def _resolve_doubts(run: _Run) -> None:
    """Settle what earlier runs left open: batches of dead senders, and calls without an answer."""
    with run.ledger.write() as connection:
        for batch in ledger_of.list_batches_in(connection, run.send.id, State.SENDING):
            if not run.worker.is_living(batch.worker):
                ledger_of.doubt_batch(connection, batch.id, reason="the sender was cut off")
    with run.ledger.read() as connection:
        unknown = ledger_of.list_batches_in(connection, run.send.id, State.UNKNOWN)
    for batch in unknown:
        if run.stopped_by or run.stop.is_set():
            return
        _resolve(run, batch)


def _resolve(run: _Run, batch: Batch) -> None:
    """Repeat a call within its window, else look up what the provider took of it."""
    with run.ledger.write() as connection:
        ledger_of.take_over_batch(connection, batch.id, worker=run.worker.name)
        recipients = ledger_of.list_recipients(connection, batch.id, State.UNKNOWN)
    recipients = [r for r in recipients if _may_be_mailed(r)]
    if not recipients:
        return
    call = run.composer.compose(batch, recipients)
    try:
        if _is_repeatable(run, batch):
            _record(run, _call(run, batch, call, attempt=1))
        elif run.provider.capabilities.look_up:
            _look_up(run, batch, call)
    except _UnsettledError as unsettled:
        if unsettled.action is Action.STOP:
            run.stopped_by = str(unsettled.error)
    except ProviderError as err:
        run.progress(0, f"{err}; still unknown")


def _may_be_mailed(recipient: Recipient) -> bool:
    person = recipient.subscriber
    return person is None or person.standing is Standing.ACTIVE


def _look_up(run: _Run, batch: Batch, call: Call) -> None:
    """Accept what the provider says it took; what it does not know of stays unknown."""
    since = dt.datetime.fromtimestamp(batch.called_at or 0, dt.UTC).date()
    taken = run.provider.look_up(call, since, run.clock.now().astimezone(dt.UTC).date())
    found = tuple(
        Outcome(delivery=m.delivery, state=State.ACCEPTED, message_id=taken[m.address.lower()])
        for m in call.messages
        if m.address.lower() in taken
    )
    _record(run, found)


# --- the end ------------------------------------------------------------------------------


def _conclude(run: _Run) -> Result:
    with run.ledger.read() as connection:
        counts = ledger_of.count_states(connection, run.send.id)
    if run.stopped_by:
        _set_state(run, "stopped", reason=run.stopped_by)
        return Result(state="stopped", reason=run.stopped_by)
    if counts.get(State.QUEUED) or counts.get(State.SENDING):
        return Result(state="interrupted")
    if counts.get(State.UNKNOWN):
        reason = f"{counts[State.UNKNOWN]} deliveries are unknown"
        _set_state(run, "stopped", reason=reason)
        return Result(state="stopped", reason=reason)
    _set_state(run, "done")
    return Result(state="done")


def _set_state(run: _Run, state: str, *, reason: str = "") -> None:
    done_at = run.clock.stamp if state == "done" else None
    with run.ledger.write() as connection:
        ledger_of.set_send_state(connection, run.send.id, state, reason=reason, done_at=done_at)
