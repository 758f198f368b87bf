"""A web site on loopback for links to lead to, with or without TLS, that notes what is asked."""

import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from types import TracebackType
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Page:
    """What a path answers."""

    status: int = 200
    to: str = ""  # where it sends on to
    body: bytes = b"<html><body><h1 id='alku'>Hei</h1></body></html>"
    media_type: str = "text/html; charset=utf-8"
    head: int = 0  # status for HEAD, when it differs
    wait: float = 0.0  # seconds before it answers
    trickles: bool = False  # sends a byte of its header now and then, for ever
    breaks: bool = False  # closes the connection without a word
    junk: bytes = b""  # sent in place of HTTP


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request as it came in."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class WebServer:
    """Serves pages by path until it is stopped; an unknown path is 404."""

    def __init__(
        self,
        pages: Mapping[str, Page],
        *,
        certificate: Path | None = None,
        address: str = "127.0.0.1",
    ) -> None:
        self.pages = dict(pages)
        self.asked: list[Asked] = []
        self.most_at_once = 0
        self._now = 0
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._server = _Listener(address, self._serve, certificate)
        self.port = int(self._server.server_address[1])
        self.scheme = "https" if certificate else "http"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.daemon = True

    def __enter__(self) -> "WebServer":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """Give the address of a page."""
        return f"{self.scheme}://{host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        """Give the paths that were asked for, in order."""
        return [asked.path for asked in self.asked]

    def _serve(self, exchange: BaseHTTPRequestHandler) -> None:
        length = int(exchange.headers.get("Content-Length", 0))
        asked = Asked(
            method=exchange.command,
            path=exchange.path,
            headers=dict(exchange.headers),
            body=exchange.rfile.read(length),
        )
        page = self.pages.get(exchange.path, Page(status=404))
        with self._lock:
            self.asked.append(asked)
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        time.sleep(page.wait)
        with self._lock:  # before the answer: with it in hand, the client may ask again
            self._now -= 1
        self._answer(exchange, page)

    def _answer(self, exchange: BaseHTTPRequestHandler, page: Page) -> None:
        exchange.close_connection = True
        if page.breaks:
            return
        if page.junk:
            exchange.wfile.write(page.junk)
            return
        if page.trickles:
            while not self._stopped.wait(0.05):
                exchange.wfile.write(b"X")
        is_head = exchange.command == "HEAD"
        exchange.send_response(page.head if is_head and page.head else page.status)
        if page.to:
            exchange.send_header("Location", page.to)
        exchange.send_header("Content-Type", page.media_type)
        exchange.send_header("Content-Length", str(len(page.body)))
        exchange.end_headers()
        if not is_head:
            exchange.wfile.write(page.body)


class _Listener(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(
        self,
        address: str,
        serve: Callable[[BaseHTTPRequestHandler], None],
        certificate: Path | None,
    ) -> None:
        super().__init__((address, 0), _exchange(serve))
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.socket = context.wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False
            )

    def server_bind(self) -> None:
        """Bind without asking the name service for the host's name, which can take seconds."""
        TCPServer.server_bind(self)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent: clients that go away are what is tested."""


def _exchange(serve: Callable[[BaseHTTPRequestHandler], None]) -> type[BaseHTTPRequestHandler]:
    class Exchange(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            serve(self)

        do_HEAD = do_GET  # noqa: N815 - the names are those of http.server
        do_POST = do_GET  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    return Exchange
