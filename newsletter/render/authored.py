"""Finds the links of a page that its author wrote, and which of them may lead there through us."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from typing import NamedTuple

from newsletter.model import AuthoredLink, Edition

_PART = re.compile(
    r'<a\b[^>]*?\shref="(?P<url>[^"]*)"[^>]*>(?P<words>.*?)</a>'
    r"|<h(?P<level>[1-6])\b[^>]*>(?P<heading>.*?)</h(?P=level)>",
    re.DOTALL | re.IGNORECASE,
)
_ANCHOR = re.compile(r'<a\b[^>]*?\shref="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL | re.IGNORECASE)
_ALT = re.compile(r'<img\b[^>]*?\salt="([^"]*)"', re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>|[\u00ad\u200b]")
_SPACE = re.compile(r"\s+")
# Words that are an address: were that to differ from where they lead, it would look like a fraud.
_ADDRESS = re.compile(r"\w://|\bwww\.|^[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:/\S*)?$", re.IGNORECASE)
_PAGE = re.compile(r"https?://", re.IGNORECASE)
_LONGEST = 200  # letters of words and headings that are kept


class _Anchor(NamedTuple):
    """A link of a page."""

    url: str
    words: str
    section: str
    is_authored: bool


def list_authored_links(edition: Edition, public_url: str) -> tuple[AuthoredLink, ...]:
    """Return the pages that the author's words lead to, each once, in the order of the page.

    Not those that a template alone writes, such as the ways to leave and to the imprint, nor those
    that are made for each reader. None leads through us that a template writes, too, that is the
    newsletter's own or is read as an address.
    """
    markers = [slot.marker for slot in edition.slots]
    found: dict[str, AuthoredLink] = {}
    barred = set[str]()
    for anchor in _anchors(edition):
        if not anchor.is_authored or _ADDRESS.search(anchor.words):
            barred.add(anchor.url)
        is_page = bool(_PAGE.match(anchor.url)) and not any(m in anchor.url for m in markers)
        known = found.get(anchor.url)
        if anchor.is_authored and is_page and (known is None or not known.words):
            section = known.section if known else anchor.section
            found[anchor.url] = AuthoredLink(url=anchor.url, words=anchor.words, section=section)
    barred |= {url for url in found if url.startswith(f"{public_url}/")}
    return tuple(replace(link, leads=url not in barred) for url, link in found.items())


def _anchors(edition: Edition) -> Iterator[_Anchor]:
    """Yield the links of a page, each with the author's heading above it."""
    offsets = [at for at, _ in edition.places]
    section = ""
    for part in _PART.finditer(edition.html):
        place = bisect_right(offsets, part.start()) - 1
        is_authored = place >= 0 and edition.places[place][1] > 0
        if part["level"] is None:
            yield _Anchor(unescape(part["url"]), _words(part["words"]), section, is_authored)
            continue
        if is_authored:
            section = _words(part["heading"])
        for anchor in _ANCHOR.finditer(part["heading"]):  # a heading that leads somewhere
            yield _Anchor(unescape(anchor[1]), _words(anchor[2]), section, is_authored)


def _words(html: str) -> str:
    """Return what is read of a part of a page: the texts of its pictures, if it has no words."""
    words = _TAG.sub("", html)
    if not words.strip():
        words = " ".join(_ALT.findall(html))
    return _SPACE.sub(" ", unescape(words)).strip()[:_LONGEST]
