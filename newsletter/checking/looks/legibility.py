"""Checks that text can be read: contrast, size, line spacing, links that look like links."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from newsletter.checking.instruments import (
    LARGE,
    Colour,
    Draft,
    Page,
    Run,
    block_of,
    checks,
    contrast,
    declarations_of,
    first_of_each,
    mending,
    pages_of,
    runs_of,
    styles_of,
)
from newsletter.language import say
from newsletter.model import Finding, Rule

_TINY, _SMALL = 9.0, 14.0  # pixels
_TIGHT = 1.4
_LONG = 90  # characters; a shorter text is one line or two
_MARKS = {"sup", "sub"}  # small by nature
_DECLARED_BY = {
    "tiny": "font-size",
    "small": "font-size",
    "tight": "line-height",
    "justified": "text-align",
}  # what a fault of size comes from
_BODY = {"p", "li", "td", "div", "dd", "blockquote"}


A11Y_CONTRAST = Rule(
    id="a11y-contrast",
    summary="Text stands out from its ground: 4.5 to 1, or 3 to 1 where it is large",
    source="WCAG 2.2, 1.4.3",
)


@checks(A11Y_CONTRAST)
def check_contrast(draft: Draft) -> Iterator[Finding]:
    """Each text stands out from what is behind it."""
    for page in pages_of(draft):
        for run in first_of_each(page, _setting):
            text, background, needed, is_on_picture = _setting(run)
            if is_on_picture:
                where = mending(draft, page, run.element)
                finding = A11Y_CONTRAST.warning(
                    "“{text}” is on a picture: its contrast cannot be computed",
                    "give the same element a background-color as well; {place}",
                    text=run.text[:40],
                    place=where.words,
                )
                yield where.told(finding)
            elif (ratio := contrast(text, background)) < needed:
                where = mending(draft, page, run.element, "color")
                finding = A11Y_CONTRAST.error(
                    "“{text}” is hard to read: {colour} on {background} has a contrast of "
                    "{ratio:.3} to 1, {needed:g} is needed",
                    "make the text darker or its background lighter; {place}",
                    place=where.words,
                    text=run.text[:40],
                    colour=str(text),
                    background=str(background),
                    ratio=_floored(ratio),
                    needed=needed,
                )
                yield where.told(finding)


A11Y_FONT_SIZE = Rule(
    id="a11y-font-size",
    summary="Text is large enough, has room between its lines, and can be enlarged",
    source="WCAG 2.2, 1.4.4 and 1.4.12; the sizes are this program's choice",
)


@checks(A11Y_FONT_SIZE)
def check_size(draft: Draft) -> Iterator[Finding]:
    """Font size, line height and zoom let everybody read; each fault is told once."""
    for page in pages_of(draft):
        told: set[str] = set()
        for run in runs_of(page):
            for kind, fault in _faults_of_size(page, run):
                if kind not in told:
                    told.add(kind)
                    where = mending(draft, page, run.element, _DECLARED_BY[kind])
                    hint = say("{hint}; {place}", hint=fault.hint, place=where.words)
                    yield where.told(replace(fault, hint=hint))
        for meta in page.elements("meta"):
            if meta.get("name", "").lower() == "viewport" and _forbids_zoom(meta):
                where = mending(draft, page, meta)
                finding = A11Y_FONT_SIZE.error(
                    "the page cannot be enlarged on phones",
                    "take user-scalable and maximum-scale out; {place}",
                    place=where.words,
                )
                yield where.told(finding)


A11Y_LINK_DISTINCT = Rule(
    id="a11y-link-distinct",
    summary="Links within text show as links without their colour",
    source="WCAG 2.2, 1.4.1",
)


@checks(A11Y_LINK_DISTINCT)
def check_links(draft: Draft) -> Iterator[Finding]:
    """Links in running text are underlined or bold, or have a line below them."""
    for page in pages_of(draft):
        for run in runs_of(page):
            link = _link_of(run.element)
            if link is None or _shows(page, run, link) or not _is_within_text(page, link):
                continue
            if not any(map(str.isalnum, run.text)):  # an arrow is no word of the text
                continue
            where = mending(draft, page, link, "text-decoration")
            finding = A11Y_LINK_DISTINCT.warning(
                "the link “{text}” differs from its text by colour alone, which not everybody sees",
                "underline links within text; {place}",
                text=run.text[:40],
                place=where.words,
            )
            yield where.told(finding)
            break


def _setting(run: Run) -> tuple[Colour, Colour, float, bool]:
    style = run.style
    return style.seen_colour, style.background, style.needed_contrast, style.picture


def _floored(ratio: float) -> float:
    """Return a ratio with two digits, never rounded up to one that would be enough."""
    return int(ratio * 100) / 100


def _faults_of_size(page: Page, run: Run) -> Iterator[tuple[str, Finding]]:
    """Yield the kind of each fault of a text, and the fault."""
    style, text = run.style, run.text[:40]
    is_mark = run.element.tag in _MARKS or run.element.getparent().tag in _MARKS
    larger = say("write {size:g} pixels or more", size=_SMALL)
    if style.letters.size < _TINY:
        yield (
            "tiny",
            A11Y_FONT_SIZE.error(
                "“{text}” has letters of {size:g} px: nobody can read them",
                larger,
                text=text,
                size=style.letters.size,
            ),
        )
    elif style.letters.size < _SMALL and not is_mark:
        yield (
            "small",
            A11Y_FONT_SIZE.warning(
                "“{text}” has small letters ({size:g} px)",
                larger,
                text=text,
                size=style.letters.size,
            ),
        )
    block = block_of(run.element)
    if block.tag not in _BODY or is_mark or len(run.text) < _LONG:
        return
    if style.letters.leading < _TIGHT and style.letters.size < LARGE:
        yield (
            "tight",
            A11Y_FONT_SIZE.warning(
                "the lines of “{text}” are close together ({times:.2g} times the letters)",
                "write line-height: 1.5",
                text=text,
                times=style.letters.leading,
            ),
        )
    if _is_justified(page, block):
        yield (
            "justified",
            A11Y_FONT_SIZE.note(
                "“{text}” is justified: the gaps between words make it harder to read",
                "write text-align: left",
                text=text,
            ),
        )


def _is_justified(page: Page, block: Any) -> bool:
    while block is not None:
        for declaration in declarations_of(page, block):
            if declaration.name == "text-align":
                return declaration.value.lower() == "justify"
        if block.get("align"):
            return bool(block.get("align").lower() == "justify")
        block = block.getparent()
    return False


def _forbids_zoom(meta: Any) -> bool:
    content = (meta.get("content") or "").replace(" ", "").lower()
    parts = dict(part.partition("=")[::2] for part in content.split(","))
    most = parts.get("maximum-scale", "10")
    return parts.get("user-scalable") in ("no", "0") or most in ("1", "1.0")


def _link_of(element: Any) -> Any:
    while element is not None and not (element.tag == "a" and element.get("href")):
        element = element.getparent()
    return element


def _shows(page: Page, run: Run, link: Any) -> bool:
    """Return whether a link stands out by more than its colour."""
    said = {s.name: s.value for s in declarations_of(page, link)}
    line = said.get("border-bottom", "none").split()
    is_bolder = run.style.letters.bold and not styles_of(page)[block_of(link)].letters.bold
    return run.style.underlined or is_bolder or line[0] not in ("none", "0", "0px")


def _is_within_text(page: Page, link: Any) -> bool:
    """Return whether words that are not a link are in the same block."""
    block = block_of(link)
    styles = styles_of(page)
    for element in block.iter():
        if not isinstance(element.tag, str) or styles[element].hidden:
            continue
        own = element.text or "" if _link_of(element) is None else ""
        tails = (child.tail or "" for child in element if _link_of(element) is None)
        if len("".join((own, *tails)).split()) > 1 and block_of(element) is block:
            return True
    return False
