"""Visits many links at once, at most two on one host, and only as long as agreed."""

import queue
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, zip_longest

from newsletter.checking.instruments import host_of
from newsletter.checking.online.memory import Visit
from newsletter.net import Ask, Reply, Request

_THREADS = 8
_PER_HOST = 2  # requests at once

Go = Callable[[str, Ask], Visit]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long visiting may take, and who is told about the progress."""

    budget: float = 90.0  # seconds for all links together
    clock: Callable[[], float] = time.monotonic
    progress: Callable[[int, int], None] = lambda _done, _of: None


def visit_each(urls: list[str], *, go: Go, fetch: Ask, pace: Pace) -> dict[str, Visit]:
    """Return the visits that were finished when the time was up."""
    crowd = _Visitors(urls, go, fetch)
    deadline = pace.clock() + pace.budget
    for _ in range(min(_THREADS, len(urls))):
        # A daemon, so that a server that keeps it waiting does not keep the program from ending.
        threading.Thread(target=crowd.work, daemon=True).start()
    visits: dict[str, Visit] = {}
    while len(visits) < len(urls) and (left := deadline - pace.clock()) > 0:
        pace.progress(len(visits), len(urls))
        try:
            url, visit = crowd.done.get(timeout=min(left, 1.0))
        except queue.Empty:
            continue
        visits[url] = visit
    crowd.stopped.set()
    return visits


class _Visitors:
    """What the threads share: the waiting links, the visits made, a semaphore for each host."""

    def __init__(self, urls: list[str], go: Go, fetch: Ask) -> None:
        self.done: queue.SimpleQueue[tuple[str, Visit]] = queue.SimpleQueue()
        self.stopped = threading.Event()
        self._waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
        for url in _spread(urls):
            self._waiting.put(url)
        self._go, self._fetch = go, fetch
        self._doors: dict[str, threading.Semaphore] = {}
        self._building = threading.Lock()

    def work(self) -> None:
        """Visit links until none is waiting."""
        while not self.stopped.is_set():
            try:
                url = self._waiting.get_nowait()
            except queue.Empty:
                return
            self.done.put((url, self._go(url, self._ask)))

    def _ask(self, request: Request) -> Reply:
        with self._building:
            door = self._doors.setdefault(host_of(request.url), threading.Semaphore(_PER_HOST))
        with door:
            return self._fetch(request)


def _spread(urls: list[str]) -> Iterator[str]:
    """Yield links so that those on one host are far apart, and threads need not wait for it."""
    hosts: defaultdict[str, list[str]] = defaultdict(list)
    for url in urls:
        hosts[host_of(url)].append(url)
    return (url for url in chain.from_iterable(zip_longest(*hosts.values())) if url)
