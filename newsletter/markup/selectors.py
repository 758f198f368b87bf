"""Parses selectors of style sheets, and finds the elements they select."""

import re
from dataclasses import dataclass
from typing import Any

from cssselect import HTMLTranslator, SelectorError, parse
from lxml import etree

_LONGEST = 1_000  # characters of a selector that anybody would write
# What a page alone cannot tell: where a pointer is, and pseudo-elements.
_STATE = re.compile(
    r"::|:(?:hover|active|visited|focus[\w-]*|target|checked|before|after|first-l\w+)\b", re.I
)
_TRANSLATOR = HTMLTranslator()

Specificity = tuple[int, int, int]  # specificity: ids, classes and the like, tags


class UnreadableSelectorError(Exception):
    """A selector is invalid, or of a kind that is not supported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector:
    """A parsed selector, ready to be applied."""

    weight: Specificity
    path: etree.XPath | None  # None: it selects a state, or a pseudo-element

    def find(self, root: Any) -> list[Any]:
        """Return the elements of a page it selects, in their initial state."""
        if self.path is None:
            return []
        found: list[Any] = self.path(root)
        return found


def read_selector(text: str) -> Selector:
    """Parse one selector; raise UnreadableSelectorError for an invalid one."""
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
