"""Finds which elements the rules of style sheets mean."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from cssselect import HTMLTranslator, SelectorError, parse
from lxml import etree

from newsletter.checking.instruments.page import Page
from newsletter.checking.instruments.sheets import Declaration, sheets_of
from newsletter.checking.once import once

_TRANSLATOR = HTMLTranslator()
_LONGEST = 500  # characters of a selector that anybody writes

Weight = tuple[int, int, int]  # how many ids, classes and tags a selector names


@once
def declared_in_sheets(page: Page) -> Mapping[Any, tuple[Declaration, ...]]:
    """Return what style sheets say of elements outside of queries, the weakest first."""
    weighed: dict[Any, list[tuple[Weight, int, Declaration]]] = defaultdict(list)
    order = 0
    for sheet in sheets_of(page):
        for rule in sheet.rules:
            if rule.within:
                continue
            for selector in rule.selectors:
                for element, weight in _meant(page, selector):
                    for declaration in rule.declarations:
                        order += 1
                        weighed[element].append((weight, order, declaration))
    return {
        element: tuple(declaration for *_, declaration in sorted(said, key=lambda s: s[:2]))
        for element, said in weighed.items()
    }


def _meant(page: Page, selector: str) -> Iterator[tuple[Any, Weight]]:
    """Yield the elements a selector means; none for a pseudo-element, a state or a broken one."""
    if len(selector) > _LONGEST:
        return
    try:
        [parsed] = parse(selector)
        if parsed.pseudo_element is not None:
            return
        found = etree.XPath(_TRANSLATOR.selector_to_xpath(parsed))(page.root)
    except (SelectorError, etree.XPathError, RecursionError):
        return
    yield from ((element, parsed.specificity()) for element in found)
