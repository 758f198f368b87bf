"""The nouns of the newsletter: what every stage takes in or hands on."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from newsletter.blocks import (
    Block,
    Box,
    Button,
    Columns,
    Condition,
    Divider,
    Event,
    Figure,
    Footnotes,
    Gallery,
    Heading,
    Image,
    Only,
    Person,
    Prose,
    Pull,
    Quote,
    Table,
    sources_in,
    walk,
)
from newsletter.footnotes import number_footnotes

__all__ = [
    "Block",
    "Box",
    "Button",
    "Columns",
    "Condition",
    "Divider",
    "Edition",
    "Event",
    "Figure",
    "Finding",
    "Footnotes",
    "Gallery",
    "Heading",
    "Image",
    "Issue",
    "Only",
    "Person",
    "Picture",
    "Prose",
    "Pull",
    "Quote",
    "Severity",
    "Slot",
    "Standing",
    "Subscriber",
    "Table",
    "Variant",
    "sources_in",
    "walk",
]

# --- findings -----------------------------------------------------------------------------


class Severity(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"  # the issue must not be sent
    WARNING = "warning"  # a person must decide
    NOTE = "note"  # good to know


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check has to say about an issue."""

    id: str  # stable name of the check, such as "image-alt"
    severity: Severity
    path: str  # file as the editor knows it, relative to the newsletter's folder
    message: str  # what is wrong
    hint: str = ""  # how to mend it
    line: int | None = None  # first line of the place, counted from 1

    @property
    def place(self) -> str:
        """Return file and line, such as "issues/2026-12.md:7"."""
        return f"{self.path}:{self.line}" if self.line else self.path

    def __str__(self) -> str:
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.place}: {self.severity}: {self.message}{hint} [{self.id}]"


# --- audience -----------------------------------------------------------------------------


class Standing(StrEnum):
    """Whether an address may be mailed: from more mail to less, and the later one of two wins.

    So a mailbox that bounced, which the editor may judge otherwise, hides nobody's own word.
    """

    ACTIVE = "active"  # may be mailed
    PENDING = "pending"  # has not confirmed yet
    BOUNCED = "bounced"  # the address does not exist any more
    UNSUBSCRIBED = "unsubscribed"  # left by their own wish
    COMPLAINED = "complained"  # marked a mail as spam
    ERASED = "erased"  # asked to be forgotten; only a fingerprint is kept

    @property
    def rank(self) -> int:
        """Return the place in that order."""
        return list(type(self)).index(self)

    @property
    def is_left(self) -> bool:
        """Tell whether no list makes somebody mailed again; only their own wish does."""
        return self not in (Standing.ACTIVE, Standing.PENDING)

    def or_stricter(self, other: "Standing") -> "Standing":
        """Return which of two standings means less mail."""
        return max(self, other, key=lambda standing: standing.rank)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """A person on the list."""

    address: str  # e-mail address, trimmed, domain in lower case
    key: str  # opaque random id, the only one that appears in links
    name: str = ""
    language: str = ""  # BCP 47 tag such as "fi"; empty means the newsletter's language
    attributes: Mapping[str, str] = field(default_factory=dict)  # region, organisation, ...
    standing: Standing = Standing.ACTIVE


# --- issue and edition --------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A place that is filled per recipient; `marker` stands for it in all texts."""

    marker: str  # ASCII letters and digits that occur nowhere else in the issue
    name: str  # "name", "email" or an attribute
    fallback: str | None = None  # used when the subscriber has no such value
    source: str = ""  # as the author wrote it
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One number of the newsletter as its author wrote it, in one language."""

    id: str  # such as "2026-12"
    language: str
    path: str  # relative to the newsletter's folder
    subject: str  # may hold markers
    date: dt.date
    blocks: tuple[Block, ...]
    marker_key: str  # beginning of all markers, found nowhere in the source
    slots: tuple[Slot, ...] = ()
    preheader: str = ""  # may hold markers
    number: int | None = None
    template: str = "default"
    sender: str = ""  # From of this issue, when it differs from the settings
    reply_to: str = ""
    segment: Condition | None = None  # who gets the issue at all
    provider_tag: str = ""  # tag at the provider; empty means the issue's id
    skip_empty: bool = False  # whether those for whom nothing is written are left out
    lines: Mapping[str, int] = field(default_factory=dict)  # line of each front matter key
    findings: tuple[Finding, ...] = ()  # what reading it had to report

    @property
    def tag(self) -> str:
        """Return the tag under which a provider counts this issue."""
        return self.provider_tag or self.id

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Return every condition of an `only` block, each once, sorted."""
        return tuple(sorted({b.condition for b in walk(self.blocks) if isinstance(b, Only)}))

    @property
    def needs(self) -> tuple[frozenset[Condition], ...]:
        """Return sets of conditions: who meets all of one set gets some text."""
        found = self.surroundings
        return tuple(sorted((n for n in found if not any(m < n for m in found)), key=sorted))

    @property
    def surroundings(self) -> frozenset[frozenset[Condition]]:
        """Return the sets of conditions that some block stands in; the empty one is no condition.

        Who meets such a set and nothing else reads that block, and may be somebody.
        """
        return frozenset(_needs(self.blocks, frozenset()))

    @property
    def picture_sources(self) -> tuple[tuple[str, int], ...]:
        """Return the pictures that lie beside the issue, each with the line that shows it."""
        found = ((source, b.line) for b in walk(self.blocks) for source in sources_in(b))
        return tuple((s, line) for s, line in found if not re.match(r"[a-z]+:", s))

    def readable(self, text: str) -> str:
        """Return a text in which slots stand as their author wrote them."""
        for slot in self.slots:
            text = text.replace(slot.marker, slot.source)
        return text

    def for_readers(self, met: frozenset[Condition]) -> "Issue":
        """Return the issue as those read it who meet exactly the conditions `met`."""
        return replace(self, blocks=number_footnotes(_resolve(self.blocks, met)))


def _needs(
    blocks: tuple[Block, ...], around: frozenset[Condition]
) -> Iterator[frozenset[Condition]]:
    """Yield, for each block with something to read or see, the conditions that stand around it."""
    for block in blocks:
        match block:
            case Only():
                yield from _needs(block.blocks, around | {block.condition})
            case Quote() | Box():
                yield from _needs(block.blocks, around)
            case Columns():
                yield from (n for cell in block.cells for n in _needs(cell, around))
            case Divider() | Footnotes():
                continue
            case _:
                yield around


def _resolve(blocks: tuple[Block, ...], met: frozenset[Condition]) -> tuple[Block, ...]:
    out: list[Block] = []
    for block in blocks:
        if isinstance(block, Only):
            out += _resolve(block.blocks, met) if block.condition in met else ()
        elif isinstance(block, Quote | Box):
            out.append(replace(block, blocks=_resolve(block.blocks, met)))
        elif isinstance(block, Columns):
            out.append(replace(block, cells=tuple(_resolve(c, met) for c in block.cells)))
        else:
            out.append(block)
    return tuple(out)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """Readers who get the same edition: a language and the conditions they meet."""

    language: str
    met: frozenset[Condition] = frozenset()

    def __str__(self) -> str:
        return "+".join([self.language, *(str(c) for c in sorted(self.met))])


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture as it is mailed: resized, encoded anew, without metadata."""

    source: str  # as the issue names it
    digest: str  # of the bytes; its name in mail and on the web
    media_type: str  # "image/png", "image/jpeg" or "image/gif"
    width: int  # pixels
    height: int  # pixels
    data: bytes = field(repr=False)
    # What the file of the author was; not known of a picture that was frozen long ago.
    original_bytes: int = field(default=0, compare=False)
    frames: int = field(default=1, compare=False)  # more than one: it moves
    had_gps: bool = field(default=False, compare=False)  # it told where it was taken
    # The same with one pixel for each point of the page, for plain screens; hosted ones have it.
    single: "Picture | None" = field(default=None, repr=False, compare=False)

    @property
    def filename(self) -> str:
        """Return the content-addressed file name."""
        return f"{self.digest}.{self.media_type.removeprefix('image/').replace('jpeg', 'jpg')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """An issue rendered and frozen, with slots still open."""

    issue_id: str
    variant: str  # such as "fi" or "fi+region=Lappi"
    language: str
    subject: str
    html: str
    text: str
    slots: tuple[Slot, ...]
    pictures: tuple[Picture, ...] = ()  # those embedded in the mail
    digest: str = ""  # of everything above, hexadecimal
    # Where blocks begin in the HTML: (character, line of the issue); 0 where the issue ends.
    places: tuple[tuple[int, int], ...] = field(default=(), repr=False)
    findings: tuple[Finding, ...] = field(default=(), repr=False)  # what rendering had to report
