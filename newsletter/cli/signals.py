"""What ends a command: Ctrl-C, SIGTERM, and a closed terminal (SIGHUP)."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from types import FrameType
from typing import NoReturn

_HANGUP = getattr(signal, "SIGHUP", None)  # Windows has none
_STREAMS = (1, 2)
_END = 0  # no signal has this number


def end_tidily() -> None:
    """Let SIGTERM and a closed terminal end a command like Ctrl-C, closing what is open."""
    terminals = _terminals()

    def interrupt(number: int, _frame: FrameType | None) -> NoReturn:
        if number == _HANGUP:
            _silence(terminals)
        raise KeyboardInterrupt

    for number in _heeded(signal.SIGTERM):
        signal.signal(number, interrupt)


@contextmanager
def signals(stop: Event) -> Iterator[None]:
    """Let Ctrl-C, SIGTERM and a closed terminal finish the calls in flight.

    A second Ctrl-C or SIGTERM ends at once. A closed terminal may be signalled twice, by the system
    and by the shell, or together with a SIGTERM: it alone never cuts off a call.

    A thread of its own handles the signals, reading the byte that Python's C handler writes for
    each. Handlers in Python run only in the main thread, which sleeps through a signal that another
    thread of the process received, and may itself hold the lock that setting `stop` needs.
    """
    terminals = _terminals()
    heeded = _heeded(signal.SIGINT, signal.SIGTERM)
    ours, its = os.pipe()
    os.set_blocking(its, False)

    def heed() -> None:
        while (number := os.read(ours, 1)[0]) != _END:
            if number not in heeded:
                continue
            if number == _HANGUP:
                _silence(terminals)
            elif asked.is_set():
                os._exit(130)  # the ledger is made for that
            else:
                asked.set()
            stop.set()

    asked = Event()
    thread = Thread(target=heed, daemon=True)
    before = {number: signal.signal(number, lambda *_: None) for number in heeded}
    former = signal.set_wakeup_fd(its, warn_on_full_buffer=False)
    thread.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(former)
        for number, handler in before.items():
            signal.signal(number, handler)
        os.write(its, bytes([_END]))
        thread.join()
        os.close(ours)
        os.close(its)


def _heeded(*numbers: signal.Signals) -> list[signal.Signals]:
    """Return the signals to handle; those that `nohup` makes the process ignore stay ignored."""
    hangup = [] if _HANGUP is None else [_HANGUP]
    if hangup and signal.getsignal(hangup[0]) is signal.SIG_IGN:
        hangup = []
    return [*numbers, *hangup]


def _terminals() -> list[int]:
    return [stream for stream in _STREAMS if os.isatty(stream)]


def _silence(terminals: list[int]) -> None:
    """Discard further output: writing to a closed terminal is an error."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in terminals:
        os.dup2(nowhere, stream)
    os.close(nowhere)
