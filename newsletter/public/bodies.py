"""Reads what is posted, whole and bounded, before an endpoint has it.

Endpoints are plain functions, run in threads, which cannot wait for a body themselves.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
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
_DRAINED = 6  # times what is kept that is read to its end, so that a browser hears the answer
Form = ImmutableMultiDict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How much may be posted at a place."""

    most: int = MOST  # bytes
    # A form with a picture: there is more time for it, few are read at once, and of what is too
    # large the beginning is kept, so that what was typed is not lost.
    has_picture: bool = False
    seconds: float = 0  # for the whole of it; 0: as for any form


class Bodies:
    """Middleware that keeps a request's body for `body_of`."""

    def __init__(self, app: ASGIApp, *, most: Mapping[str, Room], at_once: int = 8) -> None:
        """Take as much as each beginning of a path may have, and else as much as a form."""
        self._app = app
        self._most = most
        self._pictures_left = at_once  # that may be on their way; all run in one thread

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body, and pass the request on with it."""
        if scope["type"] != "http" or scope["method"] in _WITHOUT:
            await self._app(scope, receive, send)
            return
        at = (room for start, room in self._most.items() if scope["path"].startswith(start))
        room = next(at, Room())
        kept = bytearray()
        body: bytes | int
        try:
            async with asyncio.timeout(room.seconds or _PATIENCE):
                status = await self._read(receive, room, kept)
        except TimeoutError:
            status = 408
        body = status or bytes(kept)
        state = scope.setdefault("state", {})
        state["body"] = body
        state["beginning"] = bytes(kept[:MOST]) if status and room.has_picture else b""
        message: Message = {"type": "http.request", "body": b"" if status else body}

        async def receive_again() -> Message:
            nonlocal message
            if message["type"] != "http.request":
                return await receive()
            told, message = message, {"type": "read"}
            return told

        await self._app(scope, receive_again, send)

    async def _read(self, receive: Receive, room: Room, kept: bytearray) -> int:
        """Read a body into `kept`; return 0, or the status that refuses it."""
        length, status, is_picture = 0, 0, False
        try:
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return 400
                piece = message.get("body", b"")
                length += len(piece)
                if length > MOST and room.has_picture and not (is_picture or status):
                    is_picture = self._pictures_left > 0
                    self._pictures_left -= is_picture
                    status = 0 if is_picture else 503
                if length > room.most:
                    status = 413
                if not status:
                    kept += piece
                elif not room.has_picture or length > _DRAINED * room.most:
                    return status
                else:
                    del kept[MOST:]
                if not message.get("more_body", False):
                    return status
        finally:
            self._pictures_left += is_picture


def body_of(request: Request) -> bytes:
    """Return what was posted; raise HTTPException for what was too large, or too slow."""
    body: bytes | int = getattr(request.state, "body", b"")
    if isinstance(body, int):
        raise HTTPException(body, headers=_CLOSE)
    return body


def beginning_of(request: Request) -> bytes:
    """Return the beginning of what was posted and refused, where it has a picture."""
    beginning: bytes = getattr(request.state, "beginning", b"")
    return beginning


def form_of(request: Request, *, most_fields: int = _MOST_FIELDS) -> Form:
    """Return the fields of a form; raise HTTPException for what is none."""
    text = body_of(request).decode("utf-8", "replace").replace("\0", "")
    try:
        fields = parse_qsl(text, keep_blank_values=True, max_num_fields=most_fields)
    except ValueError as err:
        raise HTTPException(400) from err
    # A field may spell a zero byte, which PostgreSQL refuses.
    return Form([(name.replace("\0", ""), value.replace("\0", "")) for name, value in fields])
