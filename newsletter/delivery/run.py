"""Carries a planned send through: doubts first, then claim, call, record, batch by batch."""

import datetime as dt
from threading import Event

from newsletter.delivery.calls import UnsettledError, carry_out, make_call
from newsletter.delivery.claims import Worker
from newsletter.delivery.compose import Composer
from newsletter.delivery.doubt import look_up, resolve_doubts
from newsletter.delivery.retry import Action
from newsletter.delivery.session import Clock, Progress, Result, Run, record, set_state
from newsletter.ledger import Ledger
from newsletter.ledger import sends as ledger_of
from newsletter.ledger.sends import Batch, Recipient, Send
from newsletter.model import State
from newsletter.providers import Provider

_LONGEST_SLEEP = 60.0  # seconds; then the queue is looked at again


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
    unknown: str | None = None,
) -> Result:
    """Send until nothing is left to send, the provider stops the run, or `stop` is set.

    Every batch is claimed and that is committed before the provider is called; what the provider
    said is committed after. Whatever kills the process, the same call of this function goes on.
    `unknown` is the editor's decision, "resend" or "skip", about what no look-up could settle.
    """
    run = Run(send, ledger, provider, composer, worker, clock, progress, stop)
    set_state(run, "sending")
    resolve_doubts(run, may_repeat=unknown != "skip")
    if unknown and not run.is_over:
        _decide(run, unknown)
    while not run.is_over:
        claimed = _claim(run)
        if claimed is None:
            break
        _deliver(run, *claimed)
    return _conclude(run)


def _decide(run: Run, unknown: str) -> None:
    """Carry out the editor's decision, but leave alone what a living sender is working on."""
    with run.ledger.write() as connection:
        ledger_of.decide_unknown(
            connection,
            run.send.id,
            resend=unknown == "resend",
            now=run.clock.stamp,
            is_living=lambda name: name != run.worker.name and run.worker.is_living(name),
        )


def _claim(run: Run) -> tuple[Batch, list[Recipient]] | None:
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
        run.clock.sleep(min(_LONGEST_SLEEP, max(0.05, due - run.clock.seconds)))
    return None


def _deliver(run: Run, batch: Batch, recipients: list[Recipient]) -> None:
    """Call the provider with a claimed batch and record what came of it."""
    if not recipients:  # all of them left in the meantime
        return
    call = run.composer.compose(batch, recipients)
    if len(recipients) > 1 and not run.composer.fits(call):
        with run.ledger.write() as connection:
            ledger_of.split_batch(connection, batch)
        return
    try:
        outcomes = make_call(run, batch, call, attempt=batch.attempt)
    except UnsettledError as unsettled:
        carry_out(run, batch, call, unsettled)
        if unsettled.action is Action.DOUBT and run.provider.capabilities.look_up:
            look_up(run, batch, call)
    else:
        run.doubts_in_a_row = 0
        record(run, outcomes)


def _conclude(run: Run) -> Result:
    with run.ledger.write() as connection:
        counts = ledger_of.count_states(connection, run.send.id)
        accepted, rejected = counts.get(State.ACCEPTED, 0), counts.get(State.REJECTED, 0)
        if rejected and not run.send.is_test and (run.stopped_by or not accepted):
            # Refused one and all: the fault is not theirs, so they are not given up.
            ledger_of.requeue_rejected(connection, run.send.id, now=run.clock.stamp)
            run.stopped_by = run.stopped_by or "the provider refused everybody"
    if run.stopped_by:
        set_state(run, "stopped", reason=run.stopped_by)
        return Result(state="stopped", reason=run.stopped_by)
    if counts.get(State.QUEUED) or counts.get(State.SENDING):
        elsewhere = not run.stop.is_set()
        return Result(
            state="interrupted", reason="another process is sending the rest" if elsewhere else ""
        )
    if counts.get(State.UNKNOWN):
        reason = f"{counts[State.UNKNOWN]} deliveries are unknown"
        set_state(run, "stopped", reason=reason)
        return Result(state="unknown", reason=reason)
    set_state(run, "done")
    return Result(state="done")


def finish(ledger: Ledger, send: Send, now: dt.datetime) -> None:
    """Note that a send is done whose process was cut off after its very last delivery."""
    if send.state != "done":
        stamp = now.astimezone(dt.UTC).isoformat(timespec="milliseconds")
        with ledger.write() as connection:
            ledger_of.set_send_state(connection, send.id, "done", done_at=stamp)
