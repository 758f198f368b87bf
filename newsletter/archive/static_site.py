"""Writes the archive as files that any web host serves, or a browser opens from a folder."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from newsletter.archive.cards import draw_card
from newsletter.archive.catalogue import ArchivedIssue, Catalogue
from newsletter.archive.destinations import Filed
from newsletter.archive.leaves import Site, fill_index, fill_issue, picture_of_issue
from newsletter.archive.syndication import PAGE, atom_feed, json_feed


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticFile:
    """A file of the site."""

    name: str  # its path in the folder
    data: bytes = field(repr=False)


def static_files(
    site: Site, at: Filed, catalogue: Catalogue, picture: Callable[[str], bytes | None]
) -> Iterator[StaticFile]:
    """Yield the files of an archive, each once; `picture` finds one by its name."""
    for asset in site.face.assets.values():
        yield StaticFile(name=f"look/{asset.name}", data=asset.data)
    switches = {code: at.index(code) for code in site.face.imprints}
    for code, name in switches.items():
        page = fill_index(site, catalogue, code, switches=switches)
        yield StaticFile(name=name, data=page.encode())
    shown: set[str] = set()
    for issue in catalogue.issues:
        yield from _of_issue(site, at, catalogue, issue)
        shown |= {name for edition in issue.editions.values() for name in edition.pictures}
    for name in sorted(shown):
        if found := picture(name):
            yield StaticFile(name=f"pictures/{name}", data=found)
    if at.root:
        yield from _feeds(site, at, catalogue)


def _of_issue(
    site: Site, at: Filed, catalogue: Catalogue, issue: ArchivedIssue
) -> Iterator[StaticFile]:
    for code, edition in issue.editions.items():
        page = fill_issue(site, catalogue, issue, edition)
        yield StaticFile(name=at.file_of(issue.id, code), data=page.encode())
        if not edition.gist.picture:
            own = site.face.imprint_in(code)
            card = draw_card(edition.subject, own.title, issue.date, code, site.face.colours)
            yield StaticFile(name=picture_of_issue(issue, edition), data=card)


def _feeds(site: Site, at: Filed, catalogue: Catalogue) -> Iterator[StaticFile]:
    """Yield the newest issues as feeds, in each language."""
    newest = catalogue.listed[:PAGE]  # no further pages: nothing could answer for them
    for code in site.face.imprints:
        for kind, feed in (("atom", atom_feed), ("json", json_feed)):
            data = feed(site.face, newest, code, at)
            yield StaticFile(name=at.feed(kind, code), data=data)
