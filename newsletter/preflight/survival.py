"""Checks that a mail keeps its look where style sheets and classes are dropped."""

from collections.abc import Iterator, Mapping
from typing import Any

from newsletter.model import Finding, Severity
from newsletter.preflight.computed import Run, own_sayings, runs_of, styles_of
from newsletter.preflight.css import IN_TEMPLATE
from newsletter.preflight.draft import Draft
from newsletter.preflight.lettering import pixels
from newsletter.preflight.page import Page, one_per_variant, page_of
from newsletter.preflight.report import Rule, checks
from newsletter.preflight.selecting import ruled
from newsletter.preflight.support import failing, named

_WIDE = 320  # pixels; what is as wide holds the page together
_TABLE = ("table", "td", "div", "th")
_HINT = f"write it into the element itself (prose.css does so); {IN_TEMPLATE}"


@checks(
    Rule(
        id="css-inline-survival",
        summary="Colours, sizes, widths and buttons do not hang on the style sheet",
        source="caniemail.com, html-style: Gmail with accounts of others, and on the web of phones",
    ),
)
def check_survival(draft: Draft) -> Iterator[Finding]:
    """What a reader needs stands in the elements themselves."""
    platforms = failing("html-style", draft.clients, "na")
    if not platforms:
        return
    for specimen in one_per_variant(draft):
        page = page_of(specimen)
        for what, shown, element in _losses(page):
            yield draft.finding(
                "css-inline-survival",
                Severity.WARNING,
                f"{what} of {shown} stands in the style sheet alone,"
                f" which {named(platforms)} may drop",
                hint=_HINT,
                line=page.line_of(element),
            )


def _losses(page: Page) -> Iterator[tuple[str, str, Any]]:
    """Yield what is lost, of what, and the element: each kind once."""
    told: set[str] = set()
    for what, shown, element in (*_of_text(page), *_of_boxes(page)):
        if what not in told:
            told.add(what)
            yield what, shown, element


def _of_text(page: Page) -> Iterator[tuple[str, str, Any]]:
    bare = styles_of(page, bare=True)
    for run in runs_of(page):
        without = bare[run.element]
        if without.colour != run.style.colour:
            yield "the colour", _quoted(run), run.element
        if without.ground != run.style.ground:
            yield "the background", _quoted(run), run.element
        if abs(without.size - run.style.size) >= 1:
            yield "the size", _quoted(run), run.element


def _of_boxes(page: Page) -> Iterator[tuple[str, str, Any]]:
    styles = styles_of(page)
    for element, sayings in ruled(page).items():
        if styles[element].hidden:
            continue
        inline = own_sayings(element, ())
        added = {s.name: s.value for s in sayings if s.name not in inline}
        yield from _of_box(element, inline, added)


def _of_box(
    element: Any, inline: Mapping[str, str], added: Mapping[str, str]
) -> Iterator[tuple[str, str, Any]]:
    has_width = element.get("width") or {"width", "max-width"} & set(inline)
    width = max(
        (pixels(added.get(name, ""), 16) or 0 for name in ("width", "max-width")), default=0
    )
    if element.tag == "img" and not has_width and {"width", "max-width"} & set(added):
        yield "the width", f"the picture “{element.get('alt') or ''}”", element
    elif element.tag in _TABLE and not has_width and width >= _WIDE:
        yield "the width", f"<{element.tag}>", element
    elif element.tag == "a" and element.get("href"):
        words = " ".join(element.text_content().split())
        if {"background", "background-color"} & set(added) and _is_plain(element):
            yield "the ground", f"the button “{words}”", element
        elif "padding" in added:
            yield "the room", f"the button “{words}”", element


def _is_plain(element: Any) -> bool:
    cell = element.getparent()
    return cell is None or not (cell.get("bgcolor") or "background" in (cell.get("style") or ""))


def _quoted(run: Run) -> str:
    return f"“{run.text[:40]}”"


CHECKS = (check_survival,)
