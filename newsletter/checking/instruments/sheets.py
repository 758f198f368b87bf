"""Reads CSS as it stands in style attributes and style elements."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import tinycss2
from tinycss2.ast import AtRule, Declaration, LiteralToken, Node, QualifiedRule

from newsletter.checking.instruments.page import Page

_GROUPS = ("media", "supports", "layer", "container")  # at-rules that hold rules
_EVERYWHERE = ("", "all", "screen", "only screen")


@dataclass(frozen=True, slots=True, eq=False)
class Saying:
    """A property and its value; a declaration of CSS."""

    name: str  # in small letters
    value: str  # without `!important`
    important: bool
    tokens: tuple[Any, ...]  # the value as tinycss2 has it


@dataclass(frozen=True, slots=True, eq=False)
class Ruling:
    """A rule of a style sheet."""

    selectors: tuple[str, ...]
    sayings: tuple[Saying, ...]
    within: tuple[str, ...]  # the at-rules around it, as "media (max-width:479px)"


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A style element, read."""

    css: str
    rulings: tuple[Ruling, ...]


@lru_cache(maxsize=4096)
def sayings_of(style: str) -> tuple[Saying, ...]:
    """Return what a style attribute says, in order; nothing where brackets nest without end."""
    try:
        return _sayings(
            tinycss2.parse_blocks_contents(style, skip_comments=True, skip_whitespace=True)
        )
    except RecursionError:
        return ()


def sheets_of(page: Page) -> list[Sheet]:
    """Return the style sheets of a page; those for another medium count as a query's."""
    found = []
    for element in page.elements("style"):
        media = element.get("media", "").strip().lower()
        found.append(read_sheet(element.text or "", "" if media in _EVERYWHERE else media))
    return found


@lru_cache(maxsize=64)
def read_sheet(css: str, media: str = "") -> Sheet:
    """Read a style sheet, which may be meant for a medium; endless brackets hold nothing.

    Rendering refuses such styles, so that they come from raw HTML of a template alone.
    """
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    try:
        return Sheet(css, tuple(_rulings(rules, (f"media {media}",) if media else ())))
    except RecursionError:
        return Sheet(css, ())


def _rulings(rules: Iterable[Node], within: tuple[str, ...]) -> Iterator[Ruling]:
    for rule in rules:
        if isinstance(rule, QualifiedRule):
            parts = tinycss2.parse_blocks_contents(
                rule.content, skip_comments=True, skip_whitespace=True
            )
            selectors = tuple(_selectors(rule.prelude))
            yield Ruling(selectors, _sayings(parts), within)
        elif isinstance(rule, AtRule):
            name = rule.lower_at_keyword
            if rule.content is not None and name in _GROUPS:
                inner = tinycss2.parse_rule_list(
                    rule.content, skip_comments=True, skip_whitespace=True
                )
                prelude = tinycss2.serialize(rule.prelude).strip()
                yield from _rulings(inner, (*within, f"{name} {prelude}"))


def _selectors(prelude: list[Node]) -> Iterator[str]:
    part: list[Node] = []
    for token in prelude:
        if isinstance(token, LiteralToken) and token.value == ",":
            yield tinycss2.serialize(part).strip()
            part = []
        else:
            part.append(token)
    yield tinycss2.serialize(part).strip()


def _sayings(nodes: Iterable[Node]) -> tuple[Saying, ...]:
    return tuple(
        Saying(
            node.lower_name,
            tinycss2.serialize(node.value).strip(),
            node.important,
            tuple(t for t in node.value if t.type not in ("whitespace", "comment")),
        )
        for node in nodes
        if isinstance(node, Declaration)
    )
