"""Who sends: this process, or others that serve the ledger and are watched from here."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Event

from newsletter.delivery import Progress, Worker
from newsletter.errors import LedgerBusyError
from newsletter.language import say
from newsletter.ledger import Ledger, Send, doubts, sends, workers
from newsletter.mailing.accounts import account_of
from newsletter.mailing.carrier import carry, clock_of
from newsletter.mailing.handover import ask_to_carry
from newsletter.model import End, Result, SendState, WhenUnknown
from newsletter.settings import Settings

_LOOK = 0.5  # seconds between two looks at the progress of others
_ASK = 6  # looks between two checks whether any sender is left
_ENDS = {  # how a send ended that others carried out
    SendState.DONE: End.DONE,
    SendState.STOPPED: End.STOPPED,
    SendState.PAUSED: End.PAUSED,
    SendState.CANCELLED: End.CANCELLED,
}


def carry_through(
    settings: Settings,
    ledger: Ledger,
    send: Send,
    *,
    progress: Progress,
    stop: Event,
    unknown: WhenUnknown | None = None,
) -> Result:
    """Send here; if workers serve the ledger, let them send, and watch until the end."""
    clock, asking = clock_of(settings, stop), worker_of(settings, ledger)
    look_on = partial(_look_on, ledger, send, progress=progress, stop=stop)
    result = None
    if not unknown and is_served(ledger, asking):
        with ledger.write() as connection:
            if sends.begin_sending(connection, send.id, now=clock.now()):
                ask_to_carry(connection, send)
        result = look_on(partial(is_served, ledger, asking))
    while result is None:
        with worker_of(settings, ledger) as here:
            result = carry(
                settings,
                send,
                ledger,
                worker=here,
                clock=clock,
                progress=progress,
                stop=stop,
                unknown=unknown,
            )
        if result.state is End.ELSEWHERE:
            progress(0, say("{reason}; looking on", reason=result.reason))
            unknown = None  # earlier unknown outcomes are decided; new ones are not
            result = look_on(partial(_is_in_hand, ledger, send, asking))
    return result


def worker_of(settings: Settings, ledger: Ledger, *, is_serving: bool = False) -> Worker:
    """Return a worker whose lock is next to the ledger, or below the newsletter's folder."""
    file = settings.database_file or settings.root / "subscribers" / "newsletter.db"
    account = account_of(settings)
    folder = file.with_suffix(".workers")
    return Worker(folder, ledger, is_serving=is_serving, account=account)


def is_served(ledger: Ledger, worker: Worker) -> bool:
    """Return whether a worker is waiting for sends to be planned."""
    with ledger.read() as connection:
        known = workers.list_workers(connection)
    return any(worker.finds_serving(other) for other in known)


def has_gone_astray(ledger: Ledger, worker: Worker) -> bool:
    """Return whether a worker serves with another account or key than the settings name now."""
    with ledger.read() as connection:
        known = workers.list_workers(connection)
    return any(worker.finds_astray(other) for other in known)


def _is_in_hand(ledger: Ledger, send: Send, worker: Worker) -> bool:
    """Return whether others send the rest: a serving worker, or one with a batch under way."""
    with ledger.read() as connection:
        holders = doubts.list_holders(connection, send.id)
    return worker.finds_another(holders) or is_served(ledger, worker)


def _look_on(
    ledger: Ledger,
    send: Send,
    is_in_hand: Callable[[], bool],
    *,
    progress: Progress,
    stop: Event,
) -> Result | None:
    """Watch while others send, until the send ends or the editor stops watching.

    None if no worker is left: then this process is to send.
    """
    looks, before = 0, _count_open(ledger, send)
    while not stop.is_set():
        looks += 1
        with suppress(LedgerBusyError):  # workers wait for it too
            if looks % _ASK == 0 and not is_in_hand():
                return None
            with ledger.read() as connection:
                now = sends.find_send(connection, send.scope) or send
                left = doubts.count_open(connection, send.id)
                is_done = now.state is SendState.DONE
                is_widened = is_done and not sends.has_ended(connection, now)
                is_out = now.is_held and not doubts.list_open_canary(connection, send.id)
            progress(before - left, "")
            before = left
            if now.state in _ENDS and not is_widened:
                return Result(state=_ENDS[now.state], reason=now.reason)
            if is_out:
                return Result(state=End.CANARY)
        stop.wait(_LOOK)
    return Result(state=End.WATCHED if is_in_hand() else End.INTERRUPTED)


def _count_open(ledger: Ledger, send: Send) -> int:
    with ledger.read() as connection:
        return doubts.count_open(connection, send.id)
