"""The pictures and links of a page that its templates write, and not the author."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import unquote

from newsletter.checking.instruments.anchors import anchors_of
from newsletter.checking.instruments.draft import Draft, html_of
from newsletter.checking.instruments.keeping import once
from newsletter.checking.instruments.page import Page, pages_of
from newsletter.checking.instruments.sheets import (
    Declaration,
    StyleRule,
    declarations_of,
    read_sheet,
    sheets_of,
)
from newsletter.checking.instruments.template_lines import (
    Mending,
    mending_at,
    mending_by_template,
    mending_in_sheet,
)
from newsletter.markup.fetched import addresses_in
from newsletter.model import Image, Origin, Picture, walk
from newsletter.net import ascii_link

_FRAMES = re.compile(r"@(?:-\w+-)?keyframes\b[^{}]*\{((?:[^{}]*\{[^{}]*\})*)", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s,]+")  # addresses and densities of a srcset


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Named:
    """An address that a template writes into a page."""

    address: str
    page: Page
    element: Any  # that has it; None for a style sheet
    style: tuple[str, str] = ("", "")  # name and value of the declaration it stands in

    def mending(self, draft: Draft) -> Mending:
        """Return the line of the template that is at fault, or of the settings that name a logo."""
        if logo := next(self._logos(draft), None):
            return mending_at(logo)
        if self.element is None:
            return mending_in_sheet(draft, self.page, *self.style)
        return mending_by_template(draft, self.page, self.element, self.style[0])

    def _logos(self, draft: Draft) -> Iterator[Origin]:
        shown = (p.source for p in template_files(draft) if p.digest in self.address)
        sources = (unquote(self.address), *shown)
        return (draft.logos[source] for source in sources if source in draft.logos)


@once
def template_pictures(draft: Draft) -> tuple[Named, ...]:
    """Return the pictures that templates name, each address once."""
    own = Written(draft, _sources_of_author(draft))
    both = ((picture, picture.single) for picture in draft.pictures.values())
    carried = [density.digest for densities in both for density in densities if density]
    found: dict[str, Named] = {}
    for page in pages_of(draft):
        for named in pictures_in(page):
            address = named.address
            is_own = address in own or any(digest in address for digest in carried)
            if address and not is_own:
                found.setdefault(address, named)
    return tuple(found.values())


@once
def template_links(draft: Draft) -> tuple[Named, ...]:
    """Return the links that templates write, each address once."""
    own = Written(draft, (anchor.url for anchor in anchors_of(draft)))
    found: dict[str, Named] = {}
    for page in pages_of(draft):
        for element in page.elements("a", "area"):
            address = element.get("href")
            if address is not None and address not in own:
                named = Named(address=address, page=page, element=element)
                found.setdefault(address, named)
    return tuple(found.values())


@once
def template_files(draft: Draft) -> tuple[Picture, ...]:
    """Return the files that templates show, as mailed."""
    shown = (picture for edition in draft.editions for picture in edition.shown)
    return tuple(dict.fromkeys(picture for picture in shown if picture.of_template))


def name_of_link(link: Any) -> str:
    """Return the words by which those who do not see a link know it."""
    said = [link.text_content(), link.get("aria-label", ""), link.get("title", "")]
    said += [image.get("alt", "") for image in link.iter("img")]
    return " ".join(" ".join(said).split())


def mending_of_file(draft: Draft, name: str) -> Mending:
    """Return the line that names a file of templates, by its path or by its digest."""
    for named in template_pictures(draft):
        if name in named.address or name in unquote(named.address):
            return named.mending(draft)
    return Mending.unknown()


class Written:
    """Addresses as an author may have written them, with slots in them."""

    def __init__(self, draft: Draft, addresses: Iterable[str]) -> None:
        addresses = list(addresses)
        self._plain = {plain_address(address) for address in addresses}
        marks = "|".join(re.escape(slot.source) for slot in draft.issue.slots)
        slotted = (re.split(marks, a) for a in addresses if marks and re.search(marks, a))
        self._patterns = [
            re.compile(".*".join(re.escape(plain_address(part)) for part in parts), re.DOTALL)
            for parts in slotted
        ]

    def __contains__(self, address: str) -> bool:
        plain = plain_address(address)
        return plain in self._plain or any(p.fullmatch(plain) for p in self._patterns)


def plain_address(address: str) -> str:
    """Return an address in the one form it is compared in."""
    return unquote(ascii_link(address.strip()))


def _sources_of_author(draft: Draft) -> Iterator[str]:
    for block in walk(draft.issue.blocks):
        if isinstance(block, Image):
            yield draft.readable(block.source)
        for html in html_of(block):
            for source in re.findall(r'<img\b[^>]*\ssrc="([^"]*)"', html):
                yield draft.readable(unescape(source))


def pictures_in(page: Page) -> Iterator[Named]:
    """Yield every address of a picture on a page."""
    for element in page.elements():
        addresses = [element.get("background", "")]
        if element.tag == "img":
            addresses.append(element.get("src", ""))
        if element.tag in ("img", "source"):
            addresses += _BETWEEN.split(element.get("srcset", ""))
        for address in filter(None, addresses):
            yield Named(address=address, page=page, element=element)
        for declaration in declarations_of(page, element):
            yield from _in_declaration(page, element, declaration)
    for sheet in sheets_of(page):
        for rule in (*sheet.rules, *_frames_in(sheet.css)):
            for declaration in rule.declarations:
                yield from _in_declaration(page, None, declaration)


def _frames_in(css: str) -> Iterator[StyleRule]:
    """Yield the steps of animations, which a sheet does not count among its rules."""
    for frames in _FRAMES.finditer(css):
        yield from read_sheet(frames[1]).rules


def _in_declaration(page: Page, element: Any, declaration: Declaration) -> Iterator[Named]:
    style = declaration.name, declaration.value
    for address in addresses_in(declaration.tokens) if "(" in declaration.value else ():
        yield Named(address=address, page=page, element=element, style=style)
