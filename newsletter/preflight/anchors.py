"""The links of an issue as their author wrote them, each with its words and its line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote

from newsletter.model import Block, Button, Event, Image, walk
from newsletter.preflight.draft import Draft, html_of
from newsletter.preflight.passages import visible

_ANCHOR = re.compile(r'<a\b[^>]*\shref="([^"]*)"[^>]*>(.*?)</a>', re.S)


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A link."""

    url: str  # slots as their author wrote them
    text: str  # the words that are pressed; "" for a picture
    line: int
    is_button: bool = False


def anchors_of(draft: Draft) -> Iterator[Anchor]:
    """Yield every link of the issue in reading order."""
    for block in walk(draft.issue.blocks):
        for target, text in links_of(block):
            url = draft.readable(target)
            yield Anchor(
                url=url,
                text=draft.readable(text),
                line=_line_of(draft, url, text, block.line),
                is_button=isinstance(block, Button),
            )


def links_of(block: Block) -> Iterator[tuple[str, str]]:
    """Yield target and words of each link of a block; slots stand as markers."""
    for html in html_of(block):
        for url, words in _ANCHOR.findall(html):
            yield unescape(url), visible(words)
    if isinstance(block, Button):
        yield block.url, visible(block.html)
    if isinstance(block, Image) and block.link:
        yield block.link, ""
    if isinstance(block, Event):
        for url in filter(None, (block.url, block.online)):
            yield url, ""


def _line_of(draft: Draft, url: str, text: str, start: int) -> int:
    """Return the line a link stands on; Markdown may have been written in other characters."""
    lines = draft.source.split("\n")[start - 1 :]
    for wanted in (f"[{text}]({url}", url, unquote(url), url.replace("&", "&amp;")):
        for number, line in enumerate(lines, start):
            if wanted and wanted in line:
                return number
    return start
