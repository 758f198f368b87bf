"""Lists the sections of an issue: each entry is one link, so it contains no other link."""

import re
from dataclasses import replace
from html import unescape

from newsletter.model import Heading, Issue, walk

_FEWEST = 4  # sections that make a table of contents worthwhile
_ATTRIBUTES = r'(?:\s+[\w:-]+="[^"]*")*\s*/?'  # as in cleaned HTML
_LINK = re.compile(rf"</?a{_ATTRIBUTES}>")
_PICTURE = re.compile(rf"<img{_ATTRIBUTES}>")
_NOTE = re.compile(r'\s*<sup class="footnote">.*?</sup>', re.S)
_ALT = re.compile(r'\salt="([^"]*)"')
_BREAK = re.compile(r"\s*<br\s*/?>\s*")
_TAG = re.compile(r"<[^>]*>")


def list_contents(issue: Issue) -> list[Heading]:
    """Return the sections for a table of contents; none for fewer than four."""
    sections = [b for b in issue.blocks if isinstance(b, Heading) and b.begins_section]
    entries = [replace(heading, html=_entry(heading.html)) for heading in sections]
    if len(entries) < _FEWEST:
        return []
    return [entry for entry in entries if unescape(_TAG.sub("", entry.html)).strip()]


def list_headings(issue: Issue) -> list[Heading]:
    """Return all headings, only with their words."""
    headings = [block for block in walk(issue.blocks) if isinstance(block, Heading)]
    return [replace(heading, html=_entry(heading.html)) for heading in headings]


def _entry(html: str) -> str:
    """Return only the words of a heading: links, footnotes and pictures stay where it is."""
    html = _PICTURE.sub(_words_of, _NOTE.sub("", html))
    return _BREAK.sub(" ", _LINK.sub("", html)).strip()


def _words_of(picture: re.Match[str]) -> str:
    alt = _ALT.search(picture[0])
    return alt[1] if alt else ""
