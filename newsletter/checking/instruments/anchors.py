"""The links of an issue as the author wrote them, each with its words and its line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import SplitResult, unquote, urlsplit

from newsletter.checking.instruments.draft import Draft, html_of, lines_of
from newsletter.checking.instruments.keeping import once
from newsletter.checking.instruments.passages import visible
from newsletter.model import Block, Button, Custom, Image, Occasion, walk

# Cleaning drops an invalid address, such as “https://”; a target within the page has a name
# instead.
_ANCHOR = re.compile(
    r'<a\b(?:[^>]*\shref="([^"]*)"|(?![^>]*\s(?:href|name|id)=))[^>]*>(.*?)</a>', re.S
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A link."""

    url: str  # slots as the author wrote them
    text: str  # the words to click on; "" for a picture
    line: int


@once
def anchors_of(draft: Draft) -> tuple[Anchor, ...]:
    """Return every link of the issue in reading order."""
    return tuple(anchors_in(draft, draft.issue.blocks))


def anchors_in(draft: Draft, blocks: tuple[Block, ...]) -> Iterator[Anchor]:
    """Yield the links in some blocks of an issue, such as those that only some readers get."""
    for block in walk(blocks):
        for target, text in links_of(block):
            url = draft.readable(target)
            yield Anchor(
                url=url,
                text=draft.readable(text),
                line=_line_of(draft, url, text, block.line),
            )


def split_address(url: str) -> SplitResult:
    """Return the parts of an address; all are empty if it is invalid, reported elsewhere."""
    try:
        return urlsplit(url)
    except ValueError:  # an unmatched bracket of an IPv6 address
        return urlsplit("")


def links_of(block: Block) -> Iterator[tuple[str, str]]:
    """Yield the target and words of each link in a block, with slots as markers."""
    for html in html_of(block):
        for url, words in _ANCHOR.findall(html):
            yield unescape(url), visible(words)
    if isinstance(block, Button):
        yield block.url, visible(block.html)
    if isinstance(block, Image) and block.link:
        yield block.link, ""
    if isinstance(block, Custom):
        yield from ((url, "") for url in block.given_as("address").values())
    if isinstance(block, Occasion):
        for url in filter(None, (block.url, block.online)):
            yield url, ""


def _line_of(draft: Draft, url: str, text: str, start: int) -> int:
    """Return the line a link is on; the Markdown may have been written with other characters."""
    lines = lines_of(draft)
    for wanted in (f"[{text}]({url}", url, unquote(url), url.replace("&", "&amp;")):
        for number in range(start, len(lines) + 1):
            if wanted and wanted in lines[number - 1]:
                return number
    return start
