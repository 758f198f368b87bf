"""The HTML of a specimen as a tree whose elements know their line in the issue."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import lxml.html

from newsletter.checking.instruments.draft import Draft
from newsletter.checking.instruments.keeping import once
from newsletter.markup.breaks import with_ends
from newsletter.model import Specimen, line_named


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """A parsed page."""

    root: Any  # the lxml element <html>
    # Every element in order -> line of the issue; 0 where the words come from the template.
    lines: Mapping[Any, int]
    kept: dict[Any, Any] = field(default_factory=dict, init=False)  # see `once`

    def line_of(self, element: Any) -> int | None:
        """Return the line of the block an element belongs to; None for the template's own."""
        return self.lines.get(element) or None

    def elements(self, *tags: str) -> Iterator[Any]:
        """Yield elements in document order, only those with one of the tags if any are named."""
        return self.root.iter(*tags) if tags else iter(self.lines)


@once
def page_of(specimen: Specimen) -> Page:
    """Parse the HTML of a specimen."""
    return read_page(specimen.lined_html)


def one_per_variant(draft: Draft) -> list[Specimen]:
    """Return one specimen of each edition, the typical reader's: for checks that are slow."""
    first: dict[str, Specimen] = {}
    for specimen in draft.specimens:
        first.setdefault(str(specimen.persona.variant), specimen)
    return list(first.values())


def pages_of(draft: Draft) -> list[Page]:
    """Return the page of one specimen of each edition."""
    return [page_of(specimen) for specimen in one_per_variant(draft)]


def read_page(lined_html: str) -> Page:
    """Parse HTML in which comments give line numbers."""
    root = lxml.html.document_fromstring(with_ends(lined_html))
    lines: dict[Any, int] = {}
    line = 0
    for node in root.iter():
        if isinstance(node.tag, str):
            lines[node] = line
        elif (named := line_named(node.text or "")) is not None:
            line = named
    return Page(root, lines)
