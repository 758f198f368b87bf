"""An issue rendered for readers who get the same content, with its pictures."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from newsletter.model.enclosures import Enclosure
from newsletter.model.issue import Slot
from newsletter.model.rules import Finding
from newsletter.segments import Segment


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """Readers who get the same edition: a language and the conditions they meet."""

    language: str
    met: frozenset[Segment] = frozenset()

    def __str__(self) -> str:
        return "+".join([self.language, *(str(c) for c in sorted(self.met))])


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture as mailed: resized, re-encoded, without metadata."""

    source: str  # its path in the issue
    digest: str  # of the bytes; its name in mail and on the web
    media_type: str  # "image/png", "image/jpeg" or "image/gif"
    width: int  # pixels
    height: int  # pixels
    data: bytes = field(repr=False)
    # Properties of the author's file; unknown for a picture that was frozen long ago.
    original_bytes: int = field(default=0, compare=False)
    frames: int = field(default=1, compare=False)  # more than one: it is animated
    had_gps: bool = field(default=False, compare=False)  # its metadata said where it was taken
    # The same with one pixel for each point of the page, for ordinary screens; hosted ones have it.
    single: "Picture | None" = field(default=None, repr=False, compare=False)
    file: Path | None = field(default=None, repr=False, compare=False)  # that it was made from
    is_clear: bool = field(default=False, compare=False)  # whether its ground shows through
    of_template: bool = field(default=False, compare=False)  # whether a template names it

    @property
    def filename(self) -> str:
        """Return the content-addressed file name."""
        return f"{self.digest}.{self.media_type.removeprefix('image/').replace('jpeg', 'jpg')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unshown:
    """A picture that a template names, and that no reader would see."""

    source: str  # its path in the template
    fault: Finding  # why, without a place


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthoredLink:
    """A page that the author's words lead to."""

    url: str
    words: str = ""  # of the first such link that has some; the text of its picture, if it has none
    section: str = ""  # heading above the first one; empty above all headings
    leads: bool = True  # whether it may lead there through the public service


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
    enclosures: tuple[Enclosure, ...] = ()  # files that it carries, invitations first
    digest: str = ""  # of everything above, hexadecimal
    # Where blocks begin in the HTML: (offset, line of the issue); 0 where the issue ends.
    places: tuple[tuple[int, int], ...] = field(default=(), repr=False)
    findings: tuple[Finding, ...] = field(default=(), repr=False)  # what rendering reported
    # All unknown once it is frozen: pictures that it links to, and those that were not found.
    hosted: tuple[Picture, ...] = field(default=(), repr=False)
    unshown: tuple[Unshown, ...] = field(default=(), repr=False)
    links: tuple[AuthoredLink, ...] = field(default=(), repr=False)  # in order; unknown, too

    @property
    def shown(self) -> tuple[Picture, ...]:
        """Return all pictures from files, embedded or hosted."""
        return (*self.pictures, *self.hosted)


def number_links(editions: Iterable[Edition]) -> dict[str, int]:
    """Return the numbers of the links that may lead through the service, as no ledger has them yet.

    One that may not in any of the editions does not in the others.
    """
    leads: dict[str, bool] = {}
    for link in (link for edition in editions for link in edition.links):
        leads[link.url] = leads.get(link.url, True) and link.leads
    return {url: number for number, url in enumerate(leads, 1) if leads[url]}
