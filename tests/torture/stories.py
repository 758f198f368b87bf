"""What happens to the processes of a round before it is judged."""

import time
from collections.abc import Callable
from random import Random

from tests.servers.forked import Forked

from .background import jobs
from .kinds import CONCURRENCY, Proof
from .oracle import in_doubt
from .stage import LONGEST, Stage, ends_within
from .trace import POLITE, Trace, await_answer, end_workers

_AGAIN = 1 / 3  # of the restarts are killed, too
_MOST_KILLS = 4
_PAUSE = 0.2  # seconds between two restarts


Story = Callable[[Stage, Random, float], Trace]


def undisturbed(stage: Stage, chance: Random, span: float) -> Trace:
    """Let a send be, to see how long it takes."""
    trace = Trace()
    workers = _start_workers(stage) if stage.postgres else []
    begun = time.monotonic()
    code = stage.send()
    trace.seconds = time.monotonic() - begun
    if code:
        trace.faults.append(f"exit code {code}")
    end_workers(trace, workers)
    return trace


def kill(stage: Stage, chance: Random, span: float) -> Trace:
    """Kill a send at any instant, some of its restarts too, and run it to its end."""
    trace = Trace()
    for _ in range(_MOST_KILLS):
        sender = stage.start_send()
        if ends_within(sender, chance.uniform(0, span)):
            break
        sender.kill()
        sender.wait()
        trace.note_kill(stage)
        trace.note_doubt(stage)
        if chance.random() >= _AGAIN:
            break
    return _finish(stage, trace)


def sigterm(stage: Stage, chance: Random, span: float) -> Trace:
    """Ask a send to stop at any instant: it ends in order, with nothing under way."""
    trace = Trace()
    for _ in range(_MOST_KILLS):
        sender = stage.start_send()
        if ends_within(sender, chance.uniform(0, span)):
            break
        sender.terminate()
        code = sender.wait(LONGEST)
        stage.note(f"ended by SIGTERM with exit code {code}")
        trace.kills += 1
        if code not in POLITE:
            trace.faults.append(f"exit code {code} after SIGTERM")
        if left := in_doubt(stage.deliveries()):
            trace.faults.append(f"{len(left)} calls in doubt after SIGTERM")
        if chance.random() >= _AGAIN:
            break
    return _finish(stage, trace)


def two(stage: Stage, chance: Random, span: float) -> Trace:
    """Let two processes send at once, and kill one of them."""
    trace = Trace()
    first = stage.start_send()
    time.sleep(chance.uniform(0, span / 4))
    second = stage.start_send()
    victim, other = (first, second) if chance.random() < 0.5 else (second, first)
    is_late = ends_within(victim, chance.uniform(0, span))
    if not is_late:
        victim.kill()
        victim.wait()
        trace.note_kill(stage)
    other.wait(LONGEST)
    trace.note_doubt(stage)  # only now: all that is under way is the victim's
    return _finish(stage, trace)


def workers(stage: Stage, chance: Random, span: float) -> Trace:
    """Let two workers send, and kill one; the other finishes."""
    trace = Trace(is_exact=False)
    both = _start_workers(stage)
    sender = stage.start_send()
    victim = both.pop(chance.randrange(2))
    if not ends_within(sender, chance.uniform(0, span)):
        victim.kill()
        victim.wait()
        trace.note_kill(stage)
        trace.note_doubt(stage, senders=2)
        code = sender.wait(LONGEST)
        if code and stage.house.proof is not Proof.NOTHING:
            trace.faults.append(f"the other worker did not finish: exit code {code}")
    _finish(stage, trace)
    end_workers(trace, both)
    return trace


def postgres(stage: Stage, chance: Random, span: float) -> Trace:
    """Let two workers send, and meanwhile restart their database, or kill and start it."""
    assert stage.postgres is not None
    trace = Trace()
    both = _start_workers(stage)
    sender = stage.start_send()
    await_answer(stage, "SELECT count(*) > 0 FROM batches WHERE state = 'sending'")
    if not ends_within(sender, chance.uniform(0, span / 2)):
        trace.note_kill(stage)
        end = stage.postgres.kill if chance.random() < 0.5 else stage.postgres.stop
        end()
        time.sleep(chance.uniform(0, 1))
        stage.postgres.start()
        stage.note("the database is up")
        sender.wait(LONGEST)
    _finish(stage, trace)
    end_workers(trace, both)
    return trace


STORIES: dict[str, Story] = {
    "undisturbed": undisturbed,
    "kill": kill,
    "sigterm": sigterm,
    "two": two,
    "workers": workers,
    "postgres": postgres,
    "jobs": jobs,
}


def _finish(stage: Stage, trace: Trace) -> Trace:
    """Run the same command until the send is done, or only the editor can go on."""
    # What a look-up does not know is decided by the clock, however often the command ran by then.
    last, code = time.monotonic() + LONGEST, stage.send()
    while code and not _is_up_to_the_editor(stage):
        if time.monotonic() > last:
            trace.faults.append(f"not done after {LONGEST:.0f} s of restarts: exit code {code}")
            break
        time.sleep(_PAUSE)
        code = stage.send()
    if code and _is_up_to_the_editor(stage):
        _let_be(stage, trace)
    elif stage.house.proof is Proof.NOTHING and trace.is_exact and trace.doubtful:
        trace.faults.append("batches that were under way at a kill are not unknown")
    return trace


def _is_up_to_the_editor(stage: Stage) -> bool:
    if stage.house.proof is not Proof.NOTHING:
        return False
    return {state for _, state, _ in stage.deliveries()} == {"accepted", "unknown"}


def _let_be(stage: Stage, trace: Trace) -> None:
    """Check that exactly what was under way at a kill is unknown; decide to let it be."""
    unknown = in_doubt(stage.deliveries())
    seen = unknown.items() == trace.doubtful.items()
    if not trace.is_exact:
        few = len(unknown) <= trace.kills * CONCURRENCY
        seen = few and unknown.items() <= trace.doubtful.items()
    if not seen:
        told = f"{sorted(unknown)} instead of {sorted(trace.doubtful)}"
        trace.faults.append(f"other batches are unknown than were under way at a kill: {told}")
    code = stage.send("--unknown", "skip")
    if code:
        trace.faults.append(f"--unknown skip: exit code {code}")


def _start_workers(stage: Stage) -> list[Forked]:
    """Start two workers and wait until both serve."""
    both = [stage.start_worker() for _ in range(2)]
    await_answer(stage, "SELECT count(*) = 2 FROM workers WHERE is_serving")
    return both
