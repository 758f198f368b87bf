"""What a story did, and saw; and what stories do alike."""

import signal
import time
from dataclasses import dataclass, field

from tests.servers.forked import Forked

from .kinds import CONCURRENCY
from .oracle import in_doubt
from .stage import LONGEST, Stage

POLITE = (0, 130, -signal.SIGTERM)  # done; interrupted; not begun, or over already


@dataclass(slots=True)
class Trace:
    """What a story did, and what it saw that must not be."""

    kills: int = 0  # that hit a running process
    calls: int = 0  # that were under way then
    doubtful: dict[int, set[str]] = field(default_factory=dict)  # their people, by batch
    is_exact: bool = True  # all these must be unknown in the end; else some of them
    seconds: float = 0.0  # until the send was done, where nobody disturbed it
    faults: list[str] = field(default_factory=list)
    guests: frozenset[str] = frozenset()  # who get a notice, besides everybody on the list

    def note_kill(self, stage: Stage) -> None:
        """Note how many calls are under way, of all who send."""
        under_way = len(in_doubt(stage.deliveries()))
        self.kills += 1
        self.calls += under_way
        stage.note(f"killed with {under_way} calls under way")

    def note_doubt(self, stage: Stage, *, senders: int = 1) -> None:
        """Note whose calls are cut off, or may be, where so many processes had some."""
        seen = in_doubt(stage.deliveries())
        fresh = {batch: people for batch, people in seen.items() if batch not in self.doubtful}
        self.doubtful |= fresh
        if len(fresh) > senders * CONCURRENCY:
            self.faults.append(f"{len(fresh)} calls under way at a kill")


def await_answer(stage: Stage, question: str) -> None:
    """Wait until the ledger's answer is yes."""
    limit = time.monotonic() + LONGEST
    while stage.ask(question) != [(True,)]:
        if time.monotonic() > limit:
            raise TimeoutError(question)
        time.sleep(0.02)


def end_workers(trace: Trace, alive: list[Forked]) -> None:
    """Ask workers to end, which were to live until now."""
    for worker in alive:
        if worker.poll() is not None:
            trace.faults.append(f"a worker has ended: exit code {worker.returncode}")
        worker.terminate()
    for worker in alive:
        code = worker.wait(LONGEST)
        if code not in POLITE:
            trace.faults.append(f"exit code {code} of a worker after SIGTERM")
