"""Notices who follows many links of an issue at once, as no reader does."""

import time
from collections.abc import Callable

_MOST = 50_000  # followers of links that are remembered at once


class Bursts:
    """Who followed which links of an issue within the last seconds; nothing older is held."""

    def __init__(
        self, *, links: int, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = links
        self._seconds = seconds
        self._clock = clock
        self._recent: dict[object, dict[int, float]] = {}  # when each link was followed last
        self._swept = clock()

    def is_burst(self, who: object, link: int) -> bool:
        """Note that somebody follows a link; return whether they follow too many at once."""
        now = self._clock()
        if now - self._swept > self._seconds or len(self._recent) > _MOST:
            self._forget(now)
        before = self._recent.get(who, {})
        links = {n: at for n, at in before.items() if n != link and now - at <= self._seconds}
        while len(links) >= self._most:  # the latest ones are enough
            del links[next(iter(links))]
        self._recent[who] = {**links, link: now}
        return len(links) + 1 >= self._most

    def _forget(self, now: float) -> None:
        span = self._seconds
        self._recent = {
            who: links for who, links in self._recent.items() if now - max(links.values()) <= span
        }
        if len(self._recent) > _MOST:
            self._recent = {}
        self._swept = now
