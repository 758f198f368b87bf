"""Finds the links of a page that its author wrote, and which of them may lead there through us."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from typing import NamedTuple

from newsletter.model import MEMBER_SLOTS, AuthoredLink, Edition

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
    says_who: bool  # whether it tells a page of ours who reads


def list_authored_links(edition: Edition, public_url: str) -> tuple[AuthoredLink, ...]:
    """Return the pages that the author's words lead to, each once, in the order of the page.

    Not those that a template alone writes, such as the ways to leave and to the imprint, nor those
    that are made for each reader. None leads through us that a template writes, too, that is the
    newsletter's own or is read as an address; but those to its meetings and surveys do, without
    what they say of their reader.
    """
    markers = [slot.marker for slot in edition.slots if slot.name not in MEMBER_SLOTS]
    found: dict[str, AuthoredLink] = {}
    barred = set[str]()
    for anchor in _anchors(edition):
        is_own = anchor.url.startswith(f"{public_url}/") and not anchor.says_who
        if not anchor.is_authored or is_own or _ADDRESS.search(anchor.words):
            barred.add(anchor.url)
        is_page = bool(_PAGE.match(anchor.url)) and not any(m in anchor.url for m in markers)
        known = found.get(anchor.url)
        if anchor.is_authored and is_page and (known is None or not known.words):
            section = known.section if known else anchor.section
            found[anchor.url] = AuthoredLink(url=anchor.url, words=anchor.words, section=section)
    return tuple(replace(link, leads=url not in barred) for url, link in found.items())


def _anchors(edition: Edition) -> Iterator[_Anchor]:
    """Yield the links of a page, each with the author's heading above it."""
    offsets = [at for at, _ in edition.places]
    members = [slot.marker for slot in edition.slots if slot.name in MEMBER_SLOTS]
    section = ""

    def anchor_of(url: str, words: str, *, is_authored: bool) -> _Anchor:
        plain = unescape(url)
        for marker in members:
            plain = plain.replace(marker, "")
        return _Anchor(plain, _words(words), section, is_authored, plain != unescape(url))

    for part in _PART.finditer(edition.html):
        place = bisect_right(offsets, part.start()) - 1
        is_authored = place >= 0 and edition.places[place][1] > 0
        if part["level"] is None:
            yield anchor_of(part["url"], part["words"], is_authored=is_authored)
            continue
        if is_authored:
            section = _words(part["heading"])
        for anchor in _ANCHOR.finditer(part["heading"]):  # a heading that leads somewhere
            yield anchor_of(anchor[1], anchor[2], is_authored=is_authored)


def _words(html: str) -> str:
    """Return what is read of a part of a page: the texts of its pictures, if it has no words."""
    words = _TAG.sub("", html)
    if not words.strip():
        words = " ".join(_ALT.findall(html))
    return _SPACE.sub(" ", unescape(words)).strip()[:_LONGEST]
