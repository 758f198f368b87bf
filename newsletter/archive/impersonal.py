"""An edition as anybody may read it: without places that readers fill, and nobody's links.

It is made of what was frozen, never of a mail, so there is no reader in it who could be forgotten.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import partial
from html import escape

from newsletter.archive.gist import Gist, gist_of
from newsletter.composing.slots import (
    for_text,
    split_at_slots,
    split_html_at_slots,
)
from newsletter.links import archive_url
from newsletter.model import MEMBER_SLOTS, Edition, Picture, Segment, Slot

_PLACE = re.compile("\0([^\0]*)\0")  # no page has such a sign
_LEAVE = "\0leave\0"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicEdition:
    """An issue in one language, as anybody may read it."""

    language: str
    subject: str
    digest: str  # of what was frozen
    gist: Gist
    marked_html: str = field(repr=False)  # its places are still to be filled
    pictures: frozenset[str] = field(repr=False)  # names of the files it shows

    def html(self, place: Callable[[str], str]) -> str:
        """Return the page, with addresses for its pictures and for leaving ("leave")."""
        return _PLACE.sub(lambda found: escape(place(found[1])), self.marked_html)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionalPart:
    """What an issue says to readers of some regions alone."""

    segment: Segment
    lines: tuple[str, ...]  # a paragraph each; at least one
    headings: frozenset[str]  # those of the lines that are headings


def as_anybody_reads(edition: Edition, *, public_url: str, media_url: str = "") -> PublicEdition:
    """Return an edition without personal places; both addresses are those it was sent with."""
    html = _without_reader(edition.html, edition.slots)
    html = _without_way_here(html, archive_url(public_url, edition.issue_id, edition.language))
    html = _with_places(html, edition.pictures, media_url or public_url)
    html = split_html_at_slots(html, edition.slots).fill({})
    subject = split_at_slots(edition.subject, edition.slots, for_text).fill({})
    return PublicEdition(
        language=edition.language,
        subject=" ".join(subject.split()),
        digest=edition.digest,
        gist=gist_of(_PLACE.sub(r"\1", html)),
        marked_html=html,
        pictures=frozenset(re.findall("\0pictures/([^\0]*)\0", html)),
    )


def _without_reader(html: str, slots: tuple[Slot, ...]) -> str:
    """Take out sentences about a reader, and lead those who leave to where they ask."""
    for slot in slots:
        if slot.name == "unsubscribe_url":
            html = html.replace(slot.marker, _LEAVE)
    # Of the frame, not of the author: an address, and where a reader chooses.
    own = (slot for slot in slots if not slot.source and slot.name not in MEMBER_SLOTS)
    for marker in (slot.marker for slot in own):
        html = re.sub(
            rf"<p\b[^>]*>(?:(?!</?p\b).)*?{re.escape(marker)}(?:(?!</?p\b).)*</p>",
            partial(_shortened, marker),
            html,
            flags=re.DOTALL,
        )
    return html


def _shortened(marker: str, paragraph: re.Match[str]) -> str:
    """Return what is left of a paragraph that leads to a reader's own place: the way to leave."""
    return _without_link(paragraph[0], marker) if _LEAVE in paragraph[0] else ""


def _without_way_here(html: str, address: str) -> str:
    """Take out the link to the very page that is shown."""
    return _without_link(html, escape(address))


def _without_link(html: str, address: str) -> str:
    """Take out links to an address, and the dots before them."""
    found = rf"(?:\s*·\s*)?<a\b[^>]*\bhref=\"{re.escape(address)}\"[^>]*>(?:(?!</a>).)*</a>"
    return re.sub(found, "", html, flags=re.DOTALL)


def _with_places(html: str, embedded: tuple[Picture, ...], pictures_url: str) -> str:
    names = {picture.digest: picture.filename for picture in embedded}

    def place(found: re.Match[str]) -> str:
        name = names.get(found[1])
        return f"\0pictures/{name}\0" if name else found[0]

    html = re.sub(r"\bcid:([0-9a-f]{20})\b", place, html)
    if not pictures_url:
        return html
    hosted = rf"{re.escape(escape(pictures_url))}/(pictures/[0-9a-f]{{20}}\.\w+)"
    return re.sub(hosted, "\0\\1\0", html)


def part_of(
    segment: Segment, without: PublicEdition, with_it: PublicEdition
) -> RegionalPart | None:
    """Return what a block adds to an edition; None if that is not a word.

    It may add a table of contents, or a line to one: headings without anything below them.
    """
    before, after = (edition.gist.words.split("\n") for edition in (without, with_it))
    headings = frozenset(with_it.gist.headings.split("\n"))
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    added = [after[at:end] for kind, _, _, at, end in steps if kind != "equal"]
    lines = [
        line for run in added if not headings.issuperset(run[1:] or run) for line in run if line
    ]
    if not lines:
        return None
    return RegionalPart(segment=segment, lines=tuple(lines), headings=headings.intersection(lines))
