"""What checks look at, and how they report."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape, unescape
from typing import Any

from newsletter.checking.instruments.keeping import once
from newsletter.language import Wording, say
from newsletter.model import (
    Block,
    Custom,
    Edition,
    Finding,
    Head,
    Issue,
    Meeting,
    Occasion,
    Origin,
    Origins,
    Person,
    Picture,
    Poll,
    Specimen,
    Table,
    Variant,
    walk,
)

_TAG = re.compile(r"<[^>]*>")
# The tags at which a paragraph, a cell or a similar block begins or ends.
ENDS_BLOCK = r"</?(?:p|div|li|ul|ol|td|th|tr|hr|h\d|blockquote|pre|table|dd|dt)\b[^>]*>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """What is known about the people who would get the issue."""

    recipients: int
    attributes: frozenset[str]  # every attribute that at least one recipient has
    empty: Mapping[str, int]  # slot name -> how many recipients have no value for it
    longest: Mapping[str, str]  # slot name -> its longest value
    met: Mapping[str, int]  # condition -> how many recipients meet it
    odd_names: int = 0  # how many have a name in capitals, or with digits or an address in it
    strangers: int = 0  # how many have a language that the issue is not written in
    unserved: Mapping[str, int] = field(default_factory=dict)  # the same, for each language
    stand_in: str = ""  # the language they get instead
    variants: Mapping[Variant, int] = field(default_factory=dict)  # that have recipients
    meant: Mapping[str, str] = field(default_factory=dict)  # missing attribute -> its kept name
    segment: str = ""  # the condition all recipients meet, if not everybody gets the issue
    surveys: Mapping[str, bool] = field(default_factory=dict)  # opened -> takes answers now

    def spelling_of(self, condition: str) -> Wording:
        """Return the likely intended spelling of a condition that nobody meets."""
        for name, kept in self.meant.items():
            meant = re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", kept, condition)
            if meant != condition:
                return say("did you mean “{name}”?", name=meant)
        return say("compare the spelling with “newsletter subscribers list”")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Draft:
    """An issue in one language with its editions, as they would be mailed."""

    issue: Issue
    editions: tuple[Edition, ...]
    sender: str  # the lines about the sender that every footer must show
    unsubscribe: str  # where the unsubscribe link leads as long as there is no slot for it
    provider: str = "outbox"
    inline_pictures: bool = True  # whether the provider carries pictures inside the mail
    own_unsubscribe: bool = True  # whether the provider leaves our unsubscribe link as it is
    tracking_switch: bool = True  # whether tracking can be turned off for each message
    public_url: str = ""
    media_url: str = ""  # where pictures lie; empty: below the public URL, or within the mail
    audience: Audience | None = None  # None: nobody has been imported yet
    source: str = field(default="", repr=False)  # the text of the issue file
    templates: tuple[Finding, ...] = ()  # what is wrong with the templates as they are written
    # What a few readers would get: typical, empty, longest and hostile values for each edition.
    specimens: tuple[Specimen, ...] = ()
    # What two get who take part in counting opens and clicks, for each edition; else none.
    counted: tuple[Specimen, ...] = ()
    pictures: Mapping[str, Picture] = field(default_factory=dict)  # by source, as mailed
    logos: Mapping[str, Origin] = field(default_factory=dict)  # file of each -> what names it
    siblings: Mapping[str, Issue] = field(default_factory=dict)  # the issue in its other languages
    earlier: tuple[Head, ...] = ()  # earlier issues in this language, the newest first
    meetings: tuple[Meeting, ...] = ()  # that it may announce
    previous: Issue | None = None  # the newest of them, fully parsed
    from_: str = ""  # the From mailbox
    usual_from: str = ""  # the From of issues that set none of their own
    reply_to: str = ""  # an address
    tracking: str = "off"  # a Counting
    clients: tuple[str, ...] = ()  # mail programs that must show the issue well
    today: dt.date = dt.date.max  # in the newsletter's time zone
    is_sent: bool = False  # whether it has been sent already
    stands_in_for: str = ""  # the newsletter's language, if this issue is sent in place of it
    # Finds where in the templates an edition's parts were written; it takes long.
    trace: Callable[[Edition], Origins] | None = field(default=None, repr=False)
    kept: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)  # see `once`

    @property
    def pictures_url(self) -> str:
        """Return where pictures lie on the web; empty: within the mail."""
        return self.media_url or self.public_url

    @property
    def path(self) -> str:
        """Return the file of the issue as the editor knows it."""
        return self.issue.path

    def line_of(self, key: str) -> int | None:
        """Return the line of a key of the front matter."""
        return self.issue.lines.get(key)

    def line_with(self, text: str, start: int) -> int:
        """Return the first line from `start` on that contains a text, or else `start`.

        A block knows the line it begins on; this finds the link or word within it.
        """
        lines = lines_of(self)
        return next((n for n in range(start, len(lines) + 1) if text in lines[n - 1]), start)

    @property
    def is_rehearsal(self) -> bool:
        """Return whether nobody would get the mail."""
        return self.provider == "outbox"

    def readable(self, text: str) -> str:
        """Return a text with slots written as in the issue."""
        return self.issue.readable(text)


@once
def lines_of(draft: Draft) -> tuple[str, ...]:
    """Return the lines of the issue file."""
    return tuple(draft.source.split("\n"))


def html_of(block: Block) -> tuple[str, ...]:
    """Return the pieces of HTML in a block itself, without its children."""
    if isinstance(block, Table):
        return (*block.head, *(cell for row in block.rows for cell in row))
    if isinstance(block, Custom):
        return (
            *map(escape, block.given_as("text").values()),
            *((block.html,) if block.html else ()),
        )
    if isinstance(block, Occasion):
        return (escape(block.title), escape(block.place), block.html)
    if isinstance(block, Poll):
        return (escape(block.title), block.html, *(choice.html for choice in block.choices))
    names = ("html", "attribution", "role", "contact")
    own = (block.name,) if isinstance(block, Person) else ()
    return (*own, *(html for name in names if (html := getattr(block, name, ""))))


@once
def pieces_of(draft: Draft) -> tuple[tuple[Block, str], ...]:
    """Return every piece of HTML in the issue, with the block it belongs to."""
    return tuple((block, html) for block in walk(draft.issue.blocks) for html in html_of(block))


def untagged(html: str) -> str:
    """Return the text between the tags of HTML."""
    return unescape(_TAG.sub("", html))


def shortened(text: str, most: int) -> str:
    """Return the beginning of a text, at most `most` characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def words_of(html: str) -> list[str]:
    """Return the visible words of HTML."""
    return re.findall(r"\w+", text_of_html(html))


def text_of_html(html: str) -> str:
    """Return the visible text of HTML, not necessarily in its lines."""
    text = re.sub(r"<(style|title|script)\b.*?</\1>|<!--.*?-->", " ", html, flags=re.S | re.I)
    # A tag between letters ends a word only if it ends a line on the screen, or displays something.
    text = re.sub(
        rf"{ENDS_BLOCK}|</?br\b[^>]*>|<img\b[^>]*>|<sup\b[^>]*>(?=\d)", " ", text
    )  # 10² is not 102
    return untagged(text)


def is_main(issue: Issue) -> bool:
    """Return whether an issue is the main file, whose name has no language."""
    return issue.path.rpartition("/")[2] == f"{issue.id}.md"


def unsubscribe_target(draft: Draft, edition: Edition) -> str:
    """Return where the unsubscribe link leads: its slot, or a mail to the editor."""
    slot = next((s for s in edition.slots if s.name == "unsubscribe_url"), None)
    return slot.marker if slot else draft.unsubscribe
