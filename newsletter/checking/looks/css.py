"""Checks that CSS does no harm in the mail programs the newsletter supports."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from newsletter.checking.instruments import (
    Declaration,
    Draft,
    Mending,
    Page,
    StyleRule,
    checks,
    conditional,
    consequences,
    declarations_in,
    failing,
    features,
    mending,
    mending_in_sheet,
    named,
    once,
    pages_of,
    sheets_of,
    support,
    within,
)
from newsletter.model import Finding, Rule, Severity

_GMAIL_STYLE = 16_384  # bytes of style elements that Gmail reads
_NEARLY = 14_000
# Rules with these are meant for one program only.
_HOOKS = re.compile(r"\[data-ogs|\.moz-text-html|#outlook|\bu \+|#MessageViewBody|\.ExternalClass")
_EQUIVALENTS = {
    "width": ("width",),
    "height": ("height",),
    "float": ("align",),
    **dict.fromkeys(consequences.COLOURS - {"color"}, ("bgcolor",)),
}
_WITH_CONTENT = ("html-video", "html-audio", "html-object")  # its content is shown instead
_HIDES_TOO = {"font-size", "max-height", "line-height", "opacity", "mso-hide", "height"}


CSS_UNSUPPORTED = Rule(
    id="css-unsupported",
    summary="Nothing is lost, unreadable or out of place where a program lacks a feature",
    source="caniemail.com",
)


@checks(CSS_UNSUPPORTED)
def check_unsupported(draft: Draft) -> Iterator[Finding]:
    """Features that programs lack do no harm, or have a fallback."""
    seen: set[tuple[str, int | None]] = set()
    for page in pages_of(draft):
        for slug, written, element in _uses(page):
            platforms = failing(slug, draft.clients)
            if element in conditional.outlook_alternatives(page):
                platforms = tuple(p for p in platforms if p != "outlook.windows")
            line = page.line_of(element)
            if platforms and not seen & {(slug, line), (written, line)}:
                seen |= {(slug, line), (written, line)}
                where = _mending(draft, page, written, element)
                finding = CSS_UNSUPPORTED.warning(
                    "{programs} cannot show “{written}”: {loss} (tested {date})",
                    "write it in another way, or say something that they know before it; {place}",
                    programs=named(platforms),
                    written=written,
                    loss=consequences.CONSEQUENCE[slug][1],
                    date=support.tested_on(slug),
                    place=where.words,
                )
                yield where.told(finding)


def _mending(draft: Draft, page: Page, written: str, element: Any) -> Mending:
    name, _, value = written.partition(": ")
    if element is None:
        return mending_in_sheet(draft, page, name, value)
    return mending(draft, page, element, name if value else "")


STYLE_BLOCK_SIZE = Rule(
    id="style-block-size",
    summary="Gmail reads the style sheet to its end",
    source="caniemail.com, html-style; this program for the margin",
)


@checks(STYLE_BLOCK_SIZE)
def check_size(draft: Draft) -> Iterator[Finding]:
    """Style elements are no larger than what Gmail reads."""
    if not within(("gmail",), draft.clients):
        return
    pages = pages_of(draft)
    sizes = [sum(len(sheet.css.encode()) for sheet in sheets_of(page)) for page in pages]
    size = max(sizes, default=0)
    if size >= _NEARLY:
        yield STYLE_BLOCK_SIZE.finding(
            Severity.ERROR if size > _GMAIL_STYLE else Severity.WARNING,
            "the style sheet has {size:,} bytes; Gmail drops all of it above {limit:,}",
            mending_in_sheet(draft, pages[0]).words,
            size=size,
            limit=_GMAIL_STYLE,
        )


def _uses(page: Page) -> Iterator[tuple[str, str, Any]]:
    """Yield the feature, how it is written, and the element; None stands for a style sheet."""
    for element in page.elements():
        for slug in _has_impact(element):
            yield slug, f"<{element.tag}>" if slug.startswith("html-") else _shown(element), element
        for slug, declaration in _unsupported_in_style(page, element.get("style") or ""):
            if not _has_instead(element, declaration):
                yield slug, f"{declaration.name}: {declaration.value}", element
    for sheet in sheets_of(page):
        for rule in sheet.rules:
            if not rule.within and not _is_for_one_program(rule):
                yield from _uses_of_rule(rule)


def _has_impact(element: Any) -> Iterator[str]:
    for slug in features.of_element(element):
        shows_else = slug in _WITH_CONTENT and len(element)
        if slug in consequences.CONSEQUENCE and not shows_else:
            yield slug


def _shown(element: Any) -> str:
    return f'<img src="{(element.get("src") or "")[:40]}">'


def _uses_of_rule(rule: StyleRule) -> Iterator[tuple[str, str, Any]]:
    selector = ", ".join(rule.selectors)
    for slug in (slug for name in rule.selectors for slug in features.of_selector(name)):
        if slug not in consequences.CONSEQUENCE:
            continue
        adds_words = any(s.name == "content" and len(s.value) > 2 for s in rule.declarations)
        if consequences.CONSEQUENCE[slug][0] is not consequences.Impact.LOST or adds_words:
            yield slug, selector, None
    for slug, declaration in _unsupported(rule.declarations):
        yield slug, f"{selector} {{ {declaration.name}: {declaration.value} }}", None


@once
def _unsupported_in_style(page: Page, style: str) -> tuple[tuple[str, Declaration], ...]:
    """Return the harmful features of a style attribute for which it has no fallback."""
    return tuple(_unsupported(declarations_in(page, style)))


def _unsupported(declarations: tuple[Declaration, ...]) -> Iterator[tuple[str, Declaration]]:
    names = {s.name: s.value for s in declarations}
    said: Counter[str] = Counter()  # how often the property was declared before
    used: Counter[tuple[str, str]] = Counter()  # and how often with a feature
    for declaration in declarations:
        own = features.of_property(declaration.name, declaration.value)
        slugs = (*own, *features.of_value(declaration))
        about = declaration.name.removesuffix("-color")
        for slug in slugs:
            if slug not in consequences.CONSEQUENCE or not _matters(slug, declaration, own):
                continue
            has_other = used[about, slug] < said[about]
            if not has_other and not _is_covered(slug, names):
                yield slug, declaration
        said[about] += 1
        used.update((about, slug) for slug in set(slugs))


def _matters(slug: str, declaration: Declaration, own: tuple[str, ...]) -> bool:
    """Return whether it matters that this property lacks its value."""
    if declaration.value.lower() in consequences.HARMLESS.get(
        declaration.name, ()
    ) or declaration.name.startswith("--"):
        return False
    if slug in own:
        return True
    root = declaration.name.split("-")[0] if declaration.name != "font-size" else "font-size"
    impact = consequences.CONSEQUENCE[slug][0]
    if impact is consequences.Impact.UNREADABLE:
        return declaration.name in consequences.COLOURS
    return (
        declaration.name in consequences.SIZES | consequences.COLOURS or root in consequences.SIZES
    )


def _is_covered(slug: str, names: Mapping[str, str]) -> bool:
    """Return whether other declarations do the same, or make up for it."""
    if slug in ("css-display-none", "css-visibility"):
        return bool(_HIDES_TOO & set(names)) or "none" in names.get("display", "")
    if slug == "css-background-image" or slug.endswith("-gradient"):
        return bool(names.get("background-color"))
    return False


def _has_instead(element: Any, declaration: Declaration) -> bool:
    if declaration.name == "white-space" and element.tag == "pre":
        return True
    return any(element.get(name) for name in _EQUIVALENTS.get(declaration.name, ()))


def _is_for_one_program(rule: StyleRule) -> bool:
    return all(_HOOKS.search(selector) for selector in rule.selectors)
