"""News of a region: what issues that went out say of it, as anybody may read it.

A section whose heading names the region is public already. What stands in a block for the region's
people alone is told only where regions.toml says so, as its author may have counted on them alone.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newsletter.archive.catalogue import ArchivedIssue, Catalogue
from newsletter.archive.impersonal import PublicEdition
from newsletter.model.region import Region

_MOST = 20  # newest news of a page or a feed
_LONGEST = 600  # characters of what is told of one
_SHORTEST_NAME = 4  # letters of a name that is looked for in headings


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionalNews:
    """What one issue says of a region, in one language."""

    issue: str  # its id
    date: dt.date
    at: dt.datetime
    language: str
    subject: str  # of the issue
    title: str  # a heading; empty: there is none
    lines: tuple[str, ...]  # its words, a paragraph each
    is_whole: bool  # whether the issue's page has them, too

    @property
    def mark(self) -> str:
        """Return what names it on the page of its region, the same for as long as its words are."""
        words = "\n".join((self.title, *self.lines))
        return f"{self.issue}-{hashlib.sha256(words.encode()).hexdigest()[:16]}"


def news_of(region: Region, catalogue: Catalogue, *, language: str, own: str) -> list[RegionalNews]:
    """Return the news of a region, the newest first.

    An issue is read in this language, or else in the newsletter's `own`.
    """
    found: list[RegionalNews] = []
    for issue in catalogue.listed:
        edition = issue.edition_for(language, otherwise=own)
        found += _sections(region, issue, edition)
        if region.shows_blocks:
            found += _blocks(region, issue, edition)
        if len(found) >= _MOST:
            break
    return found[:_MOST]


def _sections(
    region: Region, issue: ArchivedIssue, edition: PublicEdition
) -> Iterator[RegionalNews]:
    """Yield the sections whose heading names the region, each up to the next heading."""
    headings = set(edition.gist.headings.split("\n")) - {""}
    names = _names(region)
    lines = edition.gist.words.split("\n")
    for at, line in enumerate(lines):
        if line in headings and names.search(line):
            end = next((n for n in range(at + 1, len(lines)) if lines[n] in headings), len(lines))
            yield _news(issue, edition, line, lines[at + 1 : end], is_whole=True)


def _blocks(region: Region, issue: ArchivedIssue, edition: PublicEdition) -> Iterator[RegionalNews]:
    headings = set(edition.gist.headings.split("\n"))
    for part in issue.regional.get(edition.language, ()):
        if region.is_asked_for(part.segment):
            first, *rest = part.lines
            is_titled = bool(rest) and (first in part.headings or first in headings)
            lines = rest if is_titled else part.lines
            yield _news(issue, edition, first if is_titled else "", lines, is_whole=False)


def _news(
    issue: ArchivedIssue,
    edition: PublicEdition,
    title: str,
    lines: Sequence[str],
    *,
    is_whole: bool,
) -> RegionalNews:
    return RegionalNews(
        issue=issue.id,
        date=issue.date,
        at=issue.at,
        language=edition.language,
        subject=edition.subject,
        title=title,
        lines=tuple(_cut(lines) if is_whole else lines),
        is_whole=is_whole,
    )


def _cut(lines: Sequence[str]) -> Iterator[str]:
    """Yield the first lines; the rest is read in the issue."""
    room = _LONGEST
    for line in lines:
        if len(line) > room:
            yield line[:room].rpartition(" ")[0].rstrip(" ,;:–-") + " …"
            return
        room -= len(line)
        yield line


def _names(region: Region) -> re.Pattern[str]:
    """Return what finds a name of a region in a heading, as a whole word."""
    words = [*region.names.values()]
    words += [way for part in region.parts for way in (*part.names.values(), part.at)]
    longest_first = sorted({w for w in words if len(w) >= _SHORTEST_NAME}, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])", re.I)
