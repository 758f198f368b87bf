"""What is posted is read whole, in time and within bounds, or refused."""

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from newsletter.public.bodies import MOST, Bodies, Room, beginning_of, body_of, form_of


def _posted(pieces: Iterable[bytes], path: str = "/c/x") -> Request:
    """Return a request as an endpoint has it, after its body came in pieces."""
    told = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    told[-1]["more_body"] = False
    scope: dict[str, Any] = {"type": "http", "method": "POST", "path": path, "headers": []}

    async def receive() -> Message:
        return told.pop(0)

    async def send(_message: Message) -> None:
        return None

    async def endpoint(asked: Scope, again: Receive, _send: Send) -> None:
        asked["heard"] = (await again())["body"]

    asyncio.run(Bodies(endpoint, most={"/w/": Room(most=3 * MOST)})(scope, receive, send))
    return Request(scope)


def test_a_form_has_its_fields_however_it_came_in() -> None:
    request = _posted([b"email=a%40b.fi&region=1&reg", b"ion=2&note=", b"%00x\0"])

    form = form_of(request)

    assert form["email"] == "a@b.fi"
    assert form.getlist("region") == ["1", "2"]
    assert form["note"] == "x"
    assert request.scope["heard"] == body_of(request)


@pytest.mark.parametrize(
    ("pieces", "path", "status"),
    [
        ([b"x" * MOST, b"x"], "/c/x", 413),
        ([b"x" * MOST] * 4, "/w/x", 413),
        ([b"&".join([b"a=1"] * 200)], "/c/x", 400),
    ],
)
def test_what_is_too_much_is_refused(pieces: list[bytes], path: str, status: int) -> None:
    with pytest.raises(HTTPException) as refused:
        form_of(_posted(pieces, path))

    assert refused.value.status_code == status


def test_a_place_may_take_more_than_a_form() -> None:
    assert len(body_of(_posted([b"x" * MOST] * 3, "/w/x"))) == 3 * MOST


def test_nobody_is_waited_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsletter.public.bodies._PATIENCE", 0.01)
    scope: dict[str, Any] = {"type": "http", "method": "POST", "path": "/c/x", "headers": []}

    async def receive() -> Message:
        await asyncio.Event().wait()
        return {}

    async def send(_message: Message) -> None:
        return None

    async def endpoint(_asked: Scope, _again: Receive, _send: Send) -> None:
        return None

    asyncio.run(Bodies(endpoint, most={})(scope, receive, send))

    with pytest.raises(HTTPException) as refused:
        body_of(Request(scope))
    assert refused.value.status_code == 408


def _pictured(pieces: Iterable[bytes], *, at_once: int) -> Request:
    """Return a request with a form that may have a picture, as an endpoint has it."""
    told = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    told[-1]["more_body"] = False
    scope: dict[str, Any] = {"type": "http", "method": "POST", "path": "/x", "headers": []}

    async def receive() -> Message:
        return told.pop(0)

    async def endpoint(_asked: Scope, _again: Receive, _send: Send) -> None:
        return None

    async def send(_message: Message) -> None:
        return None

    room = Room(most=3 * MOST, has_picture=True, seconds=60)
    asyncio.run(Bodies(endpoint, most={"/x": room}, at_once=at_once)(scope, receive, send))
    return Request(scope)


@pytest.mark.parametrize(
    ("pieces", "at_once", "status"),
    [
        pytest.param([b"x" * MOST] * 4, 8, 413, id="too large"),
        pytest.param([b"x" * MOST] * 2, 0, 503, id="one too many at a time"),
    ],
)
def test_of_a_picture_that_is_refused_the_beginning_is_kept(
    pieces: list[bytes], at_once: int, status: int
) -> None:
    request = _pictured(pieces, at_once=at_once)

    assert len(beginning_of(request)) == MOST
    with pytest.raises(HTTPException) as refused:
        body_of(request)
    assert refused.value.status_code == status


def test_words_alone_need_no_turn_among_pictures() -> None:
    assert body_of(_pictured([b"text=x"], at_once=0)) == b"text=x"
