"""An issue as its author wrote it, and what each reader gets of it."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from newsletter.model.blocks import (
    Block,
    Box,
    Columns,
    Custom,
    Divider,
    Footnotes,
    Only,
    Quote,
    rebuilt,
    sources_in,
    walk,
)
from newsletter.model.footnotes import number_footnotes
from newsletter.model.rules import Finding
from newsletter.segments import Segment

# Keys of the front matter whose words readers see, and those of them that the page shows.
SHOWN_TEXTS = ("kicker", "headline", "lead", "byline")
FRONT_TEXTS = ("subject", "preheader", *SHOWN_TEXTS)
# Slots behind addresses of pages that ask who reads: for a parameter that is alone there, and for
# one before others. Whoever is nobody on the list has nothing there.
MEMBER_SLOTS = ("@member?", "@member&")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What is known of an issue from the front matter of its file alone."""

    id: str
    path: str  # relative to the newsletter's folder
    language: str
    subject: str  # slots as the author wrote them
    preheader: str = ""
    date: dt.date | None = None  # None if the file has no valid one
    number: int | None = None
    sender: str = ""  # From of this issue, if it differs from the settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A place filled for each recipient; `marker` represents it in all texts."""

    marker: str  # ASCII letters and digits that do not occur elsewhere in the issue
    name: str  # "name", "email" or an attribute
    fallback: str | None = None  # used if the subscriber has no such value
    source: str = ""  # as the author wrote it
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One number of the newsletter as its author wrote it, in one language."""

    id: str  # such as "2026-12"
    language: str
    path: str  # relative to the newsletter's folder
    subject: str  # may contain markers
    date: dt.date
    blocks: tuple[Block, ...]
    marker_key: str  # prefix of all markers, not found in the source
    slots: tuple[Slot, ...] = ()
    preheader: str = ""  # may contain markers
    kicker: str = ""  # a few words above the headline
    headline: str = ""  # the headline, if it is another than the subject
    lead: str = ""  # a paragraph that leads into the issue
    byline: str = ""  # who wrote it
    front_html: Mapping[str, str] = field(default_factory=dict)  # of these, with places to break
    number: int | None = None
    template: str = "default"
    sender: str = ""  # From of this issue, if it differs from the settings
    reply_to: str = ""
    region: str = ""  # id of the network whose own edition it is
    sender_name: str = ""  # before that of the settings in From; with their address
    segment: Segment | None = None  # who gets the issue at all
    provider_tag: str = ""  # tag at the provider; empty means the issue's id
    skip_empty: bool = False  # whether those for whom nothing is written are left out
    lines: Mapping[str, int] = field(default_factory=dict)  # line of each front matter key
    findings: tuple[Finding, ...] = ()  # what reading it reported

    @property
    def tag(self) -> str:
        """Return the tag under which a provider counts this issue."""
        return self.provider_tag or self.id

    @property
    def conditions(self) -> tuple[Segment, ...]:
        """Return every condition of an `only` block, each once, sorted."""
        return tuple(sorted({b.condition for b in walk(self.blocks) if isinstance(b, Only)}))

    @property
    def needs(self) -> tuple[frozenset[Segment], ...]:
        """Return sets of conditions: anybody who meets all of one set gets some text."""
        found = self.surroundings
        return tuple(sorted((n for n in found if not any(m < n for m in found)), key=sorted))

    @property
    def surroundings(self) -> frozenset[frozenset[Segment]]:
        """Return the sets of conditions that apply to blocks; the empty set is no condition.

        A reader who meets such a set and nothing else reads that block; there may be such readers.
        """
        return frozenset(_needs(self.blocks, frozenset()))

    @property
    def picture_sources(self) -> tuple[tuple[str, int], ...]:
        """Return the pictures beside the issue, each with the line that shows it."""
        found = ((source, b.line) for b in walk(self.blocks) for source in sources_in(b))
        return tuple((s, line) for s, line in found if not re.match(r"[a-z]+:", s))

    def readable(self, text: str) -> str:
        """Return a text with slots as the author wrote them."""
        for slot in self.slots:
            text = text.replace(slot.marker, slot.source)
        return text

    def rebuilt(self, change: Callable[[Block], Block]) -> "Issue":
        """Return the issue in which each block, with those in it, is what `change` makes of it."""
        return replace(self, blocks=rebuilt(self.blocks, change))

    def for_readers(self, met: frozenset[Segment]) -> "Issue":
        """Return the issue as read by those who meet exactly the conditions `met`."""
        return replace(self, blocks=number_footnotes(_resolve(self.blocks, met)))


def _needs(blocks: tuple[Block, ...], around: frozenset[Segment]) -> Iterator[frozenset[Segment]]:
    """Yield, for each block with something to read or see, the conditions around it."""
    for block in blocks:
        match block:
            case Only():
                yield from _needs(block.blocks, around | {block.condition})
            case Quote() | Box():
                yield from _needs(block.blocks, around)
            case Custom(blocks=blocks) if blocks and not (block.given_as("text") or block.pictures):
                yield from _needs(blocks, around)
            case Columns():
                yield from (n for cell in block.cells for n in _needs(cell, around))
            case Divider() | Footnotes():
                continue
            case _:
                yield around


def _resolve(blocks: tuple[Block, ...], met: frozenset[Segment]) -> tuple[Block, ...]:
    out: list[Block] = []
    for block in blocks:
        if isinstance(block, Only):
            out += _resolve(block.blocks, met) if block.condition in met else ()
        elif isinstance(block, Quote | Box | Custom):
            out.append(replace(block, blocks=_resolve(block.blocks, met)))
        elif isinstance(block, Columns):
            out.append(replace(block, cells=tuple(_resolve(c, met) for c in block.cells)))
        else:
            out.append(block)
    return tuple(out)
