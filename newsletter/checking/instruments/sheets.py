"""Parses the CSS in style attributes and style elements."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import tinycss2
from tinycss2 import ast

from newsletter.checking.instruments.keeping import once
from newsletter.checking.instruments.page import Page

_GROUPS = ("media", "supports", "layer", "container")  # at-rules that contain rules
_EVERYWHERE = ("", "all", "screen", "only screen")


@dataclass(frozen=True, slots=True, eq=False)
class Declaration:
    """A property and its value."""

    name: str  # in lower case
    value: str  # without `!important`
    important: bool
    tokens: tuple[Any, ...]  # the value as parsed by tinycss2


@dataclass(frozen=True, slots=True, eq=False)
class StyleRule:
    """A rule of a style sheet."""

    selectors: tuple[str, ...]
    declarations: tuple[Declaration, ...]
    within: tuple[str, ...]  # the at-rules around it, such as "media (max-width:479px)"


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A parsed style element."""

    css: str
    rules: tuple[StyleRule, ...]


def declarations_of(page: Page, element: Any) -> tuple[Declaration, ...]:
    """Return the declarations of an element's style attribute in order."""
    style = element.get("style")
    return declarations_in(page, style) if style else ()


@once
def declarations_in(_page: Page, style: str) -> tuple[Declaration, ...]:
    """Return the declarations of a style attribute of a page; most elements repeat one."""
    return read_declarations(style)


def read_declarations(style: str) -> tuple[Declaration, ...]:
    """Return the declarations of a style attribute in order; none if brackets nest endlessly."""
    try:
        return _declarations(
            tinycss2.parse_blocks_contents(style, skip_comments=True, skip_whitespace=True)
        )
    except RecursionError:
        return ()


@once
def sheets_of(page: Page) -> tuple[Sheet, ...]:
    """Return the style sheets of a page; those for another medium count as inside a query."""
    found = []
    for element in page.elements("style"):
        media = element.get("media", "").strip().lower()
        found.append(read_sheet(element.text or "", "" if media in _EVERYWHERE else media))
    return tuple(found)


def read_sheet(css: str, media: str = "") -> Sheet:
    """Parse a style sheet, which may be for a medium; if brackets nest endlessly, it has no rules.

    Rendering refuses such styles, so they can only come from raw HTML in a template.
    """
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    try:
        return Sheet(css, tuple(_rules(rules, (f"media {media}",) if media else ())))
    except RecursionError:
        return Sheet(css, ())


def _rules(rules: Iterable[ast.Node], within: tuple[str, ...]) -> Iterator[StyleRule]:
    for rule in rules:
        if isinstance(rule, ast.QualifiedRule):
            parts = tinycss2.parse_blocks_contents(
                rule.content, skip_comments=True, skip_whitespace=True
            )
            selectors = tuple(_selectors(rule.prelude))
            yield StyleRule(selectors, _declarations(parts), within)
        elif isinstance(rule, ast.AtRule):
            name = rule.lower_at_keyword
            if rule.content is not None and name in _GROUPS:
                inner = tinycss2.parse_rule_list(
                    rule.content, skip_comments=True, skip_whitespace=True
                )
                prelude = tinycss2.serialize(rule.prelude).strip()
                yield from _rules(inner, (*within, f"{name} {prelude}"))


def _selectors(prelude: list[ast.Node]) -> Iterator[str]:
    part: list[ast.Node] = []
    for token in prelude:
        if isinstance(token, ast.LiteralToken) and token.value == ",":
            yield tinycss2.serialize(part).strip()
            part = []
        else:
            part.append(token)
    yield tinycss2.serialize(part).strip()


def _declarations(nodes: Iterable[ast.Node]) -> tuple[Declaration, ...]:
    return tuple(
        Declaration(
            node.lower_name,
            tinycss2.serialize(node.value).strip(),
            node.important,
            tuple(t for t in node.value if t.type not in ("whitespace", "comment")),
        )
        for node in nodes
        if isinstance(node, ast.Declaration)
    )
