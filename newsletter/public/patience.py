"""Connections that nobody can hold or fill for nothing: a request's head has a size and a time.

So has an answer that nobody reads.

uvicorn bounds neither with httptools (https://github.com/encode/uvicorn/issues/410). Bodies are
bounded by `bodies`.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

PATIENCE = 10.0  # seconds until a request's head must be there, and what follows its answer
READING = 30.0  # seconds in which something of an answer must have been read
MOST = 32_768  # bytes of a head, and of what is around the chunks of a body
_SLOW, _LARGE = (
    f"HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode()
    for status in ("408 Request Timeout", "431 Request Header Fields Too Large")
)


class PatientConnection(HttpToolsProtocol):
    """A connection that is closed if its next request's head is too long in coming, or too long."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._head_bytes = 0
        self._deadline: asyncio.TimerHandle | None = None
        self._reading: asyncio.TimerHandle | None = None
        self._is_head = True  # what comes belongs to the head of a request

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._stop_waiting()
        self._stop_watching()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Watch whether an answer that is too large to be sent at once is read."""
        super().pause_writing()
        self._watch(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """Watch no longer."""
        self._stop_watching()
        super().resume_writing()

    def data_received(self, data: bytes) -> None:
        """Pass bytes on, unless there are too many that are of no body."""
        self._head_bytes += len(data)
        if self._is_head and self._deadline is None:
            self._wait()
        super().data_received(data)
        if self._head_bytes > MOST:
            self._refuse(_LARGE)

    def on_message_begin(self) -> None:
        """Note that a head begins."""
        self._is_head = True
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; one behind a body is nothing that anybody here asks for."""
        if self._is_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Note that a head is there; how long a body is, is another's business."""
        self._is_head, self._head_bytes = False, 0
        self._stop_waiting()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Note that a body gets on."""
        self._head_bytes = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Note that what comes next is another request."""
        self._is_head, self._head_bytes = True, 0
        self._stop_waiting()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait no longer than for a head for a body that nobody reads any more."""
        super().on_response_complete()
        if not self._is_head and self.cycle.response_complete:
            self._stop_waiting()
            self._deadline = self.loop.call_later(PATIENCE, self.transport.close)

    def _wait(self) -> None:
        self._stop_waiting()
        self._deadline = self.loop.call_later(PATIENCE, self._refuse, _SLOW)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _watch(self, left: int) -> None:
        self._stop_watching()
        self._reading = self.loop.call_later(READING, self._look_again, left)

    def _look_again(self, before: int) -> None:
        left = self.transport.get_write_buffer_size()
        if left < before:
            self._watch(left)
        else:
            self.transport.abort()

    def _stop_watching(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    def _refuse(self, answer: bytes) -> None:
        self._stop_waiting()
        if not self.transport.is_closing():
            self.transport.write(answer)
            self.transport.close()
