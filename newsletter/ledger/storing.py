"""Stores what many requests bring in one transaction, and answers each only after that.

A commit costs the same for one as for a thousand: while one is under way, the next gathers.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Condition, Thread
from typing import Generic, TypeVar

from sqlalchemy import Connection

from newsletter.errors import LedgerError
from newsletter.language import say
from newsletter.ledger.open import Ledger

T = TypeVar("T")
_MOST = 2_000  # in one transaction
_WAITING = 50_000  # at most; a ledger that is away longer than that takes is told


class Gathering(Generic[T]):
    """Things on their way into the ledger, written by a thread of its own."""

    def __init__(self, ledger: Ledger, write: Callable[[Connection, Sequence[T]], None]) -> None:
        self._ledger = ledger
        self._write = write
        self._waiting: list[tuple[T, asyncio.Future[None]]] = []
        self._changed = Condition()
        self._thread: Thread | None = None

    async def store(self, thing: T) -> None:
        """Return once it is stored for good; raise LedgerError if it cannot be."""
        stored = asyncio.get_running_loop().create_future()
        with self._changed:
            if len(self._waiting) >= _WAITING:
                raise LedgerError(say("too much is waiting to be stored"))
            if self._thread is None:
                self._thread = Thread(target=self._run, name="gathering", daemon=True)
                self._thread.start()
            self._waiting.append((thing, stored))
            self._changed.notify()
        await stored

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting)
                some, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
            fault = self._fault_of([thing for thing, _ in some])
            with suppress(RuntimeError):  # the loop has ended, and with it whoever waited
                some[0][1].get_loop().call_soon_threadsafe(_tell, [f for _, f in some], fault)

    def _fault_of(self, things: Sequence[T]) -> Exception | None:
        """Store things; return why that was not possible."""
        try:
            with self._ledger.write() as connection:
                self._write(connection, things)
        except Exception as err:  # whoever waits must hear of it
            return err
        return None


def _tell(waiting: Sequence["asyncio.Future[None]"], fault: Exception | None) -> None:
    for stored in waiting:
        if stored.done():  # whoever asked is gone
            continue
        if fault:
            stored.set_exception(fault)
        else:
            stored.set_result(None)
