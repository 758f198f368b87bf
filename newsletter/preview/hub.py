"""Open pages and what they are sent: a stream of server-sent events for each."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from newsletter.preview.views import View

_SILENCE = 20.0  # seconds; then a comment shows that the connection is alive


@dataclass(frozen=True, slots=True, eq=False)
class Stream:
    """An open page that waits for news."""

    view: View | None  # None: the list of issues
    loop: asyncio.AbstractEventLoop = field(repr=False)
    spoken: Callable[[], str] = field(repr=False)  # the language the preview speaks now
    queue: asyncio.Queue[str | None] = field(default_factory=asyncio.Queue, repr=False)

    @property
    def issue(self) -> str:
        """Return the issue that the page shows; empty for the list of issues."""
        return self.view.issue if self.view else ""

    def push(self, event: str, data: Mapping[str, Any]) -> None:
        """Send news to the page, and the language it should use; may be called from any thread."""
        told = {**data, "spoken": self.spoken()}
        text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
        self._put(f"event: {event}\ndata: {text}\n\n")

    def end(self) -> None:
        """End the stream."""
        self._put(None)

    async def lines(self) -> AsyncIterator[str]:
        """Yield the lines to write, until the stream ends."""
        yield "retry: 400\n\n"
        while True:
            try:
                item = await asyncio.wait_for(self.queue.get(), _SILENCE)
            except TimeoutError:
                item = ":\n\n"
            if item is None:
                return
            yield item

    def _put(self, item: str | None) -> None:
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.queue.put_nowait, item)


class Hub:
    """All open streams, the newest first."""

    def __init__(self, spoken: Callable[[], str]) -> None:
        self._spoken = spoken
        self.loop: asyncio.AbstractEventLoop | None = None  # set when the server runs
        self._streams: list[Stream] = []
        self._is_closed = False
        self._lock = Lock()

    def open(self, view: View | None) -> Stream:
        """Open a stream for a page."""
        assert self.loop is not None  # noqa: S101 - requests come when the server runs
        stream = Stream(view, self.loop, self._spoken)
        with self._lock:
            self._streams.insert(0, stream)
        if self._is_closed:
            stream.end()
        return stream

    def close(self, stream: Stream) -> None:
        """Forget a page that was closed."""
        with self._lock:
            if stream in self._streams:
                self._streams.remove(stream)

    def streams(self) -> list[Stream]:
        """Return the streams that are open now."""
        with self._lock:
            return list(self._streams)

    def end_all(self) -> None:
        """End all streams, as the server stops."""
        self._is_closed = True
        for stream in self.streams():
            stream.end()
