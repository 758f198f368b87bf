"""One time limit for a whole request: name, connection, TLS, headers, body and redirects.

A server that sends a byte now and then outlasts a timeout of single reads. So every socket of an
exchange is shut down when its time is over, which wakes whatever reads from it.
"""

import ipaddress
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar, Token
from types import TracebackType
from typing import Self

from newsletter.net.lookup import FindAddresses, look_up, system_addresses


class ForbiddenError(Exception):
    """A name resolves to an address that must not be contacted."""

    def __init__(self, host: str, address: str) -> None:
        super().__init__(host, address)
        self.host = host
        self.address = address


class Exchange:
    """A request and its answer, including redirects, for the time of a `with` block."""

    def __init__(
        self,
        seconds: float,
        *,
        is_forbidden: Callable[[str], bool] = lambda _: False,
        find_addresses: FindAddresses = system_addresses,
    ) -> None:
        self._end = time.monotonic() + seconds
        self._is_forbidden = is_forbidden
        self._find_addresses = find_addresses
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._shut)
        self._timer.daemon = True
        self._token: Token[Exchange | None] | None = None
        self.is_over = False

    def __enter__(self) -> Self:
        self._timer.start()
        self._token = _current.set(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        if self._token:
            _current.reset(self._token)
        with self._lock:
            for held in self._sockets:
                held.close()
            self._sockets.clear()

    @property
    def left(self) -> float:
        """Return the seconds that are left, always more than zero."""
        return max(0.001, self._end - time.monotonic())

    def watch(self, sock: socket.socket) -> None:
        """Shut a socket down when the time is over, whatever was wrapped around it since."""
        with suppress(OSError), self._lock:
            # A copy, since TLS detaches the original; both are one connection.
            self._sockets.append(socket.fromfd(sock.fileno(), sock.family, sock.type))
        if self.is_over:
            self._shut()

    def addresses(self, host: str) -> list[str]:
        """Resolve a host; raise OSError if it has no address, ForbiddenError if it is internal."""
        host = host.strip("[]")
        try:
            found = [str(ipaddress.ip_address(host))]
        except ValueError:
            found = look_up(host, self._find_addresses, self.left)
        for address in found:
            if self._is_forbidden(address):
                raise ForbiddenError(host, address)
        return list(dict.fromkeys(found))

    def _shut(self) -> None:
        self.is_over = True
        with self._lock:
            for held in self._sockets:
                with suppress(OSError):
                    held.shutdown(socket.SHUT_RDWR)


_current: ContextVar[Exchange | None] = ContextVar("exchange", default=None)


def current() -> Exchange | None:
    """Return the exchange that this thread is in."""
    return _current.get()
