"""Nobody holds a connection by saying little, or fills memory by saying much."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from newsletter.public import patience
from newsletter.public.patience import PatientConnection
from tests.waiting import PATIENCE

GOOD = b"GET / HTTP/1.1\r\nHost: news.example.org\r\n\r\n"


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    while (await receive()).get("more_body"):
        pass
    headers = [(b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"ok"})


@asynccontextmanager
async def served(
    app: ASGIApp = answer, kind: type[PatientConnection] = PatientConnection
) -> AsyncIterator[int]:
    config = uvicorn.Config(app, http=kind, ws="none", lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as bound:
        config.load()
        server.lifespan = config.lifespan_class(config)
        await server.startup([bound])
        try:
            yield bound.getsockname()[1]
        finally:
            await server.shutdown([bound])


async def said(port: int, *parts: bytes) -> bytes:
    """Say this, and return what is answered until the connection ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
        return await reader.read()
    except ConnectionError:  # it was closed while more was written
        return b""
    finally:
        writer.close()


@pytest.mark.parametrize(
    "parts",
    [(), (b"GET / HT",), (GOOD[:-2], b"X-More: 1\r\n")],
    ids=["nothing", "a beginning", "a head without an end"],
)
def test_who_says_too_little_is_sent_away(
    parts: tuple[bytes, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "PATIENCE", 0.05)

    async def hold() -> bytes:
        async with served() as port:
            return await said(port, *parts)

    assert asyncio.run(hold()).startswith(b"HTTP/1.1 408 ")


def test_who_says_too_much_is_sent_away() -> None:
    async def flood() -> bytes:
        async with served() as port:
            line = b"X-More: " + b"x" * 8_000 + b"\r\n"
            return await said(port, GOOD[:-2], *[line] * 100)

    assert asyncio.run(flood()).split(b"\r\n")[0] in (
        b"HTTP/1.1 431 Request Header Fields Too Large",
        b"",
    )


CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("begun", "more"),
    [
        (b"0\r\n", b"X-More: " + b"x" * 8_000 + b"\r\n"),
        (b"0\r\nX-More: ", b"x" * 8_000),
        (b"5", b";more=" + b"x" * 8_000),
    ],
    ids=["trailers", "one trailer", "what is said of a chunk"],
)
def test_who_says_too_much_around_a_body_is_sent_away(begun: bytes, more: bytes) -> None:
    async def flood() -> bytes:
        async with served() as port:
            return await said(port, CHUNKED + begun, *[more] * 100)

    assert asyncio.run(flood()).split(b"\r\n")[0] in (
        b"HTTP/1.1 431 Request Header Fields Too Large",
        b"",
    )


def test_a_header_behind_a_body_is_none() -> None:
    async def hear(scope: Scope, receive: Receive, send: Send) -> None:
        await answer(scope, receive, send)
        told.extend(name for name, _ in scope["headers"])

    async def ask() -> None:
        async with served(hear) as port:
            last = CHUNKED.replace(b"Host", b"Connection: close\r\nHost")
            await said(port, last + b"2\r\nok\r\n0\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n")

    told: list[bytes] = []
    asyncio.run(ask())

    assert told == [b"connection", b"host", b"transfer-encoding"]


def test_a_body_without_an_end_holds_nobody_once_it_is_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(patience, "PATIENCE", 0.05)

    async def at_once(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def hold() -> bytes:
        async with served(at_once) as port:
            return await said(port, CHUNKED.replace(b"POST", b"GET"), b"1\r\nx\r\n")

    assert asyncio.run(hold()).startswith(b"HTTP/1.1 204 ")


SIZE = 8_000_000  # more than the buffers of any system hold


@pytest.mark.parametrize("reads", [True, False])
def test_an_answer_that_nobody_reads_is_kept_for_nobody(
    *, reads: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "READING", 0.05)
    gone = asyncio.Event()

    class Told(PatientConnection):
        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            gone.set()

    async def much(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": bytes(SIZE)})

    async def read_slowly() -> int:
        async with served(much, Told) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1_000)
            writer.write(GOOD.replace(b"Host", b"Connection: close\r\nHost"))
            if not reads:  # until the service gives up
                await asyncio.wait_for(gone.wait(), PATIENCE)
            heard = 0
            with suppress(ConnectionError):
                while data := await reader.read(65_536):
                    heard += len(data)
            writer.close()
            return heard

    assert (asyncio.run(read_slowly()) > SIZE) is reads


def test_one_connection_serves_many_requests_however_they_are_cut() -> None:
    async def ask_twice() -> bytes:
        async with served() as port:
            last = GOOD.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
            post = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 40000\r\n\r\n" + b"x" * 40_000
            return await said(port, GOOD[:9], GOOD[9:], post, last)

    assert asyncio.run(ask_twice()).count(b"HTTP/1.1 200 OK") == 3
