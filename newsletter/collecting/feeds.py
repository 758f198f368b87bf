"""Reads RSS and Atom into items of plain text; none of the input can be trusted."""

import calendar
import datetime as dt
import html
import io
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.utils import parsedate
from typing import Any
from urllib.parse import urlsplit

import feedparser
import nh3

from newsletter.collecting.items import Item, unique
from newsletter.content.escaping import escape_url, plain_line
from newsletter.errors import FeedError
from newsletter.language import Wording, say

MOST_ITEMS = 200  # items of one feed; the newest come first
LONGEST_TEXT = 200  # characters of a title or a summary
MOST_ATTRIBUTES = 400  # of one element; time grows with their square
MOST_NAMESPACES = 2000  # declared with a prefix; the same applies
_MARKUP = 8_000  # characters of HTML examined in a text; deep nesting costs its square
_LONG_TAG = re.compile(r"<[^<>]{400,}>")  # such as a picture embedded as data
_BLOCK = re.compile(r"<(?=/?(?:p|br|div|li|ul|ol|h[1-6]|tr|td|th|blockquote)\b)", re.IGNORECASE)
# The time zone at the end of a time; a name that the parser does not know counts as none.
_ZONE = re.compile(
    r":\d\d(?:[.,]\d+)? *(?:(?:GMT|UTC?)?[+-]\d\d(?::?\d\d)?|Z|UTC?|GMT|[AECMP][DS]?T|MES?T)"
    r"(?: *\(.*\))?$",
    re.IGNORECASE,
)
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """The contents of a feed."""

    title: str  # its own title
    items: tuple[Item, ...]
    is_broken: bool  # not well-formed; what could be read was read


def read_feed(body: bytes, *, url: str, content_type: str, name: str, zone: dt.tzinfo) -> Feed:
    """Read a feed; raise FeedError if it is not one, naming the feed that a web page links to."""
    _require_bounds(body)
    headers = {"content-location": url, "content-type": content_type}
    try:
        # The HTML that is shown is cleaned here, in a time that does not grow with nesting.
        parsed = feedparser.parse(
            io.BytesIO(body),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as err:  # parsers may fail in any way on untrusted input
        raise FeedError(say("it cannot be read as a feed")) from err
    if not parsed.get("version") and not parsed.entries:
        raise FeedError(_no_feed(parsed.feed.get("links", [])))
    title = plain_line(_words(parsed.feed.get("title_detail") or {}))
    source = name or title or str(urlsplit(url).hostname)
    newest = sorted(
        ((_moment(entry, zone), entry) for entry in parsed.entries),
        key=lambda dated: dated[0].timestamp() if dated[0] else -math.inf,
        reverse=True,
    )
    items = (_item(entry, source, moment) for moment, entry in newest[:MOST_ITEMS])
    return Feed(
        title=title,
        items=tuple(unique(item for item in items if item)),
        # A wrong encoding or media type can be corrected without loss; broken XML cannot.
        is_broken=type(parsed.get("bozo_exception")).__name__.startswith("SAX"),
    )


def shorten(text: str, length: int = LONGEST_TEXT) -> str:
    """Cut a line after a whole word, with an ellipsis."""
    if len(text) <= length:
        return text
    head, _, _ = text[:length].rpartition(" ")
    return (head if len(head) > length // 2 else text[: length - 1]).rstrip(" ,;:–-") + "…"


def _require_bounds(body: bytes) -> None:
    """Refuse input for which the parser would need more than linear time."""
    if not body.strip():
        raise FeedError(say("it is empty, and so no feed"))
    ascii_alike = body.replace(b"\0", b"")  # UTF-16 and UTF-32, too
    if ascii_alike.count(b"xmlns:") > MOST_NAMESPACES:
        raise FeedError(
            say("it declares more than {most:,} namespaces, as no feed does", most=MOST_NAMESPACES)
        )
    if any(tag[0].count(b"=") > MOST_ATTRIBUTES for tag in re.finditer(b"<[^<>]*", ascii_alike)):
        raise FeedError(
            say("an element has more than {most} attributes, as in no feed", most=MOST_ATTRIBUTES)
        )


def _no_feed(links: Iterable[Mapping[str, str]]) -> Wording:
    for link in links:
        if link.get("type") in _FEED_TYPES and escape_url(link.get("href", "")):
            url = link["href"]
            return say("it is a web page, not a feed; the page names this one: {url}", url=url)
    return say("it is not a feed; look on its site for an address of “RSS” or “Atom”")


# --- one item -----------------------------------------------------------------------------


def _item(entry: Any, source: str, moment: dt.datetime | None) -> Item | None:
    title = plain_line(_words(entry.get("title_detail") or {}))
    content = entry.get("content") or [{}]
    summary = plain_line(_words(entry.get("summary_detail") or content[0]))
    words = title or summary
    if not words:
        return None
    return Item(
        source=source,
        title=shorten(words),
        link=_link(str(entry.get("link") or "")),
        guid=plain_line(str(entry.get("id") or "")),
        date=moment.date() if moment else None,
        summary="" if summary in ("", words) else shorten(summary),
    )


def _words(detail: Mapping[str, str]) -> str:
    """Return the words of a text that may be HTML."""
    value = str(detail.get("value") or "")
    if "html" not in str(detail.get("type")):
        return value
    head = _LONG_TAG.sub(" ", value)[:_MARKUP]
    return html.unescape(nh3.clean(_BLOCK.sub(" <", head), tags=set()))


def _link(url: str) -> str:
    """Return a web address without the parameters by which sites count readers, or "".

    Nothing else changes by a byte, as it would if the query were parsed and written again.
    """
    url = url.strip()
    if not escape_url(url):
        return ""
    address, hash_sign, fragment = url.partition("#")
    path, question, query = address.partition("?")
    kept = "&".join(part for part in query.split("&") if not part.lower().startswith("utm_"))
    question = question if kept or not query else ""
    return f"{path}{question}{kept}{hash_sign}{fragment}"


def _moment(entry: Any, zone: dt.tzinfo) -> dt.datetime | None:
    """Return when an item was published; a time without a zone is in that of the newsletter."""
    for key in ("published", "created", "updated"):
        # Its own `get` would substitute one kind of date for another, with a warning.
        written = str(dict.get(entry, key) or "").strip()[:100]
        # The feed parser reads many forms of dates, but not the usual one without a time zone.
        parsed = dict.get(entry, f"{key}_parsed") or parsedate(written)
        if not parsed:
            continue
        try:
            moment = dt.datetime.fromtimestamp(calendar.timegm(parsed), dt.UTC)
            has_zone = _ZONE.search(written)
            return moment.astimezone(zone) if has_zone else moment.replace(tzinfo=zone)
        except (ValueError, OverflowError, OSError):
            continue
    return None
