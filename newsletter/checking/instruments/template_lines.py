"""Finds the line of a template that wrote an element, or gave it a style."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from newsletter.checking.instruments.computed import own_values
from newsletter.checking.instruments.draft import Draft
from newsletter.checking.instruments.keeping import once
from newsletter.checking.instruments.page import Page, page_of
from newsletter.colours import colour_of
from newsletter.language import Wording, say
from newsletter.model import Edition, Finding, Origin, Origins, Specimen

_TEMPLATES = say("it comes from the templates")
_OF_PROVIDER = 8  # elements that a provider may add
_ZERO = re.compile(r"(?<![\d.])0(?:px|em|%)")
_SHEET = say("it comes from screen.css of the templates")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mending:
    """Where a fault of a page is mended."""

    words: Wording  # the end of a cure: which line of which template to look into
    path: str = ""  # of a template, if not the author's line but the template is at fault
    line: int | None = None  # in it, or in the issue

    def told(self, finding: Finding) -> Finding:
        """Return a finding at this place."""
        return finding.in_file(self.path).at(self.line)

    def explained(self, finding: Finding) -> Finding:
        """Return a finding at this place, which its cure names where no file does."""
        if self.path or not finding.hint:
            return self.told(finding)
        hint = say("{hint}; {place}", hint=finding.hint, place=self.words)
        return self.told(replace(finding, hint=hint))

    @classmethod
    def unknown(cls) -> "Mending":
        """Return that it comes from the templates, whatever their line."""
        return cls(words=_TEMPLATES)


def mending(draft: Draft, page: Page, element: Any, of: str = "") -> Mending:
    """Return where an element is mended, or the style named that it has or inherits."""
    author, origin = page.line_of(element), _origin(draft, page, element, of)
    if author:
        return Mending(words=_look_into(origin), line=author)
    return mending_at(origin)


def mending_by_template(draft: Draft, page: Page, element: Any, of: str = "") -> Mending:
    """Return where an element that is a template's is mended, even among the author's words."""
    return mending_at(_origin(draft, page, element, of))


def _origin(draft: Draft, page: Page, element: Any, of: str) -> Origin | None:
    origin = None
    if of:
        declaring, value = _declaring(page, element, of)
        if declaring is not None:
            origin = style_origin_of(draft, page, of, value, declaring)
    return origin or origin_of(draft, page, element)


def mending_in_sheet(draft: Draft, page: Page, name: str = "", value: str = "") -> Mending:
    """Return where a declaration of the page's style sheet is mended, or the sheet itself."""
    origin = style_origin_of(draft, page, name, value) if name else None
    return mending_at(origin, otherwise=_SHEET)


def mending_at(origin: Origin | None, *, otherwise: Wording = _TEMPLATES) -> Mending:
    """Return that a fault is mended at a line, if the editor has its file."""
    words = _look_into(origin, otherwise=otherwise)
    if origin is None or origin.is_packaged:  # no file that the editor has
        return Mending(words=words)
    return Mending(words=words, path=origin.path, line=origin.line)


def _look_into(origin: Origin | None, *, otherwise: Wording = _TEMPLATES) -> Wording:
    return say("it comes from {place}", place=str(origin)) if origin else otherwise


def _declaring(page: Page, element: Any, name: str) -> tuple[Any, str]:
    """Return the nearest element around that declares a style, and the value."""
    while element is not None:
        value = own_values(page, element).get(name)
        if value is not None:
            return element, value
        element = element.getparent()
    return None, ""


def origin_of(draft: Draft, page: Page, element: Any) -> Origin | None:
    """Return the line of a template that wrote an element; None if it cannot be known."""
    origins, elements = _origins_of(draft, page), _elements_of(page)
    if element not in elements:
        return origins.page
    number = elements[element]
    # A provider may write something of its own at the end; more than that, it writes a page anew.
    is_same = len(origins.elements) <= len(elements) <= len(origins.elements) + _OF_PROVIDER
    return origins.elements[number] if is_same and number < len(origins.elements) else None


def style_origin_of(
    draft: Draft, page: Page, name: str, value: str, element: Any = None
) -> Origin | None:
    """Return the line of a template that declares a style, for an element or for the page.

    A style that no sheet declares is the element's own.
    """
    number = _elements_of(page).get(element)
    for style in reversed(_origins_of(draft, page).styles):
        is_meant = element is None or number in style.elements
        if is_meant and style.name == name and _plain(style.value) == _plain(value):
            return style.origin
    return origin_of(draft, page, element) if element is not None else None


def _plain(value: str) -> str:
    """Return a value in the one form it is compared in: premailer writes some of them shorter."""
    value = value.replace("!important", "").strip()
    colour = colour_of(value)
    return str(colour) if colour else _ZERO.sub("0", "".join(value.split()).lower())


@once
def _elements_of(page: Page) -> dict[Any, int]:
    body = page.root.find("body")
    elements = (e for e in body.iter() if isinstance(e.tag, str)) if body is not None else ()
    return {element: number for number, element in enumerate(elements)}


@once
def _origins_of(draft: Draft, page: Page) -> Origins:
    edition = next((e for e, p in _editions_of(draft) if p is page), None)
    return draft.trace(edition) if edition and draft.trace else Origins()


def _editions_of(draft: Draft) -> Iterator[tuple[Edition, Page]]:
    specimens: tuple[Specimen, ...] = draft.specimens
    return ((specimen.edition, page_of(specimen)) for specimen in specimens)
