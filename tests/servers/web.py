"""A web site on loopback for links to lead to, with or without TLS, that notes what is asked."""

import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from .listening import Exchange, Listener


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
    headers: Mapping[str, str] = field(default_factory=dict)  # besides those of the body


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
        """Describe a site; `certificate` is key and certificate in one PEM file."""
        self.pages = dict(pages)
        self.asked: list[Asked] = []
        self.most_at_once = 0
        self._now = 0
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._stack = ExitStack()

        class Visit(Exchange):
            protocol_version = "HTTP/1.0"  # one request to a connection
            wbufsize = 0  # what trickles leaves byte by byte

            def exchange(visit) -> None:  # noqa: N805 - `self` is the site
                self._serve(visit)

        tls = (certificate, certificate) if certificate else None
        self._server = Listener(Visit, address=address, tls=tls)
        self.port, self.scheme = self._server.port, self._server.scheme

    def __enter__(self) -> Self:
        self._stack.enter_context(self._server.running())
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._stack.close()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """Give the address of a page."""
        return f"{self.scheme}://{host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        """Give the paths that were asked for, in order."""
        return [asked.path for asked in self.asked]

    def _serve(self, visit: Exchange) -> None:
        length = int(visit.headers.get("Content-Length", 0))
        asked = Asked(
            method=visit.command,
            path=visit.path,
            headers=dict(visit.headers),
            body=visit.rfile.read(length),
        )
        page = self.pages.get(visit.path, Page(status=404))
        with self._lock:
            self.asked.append(asked)
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        time.sleep(page.wait)
        with self._lock:  # before the answer: with it in hand, the client may ask again
            self._now -= 1
        visit.close_connection = True
        if not page.breaks:
            self._answer(visit, page)

    def _answer(self, visit: Exchange, page: Page) -> None:
        if page.junk:
            visit.wfile.write(page.junk)
            return
        while page.trickles and not self._stopped.wait(0.05):
            visit.wfile.write(b"X")
        is_head = visit.command == "HEAD"
        visit.send_response(page.head if is_head and page.head else page.status)
        if page.to:
            visit.send_header("Location", page.to)
        for name, value in page.headers.items():
            visit.send_header(name, value)
        visit.send_header("Content-Type", page.media_type)
        visit.send_header("Content-Length", str(len(page.body)))
        visit.end_headers()
        if not is_head:
            visit.wfile.write(page.body)
