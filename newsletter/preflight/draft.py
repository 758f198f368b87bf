"""What the checks look at, and what they say it with."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape

from newsletter.model import Block, Button, Edition, Finding, Image, Issue, Severity, Table, walk


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """What is known about those who would get the issue."""

    recipients: int
    attributes: frozenset[str]  # that anybody has
    empty: Mapping[str, int]  # slot name -> how many recipients have no value for it
    longest: Mapping[str, str]  # slot name -> its longest value
    met: Mapping[str, int]  # condition -> how many recipients meet it


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An issue in one language with its editions, as they would be mailed."""

    issue: Issue
    editions: tuple[Edition, ...]
    sender: str  # the sender's lines that every footer must show
    unsubscribe: str  # where the unsubscribe link leads while there is no slot for it
    provider: str = "outbox"
    inline_pictures: bool = True  # whether the provider carries pictures inside the mail
    own_unsubscribe: bool = True  # whether the provider leaves our way out as it is
    tracking_switch: bool = True  # whether tracking can be kept off for each message
    no_tracking: bool = False  # whether the settings promise that
    public_url: str = ""
    audience: Audience | None = None  # None: nobody has been imported yet

    def finding(
        self, id: str, severity: Severity, message: str, *, hint: str = "", line: int | None = None
    ) -> Finding:
        """Return a finding about a line of this issue."""
        return Finding(
            id=id, severity=severity, path=self.issue.path, line=line, message=message, hint=hint
        )

    def line_of(self, key: str) -> int | None:
        """Return the line of a key of the front matter."""
        return self.issue.lines.get(key)

    def links(self) -> Iterator[tuple[str, int]]:
        """Yield every link of the issue with its line; slots show as their author wrote them."""
        for block in walk(self.issue.blocks):
            for html in html_of(block):
                for href in re.findall(r'<a\b[^>]*\shref="([^"]*)"', html):
                    yield self.readable(unescape(href)), block.line
            if isinstance(block, Button):
                yield self.readable(block.url), block.line
            if isinstance(block, Image) and block.link:
                yield self.readable(block.link), block.line

    def readable(self, text: str) -> str:
        """Return a text in which slots stand as their author wrote them."""
        for slot in self.issue.slots:
            text = text.replace(slot.marker, slot.source)
        return text


def html_of(block: Block) -> tuple[str, ...]:
    """Return the pieces of HTML that a block holds itself, without its children."""
    if isinstance(block, Table):
        return (*block.head, *(cell for row in block.rows for cell in row))
    return tuple(html for name in ("html", "attribution") if (html := getattr(block, name, "")))


def words_of(html: str) -> list[str]:
    """Return the visible words of HTML."""
    text = re.sub(r"<(style|title|script)\b.*?</\1>|<!--.*?-->", " ", html, flags=re.S | re.I)
    # A tag between letters ends a word only when it ends a line on the screen.
    text = re.sub(
        r"</?(?:p|div|li|ul|ol|td|th|tr|br|hr|h\d|blockquote|pre|table|dd|dt)\b[^>]*>", " ", text
    )
    return re.findall(r"\w+", unescape(re.sub(r"<[^>]*>", "", text)))


def unsubscribe_target(draft: Draft, edition: Edition) -> str:
    """Return where the unsubscribe link leads: its slot, or a mail to the editor."""
    slot = next((s for s in edition.slots if s.name == "unsubscribe_url"), None)
    return slot.marker if slot else draft.unsubscribe
