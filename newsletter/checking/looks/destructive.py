"""Checks for CSS that makes mail programs drop other CSS, or the text itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from newsletter.checking.instruments import (
    RUNS_LEFT,
    Declaration,
    Draft,
    Page,
    checks,
    declarations_in,
    declarations_of,
    mending,
    mending_in_sheet,
    named,
    once,
    pages_of,
    primary,
    sheets_of,
    within,
)
from newsletter.language import Wording, say
from newsletter.model import Finding, Rule

_MODERN = {"lab", "lch", "oklab", "oklch"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A piece of CSS that destroys what is around it."""

    programs: tuple[str, ...]  # affected clients or platforms
    effect: Wording  # what happens, as the end of a sentence about the programs
    hint: Wording


_COMMENT = Trigger(
    programs=("orange", "mail-ru"),
    effect=say("drops the rule around a comment"),
    hint=say("leave comments out of CSS"),
)
_SPACED = Trigger(
    programs=("gmail",),
    effect=say("drops all styles around this colour"),
    hint=say("write it with commas, as rgb(0, 128, 0), or as #008000"),
)
_LAB = Trigger(
    programs=("gmail",),
    effect=say("drops all styles of the element around this colour"),
    hint=say("write the colour as #008000"),
)
_BULLET = Trigger(
    programs=("gmail", "protonmail.desktop-webmail"),
    effect=say("drops the whole declaration"),
    hint=say("write list-style-type and list-style-image separately"),
)
_TIGHT = Trigger(
    programs=("orange",),
    effect=say("drops the declaration because a space is missing"),
    hint=say("write a space before !important"),
)
_SEVERAL = Trigger(
    programs=("gmx.desktop-webmail", "web-de.desktop-webmail", "mail-ru"),
    effect=say("drops the whole background because it has several pictures"),
    hint=say("give only one picture, and the colour as background-color"),
)
_FORM = Trigger(
    programs=("protonmail.android",),
    effect=say("drops a form with everything in it"),
    hint=say("link to a page with the form instead"),
)
_RIGHT_TO_LEFT = Trigger(
    programs=("gmail.mobile-webmail",),
    effect=say("mirrors the whole mail because one part runs from right to left"),
    hint=say("order the parts in the source as they should be seen"),
)


CSS_DESTRUCTIVE = Rule(
    id="css-destructive",
    summary="No style takes others down with it",
    source="caniemail.com, notes of css-rgb, css-modern-color, css-list-style, css-comments,"
    " css-important, css-background, html-form, css-direction",
)


@checks(CSS_DESTRUCTIVE)
def check_destructive(draft: Draft) -> Iterator[Finding]:
    """No CSS makes the chosen programs drop what is around it."""
    seen: set[tuple[str, int | None]] = set()
    for page in pages_of(draft):
        for trigger, written, element in _triggers(page, draft.issue.language):
            platforms = within(trigger.programs, draft.clients)
            line = page.line_of(element)
            if not platforms or (trigger.effect, line) in seen:
                continue
            seen.add((trigger.effect, line))
            name, _, value = written.partition(":")
            where = (
                mending_in_sheet(draft, page, name.strip(), value)
                if element is None
                else mending(draft, page, element, name.strip() if value else "")
            )
            finding = CSS_DESTRUCTIVE.error(
                "“{written}”: {programs} {effect}",
                "{hint}; {place}",
                written=written[:80],
                programs=named(platforms),
                effect=trigger.effect,
                hint=trigger.hint,
                place=where.words,
            )
            yield where.told(finding)


def _triggers(page: Page, language: str) -> Iterator[tuple[Trigger, str, Any]]:
    """Yield the trigger, the text, and the element; None stands for a style sheet."""
    runs_left = primary(language) in RUNS_LEFT
    for element in page.elements():
        style = element.get("style") or ""
        for trigger, written in _of_style(page, style):
            yield trigger, written, element
        if element.tag == "form":
            yield _FORM, "<form>", element
        if not runs_left and (element.get("dir", "").lower() == "rtl" or _is_rtl(page, element)):
            yield _RIGHT_TO_LEFT, f"<{element.tag}>", element
    yield from ((trigger, written, None) for trigger, written in _of_sheets(page))


@once
def _of_style(page: Page, style: str) -> tuple[tuple[Trigger, str], ...]:
    found = [(_COMMENT, style)] if "/*" in style else []
    if _is_tight(style):
        found.append((_TIGHT, style))
    for declaration in declarations_in(page, style):
        written = f"{declaration.name}: {declaration.value}"
        found += [(trigger, written) for trigger in _of_declaration(declaration, inline=True)]
    return tuple(found)


def _of_sheets(page: Page) -> Iterator[tuple[Trigger, str]]:
    for sheet in sheets_of(page):
        if "/*" in sheet.css:
            yield _COMMENT, sheet.css[sheet.css.index("/*") :]
        if _is_tight(sheet.css):
            yield _TIGHT, "!important"
        for rule in sheet.rules:
            for declaration in rule.declarations:
                for trigger in _of_declaration(declaration, inline=False):
                    yield trigger, f"{declaration.name}: {declaration.value}"


def _of_declaration(declaration: Declaration, *, inline: bool) -> Iterator[Trigger]:
    for token in _functions(declaration.tokens):
        name = token.lower_name
        arguments = [t for t in token.arguments if t.type not in ("whitespace", "comment")]
        has_comma = any(t.type == "literal" and t.value == "," for t in arguments)
        if name in ("rgb", "rgba") and arguments and not has_comma:
            yield _SPACED
        if inline and name in _MODERN:
            yield _LAB
    if declaration.name == "list-style" and "url(" in declaration.value.lower():
        yield _BULLET
    if declaration.name == "background" and any(
        t.type == "literal" and t.value == "," for t in declaration.tokens
    ):
        yield _SEVERAL


def _functions(tokens: Any) -> Iterator[Any]:
    for token in tokens:
        if token.type == "function":
            yield token
            yield from _functions(token.arguments)


def _is_tight(css: str) -> bool:
    return "!" in css and bool(re.search(r"[^\s]!\s*important", css, re.I))


def _is_rtl(page: Page, element: Any) -> bool:
    declared = declarations_of(page, element)
    return any(d.name == "direction" and d.value == "rtl" for d in declared)
