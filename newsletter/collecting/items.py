"""One piece of news as a feed offers it, and the days an editor asks for."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A piece of news, in plain text."""

    source: str  # whose news it is, as the editor or else the feed calls it
    title: str
    link: str  # a web address; empty where the feed gives none
    date: dt.date | None  # on the newsletter's own calendar; None where the feed gives none
    summary: str  # one line

    @property
    def key(self) -> str:
        """Return what two copies of the same news have in common."""
        if not self.link:
            return f"{self.source}: {self.title}"
        parts = urlsplit(self.link)
        query = f"?{parts.query}" if parts.query else ""
        host = (parts.netloc or "").lower().removeprefix("www.")
        return f"{host}{parts.path.rstrip('/')}{query}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The days whose news are wanted."""

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
        """Tell whether an item is wanted; one without a date may be."""
        if item.date is None:
            return True
        return self.first <= item.date and (self.last is None or item.date <= self.last)


def unique(items: Iterable[Item]) -> list[Item]:
    """Return each piece of news once, as it came first."""
    found: dict[str, Item] = {}
    for item in items:
        found.setdefault(item.key, item)
    return list(found.values())
