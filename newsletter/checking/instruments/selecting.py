"""Finds the elements that the rules of style sheets select."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from newsletter.checking.instruments.keeping import once
from newsletter.checking.instruments.page import Page
from newsletter.checking.instruments.sheets import (
    Declaration,
    Scheme,
    StyleRule,
    selectors_in,
    sheets_of,
)
from newsletter.markup.selectors import Specificity, UnreadableSelectorError, read_selector


@once
def declared_in_sheets(
    page: Page, scheme: Scheme = Scheme.LIGHT
) -> Mapping[Any, tuple[Declaration, ...]]:
    """Return the declarations of style sheets that count in a scheme, the weakest first."""
    return _declared(page, lambda rule: selectors_in(scheme, rule))


@once
def declared_within(page: Page, query: tuple[str, ...]) -> Mapping[Any, tuple[Declaration, ...]]:
    """Return the declarations that count where a query holds, the weakest first."""
    return _declared(page, lambda rule: rule.selectors if set(rule.within) <= set(query) else ())


def queries_with(page: Page, is_meant: Callable[[str, str], bool]) -> Iterator[tuple[str, ...]]:
    """Yield the queries within which a declaration is meant, by its name and value, once each."""
    asked = (rule for sheet in sheets_of(page) for rule in sheet.rules if rule.within)
    meant = (r.within for r in asked if any(is_meant(d.name, d.value) for d in r.declarations))
    yield from dict.fromkeys(meant)


@once
def grounds_in_dark(page: Page) -> Mapping[Any, str]:
    """Return the elements to which a page gives a ground in dark programs; "" where it hides them.

    Only grounds of an element itself count, which is what a picture stands on.
    """
    found: dict[Any, str] = {}
    for sheet in sheets_of(page):
        for rule in sheet.rules:
            asks = " ".join(rule.within).replace(" ", "").lower()
            if "prefers-color-scheme:dark" not in asks:
                continue
            said = {d.name: d.value.lower() for d in rule.declarations}
            for element, _ in _meant(page, rule.selectors):
                if said.get("display") == "none":
                    found.update(dict.fromkeys(element.iter(), ""))
                elif ground := said.get("background-color") or said.get("background"):
                    found[element] = ground
    return found


def _declared(
    page: Page, selectors_of: Callable[[StyleRule], tuple[str, ...]]
) -> Mapping[Any, tuple[Declaration, ...]]:
    weighed: dict[Any, list[tuple[Specificity, int, Declaration]]] = defaultdict(list)
    order = 0
    for sheet in sheets_of(page):
        for rule in sheet.rules:
            for element, weight in _meant(page, selectors_of(rule)):
                for declaration in rule.declarations:
                    order += 1
                    weighed[element].append((weight, order, declaration))
    return {
        element: tuple(declaration for *_, declaration in sorted(said, key=lambda s: s[:2]))
        for element, said in weighed.items()
    }


def _meant(page: Page, selectors: tuple[str, ...]) -> Iterator[tuple[Any, Specificity]]:
    for text in selectors:
        elements, weight = _selected(page, text)
        yield from ((element, weight) for element in elements)


@once
def _selected(page: Page, text: str) -> tuple[list[Any], Specificity]:
    try:
        selector = read_selector(text)
    except UnreadableSelectorError:
        return [], (0, 0, 0)  # as browsers do
    return selector.find(page.root), selector.weight
