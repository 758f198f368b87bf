"""A server on loopback that gives one answer to whatever it is asked, and remembers the asking."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from .listening import Exchange, Listener


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

    class Told(Exchange):
        def exchange(self) -> None:
            with suppress(OSError):  # who asked had enough
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                state.asked.append(dict(self.headers))
                self.wfile.write(state.answer(dict(self.headers)))
            self.close_connection = True

    server = Listener(Told)
    state.url = server.url
    with server.running():
        yield state
