"""What one run of a send holds in its hands, and how it writes down outcomes."""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

from newsletter.delivery.claims import Worker
from newsletter.delivery.compose import Composer
from newsletter.delivery.retry import is_hopeless
from newsletter.ledger import Ledger
from newsletter.ledger import sends as ledger_of
from newsletter.ledger.sends import Send
from newsletter.model import Outcome, State
from newsletter.providers import Provider


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

    state: str  # "done", "stopped" by the provider, "interrupted", or "unknown" deliveries left
    reason: str = ""


@dataclass(slots=True)
class Run:
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
    doubts_in_a_row: int = 0

    @property
    def is_over(self) -> bool:
        """Tell whether no further call is to be made."""
        return bool(self.stopped_by) or self.stop.is_set()


def record(run: Run, outcomes: tuple[Outcome, ...]) -> None:
    """Write what became of each message of a call; stop when the fault cannot be theirs."""
    with run.ledger.write() as connection:
        ledger_of.record_outcomes(connection, outcomes, run.clock.stamp)
        counts = ledger_of.count_states(connection, run.send.id)
    run.progress(len(outcomes), "")
    rejected = [o for o in outcomes if o.state is State.REJECTED]
    if rejected and is_hopeless(counts[State.REJECTED], counts.get(State.ACCEPTED, 0)):
        run.stopped_by = f"too many recipients are refused; the last time: {rejected[-1].reason}"


def set_state(run: Run, state: str, *, reason: str = "") -> None:
    """Write how far the send has come."""
    done_at = run.clock.stamp if state == "done" else None
    with run.ledger.write() as connection:
        ledger_of.set_send_state(connection, run.send.id, state, reason=reason, done_at=done_at)
