"""Listen for HTTP on loopback, with or without TLS."""

import select
import socket
import ssl
import struct
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from typing import Any


class Listener(ThreadingHTTPServer):
    """A listening socket, a thread for each connection; clients may go away at any time."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self,
        exchange: type[BaseHTTPRequestHandler],
        *,
        address: str = "127.0.0.1",
        port: int = 0,
        tls: tuple[Path, Path] | None = None,
    ) -> None:
        """Listen; `tls` is a certificate and its key."""
        super().__init__((address, port), exchange)
        self.port = int(self.server_address[1])
        self.scheme = "https" if tls else "http"
        if tls:
            # The handshake is left to the thread of the connection.
            self.socket = tls_context(*tls).wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False
            )

    @property
    def url(self) -> str:
        """Return where it listens."""
        return f"{self.scheme}://127.0.0.1:{self.port}"

    @contextmanager
    def running(self) -> Iterator[None]:
        """Serve in a thread for the time of a `with` block."""
        with self:
            thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)
            thread.start()
            try:
                yield
            finally:
                self.shutdown()
                thread.join()

    def server_bind(self) -> None:
        """Bind without asking the name service for the host's name, which can take seconds."""
        TCPServer.server_bind(self)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent about a client that went away; anything else is a fault of a test server."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Exchange(BaseHTTPRequestHandler):
    """The requests of one connection, of any method."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body of an answer leave together

    def exchange(self) -> None:
        """Read one request and answer it."""
        raise NotImplementedError

    def do_GET(self) -> None:
        """Take every method alike."""
        self.exchange()

    do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 - of http.server

    def log_message(self, format: str, *args: Any) -> None:
        """Keep no access log."""

    def wait(self, seconds: float) -> None:
        """Wait so long, or until the client goes away."""
        select.select([self.connection], [], [], seconds)

    def reset(self) -> None:
        """Drop the connection at once, with a reset instead of an orderly end."""
        self.wfile.flush()
        reset(self.connection)
        self.close_connection = True


def reset(connection: socket.socket) -> None:
    """Drop a connection at once, with a reset instead of an orderly end."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    socket.close(connection.detach())


def tls_context(certificate: Path, key: Path | None = None) -> ssl.SSLContext:
    """Return what a server needs to speak TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
