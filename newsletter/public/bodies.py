"""Reads what is posted, whole and bounded, before an endpoint has it.

Endpoints are plain functions, run in threads, which cannot wait for a body themselves.
"""

import asyncio
from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.datastructures import ImmutableMultiDict
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST = 65_536  # bytes of a form
_MOST_FIELDS = 100
_PATIENCE = 20  # seconds for the whole of it
_WITHOUT = ("GET", "HEAD", "OPTIONS")
_CLOSE = {"Connection": "close"}  # nobody reads the rest
Form = ImmutableMultiDict[str, str]


class Bodies:
    """Middleware that keeps a request's body for `body_of`."""

    def __init__(self, app: ASGIApp, *, most: Mapping[str, int]) -> None:
        """Take as much as each beginning of a path may have, and else as much as a form."""
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body, and pass the request on with it."""
        if scope["type"] != "http" or scope["method"] in _WITHOUT:
            await self._app(scope, receive, send)
            return
        most = next((n for start, n in self._most.items() if scope["path"].startswith(start)), MOST)
        body: bytes | int
        try:
            async with asyncio.timeout(_PATIENCE):
                body = await _read(receive, most)
        except TimeoutError:
            body = 408
        scope.setdefault("state", {})["body"] = body
        message: Message = {"type": "http.request", "body": b"" if isinstance(body, int) else body}

        async def receive_again() -> Message:
            nonlocal message
            if message["type"] != "http.request":
                return await receive()
            told, message = message, {"type": "read"}
            return told

        await self._app(scope, receive_again, send)


async def _read(receive: Receive, most: int) -> bytes | int:
    """Return a body, or the status that refuses it."""
    parts, length = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return 400
        parts.append(message.get("body", b""))
        length += len(parts[-1])
        if length > most:
            return 413
        if not message.get("more_body", False):
            return b"".join(parts)


def body_of(request: Request) -> bytes:
    """Return what was posted; raise HTTPException for what was too large, or too slow."""
    body: bytes | int = getattr(request.state, "body", b"")
    if isinstance(body, int):
        raise HTTPException(body, headers=_CLOSE)
    return body


def form_of(request: Request) -> Form:
    """Return the fields of a form; raise HTTPException for what is none."""
    text = body_of(request).decode("utf-8", "replace").replace("\0", "")
    try:
        fields = parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as err:
        raise HTTPException(400) from err
    # A field may spell a zero byte, which PostgreSQL refuses.
    return Form([(name.replace("\0", ""), value.replace("\0", "")) for name, value in fields])
