"""Requests that no browser makes: nothing fails, nothing changes, nobody is led away."""

import hashlib
import re
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import quote

import pytest
from starlette.routing import BaseRoute, Route

from newsletter.links import PreferenceLinks, UnsubscribeLinks
from newsletter.public import app
from tests.archiving import served
from tests.conftest import LEDGER
from tests.public.test_tracking import PUBLIC, SECRET, make_counting
from tests.serving import Service

EVIL = "evil.example.com"
_GOOD = "/kirje/archive"
_UNCOUNTED = frozenset({"throttles", "challenges", "webhooks", "jobs"})  # protection, and its own


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service that has all it can have, and an issue that went to two readers."""
    made = make_counting(tmp_path_factory.mktemp("attacked") / "site", "consented")
    with served(made) as running:
        yield running


def said(service: Service, *parts: bytes) -> bytes:
    """Say this on one connection, and return all that is answered until it ends."""
    with closing(socket.create_connection(("127.0.0.1", service.port), timeout=30)) as connection:
        for part in parts:
            connection.sendall(part)
        connection.shutdown(socket.SHUT_WR)
        heard = bytearray()
        while data := connection.recv(65_536):
            heard += data
        return bytes(heard)


def routes() -> list[Route]:
    """Return all routes, and what is answered before any of them (`public/tracking.py`)."""
    counted = [Route(path, lambda _: None) for path in ("/o/{token}.gif", "/r/{token}")]
    found: list[BaseRoute] = [*app.ROOT, *counted, *app.LINKED, *app.ISSUES]
    return [route for route in found if isinstance(route, Route)]


def paths_of(route: Route, value: str) -> str:
    base = "" if route in app.ROOT else "/kirje"
    return base + re.sub(r"\{\w+(?::\w+)?\}", value, route.path)


def state_of(service: Service) -> str:
    """Return a digest of all that the ledger holds, but for what protects it."""
    with closing(sqlite3.connect(service.site.root / LEDGER)) as connection:
        named = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        tables = sorted(name for (name,) in named if name not in _UNCOUNTED)
        rows = [connection.execute(f"SELECT * FROM {name}").fetchall() for name in tables]  # noqa: S608 - its own names
    return hashlib.sha256(repr(rows).encode()).hexdigest()


# --- every route --------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["x", "%00", "..%2F..%2Fetc%2Fpasswd", "a" * 300, "%F0%9F%8E%89"])
def test_no_route_fails_or_keeps_a_cookie_or_changes_anything(service: Service, value: str) -> None:
    before = state_of(service)

    for route in routes():
        for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"):
            answer = service.ask(paths_of(route, value), method=method, content_length="0")
            assert answer.status < 500, (route.path, method)
            assert "set-cookie" not in answer.headers
            assert b"Traceback" not in answer.body

    assert state_of(service) == before


def own_tokens(service: Service) -> tuple[str, str]:
    """Return the tokens by which the first reader leaves, and by which they choose."""
    with closing(sqlite3.connect(service.site.root / LEDGER)) as connection:
        [(key,)] = connection.execute("SELECT key FROM subscribers WHERE id = 1").fetchall()
    made = (UnsubscribeLinks(PUBLIC, SECRET), PreferenceLinks(PUBLIC, SECRET))
    leave, choose = (links.link_for(key).rpartition("/")[2] for links in made)
    return leave, choose


def test_looking_changes_nothing_even_with_a_token_of_ones_own(service: Service) -> None:
    before = state_of(service)

    for token in own_tokens(service):
        for place in ("u/{}", "u/{}/undo", "p/{}", "p/{}/tracking", "p/{}/language", "c/{}"):
            for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE"):
                answer = service.ask(f"/kirje/{place.format(token)}", method=method)
                assert answer.status < 500
                assert "set-cookie" not in answer.headers

    assert state_of(service) == before


def test_a_token_posted_where_it_is_not_for_changes_nothing(service: Service) -> None:
    leave, choose = own_tokens(service)
    before = state_of(service)
    places = [f"u/{choose}", f"u/{choose}/undo", f"c/{choose}", f"c/{leave}", f"c/{leave}/no"]
    places += [f"p/{leave}/{act}" for act in ("tracking", "language", "pause", "leave", "erase")]

    for place in places:
        answer = service.ask(f"/kirje/{place}", method="POST", content_length="0")
        assert answer.status < 500

    assert state_of(service) == before


@pytest.mark.parametrize("path", [_GOOD, "/kirje", "/kirje/", "/kirje/2026-06", "/nothing"])
def test_a_foreign_host_is_in_no_answer(service: Service, path: str) -> None:
    answer = service.ask(
        path, host=EVIL, x_forwarded_host=EVIL, x_forwarded_proto="https", accept="text/html"
    )

    assert EVIL not in repr(answer.headers)
    assert EVIL.encode() not in answer.body


@pytest.mark.parametrize(
    "path",
    [f"//{EVIL}/", f"/\\{EVIL}", f"/kirje//{EVIL}/", f"/kirje/..//{EVIL}", f"/%2F%2F{EVIL}/"],
)
def test_no_answer_leads_to_another_host(service: Service, path: str) -> None:
    leads = service.ask(path).headers.get("location", "/")

    assert re.match(r"/(?![/\\])", leads)


@pytest.mark.parametrize(
    "path",
    [
        "/kirje/pictures/../../newsletter.toml",
        "/kirje/pictures/..%2F..%2Fnewsletter.toml",
        "/kirje/pictures/%2e%2e/%2e%2e/.env",
        "/kirje/look/..%2F..%2Fnewsletter.toml",
        "/kirje/cards/..%2F..%2Fnewsletter.toml",
        "/kirje/..%2Fsubscribers%2Fnewsletter.db",
        "/kirje/subscribers/newsletter.db",
        "/kirje/2026-06%00.html",
        "/kirje/....//....//etc/passwd",
    ],
)
def test_no_path_leads_to_a_file(service: Service, path: str) -> None:
    answer = service.ask(path)

    assert answer.status in (400, 404)
    assert b"[newsletter]" not in answer.body
    assert b"SQLite" not in answer.body


@pytest.mark.parametrize(
    "query",
    [
        "q='; DROP TABLE subscribers; --",
        "q=%' OR 1=1 --",
        'q=" OR ""="',
        "q=NEAR(a b) AND *",
        "q=%00",
        "q=" + "(" * 90,
        "q=" + "a*" * 50,
        "lang=fi' UNION SELECT address FROM subscribers --",
        "page=1e99",
        "page=-1",
        "page=٣",
    ],
)
def test_a_search_finds_words_and_runs_nothing(service: Service, query: str) -> None:
    before = state_of(service)

    for path in (_GOOD, "/kirje/feed.atom", "/kirje/feed.json", "/kirje/2026-06"):
        answer = service.ask(f"{path}?{quote(query, safe='=%')}")
        is_page_that_feeds_lack = query.startswith("page=") and "feed" in path
        assert answer.status == (404 if is_page_that_feeds_lack else 200)
        assert b"person0" not in answer.body

    assert state_of(service) == before


# --- what is written between requests -----------------------------------------------------

_HIDDEN = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize(
    "head",
    [
        # two lengths, and both ways to tell one
        b"Content-Length: 0\r\nContent-Length: 41\r\n",
        b"Content-Length: 41\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 41\r\n",
        b"Transfer-Encoding: xchunked\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
        b"Transfer-Encoding : chunked\r\n",
        b" Transfer-Encoding: chunked\r\n",
        b"Content-Length: +41\r\n",
        b"Content-Length: 0x29\r\n",
        b"Content-Length: -1\r\n",
        b"Content-Length: 4 1\r\n",
    ],
    ids=lambda head: head.decode().strip().replace("\r\n", " and "),
)
def test_a_request_cannot_hide_another_in_its_body(service: Service, head: bytes) -> None:
    start = b"POST /kirje/archive HTTP/1.1\r\nHost: x\r\n"

    heard = said(service, start + head + b"\r\n" + _HIDDEN)

    assert heard.count(b"HTTP/1.1 ") == 1
    assert not heard.startswith(b"HTTP/1.1 2")
    assert b"live\n" not in heard


@pytest.mark.parametrize(
    "raw",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # TLS
        b"GET /kirje/archive\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: a\x00b\r\n\r\n",
        b"GET / HTTP/1.1\nHost: x\nX: y\n\rZ: z\r\n\r\n",
        b"CONNECT evil.example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET /kirje/archive HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: eA==\r\nSec-WebSocket-Version: 13\r\n\r\n",
        b"\r\n" * 5_000,
    ],
    ids=lambda raw: repr(raw[:24]),
)
def test_what_is_no_request_ends_in_no_fault(service: Service, raw: bytes) -> None:
    heard = said(service, raw)

    assert not re.search(rb"HTTP/1\.1 5\d\d", heard)
    assert service.ask("/health/live").status == 200


def test_a_header_cannot_be_split_by_what_is_asked_for(service: Service) -> None:
    path = "/kirje/r/x%0d%0aSet-Cookie:%20a=b?%0d%0aX-Own:%201"

    answer = service.ask(path, accept="text/html")

    assert "set-cookie" not in answer.headers
    assert "x-own" not in answer.headers
