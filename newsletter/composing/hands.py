"""Composes and makes calls in a further process, for another one that has the ledger."""

import datetime as dt
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, suppress
from dataclasses import dataclass
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from threading import Thread

from newsletter.composing.compose import Composer
from newsletter.errors import ProviderError, Verdict, words_of
from newsletter.language import Wording, say
from newsletter.masking import keep_secret, mask_tracebacks
from newsletter.model import Call, Edition, Outcome, Recipient, Stationery
from newsletter.providers import Options, Provider

# A terminal and a service's manager send these to all processes of a command. Which calls are to be
# finished first is decided by the one that has the ledger.
_OF_THE_GROUP = ("SIGINT", "SIGTERM", "SIGHUP")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outfit:
    """What it takes to compose and make the calls of a send, in any process."""

    stationery: Stationery
    provider: type[Provider]
    options: Options  # with its secrets
    now: Callable[[], dt.datetime]  # timezone-aware

    def opened(self) -> AbstractContextManager[Provider]:
        """Return a provider object for one thread, closed in the end."""
        return closing(self.provider(self.options))


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A call that is to be composed and made."""

    edition_id: int
    edition: Edition | None  # None: it came with an earlier task
    recipients: Sequence[Recipient]
    key: str
    batch: int


@dataclass(frozen=True, slots=True)
class TooLarge:
    """The call would exceed the provider's limits of bytes; it was not made."""


@dataclass(frozen=True, slots=True)
class Unable:
    """A further process cannot compose or call, and called nobody; the first one does it."""

    fault: str  # class of the error
    reason: Wording


Settled = tuple[Outcome, ...] | ProviderError
Answer = Settled | TooLarge


class Hand:
    """Composes and makes one call after another, with a provider object of its own."""

    def __init__(self, composer: Composer, provider: Provider) -> None:
        self._composer = composer
        self._provider = provider
        self._unsettled: Call | None = None  # the very one is made again when it is repeated

    def perform(self, task: Task) -> Answer:
        """Compose and make a call, or make it once more; return what became of it."""
        call = self._unsettled
        if call is None or call.key != task.key:
            call = self._composer.compose(
                task.edition_id, task.recipients, key=task.key, batch=task.batch
            )
            if len(task.recipients) > 1 and not self._composer.fits(task.edition_id, call):
                return TooLarge()
        answer = _call_provider(self._provider, call)
        self._unsettled = call if isinstance(answer, ProviderError) else None
        return answer

    def look_up(
        self, call: Call, since: dt.date, until: dt.date
    ) -> Mapping[str, str] | ProviderError:
        """Return the message ids, by address, of the messages of a call that were accepted."""
        try:
            return self._provider.look_up(call, since, until)
        except ProviderError as err:
            return err


def _call_provider(provider: Provider, call: Call) -> Settled:
    """Return what became of a call; after an unexpected exception it may have been accepted."""
    try:
        return provider.send(call)
    except ProviderError as err:
        return err
    except Exception as err:
        return ProviderError(
            say(
                "{provider} answered something unreadable ({kind})",
                provider=provider.name,
                kind=type(err).__name__,
            ),
            provider=provider.name,
            verdict=Verdict.UNKNOWN,
        )


def serve(
    outfit: Outfit, lanes: Sequence[Connection], watch: Callable[[], object] = lambda: None
) -> None:
    """Perform what is asked for over each connection until it is closed: what a process does.

    `watch` lets it be watched as the one that started it. Without its parent it ends at once, as
    nobody would record an outcome.
    """
    for name in _OF_THE_GROUP:
        if number := getattr(signal, name, None):
            signal.signal(number, signal.SIG_IGN)
    for secret in (outfit.options.api_key, outfit.options.password, outfit.stationery.secret):
        keep_secret(secret)
    mask_tracebacks()
    watch()
    Thread(target=_end_with_parent, daemon=True).start()
    editions: dict[int, Edition] = {}
    composer = Composer(
        outfit.stationery,
        outfit.provider,
        outfit.options,
        load_edition=editions.__getitem__,
        now=outfit.now,
    )
    threads = [
        Thread(target=_serve_lane, args=(outfit, composer, editions, lane), daemon=True)
        for lane in lanes
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _serve_lane(
    outfit: Outfit, composer: Composer, editions: dict[int, Edition], lane: Connection
) -> None:
    """Say that the process is ready, then answer each task, until nobody asks any more."""
    with lane, suppress(EOFError, ConnectionError), ExitStack() as stack:
        try:
            hand = Hand(composer, stack.enter_context(outfit.opened()))
        except Exception as err:  # whatever it is, the process that asks tells of it
            lane.send(_unable(err))
            return
        lane.send(None)
        while True:
            task: Task = lane.recv()
            if task.edition:
                editions[task.edition_id] = task.edition
            lane.send(_performed(hand, task))


def _performed(hand: Hand, task: Task) -> Answer | Unable:
    try:
        return hand.perform(task)
    except Exception as err:  # of composing: a call never raises
        return _unable(err)


def _unable(err: Exception) -> Unable:
    return Unable(fault=type(err).__name__, reason=words_of(err))


def _end_with_parent() -> None:
    parent = parent_process()
    if parent:
        wait([parent.sentinel])
        os._exit(1)
