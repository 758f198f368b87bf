"""What is worth watching: every event of the logs with its keys, and the way to tell of one.

Whoever does something worth watching calls `observe`. It hands the observation to Python's logging,
below the logger `newsletter`, where nobody listens unless the edge sets something up
(`monitoring/`): the log writes it as a line, metrics count it. So nothing that sends knows who
watches.

An observation holds ids, counts, seconds and words of the program's own, never anything of a
person's: of a `Wording` the log tells the template, not the texts it was filled with.
"""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import ClassVar

from newsletter.model import End, HitKind, Visitor

LOGGER = "newsletter"
_logger = logging.getLogger(LOGGER)
_logger.addHandler(logging.NullHandler())  # else Python itself would write warnings to stderr


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something happened: these ids stand on each line of the log, as far as they are known.

    Libraries' lines have them, too.
    """

    worker: str | None = None  # name of the process in the ledger
    job: int | None = None  # id of the job that is run
    send: int | None = None  # id of the send
    issue: str | None = None  # id of the issue that is sent, or "notice-" and the kind of a notice
    batch: int | None = None  # id of the batch that is called with


class Answered(StrEnum):
    """How a call to a provider ended; but for the first, these are the verdicts on an error."""

    TAKEN = "taken"  # with an outcome for each message
    RETRY = "retry"  # refused for now
    REJECT = "reject"  # refused for good
    STOP = "stop"  # no further call can succeed
    UNKNOWN = "unknown"  # it may or may not have been accepted
    LOOK_UP = "look_up"  # the provider knows the call already


class Purpose(StrEnum):
    """What a provider is called for."""

    SEND = "send"
    LOOK_UP = "look_up"  # what became of an earlier call


class JobOutcome(StrEnum):
    """How a run of a job ended."""

    DONE = "done"
    AGAIN = "again"  # done as far as it goes for now
    RETRIED = "retried"  # it failed, and is tried again
    FAILED = "failed"  # it failed, and somebody must look after it


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """Something worth watching happened."""

    level: ClassVar[int] = logging.INFO

    @property
    def weight(self) -> int:
        """Return the level of this one observation."""
        return self.level


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessBegun(Observation):
    """A process has opened the ledger, and begins its work."""

    command: str  # worker or serve
    version: str  # of the program
    provider: str  # that its settings name
    database: str  # sqlite or postgresql


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessEnded(Observation):
    """A process has ended in good order."""

    seconds: float  # that it worked


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsServed(Observation):
    """Metrics can be asked for."""

    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SendBegun(Observation):
    """A worker takes part in a send."""

    kind: str  # issue, notice, test or rehearsal
    provider: str
    lanes: int  # calls at the same time


@dataclass(frozen=True, slots=True, kw_only=True)
class SendLeft(Observation):
    """A worker takes no further part in a send."""

    provider: str
    end: End
    reason: str  # why, if it is not done
    seconds: float

    @property
    def weight(self) -> int:
        """Return the level: a worker that finds nothing to do looks again and again."""
        return _WEIGHTS_OF_ENDS.get(self.end, logging.DEBUG)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchClaimed(Observation):
    """A batch was claimed; a call follows."""

    level: ClassVar[int] = logging.DEBUG
    provider: str
    size: int  # deliveries
    attempt: int  # from 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimDelayed(Observation):
    """Nothing may be claimed for now: pace, caps, or a batch that waits."""

    level: ClassVar[int] = logging.DEBUG
    provider: str
    seconds: float  # until the next look
    reason: str  # why, if it is worth telling


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAnswered(Observation):
    """A call to a provider ended, by an answer or without one."""

    provider: str
    purpose: Purpose
    answer: Answered
    status: int | None  # of HTTP or SMTP, if an error had one
    size: int  # deliveries
    seconds: float  # until the answer

    @property
    def weight(self) -> int:
        """Return the level: a call that was not taken needs an eye."""
        return logging.INFO if self.answer is Answered.TAKEN else logging.WARNING


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveriesRecorded(Observation):
    """What became of the deliveries of a call is in the ledger."""

    provider: str
    accepted: int = 0
    rejected: int = 0  # for good
    put_off: int = 0  # refused for now, and queued again
    unknown: int = 0  # in doubt


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceSlowed(Observation):
    """A provider is called too often; all workers call it more slowly."""

    level: ClassVar[int] = logging.WARNING
    provider: str
    gap: float  # seconds between two calls from now on
    seconds: float  # until the next call


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerAway(Observation):
    """The ledger does not answer, and is asked again."""

    level: ClassVar[int] = logging.WARNING
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerBack(Observation):
    """The ledger answers again."""

    seconds: float  # that it was away


@dataclass(frozen=True, slots=True, kw_only=True)
class Troubled(Observation):
    """Something keeps a worker from its work; it is tried again."""

    level: ClassVar[int] = logging.WARNING
    fault: str  # class of the error
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessFailed(Observation):
    """An error ended the process, or a thread of it."""

    level: ClassVar[int] = logging.ERROR
    fault: str  # class of the error
    reason: str  # empty for a bug, which is told by where it was


@dataclass(frozen=True, slots=True, kw_only=True)
class JobBegun(Observation):
    """A job is run."""

    level: ClassVar[int] = logging.DEBUG
    name: str  # of the table of jobs
    key: str  # of jobs of the same name and key one waits at most
    queue: str
    attempt: int  # from 1
    late: float | None  # seconds after it was due, if it was to be done at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class JobEnded(Observation):
    """A run of a job has ended."""

    name: str
    key: str
    queue: str
    outcome: JobOutcome
    reason: str  # why it failed
    seconds: float

    @property
    def weight(self) -> int:
        """Return the level: a failed job needs a hand, one for now is asked for every second."""
        return _WEIGHTS_OF_JOBS[self.outcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestAnswered(Observation):
    """The public service answered a request."""

    method: str  # GET, HEAD, POST, ...; any unusual one is "other"
    route: str  # module and function that answered, such as assets.picture; none if there is none
    status: int  # of HTTP
    seconds: float  # until it was answered

    @property
    def weight(self) -> int:
        """Return the level: a fault needs an eye, who asks whether it lives asks all day."""
        if self.status >= 500:
            return logging.WARNING
        return logging.DEBUG if self.route.startswith("health.") else logging.INFO


@dataclass(frozen=True, slots=True, kw_only=True)
class FileUnread(Observation):
    """A file that the public service shows cannot be read."""

    level: ClassVar[int] = logging.WARNING
    folder: str  # in that of the newsletter; none: there itself
    file: str  # its name
    line: int | None  # at which it is wrong
    reason: str
    is_kept: bool  # whether what it said before is shown; else nothing of it


@dataclass(frozen=True, slots=True, kw_only=True)
class HitStored(Observation):
    """An open or a click was stored; or passed over, where it is not allowed."""

    level: ClassVar[int] = logging.DEBUG
    kind: HitKind  # opened or clicked
    visitor: Visitor  # human, machine or unknown
    reason: str  # code of the rule that decided


@dataclass(frozen=True, slots=True, kw_only=True)
class HitUnstored(Observation):
    """An open or a click was answered before the ledger took it; it may still do so."""

    level: ClassVar[int] = logging.WARNING
    fault: str  # class of the error


_WEIGHTS_OF_ENDS = {
    End.DONE: logging.INFO,
    End.PAUSED: logging.INFO,
    End.CANCELLED: logging.INFO,
    End.STOPPED: logging.WARNING,
}
_WEIGHTS_OF_JOBS = {
    JobOutcome.DONE: logging.INFO,
    JobOutcome.AGAIN: logging.DEBUG,
    JobOutcome.RETRIED: logging.WARNING,
    JobOutcome.FAILED: logging.ERROR,
}

# --- further processes --------------------------------------------------------------------


def _unwatched() -> None: ...


_heritage: Callable[[], object] = _unwatched


@contextmanager
def passing_on(watch: Callable[[], object]) -> Iterator[None]:
    """Let processes that are started inside be watched by what this function does there."""
    global _heritage  # noqa: PLW0603 - one process has one log
    before, _heritage = _heritage, watch
    try:
        yield
    finally:
        _heritage = before


def heritage() -> Callable[[], object]:
    """Return what a further process must call to be watched as this one is; it can be pickled."""
    return _heritage


# --- telling ------------------------------------------------------------------------------

_NOWHERE = Place()
_place: ContextVar[Place] = ContextVar("place", default=_NOWHERE)


def observe(observation: Observation, *, error: BaseException | None = None) -> None:
    """Tell whoever watches that something happened, here and now; of an error, where it was."""
    if _logger.isEnabledFor(observation.weight):
        extra = {"observation": observation, "place": place()}
        name = event_of(type(observation))
        _logger.log(observation.weight, name, extra=extra, exc_info=error)


@contextmanager
def within(
    *,
    worker: str | None = None,
    job: int | None = None,
    send: int | None = None,
    issue: str | None = None,
    batch: int | None = None,
) -> Iterator[None]:
    """Let all that happens inside bear these ids, besides those it bears already.

    A thread begun inside bears them only if it runs in a copy of the context.
    """
    given = {"worker": worker, "job": job, "send": send, "issue": issue, "batch": batch}
    known = {name: value for name, value in given.items() if value is not None}
    token = _place.set(replace(place(), **known))  # type: ignore[arg-type]  # as declared above
    try:
        yield
    finally:
        _place.reset(token)


def place() -> Place:
    """Return the ids that what happens now bears."""
    return _place.get()


def event_of(kind: type[Observation]) -> str:
    """Return the name of an event in the log: `call_answered` of `CallAnswered`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind.__name__).lower()


def keys_of(kind: type[Observation] | type[Place]) -> tuple[str, ...]:
    """Return the keys that an event has besides its place, or those of a place."""
    return tuple(each.name for each in fields(kind))


def kinds() -> dict[str, type[Observation]]:
    """Return all events by their names, in the order of this file."""
    # A dataclass with slots is made twice; the second, which is in use, stands behind the first.
    return {event_of(kind): kind for kind in Observation.__subclasses__()}
