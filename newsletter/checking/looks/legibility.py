"""Checks that text can be read: contrast, size, line spacing, links that look like links."""

from collections.abc import Iterator
from typing import Any

from newsletter.checking.instruments import (
    IN_TEMPLATE,
    LARGE,
    Colour,
    Draft,
    Page,
    Run,
    block_of,
    checks,
    contrast,
    declarations_of,
    one_per_variant,
    page_of,
    runs_of,
    styles_of,
)
from newsletter.language import Wording, say
from newsletter.model import Finding, Rule, Severity

_TINY, _SMALL = 9.0, 14.0  # pixels
_TIGHT = 1.4
_LONG = 90  # characters; a shorter text is one line or two
_MARKS = {"sup", "sub"}  # small by nature
_BODY = {"p", "li", "td", "div", "dd", "blockquote"}


A11Y_CONTRAST = Rule(
    id="a11y-contrast",
    summary="Text stands out from its ground: 4.5 to 1, or 3 to 1 where it is large",
    source="WCAG 2.2, 1.4.3",
)


@checks(A11Y_CONTRAST)
def check_contrast(draft: Draft) -> Iterator[Finding]:
    """Each text stands out from what is behind it."""
    for specimen in one_per_variant(draft):
        page = page_of(specimen)
        seen: set[tuple[Colour, Colour, float, bool]] = set()
        for run in runs_of(page):
            text, background = run.style.seen_colour, run.style.background
            key = text, background, run.style.needed_contrast, run.style.picture
            if key in seen:
                continue
            seen.add(key)
            if run.style.picture:
                yield _unclear(draft, page, run)
            elif (ratio := contrast(text, background)) < key[2]:
                message = say(
                    "“{text}” is hard to read: {colour} on {background} has a contrast of "
                    "{ratio:.3} to 1, {needed:g} is needed",
                    text=run.text[:40],
                    colour=str(text),
                    background=str(background),
                    ratio=_floored(ratio),
                    needed=key[2],
                )
                yield A11Y_CONTRAST.error(
                    draft.path,
                    message,
                    hint=say(
                        "make the text darker or its background lighter; {place}", place=IN_TEMPLATE
                    ),
                    line=page.line_of(run.element),
                )


A11Y_FONT_SIZE = Rule(
    id="a11y-font-size",
    summary="Text is large enough, has room between its lines, and can be enlarged",
    source="WCAG 2.2, 1.4.4 and 1.4.12; the sizes are this program's choice",
)


@checks(A11Y_FONT_SIZE)
def check_size(draft: Draft) -> Iterator[Finding]:
    """Font size, line height and zoom let everybody read."""
    for specimen in one_per_variant(draft):
        page = page_of(specimen)
        for severity, message, hint, element in _faults_of_size(page):
            line = page.line_of(element)
            yield A11Y_FONT_SIZE.finding(draft.path, severity, message, hint=hint, line=line)


A11Y_LINK_DISTINCT = Rule(
    id="a11y-link-distinct",
    summary="Links within text show as links without their colour",
    source="WCAG 2.2, 1.4.1",
)


@checks(A11Y_LINK_DISTINCT)
def check_links(draft: Draft) -> Iterator[Finding]:
    """Links in running text are underlined or bold, or have a line below them."""
    for specimen in one_per_variant(draft):
        page = page_of(specimen)
        for run in runs_of(page):
            link = _link_of(run.element)
            if link is None or _shows(page, run, link) or not _is_within_text(page, link):
                continue
            yield A11Y_LINK_DISTINCT.warning(
                draft.path,
                say(
                    "the link “{text}” differs from its text by colour alone, which not everybody "
                    "sees",
                    text=run.text[:40],
                ),
                hint=say("underline links within text; {place}", place=IN_TEMPLATE),
                line=page.line_of(link),
            )
            break


def _floored(ratio: float) -> float:
    """Return a ratio with two digits, never rounded up to one that would be enough."""
    return int(ratio * 100) / 100


def _unclear(draft: Draft, page: Page, run: Run) -> Finding:
    return A11Y_CONTRAST.warning(
        draft.path,
        say("“{text}” is on a picture: its contrast cannot be computed", text=run.text[:40]),
        hint=say("give the same element a background-color as well; {place}", place=IN_TEMPLATE),
        line=page.line_of(run.element),
    )


def _faults_of_size(page: Page) -> Iterator[tuple[Severity, Wording, Wording, Any]]:
    """Yield severity, message, hint and element of the first fault of each kind."""
    told: set[str] = set()
    for run in runs_of(page):
        for kind, severity, message, hint in _of_run(page, run):
            if kind not in told:
                told.add(kind)
                yield severity, message, hint, run.element
    for meta in page.elements("meta"):
        content = (meta.get("content") or "").replace(" ", "").lower()
        if meta.get("name", "").lower() == "viewport" and _forbids_zoom(content):
            message = say("the page cannot be enlarged on phones")
            hint = say("take user-scalable and maximum-scale out; {place}", place=IN_TEMPLATE)
            yield Severity.ERROR, message, hint, meta


def _of_run(page: Page, run: Run) -> Iterator[tuple[str, Severity, Wording, Wording]]:
    style, text = run.style, run.text[:40]
    is_mark = run.element.tag in _MARKS or run.element.getparent().tag in _MARKS
    larger = say("write {size:g} pixels or more; {place}", size=_SMALL, place=IN_TEMPLATE)
    if style.size < _TINY:
        message = say(
            "“{text}” has letters of {size:g} px: nobody can read them",
            text=text,
            size=style.size,
        )
        yield "tiny", Severity.ERROR, message, larger
    elif style.size < _SMALL and not is_mark:
        message = say("“{text}” has small letters ({size:g} px)", text=text, size=style.size)
        yield "small", Severity.WARNING, message, larger
    block = block_of(run.element)
    if block.tag not in _BODY or is_mark or len(run.text) < _LONG:
        return
    if style.leading < _TIGHT and style.size < LARGE:
        message = say(
            "the lines of “{text}” are close together ({times:.2g} times the letters)",
            text=text,
            times=style.leading,
        )
        hint = say("write line-height: 1.5; {place}", place=IN_TEMPLATE)
        yield "tight", Severity.WARNING, message, hint
    if _is_justified(page, block):
        message = say(
            "“{text}” is justified: the gaps between words make it harder to read", text=text
        )
        hint = say("write text-align: left; {place}", place=IN_TEMPLATE)
        yield "justified", Severity.NOTE, message, hint


def _is_justified(page: Page, block: Any) -> bool:
    while block is not None:
        for declaration in declarations_of(page, block):
            if declaration.name == "text-align":
                return declaration.value.lower() == "justify"
        if block.get("align"):
            return bool(block.get("align").lower() == "justify")
        block = block.getparent()
    return False


def _forbids_zoom(content: str) -> bool:
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
    is_bolder = run.style.bold and not styles_of(page)[block_of(link)].bold
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


CHECKS = (
    check_contrast,
    check_size,
    check_links,
)
