"""Notices who follows many links of an issue at once, as no reader does."""

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import NamedTuple

_MOST = 50_000  # followers of links that are remembered at once


class Bursts:
    """Who followed which links of an issue within the last seconds; nothing older is held."""

    def __init__(
        self, *, links: int, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = links
        self._seconds = seconds
        self._clock = clock
        self._recent: dict[object, tuple[float, frozenset[int]]] = {}
        self._swept = clock()

    def is_burst(self, who: object, link: int) -> bool:
        """Note that somebody follows a link; return whether they follow too many at once."""
        now = self._clock()
        if now - self._swept > self._seconds or len(self._recent) > _MOST:
            self._forget(now)
        begun, links = self._recent.get(who, (now, frozenset[int]()))
        if now - begun > self._seconds:
            begun, links = now, frozenset()
        links |= {link}
        self._recent[who] = begun, links
        return len(links) >= self._most

    def _forget(self, now: float) -> None:
        span = self._seconds
        self._recent = {w: seen for w, seen in self._recent.items() if now - seen[0] <= span}
        if len(self._recent) > _MOST:
            self._recent = {}
        self._swept = now


class Followed(NamedTuple):
    """A link of a copy that was followed, as a provider tells of it."""

    copy: Hashable  # whose
    link: str
    at: dt.datetime


def find_bursts(followed: Sequence[Followed], *, links: int, seconds: float) -> set[int]:
    """Return which of these, by their places, belong to so many links within the seconds.

    It goes by when they were followed, so that it is the same in whatever order they are told.
    """
    places: dict[Hashable, list[int]] = {}
    for place, one in enumerate(followed):
        places.setdefault(one.copy, []).append(place)
    found = set[int]()
    for own in places.values():
        if len(own) >= links:
            own.sort(key=lambda place: followed[place].at)
            found.update(_crowded(own, followed, links, dt.timedelta(seconds=seconds)))
    return found


def _crowded(
    own: Sequence[int], followed: Sequence[Followed], links: int, span: dt.timedelta
) -> Iterator[int]:
    """Yield the places of one copy around which enough others are, each perhaps several times."""
    within: Counter[str] = Counter()
    first = yielded = 0
    for last, place in enumerate(own):
        within[followed[place].link] += 1
        while followed[place].at - followed[own[first]].at > span:
            within -= Counter([followed[own[first]].link])
            first += 1
        if len(within) >= links:
            yield from own[max(first, yielded) : last + 1]
            yielded = last + 1
