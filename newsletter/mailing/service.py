"""A worker's service: it sends whatever may be sent, and reports what goes wrong."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

from newsletter.delivery import Clock, Progress, Worker
from newsletter.errors import ConfigError, LedgerBusyError, NewsletterError, ProviderError
from newsletter.language import Wording, reason_of_disk, say
from newsletter.ledger import Ledger, Send, sends
from newsletter.mailing.accounts import is_same_account
from newsletter.mailing.carrier import carry
from newsletter.settings import Settings

_SILENCE = 3600.0  # seconds of waiting before a worker reports the same trouble again
_REMEMBERED = 100  # distinct troubles remembered; ones that differ each time are reported each time


def serve_sends(
    settings: Settings,
    ledger: Ledger,
    *,
    worker: Worker,
    clock: Clock,
    progress: Progress,
    stop: Event,
    idle: float,
) -> None:
    """Send whatever may be sent, until asked to stop; look again after `idle` seconds.

    A fault of one send is reported, again after a while, and does not stop the others. A ledger
    that does not answer is retried.
    """
    troubles = _Troubles(progress)
    while not stop.is_set():
        found: list[Send] = []
        with troubles.reported():
            found = _runnable(settings, ledger, clock)
        for send in found:
            if stop.is_set():
                return
            with troubles.reported():
                carry(
                    settings, send, ledger, worker=worker, clock=clock, progress=progress, stop=stop
                )
        clock.sleep(idle)
        troubles.waited(idle)


class _Troubles:
    """Reports what goes wrong, each trouble once an hour."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        # trouble -> when it was reported, in seconds of waiting
        self._reported: dict[str, float] = {}
        self._waited = 0.0

    @contextmanager
    def reported(self) -> Iterator[None]:
        """Report what goes wrong inside the block, unless it was reported lately."""
        try:
            yield
        except (ConfigError, ProviderError, LedgerBusyError, OSError) as err:
            trouble = err.words if isinstance(err, NewsletterError) else _of_disk(err)
            if trouble not in self._reported:
                self._progress(0, trouble)
                self._reported[trouble] = self._waited
            while len(self._reported) > _REMEMBERED:
                del self._reported[next(iter(self._reported))]

    def waited(self, seconds: float) -> None:
        """Take into account that time has passed."""
        self._waited += seconds
        lately = self._waited - _SILENCE
        self._reported = {trouble: at for trouble, at in self._reported.items() if at > lately}


def _of_disk(err: OSError) -> Wording:
    if not err.filename:
        return reason_of_disk(err)
    file = os.fsdecode(err.filename)
    return say("{file}: {reason}", file=file, reason=reason_of_disk(err))


def _runnable(settings: Settings, ledger: Ledger, clock: Clock) -> list[Send]:
    """Return the sends under way through this provider, and those that are due."""
    with ledger.read() as connection:
        found = sends.list_running(connection)
    now = clock.now()
    return [
        send for send in found if is_same_account(settings, send) and not send.is_for_later(now)
    ]
