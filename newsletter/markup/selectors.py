"""Reads selectors of style sheets, and finds the elements they mean."""

import re
from dataclasses import dataclass
from typing import Any

from cssselect import HTMLTranslator, SelectorError, parse
from lxml import etree

_LONGEST = 1_000  # characters of a selector that anybody writes
# What no page tells by itself: where a pointer is, and what is made of a part of an element.
_STATE = re.compile(
    r"::|:(?:hover|active|visited|focus[\w-]*|target|checked|before|after|first-l\w+)\b", re.I
)
_TRANSLATOR = HTMLTranslator()

Weight = tuple[int, int, int]  # how many ids, how many classes and the like, how many tags


class UnreadableSelectorError(Exception):
    """A selector is none, or of a kind that cannot be followed here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector:
    """A selector that is ready to be followed."""

    weight: Weight
    path: etree.XPath | None  # None: it means a state, or a part of an element

    def find(self, root: Any) -> list[Any]:
        """Return the elements of a page it means, as they stand before anybody touches it."""
        if self.path is None:
            return []
        found: list[Any] = self.path(root)
        return found


def read_selector(text: str) -> Selector:
    """Read one selector; raise UnreadableSelectorError for what is none."""
    if len(text) > _LONGEST:
        raise UnreadableSelectorError(text[:_LONGEST])
    try:
        [tree] = parse(text)
        if tree.pseudo_element is not None or _STATE.search(text):
            return Selector(weight=tree.specificity(), path=None)
        path = etree.XPath(_TRANSLATOR.selector_to_xpath(tree))
    except (SelectorError, ValueError, etree.XPathError, RecursionError) as err:
        raise UnreadableSelectorError(text) from err
    return Selector(weight=tree.specificity(), path=path)
