"""What one run of a send needs, and how it records what happened."""

import datetime as dt
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

from newsletter.composing import Composer, Outfit
from newsletter.delivery.claims import Worker
from newsletter.delivery.retry import is_hopeless
from newsletter.errors import LedgerBusyError
from newsletter.language import say
from newsletter.ledger import EPOCH, Batch, Ledger, Send
from newsletter.ledger import batches as batches_of
from newsletter.ledger import claims as claims_of
from newsletter.ledger import sends as sends_of
from newsletter.masking import mask
from newsletter.model import Call, Limits, Outcome, Recipient, SendState, State
from newsletter.observing import DeliveriesRecorded, LedgerAway, LedgerBack, observe, within

P = ParamSpec("P")
T = TypeVar("T")

_PAUSE = 1.0  # seconds between two attempts on a ledger that does not answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Time and randomness, handed in so that rules never read them."""

    now: Callable[[], dt.datetime]  # timezone-aware
    sleep: Callable[[float], object]  # seconds; ends early when the run is asked to stop
    random: random.Random

    @property
    def instant(self) -> dt.datetime:
        """Return the time in UTC, to reckon with: where clocks are put forward, hours differ."""
        return self.now().astimezone(dt.UTC)

    def after(self, seconds: float) -> dt.datetime:
        """Return the instant when so many seconds have passed."""
        return self.instant + dt.timedelta(seconds=seconds)

    def local(self, moment: dt.datetime) -> dt.datetime:
        """Return a moment as the clock on the wall shows it."""
        return moment.astimezone(self.now().tzinfo)


Progress = Callable[[int, str], None]  # deliveries decided since the last call, and a remark


@dataclass(slots=True, kw_only=True)
class Run:
    """One run of a send: everything its steps need. Several threads share it."""

    send: Send
    ledger: Ledger
    outfit: Outfit
    composer: Composer
    worker: Worker
    clock: Clock
    progress: Progress
    stop: Event
    limits: Limits
    greylist_wait: float = 900.0  # seconds for which recipients are retried whom servers defer
    settles: float = 0.0  # seconds after which a look-up that finds nothing is proof
    processes: int = 1  # among which the calls are divided, if the send is large enough
    worth_a_process: int = 2_000  # deliveries that take longer than a process takes to start
    ledger_patience: float = 300.0  # seconds for which a ledger that does not answer is retried
    name: str = ""  # under which it claims
    stopped_by: str = ""
    last_event: int = -1  # the last event that a claim heeded
    doubts_in_a_row: int = 0
    counts: Counter[State] = field(default_factory=Counter)  # decided, as far as this run knows
    lock: Lock = field(default_factory=Lock)

    @property
    def is_over(self) -> bool:
        """Return whether no further call is to be made."""
        return bool(self.stopped_by) or self.stop.is_set() or self.worker.is_fenced

    def compose(self, batch: Batch, recipients: Sequence[Recipient]) -> Call:
        """Return the call for these recipients of a batch; the same ones give the same call."""
        return self.composer.compose(batch.edition_id, recipients, key=batch.key, batch=batch.root)


def change_ledger(
    run: Run, change: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Make a change to the ledger, retrying while it does not answer.

    A change whose commit went unanswered may have happened: each must be harmless when repeated.
    Raise LedgerError if the ledger cannot be used, or does not answer for minutes.
    """
    return _patiently(run, run.ledger.write, lambda c: change(c, *args, **kwargs))


def query_ledger(
    run: Run, question: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Query the ledger, retrying while it does not answer; raise as `change_ledger` does."""
    return _patiently(run, run.ledger.read, lambda c: question(c, *args, **kwargs))


def _patiently(
    run: Run,
    transaction: Callable[[], AbstractContextManager[Connection]],
    work: Callable[[Connection], T],
) -> T:
    # By the clock of the machine: each query may itself wait long for its answer.
    begun, told = time.monotonic(), False
    while True:
        try:
            with transaction() as connection:
                done = work(connection)
        except LedgerBusyError as err:
            if time.monotonic() >= begun + run.ledger_patience:
                raise
            if not told:
                run.progress(0, say("{fault}; trying again", fault=err.words))
                observe(LedgerAway(reason=err.words))
                told = True
        else:
            if told:
                observe(LedgerBack(seconds=time.monotonic() - begun))
            return done
        time.sleep(_PAUSE)  # not the run's sleep: it ends at once when asked to stop


def record(
    run: Run,
    batch: Batch,
    outcomes: Iterable[Outcome],
    *,
    retry_at: dt.datetime = EPOCH,
    deferred_until: dt.datetime = EPOCH,
) -> None:
    """Record the outcome of each message of a call; stop if the recipients cannot be at fault."""

    def nothing(_connection: Connection) -> None: ...

    record_and(run, batch, outcomes, nothing, retry_at=retry_at, deferred_until=deferred_until)


def record_and(
    run: Run,
    batch: Batch,
    outcomes: Iterable[Outcome],
    then: Callable[[Connection], T],
    *,
    retry_at: dt.datetime = EPOCH,
    deferred_until: dt.datetime = EPOCH,
) -> T:
    """Record outcomes and make a further change in the same transaction; return what it returns."""
    outcomes = tuple(map(_masked, outcomes))
    stamp = run.clock.now()

    def change(connection: Connection) -> T:
        batches_of.record_outcomes(
            connection,
            batch,
            outcomes,
            now=stamp,
            retry_at=retry_at,
            deferred_until=deferred_until,
        )
        claims_of.speed_up(connection, run.limits.provider)
        return then(connection)

    returned = change_ledger(run, change)
    decided = Counter(o.state for o in outcomes)
    with within(batch=batch.id):
        observe(
            DeliveriesRecorded(
                provider=run.limits.provider,
                accepted=decided[State.ACCEPTED],
                rejected=decided[State.REJECTED],
                put_off=decided.pop(State.QUEUED, 0),
                unknown=decided[State.UNKNOWN],
            )
        )
    run.progress(decided.total(), "")
    with run.lock:
        run.counts += decided
        rejected, accepted = run.counts[State.REJECTED], run.counts[State.ACCEPTED]
    if decided[State.REJECTED] and is_hopeless(rejected, accepted):
        last = next(o.reason for o in reversed(outcomes) if o.state is State.REJECTED)
        run.stopped_by = say(
            "too many recipients are refused; the last time: {reason}", reason=last
        )
    return returned


def _masked(outcome: Outcome) -> Outcome:
    reason, message_id = mask(outcome.reason), mask(outcome.message_id)
    if reason is outcome.reason and message_id is outcome.message_id:  # as nearly always
        return outcome
    return outcome._replace(reason=reason, message_id=message_id)


def set_state(run: Run, state: SendState, *, reason: str = "") -> bool:
    """Write how far the send has come; False where that is not so, as the ledger sees it."""
    done_at = run.clock.now() if state is SendState.DONE else None
    return change_ledger(
        run, sends_of.set_send_state, run.send.id, state, reason=mask(reason), done_at=done_at
    )
