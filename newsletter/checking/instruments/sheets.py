"""Parses the CSS in style attributes and style elements, and tells in which schemes it counts."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

import tinycss2
from tinycss2 import ast

from newsletter.checking.instruments.keeping import once
from newsletter.checking.instruments.page import Page
from newsletter.colours import BLACK, WHITE, Colour, colour_of

_GROUPS = ("media", "supports", "layer", "container")  # at-rules that contain rules
_EVERYWHERE = ("", "all", "screen", "only screen")
_DARK = re.compile(r"\(\s*prefers-color-scheme\s*:\s*dark\s*\)")
_SCREEN = re.compile(r"media(?:\s+(?:only\s+)?(?:screen|all)(?:\s+and)?)?\s*")
_OUTLOOK = re.compile(r"^\s*\[data-ogs[bc]\]\s*")


class Scheme(Enum):
    """The colours in which a mail is read."""

    LIGHT = "light"
    DARK = "dark"  # in programs that know prefers-color-scheme, such as Apple's
    OUTLOOK = "outlook"  # the dark one of Outlook on the web, which marks what it changed


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


def selectors_in(scheme: Scheme, rule: StyleRule) -> tuple[str, ...]:
    """Return the selectors of a rule that counts in a scheme, as they select there."""
    if not rule.within:
        if scheme is Scheme.OUTLOOK:
            return tuple(_OUTLOOK.sub("", selector) for selector in rule.selectors)
        return rule.selectors
    if scheme is Scheme.DARK and all(map(_is_of_dark, rule.within)):
        return rule.selectors
    return ()


@once
def knows_dark(page: Page) -> bool:
    """Return whether a page says that it has dark colours, so that its canvas is dark."""
    said = [
        *(meta.get("content") or "" for meta in page.elements("meta") if _is_of_scheme(meta)),
        *_declared_for_page(page),
    ]
    return any("dark" in value.lower().split() for value in said)


@once
def has_colours_for(page: Page, scheme: Scheme) -> bool:
    """Return whether a page has rules for a scheme alone."""
    rules = [rule for sheet in sheets_of(page) for rule in sheet.rules]
    if scheme is Scheme.OUTLOOK:
        return any(_OUTLOOK.match(s) for rule in rules if not rule.within for s in rule.selectors)
    return any(rule.within and selectors_in(scheme, rule) for rule in rules)


def canvas_of(page: Page, scheme: Scheme) -> tuple[Colour, Colour, Colour]:
    """Return the colours of text, ground and links where a page says nothing, as in Chromium."""
    if scheme is Scheme.DARK and knows_dark(page):
        return WHITE, Colour(18 / 255, 18 / 255, 18 / 255), Colour(158 / 255, 158 / 255, 1.0)
    return BLACK, WHITE, colour_of("#0000ee") or BLACK


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


def _is_of_dark(query: str) -> bool:
    """Return whether a query asks for a dark theme, and for nothing that a screen may lack."""
    low = query.lower()
    if not low.startswith("media"):
        return False
    asked, count = _DARK.subn("", low)
    return bool(count) and _SCREEN.fullmatch(asked.strip()) is not None


def _is_of_scheme(meta: Any) -> bool:
    return str(meta.get("name", "")).lower() == "color-scheme"


def _declared_for_page(page: Page) -> Iterator[str]:
    for sheet in sheets_of(page):
        for rule in sheet.rules:
            if not rule.within and {":root", "html"} & set(rule.selectors):
                yield from (d.value for d in rule.declarations if d.name == "color-scheme")
