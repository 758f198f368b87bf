"""One piece of news as a feed offers it, and the days an editor asks for."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A piece of news, in plain text."""

    source: str  # its source, as the editor or else the feed calls it
    title: str
    link: str  # a web address; empty if the feed gives none
    guid: str = ""  # the feed's own id for it; empty if the feed gives none
    date: dt.date | None  # in the newsletter's time zone; None if the feed gives none
    summary: str  # one line
    found: tuple[str, ...] = ()  # which of the words that are looked for it has
    near: float = 0.0  # how near it is to issues of the past; at most 1

    @property
    def key(self) -> str:
        """Return what identifies this piece of news, on three lines."""
        return f"{self._place}\n{self.source}\n{self.guid}"

    @property
    def _place(self) -> str:
        if not self.link:
            return f"{self.source}: {self.title}"
        parts = urlsplit(self.link)
        query = f"?{parts.query}" if parts.query else ""
        fragment = f"#{parts.fragment}" if parts.fragment else ""
        host = (parts.netloc or "").lower().removeprefix("www.")
        return f"{host}{parts.path.rstrip('/')}{query}{fragment}"


class Seen:
    """The pieces of news seen so far, by their keys.

    One address is one piece of news, whoever links to it. Only a feed with ids of its own, such as
    one whose items all lead to the same page, has two pieces of news at one address.
    """

    def __init__(self, keys: Iterable[str] = ()) -> None:
        self._guids: defaultdict[str, set[str]] = defaultdict(set)  # by address; "" is one, too
        self._sources: defaultdict[str, set[str]] = defaultdict(set)
        for key in keys:
            self.add(key)

    def __contains__(self, key: str) -> bool:
        place, source, guid = _parts(key)
        if place not in self._sources:
            return False
        is_apart = guid and self._sources[place] == {source} and "" not in self._guids[place]
        return not is_apart or guid in self._guids[place]

    def add(self, key: str) -> None:
        """Record a piece of news as seen."""
        place, source, guid = _parts(key)
        self._guids[place].add(guid)
        self._sources[place].add(source)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The days whose news is wanted."""

    first: dt.date
    last: dt.date | None = None  # None: no end

    @classmethod
    def of_month(cls, text: str) -> "Window":
        """Return the days of a month such as "2026-12"; raise ValueError for anything else."""
        if not re.fullmatch(r"\d{4}-\d{2}", text):
            raise ValueError(text)
        first = dt.date.fromisoformat(f"{text}-01")
        after = (first + dt.timedelta(days=31)).replace(day=1)
        return cls(first=first, last=after - dt.timedelta(days=1))

    def holds(self, item: Item) -> bool:
        """Return whether an item is wanted; one without a date may be."""
        if item.date is None:
            return True
        return self.first <= item.date and (self.last is None or item.date <= self.last)


def unique(items: Iterable[Item]) -> list[Item]:
    """Return each piece of news once, as it first came."""
    seen, found = Seen(), []
    for item in items:
        if item.key not in seen:
            seen.add(item.key)
            found.append(item)
    return found


def _parts(key: str) -> tuple[str, str, str]:
    place, _, rest = key.partition("\n")
    source, _, guid = rest.partition("\n")
    return place, source, guid
