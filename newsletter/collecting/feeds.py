"""Reads RSS and Atom into items of plain text; strangers wrote every byte of it."""

import calendar
import datetime as dt
import html
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import feedparser
import nh3

from newsletter.collecting.items import Item, unique
from newsletter.content.escaping import escape_url, plain_line
from newsletter.errors import FeedError

MOST_ITEMS = 200  # of one feed; the newest come first
LONGEST_TEXT = 200  # characters of a title or a summary
_BLOCK = re.compile(r"<(?=/?(?:p|br|div|li|ul|ol|h[1-6]|tr|td|th|blockquote)\b)", re.IGNORECASE)
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What a feed holds."""

    title: str  # as it calls itself
    items: tuple[Item, ...]
    is_broken: bool  # it is not well-formed; what could be read was read


def read_feed(body: bytes, *, url: str, content_type: str, name: str, zone: dt.tzinfo) -> Feed:
    """Read a feed; raise FeedError if it is none, naming the feed that a web page names."""
    headers = {"content-location": url, "content-type": content_type}
    try:
        parsed = feedparser.parse(io.BytesIO(body), response_headers=headers)
    except Exception as err:  # a parser of whatever strangers write may stumble anyhow
        raise FeedError("it cannot be read as a feed") from err
    if not parsed.get("version") and not parsed.entries:
        raise FeedError(_no_feed(parsed.feed.get("links", [])))
    title = plain_line(_words(parsed.feed.get("title_detail") or {}))
    source = name or title or str(urlsplit(url).hostname)
    items = (_item(entry, source, zone) for entry in parsed.entries[:MOST_ITEMS])
    return Feed(
        title=title,
        items=tuple(unique(item for item in items if item)),
        # A wrong encoding or media type is mended without loss; broken XML is not.
        is_broken=type(parsed.get("bozo_exception")).__name__.startswith("SAX"),
    )


def shorten(text: str, length: int = LONGEST_TEXT) -> str:
    """Cut a line after a whole word, with an ellipsis."""
    if len(text) <= length:
        return text
    head, _, _ = text[:length].rpartition(" ")
    return (head if len(head) > length // 2 else text[: length - 1]).rstrip(" ,;:–-") + "…"


def _no_feed(links: Iterable[Mapping[str, str]]) -> str:
    for link in links:
        if link.get("type") in _FEED_TYPES and escape_url(link.get("href", "")):
            return f"it is a web page, not a feed; the page names this one: {link['href']}"
    return "it is no feed; look on its site for an address of “RSS” or “Atom”"


# --- one item -----------------------------------------------------------------------------


def _item(entry: Any, source: str, zone: dt.tzinfo) -> Item | None:
    title = plain_line(_words(entry.get("title_detail") or {}))
    content = entry.get("content") or [{}]
    summary = plain_line(_words(entry.get("summary_detail") or content[0]))
    link = _link(str(entry.get("link") or ""))
    words = title or summary
    if not words:
        return None
    return Item(
        source=source,
        title=shorten(words),
        link=link,
        date=_date(entry, zone),
        summary="" if summary in ("", words) else shorten(summary),
    )


def _words(detail: Mapping[str, str]) -> str:
    """Return the words of a text that may be HTML."""
    value = str(detail.get("value") or "")
    if "html" not in str(detail.get("type")):
        return value
    return html.unescape(nh3.clean(_BLOCK.sub(" <", value), tags=set()))


def _link(url: str) -> str:
    """Return a web address without the marks by which its site counts readers; else nothing."""
    if not escape_url(url):
        return ""
    parts = urlsplit(url.strip())
    if "utm_" in parts.query:
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        parts = parts._replace(query=urlencode([p for p in pairs if not p[0].startswith("utm_")]))
    return urlunsplit(parts)


def _date(entry: Any, zone: dt.tzinfo) -> dt.date | None:
    for key in ("published_parsed", "created_parsed", "updated_parsed"):
        # Its own `get` would give the day of one kind for that of another, with a warning.
        if moment := dict.get(entry, key):
            try:
                return dt.datetime.fromtimestamp(calendar.timegm(moment), zone).date()
            except (ValueError, OverflowError, OSError):
                continue
    return None
