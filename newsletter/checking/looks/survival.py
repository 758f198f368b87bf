"""Checks that a mail keeps its look where style sheets and classes are dropped."""

from collections.abc import Iterator, Mapping
from typing import Any

from newsletter.checking.instruments import (
    Draft,
    Page,
    checks,
    declared_in_sheets,
    failing,
    mending,
    named,
    own_values,
    pages_of,
    pixels,
    runs_of,
    styles_of,
)
from newsletter.language import Wording, say
from newsletter.model import Finding, Rule

_WIDE = 320  # pixels; an element this wide holds the page together
_TABLE = ("table", "td", "div", "th")


CSS_INLINE_SURVIVAL = Rule(
    id="css-inline-survival",
    summary="Colours, sizes, widths and buttons do not hang on the style sheet",
    source="caniemail.com, html-style: Gmail with accounts of others, and on the web of phones",
)


@checks(CSS_INLINE_SURVIVAL)
def check_survival(draft: Draft) -> Iterator[Finding]:
    """Styles that a reader needs are on the elements themselves."""
    platforms = failing("html-style", draft.clients, "na")
    if not platforms:
        return
    for page in pages_of(draft):
        for loss, element in _losses(page):
            where = mending(draft, page, element)
            finding = CSS_INLINE_SURVIVAL.warning(
                "{loss} is set in the style sheet alone, which {programs} may drop",
                "write it into the element itself (prose.css does so); {place}",
                loss=loss,
                programs=named(platforms),
                place=where.words,
            )
            yield where.told(finding)


def _losses(page: Page) -> Iterator[tuple[Wording, Any]]:
    """Yield what is lost, and the element; each kind once."""
    told: set[str] = set()
    for kind, loss, element in (*_of_text(page), *_of_boxes(page)):
        if kind not in told:
            told.add(kind)
            yield loss, element


def _of_text(page: Page) -> Iterator[tuple[str, Wording, Any]]:
    bare = styles_of(page, bare=True)
    for run in runs_of(page):
        without, text = bare[run.element], run.text[:40]
        if without.colour != run.style.colour:
            yield "colour", say("the colour of “{text}”", text=text), run.element
        if without.background != run.style.background:
            yield "background", say("the background of “{text}”", text=text), run.element
        if abs(without.letters.size - run.style.letters.size) >= 1:
            yield "size", say("the size of “{text}”", text=text), run.element


def _of_boxes(page: Page) -> Iterator[tuple[str, Wording, Any]]:
    styles = styles_of(page)
    for element, declarations in declared_in_sheets(page).items():
        if styles[element].hidden:
            continue
        inline = own_values(page, element)
        added = {s.name: s.value for s in declarations if s.name not in inline}
        yield from _of_box(element, inline, added)


def _of_box(
    element: Any, inline: Mapping[str, str], added: Mapping[str, str]
) -> Iterator[tuple[str, Wording, Any]]:
    has_width = element.get("width") or {"width", "max-width"} & set(inline)
    width = max(
        (pixels(added.get(name, ""), 16) or 0 for name in ("width", "max-width")), default=0
    )
    if element.tag == "img" and not has_width and {"width", "max-width"} & set(added):
        loss = say("the width of the picture “{alt}”", alt=element.get("alt") or "")
        yield "width", loss, element
    elif element.tag in _TABLE and not has_width and width >= _WIDE:
        yield "width", say("the width of <{tag}>", tag=element.tag), element
    elif element.tag == "a" and element.get("href"):
        words = " ".join(element.text_content().split())
        if {"background", "background-color"} & set(added) and _is_plain(element):
            yield "ground", say("the background of the button “{words}”", words=words), element
        elif "padding" in added:
            yield "room", say("the padding of the button “{words}”", words=words), element


def _is_plain(element: Any) -> bool:
    cell = element.getparent()
    return cell is None or not (cell.get("bgcolor") or "background" in (cell.get("style") or ""))
