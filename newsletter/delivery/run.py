"""Carries out a planned send: doubts first, then claim, call, record, batch by batch."""

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from sqlalchemy import Connection

from newsletter.delivery.calls import (
    UnsettledError,
    carry_out,
    give_back,
    make_call,
    settle,
)
from newsletter.delivery.desks import Desk, TooLargeError, divided
from newsletter.delivery.doubt import look_up, resolve_doubts
from newsletter.delivery.session import Run, change_ledger, query_ledger, record_and, set_state
from newsletter.errors import LedgerBusyError
from newsletter.language import Wording, say, say_many
from newsletter.ledger import Batch, Claim, Later
from newsletter.ledger import batches as batches_of
from newsletter.ledger import claims as claims_of
from newsletter.ledger import doubts as doubts_of
from newsletter.ledger import events as events_of
from newsletter.ledger import sends as sends_of
from newsletter.model import BatchState, End, Outcome, Result, SendState, State, WhenUnknown
from newsletter.observing import BatchClaimed, ClaimDelayed, SendBegun, SendLeft, observe, within

_LONGEST_SLEEP = 60.0  # seconds; then the queue is checked again
_SHORTEST_SLEEP = 0.05


def run_send(run: Run, *, concurrency: int, unknown: WhenUnknown | None = None) -> Result:
    """Send until nothing is left to send, the provider stops the run, or it is asked to stop.

    Every batch is claimed, and the claim is committed, before the provider is called; the answer is
    committed afterwards. Whatever kills the process, calling this function again continues.
    `unknown` is the editor's decision about what no look-up could settle.
    """
    begun, provider = time.monotonic(), run.limits.provider
    what = within(worker=run.worker.name, send=run.send.id, issue=run.send.issue_id)
    with what, run.worker.running() as run.name:
        result = _run(run, concurrency, unknown)
        seconds = time.monotonic() - begun
        observe(
            SendLeft(provider=provider, end=result.state, reason=result.reason, seconds=seconds)
        )
    return result


def _run(run: Run, concurrency: int, unknown: WhenUnknown | None) -> Result:
    now, is_serving = run.clock.now(), run.worker.is_serving
    if not change_ledger(run, sends_of.begin_sending, run.send.id, now=now, is_serving=is_serving):
        return _halted(run)
    run.counts = Counter(query_ledger(run, sends_of.count_states, run.send.id))
    with Desk(run) as desk:
        resolve_doubts(run, desk, may_repeat=unknown is not WhenUnknown.SKIP)
    if unknown and not run.is_over:
        _decide(run, unknown)
    _send_batches(run, concurrency)
    return _conclude(run)


def _decide(run: Run, unknown: WhenUnknown) -> None:
    """Carry out the editor's decision, but leave alone what a living worker is asking about."""
    stamp = run.clock.now()
    doubtful = query_ledger(run, doubts_of.list_batches, run.send.id, BatchState.UNKNOWN)
    keys = {batch.key for batch in doubtful}  # decided once, even if the answer gets lost
    change_ledger(
        run,
        doubts_of.decide_unknown,
        run.send.id,
        resend=unknown is WhenUnknown.RESEND,
        now=stamp,
        keys=keys,
        is_living=lambda name: name != run.worker.name and run.worker.is_living(name),
    )


# --- batch by batch -----------------------------------------------------------------------


def _send_batches(run: Run, concurrency: int) -> None:
    """Let a number of threads claim, call and record until nothing is left for them.

    The ledger is this process's alone; further ones only compose and make calls.
    """
    queued = query_ledger(run, doubts_of.count_batches, run.send.id, BatchState.QUEUED)
    people = query_ledger(run, doubts_of.count_open, run.send.id)
    lanes = max(1, min(concurrency, queued))
    processes = min(run.processes, lanes, 1 + people // run.worth_a_process)
    if queued:
        observe(SendBegun(kind=run.send.kind, provider=run.limits.provider, lanes=lanes))
    with divided(run, lanes, processes) as desks, ThreadPoolExecutor(lanes) as pool:
        # A copy of the context for each, so that what happens there bears the ids of the send.
        threads = [
            pool.submit(copy_context().run, _work, run, lane, desk)
            for lane, desk in enumerate(desks)
        ]
        for done in threads:
            done.result()


def _work(run: Run, lane: int, desk: Desk) -> None:
    """Claim, call and record until nothing is left, with a desk for this thread."""
    worker = f"{run.name}/{lane}"
    try:
        with desk:
            claim = _claim(run, worker)
            while claim is not None:
                with within(batch=claim.batch.id):
                    outcomes = _deliver(run, desk, claim)
                claim = _record_and_claim(run, worker, claim.batch, outcomes)
    except BaseException:
        run.stopped_by = run.stopped_by or say("a thread failed")  # so that the others end too
        raise


def _record_and_claim(
    run: Run, worker: str, batch: Batch, outcomes: tuple[Outcome, ...]
) -> Claim | None:
    """Record what is left to record of a batch, and claim the next.

    Where all were accepted, which decides nothing else, that is one transaction: a commit costs as
    much as some twenty messages.
    """
    if run.is_over or not outcomes or any(o.state is not State.ACCEPTED for o in outcomes):
        if outcomes:
            settle(run, batch, outcomes)
        return _claim(run, worker)
    try:
        claimed, run.last_event = record_and(run, batch, outcomes, _claiming(run, worker))
    except LedgerBusyError:
        raise
    except Exception:  # whatever keeps the next call from beginning: what became of this is told
        settle(run, batch, outcomes)
        raise
    if isinstance(claimed, Later):
        return _claim(run, worker, claimed)
    if claimed and run.is_over:  # asked to stop in between: what was not called with goes back
        give_back(run, claimed.batch)
        return None
    return claimed


def _claim(run: Run, worker: str, later: Later | None = None) -> Claim | None:
    """Claim a batch, waiting until one is due; None if nothing is left to claim."""
    told = ""
    while not run.is_over:
        if later is None:
            claimed, run.last_event = change_ledger(run, _claiming(run, worker))
            if not isinstance(claimed, Later):
                return claimed
            later = claimed
        if later.reason and later.reason != told:
            run.progress(0, say("waiting: {reason}", reason=later.reason))
            told = later.reason
        wait = min(_LONGEST_SLEEP, max(_SHORTEST_SLEEP, later.seconds))
        observe(ClaimDelayed(provider=run.limits.provider, seconds=wait, reason=later.reason))
        run.clock.sleep(wait)
        later = None
    return None


def _claiming(run: Run, worker: str) -> Callable[[Connection], tuple[Claim | Later | None, int]]:
    """Return a change that claims a batch and reports which events it heeded.

    When repeated, it finds what it may have claimed before.
    """
    repeated = False

    def change(connection: Connection) -> tuple[Claim | Later | None, int]:
        nonlocal repeated
        last_event = _apply_departures(run, connection)
        if repeated and (held := claims_of.find_claim(connection, run.send.id, worker=worker)):
            return held, last_event
        repeated = True
        claimed = claims_of.claim_batch(
            connection, run.send.id, worker=worker, now=run.clock.instant, limits=run.limits
        )
        return claimed, last_event

    return change


def _apply_departures(run: Run, connection: Connection) -> int:
    """Take those who said no since the last claim off the list, so that the claim skips them.

    Tests go to the addresses they name, and a rehearsal changes nobody's standing.
    """
    newest = events_of.newest_event(connection)
    is_real = not (run.send.is_test or run.send.is_rehearsal)
    if is_real and newest != run.last_event:
        events_of.take_off(connection, events_of.SAID_NO, run.clock.now())
    return newest


def _deliver(run: Run, desk: Desk, claim: Claim) -> tuple[Outcome, ...]:
    """Call the provider with a claimed batch; return the outcomes that are still to be recorded."""
    batch, size = claim.batch, len(claim.recipients)
    observe(BatchClaimed(provider=run.limits.provider, size=size, attempt=batch.attempt))
    if not claim.recipients:  # all of them left in the meantime
        settle(run, batch, ())
        return ()
    try:
        outcomes = make_call(run, desk, claim)
    except TooLargeError:
        change_ledger(run, batches_of.split_batch, batch)
        return ()
    except UnsettledError as unsettled:
        carry_out(run, claim, unsettled)
        if unsettled.is_doubt and run.composer.capabilities.look_up:
            look_up(run, desk, claim)
        return ()
    run.doubts_in_a_row = 0
    return outcomes


# --- the end ------------------------------------------------------------------------------


def _conclude(run: Run) -> Result:
    """Record how far the send has come, and return it."""
    counts = query_ledger(run, sends_of.count_states, run.send.id)
    accepted, rejected = counts.get(State.ACCEPTED, 0), counts.get(State.REJECTED, 0)
    is_named = run.send.is_test or run.send.is_notice  # few, each for a reason of its own
    if rejected and not is_named and (run.stopped_by or not accepted):
        # If all are refused, they are not at fault, so they are not given up.
        change_ledger(
            run,
            doubts_of.requeue_rejected,
            run.send.id,
            now=run.clock.now(),
            transient_only=False,
        )
        run.stopped_by = run.stopped_by or say("the provider refused everybody")
    if run.stopped_by:
        set_state(run, SendState.STOPPED, reason=run.stopped_by)
        return Result(state=End.STOPPED, reason=run.stopped_by)
    is_left = any(count and state.is_open for state, count in counts.items())
    if not is_left and set_state(run, SendState.DONE):
        return Result(state=End.DONE)
    return _unfinished(run)


def _unfinished(run: Run) -> Result:
    """Say why a send is not done that nobody stopped: by now, more may have been planned for it."""
    counts = query_ledger(run, sends_of.count_states, run.send.id)
    send = query_ledger(run, sends_of.find_send, run.send.scope) or run.send
    canary = query_ledger(run, sends_of.count_canary, send.id)
    if send.state is SendState.CANCELLED:  # a batch may have been queued again since
        change_ledger(run, doubts_of.cancel_queued, send.id, now=run.clock.now())
    if send.state in (SendState.PAUSED, SendState.CANCELLED):
        return _halted(run)
    if run.stop.is_set() or run.worker.is_fenced:
        is_asked = run.stop.is_set()
        reason = "" if is_asked else say("the ledger was away for too long")
        return Result(state=End.INTERRUPTED, reason=reason)
    if send.is_held and not any(count and state.is_open for state, count in canary.items()):
        return Result(state=End.CANARY)
    if counts.get(State.QUEUED) or counts.get(State.SENDING) or _is_asked_about(run):
        return Result(state=End.ELSEWHERE, reason=say("another process is sending the rest"))
    if not counts.get(State.UNKNOWN) and set_state(run, SendState.DONE):
        return Result(state=End.DONE)  # another process settled the rest just now
    reason = _why_unknown(run, counts.get(State.UNKNOWN, 0))
    if not (run.worker.is_serving and run.composer.capabilities.look_up):
        set_state(run, SendState.STOPPED, reason=reason)
    return Result(state=End.UNKNOWN, reason=reason)


def _why_unknown(run: Run, count: int) -> Wording:
    if not run.composer.capabilities.look_up:
        return say_many("{n} delivery is unknown", "{n:,} deliveries are unknown", n=count)
    then = run.clock.local(run.clock.after(run.settles))
    return say_many(
        "{n} delivery is unknown; after {then:%H:%M} the provider's records tell whether it took "
        "it",
        "{n:,} deliveries are unknown; after {then:%H:%M} the provider's records tell whether it "
        "took them",
        n=count,
        then=then,
    )


def _is_asked_about(run: Run) -> bool:
    """Return whether another process is just asking what became of a call."""
    holders = query_ledger(run, doubts_of.list_holders, run.send.id)
    return run.worker.finds_another(holders)


def _halted(run: Run) -> Result:
    send = query_ledger(run, sends_of.find_send, run.send.scope) or run.send
    known = send.state.value in list(End)  # else it was resumed at this very moment
    return Result(state=End(send.state.value) if known else End.INTERRUPTED)
