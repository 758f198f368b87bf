"""Finds the line of a template that wrote an element, or gave it a style."""

from collections.abc import Iterator
from typing import Any

from cssselect import SelectorError
from lxml.cssselect import CSSSelector

from newsletter.checking.instruments.draft import Draft
from newsletter.checking.instruments.keeping import once
from newsletter.checking.instruments.page import Page, page_of
from newsletter.language import Wording, say
from newsletter.model import Edition, Finding, Origin, Origins, Specimen, StyleOrigin


def placed(draft: Draft, page: Page, element: Any, finding: Finding) -> Finding:
    """Return a finding with its place: the author's line, or the template's file and line."""
    if line := page.line_of(element):
        return finding.at(line)
    return at_origin(finding, origin_of(draft, page, element))


def at_origin(finding: Finding, origin: Origin | None) -> Finding:
    """Return a finding about a line of a template; one of the package's is not named as a file."""
    if origin is None or origin.is_packaged:
        return finding
    return finding.in_file(origin.path).at(origin.line)


def origin_of(draft: Draft, page: Page, element: Any) -> Origin | None:
    """Return the line of a template that wrote an element; None if it cannot be known."""
    origins = _origins_of(draft, page).elements
    elements = _elements_of(page)
    if len(origins) != len(elements):  # such as where a provider writes a page anew
        return None
    number = elements.get(element)
    return origins[number] if number is not None else None


def style_origin_of(
    draft: Draft, page: Page, name: str, value: str, element: Any = None
) -> Origin | None:
    """Return the line of a template that declares a style, for an element or for the page.

    A style that no sheet declares is the element's own.
    """
    declared = [
        style
        for style in _origins_of(draft, page).styles
        if style.name == name and _plain(style.value) == _plain(value)
    ]
    for style in reversed(declared):
        if element is None or _selects(style, element):
            return style.origin
    return origin_of(draft, page, element) if element is not None else None


def look_into(origin: Origin | None) -> Wording:
    """Return the end of a cure: which line of which template to mend."""
    if origin is None:
        return say("it comes from the templates")
    return say("it comes from {place}", place=str(origin))


def _selects(style: StyleOrigin, element: Any) -> bool:
    try:
        return element in CSSSelector(style.selector)(element.getroottree())
    except (SelectorError, ValueError, AssertionError):
        return False


def _plain(value: str) -> str:
    return "".join(value.split()).replace("!important", "").lower()


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
