"""Where calls are composed and made: in this process, and in as many further ones as pay."""

import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cached_property
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection
from types import TracebackType

from newsletter.composing import Answer, Hand, Outfit, Settled, Task, TooLarge, Unable, serve
from newsletter.delivery.session import Run
from newsletter.errors import LostProcessError
from newsletter.language import say
from newsletter.ledger import Claim
from newsletter.observing import Troubled, heritage, observe

_LOOK = 0.5  # seconds between two looks at whether a process that starts is still wanted
_FAREWELL = 10.0  # seconds in which a process ends that has nothing left to do


class TooLargeError(Exception):
    """A call would exceed the provider's limits of bytes; it was not made."""


class Desk:
    """Composes and makes the calls of one thread, in a further process or else in this one."""

    def __init__(self, run: Run, way: Connection | None = None) -> None:
        """Prepare a desk; `way` leads to a further process."""
        self._run = run
        self._way = way
        self._known: set[int] = set()  # editions that the further process has
        self._open = ExitStack()

    def __enter__(self) -> "Desk":
        if self._way is None:
            self.hand  # noqa: B018 - opened now: what it lacks is told before any claim
        elif not self._is_ready(self._way):
            self._way = None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    def call(self, claim: Claim) -> Settled:
        """Return what became of a call, or what the provider answered instead."""
        answer = self._performed(self._task(claim))
        if isinstance(answer, TooLarge):
            raise TooLargeError
        return answer

    @cached_property
    def hand(self) -> Hand:
        """Return what composes and makes calls in this process."""
        return Hand(self._run.composer, self._open.enter_context(self._run.outfit.opened()))

    def _performed(self, task: Task) -> Answer:
        if self._way is None:
            return self.hand.perform(task)
        try:
            self._way.send(task)
        except OSError:  # it has ended, and never got the whole task: nobody was called
            self._way = None  # from now on this process does it
            return self.hand.perform(task)
        try:
            answer: Answer | Unable = self._way.recv()
        except (EOFError, OSError):
            self._way = None
            return LostProcessError(self._run.limits.provider)
        if isinstance(answer, Unable):
            self._take_over(answer)
            self._way = None
            return self.hand.perform(task)
        return answer

    def _take_over(self, unable: Unable) -> None:
        """Tell why this process does what a further one cannot."""
        told = say(
            "a further process cannot send ({reason}); this one does its share",
            reason=unable.reason,
        )
        observe(Troubled(fault=unable.fault, reason=told))
        self._run.progress(0, told)

    def _task(self, claim: Claim) -> Task:
        edition_id, edition = claim.batch.edition_id, None
        if self._way and edition_id not in self._known:
            edition = self._run.composer.load_edition(edition_id)
            self._known.add(edition_id)
        return Task(
            edition_id=edition_id,
            edition=edition,
            recipients=claim.recipients,
            key=claim.batch.key,
            batch=claim.batch.root,
        )

    def _is_ready(self, way: Connection) -> bool:
        """Wait until the further process has started; False if it did not, or is not needed."""
        try:
            while not way.poll(_LOOK):
                if self._run.is_over:
                    return False
            unable: Unable | None = way.recv()
        except (EOFError, OSError):
            self._run.progress(0, say("a further process could not start; this one does its share"))
            return False
        if unable:
            self._take_over(unable)
        return unable is None


@contextmanager
def divided(run: Run, lanes: int, processes: int) -> Iterator[list[Desk]]:
    """Return the desks of so many threads, divided among this process and further ones."""
    desks = [Desk(run) for _ in range(lanes)]
    with ExitStack() as stack:
        for number in range(1, processes):
            places = range(number, lanes, processes)
            ways = stack.enter_context(_further_process(run.outfit, len(places)))
            for place, way in zip(places, ways, strict=True):
                desks[place] = Desk(run, way)
        yield desks


@contextmanager
def _further_process(outfit: Outfit, lanes: int) -> Iterator[list[Connection]]:
    """Start a process and yield so many ways there; where it cannot start, they lead nowhere."""
    # Not forked: a fork copies locks that other threads hold at this moment.
    context = get_context("spawn")
    pairs = [context.Pipe() for _ in range(lanes)]
    ours, theirs = [way for way, _ in pairs], [end for _, end in pairs]
    process = context.Process(target=serve, args=(outfit, theirs, heritage()))
    with suppress(OSError), _signals_held():
        process.start()
    for end in theirs:
        end.close()
    try:
        yield ours
    finally:
        for way in ours:
            way.close()
        if process.pid:
            process.join(_FAREWELL)
            process.kill()
            process.join()


@contextmanager
def _signals_held() -> Iterator[None]:
    """Let a process that starts meanwhile never see the signals that its whole group gets."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows: it ignores them once it has started
        yield
        return
    resource_tracker.ensure_running()  # else it starts within, and lets these signals through
    group = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, group)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
