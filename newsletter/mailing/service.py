"""A worker's service: it sends whatever may be sent, and tells what goes wrong with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

from newsletter.delivery import Clock, Progress, Worker
from newsletter.errors import ConfigError, LedgerBusyError, ProviderError
from newsletter.ledger import Ledger, Send, sends
from newsletter.mailing.accounts import is_same_account
from newsletter.mailing.carrier import carry
from newsletter.mailing.timing import is_for_later
from newsletter.model.post import SendState
from newsletter.settings import Settings

_SILENCE = 3600.0  # seconds of waiting in which a worker tells a trouble once
_REMEMBERED = 100  # troubles: what differs each time is told each time


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

    What goes wrong with one send is told, again after a while, and keeps no other from going out. A
    ledger that does not answer is asked again.
    """
    troubles = _Troubles(progress)
    while not stop.is_set():
        found: list[Send] = []
        with troubles.told():
            found = _runnable(settings, ledger, clock)
        for send in found:
            if stop.is_set():
                return
            with troubles.told():
                carry(
                    settings, send, ledger, worker=worker, clock=clock, progress=progress, stop=stop
                )
        clock.sleep(idle)
        troubles.waited(idle)


class _Troubles:
    """Tells what goes wrong, each trouble once an hour."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._told: dict[str, float] = {}  # trouble -> when it was told, in seconds of waiting
        self._waited = 0.0

    @contextmanager
    def told(self) -> Iterator[None]:
        """Tell what goes wrong in here, unless it was told lately."""
        try:
            yield
        except (ConfigError, ProviderError, LedgerBusyError, OSError) as err:
            trouble = str(err)
            if trouble not in self._told:
                self._progress(0, trouble)
                self._told[trouble] = self._waited
            while len(self._told) > _REMEMBERED:
                del self._told[next(iter(self._told))]

    def waited(self, seconds: float) -> None:
        """Take in that time went by."""
        self._waited += seconds
        lately = self._waited - _SILENCE
        self._told = {trouble: at for trouble, at in self._told.items() if at > lately}


def _runnable(settings: Settings, ledger: Ledger, clock: Clock) -> list[Send]:
    """Return the sends under way through this provider, and those whose time has come."""
    with ledger.read() as connection:
        found = sends.list_sends_in(connection, (SendState.SENDING, SendState.SCHEDULED))
    now = clock.now()
    return [
        send for send in found if is_same_account(settings, send) and not is_for_later(send, now)
    ]
