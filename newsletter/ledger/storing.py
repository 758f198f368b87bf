"""Stores what many requests bring in one transaction, and answers each only after that.

A commit costs the same for one as for a thousand: while one is under way, the next gathers.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import islice
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

    def __init__(
        self,
        ledger: Ledger,
        write: Callable[[Connection, Sequence[T]], None],
        *,
        comes_again: bool = False,
    ) -> None:
        """Store by a function; what comes again is not held for those who wait no longer."""
        self._comes_again = comes_again
        self._ledger = ledger
        self._write = write
        self._waiting: dict[asyncio.Future[None], T] = {}
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
            self._waiting[stored] = thing
            self._changed.notify()
        try:
            await stored
        finally:
            if self._comes_again:
                with self._changed:
                    self._waiting.pop(stored, None)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting)
                asked = list(islice(self._waiting, _MOST))
                things = [self._waiting.pop(stored) for stored in asked]
            fault = self._fault_of(things)
            with suppress(RuntimeError):  # the loop has ended, and with it whoever waited
                asked[0].get_loop().call_soon_threadsafe(_tell, asked, fault)

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
