"""A real server of feeds on loopback, which does as each test says."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


@dataclass(frozen=True)
class Reply:
    """What the server answers at one path."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str = ""  # asked with the same, the answer is 304


@dataclass
class FeedServer:
    """Answers by path, and remembers what it was asked."""

    replies: dict[str, Reply | Callable[[BaseHTTPRequestHandler], None]] = field(
        default_factory=dict
    )
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)  # path, headers
    url: str = ""

    def put(self, path: str, body: str | bytes = b"", **options: object) -> str:
        """Serve a body at a path; return its address."""
        raw = body.encode() if isinstance(body, str) else body
        self.replies[path] = Reply(raw, **options)  # type: ignore[arg-type]
        return self.url + path

    def paths(self) -> list[str]:
        """Return the paths that were asked for, in order."""
        return [path for path, _ in self.asked]

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        self.asked.append((handler.path, dict(handler.headers)))
        reply = self.replies.get(handler.path, Reply(status=404))
        if not isinstance(reply, Reply):
            reply(handler)
            return
        is_same = bool(reply.etag) and handler.headers.get("If-None-Match") == reply.etag
        body = b"" if is_same else reply.body
        handler.send_response(304 if is_same else reply.status)
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        if reply.etag:
            handler.send_header("ETag", reply.etag)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)


@pytest.fixture(scope="module")
def _running() -> Iterator[FeedServer]:
    feeds = FeedServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            feeds.answer(self)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def handle(self) -> None:
            with suppress(ConnectionError):  # the reader had enough, as it should
                super().handle()

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        feeds.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield feeds
        server.shutdown()
        thread.join()


@pytest.fixture
def server(_running: FeedServer) -> FeedServer:
    """Return the server, with nothing on it and no memory."""
    _running.replies.clear()
    _running.asked.clear()
    return _running


def rss(*items: str, title: str = "Example Foundation") -> str:
    """Return an RSS 2.0 feed."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
        f"<title>{title}</title><link>https://www.example.org/</link>{''.join(items)}"
        "</channel></rss>"
    )


def rss_item(
    title: str, *, link: str = "", date: str = "Tue, 01 Dec 2026 10:00:00 +0200", text: str = ""
) -> str:
    """Return an item of an RSS 2.0 feed; what is empty is left out."""
    parts = {"title": title, "link": link, "pubDate": date, "description": text}
    return "<item>" + "".join(f"<{tag}>{v}</{tag}>" for tag, v in parts.items() if v) + "</item>"
