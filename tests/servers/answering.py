"""A server on loopback that gives one answer to whatever it is asked, and remembers the asking."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Answering:
    """What it answers, as raw bytes of HTTP, and the headers it was sent."""

    url: str = ""
    answer: Callable[[dict[str, str]], bytes] = field(default=lambda _: said(200))
    asked: list[dict[str, str]] = field(default_factory=list)


def said(status: int, body: bytes = b"", **headers: str) -> bytes:
    """Return an answer; underscores in names of headers become hyphens."""
    named = {"Content_Type": "application/json", "Content_Length": str(len(body)), **headers}
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in named.items())
    return f"HTTP/1.1 {status} Whatever\r\n{lines}Connection: close\r\n\r\n".encode() + body


@contextmanager
def answering() -> Iterator[Answering]:
    """Run such a server."""
    state = Answering()

    class Handler(BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline(65537)
            if not self.raw_requestline or not self.parse_request():
                return
            with suppress(OSError):  # who asked had enough
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                state.asked.append(dict(self.headers))
                self.wfile.write(state.answer(dict(self.headers)))
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        state.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()
