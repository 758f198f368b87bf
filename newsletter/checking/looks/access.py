"""Checks that the page can be used with a screen reader, a keyboard and a thumb."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from newsletter.checking.instruments import (
    EMOJI,
    Declaration,
    Draft,
    Page,
    anchors_of,
    block_of,
    checks,
    declarations_of,
    line_in,
    mending,
    mending_in_sheet,
    own_values,
    pages_of,
    passages_of,
    pixels,
    sheets_of,
    styles_of,
)
from newsletter.language import say
from newsletter.model import Finding, Rule, Severity

_THUMB = 24  # pixels
_ROW = re.compile(rf"{EMOJI}(?:\s*{EMOJI}){{3,}}")
_ONLY_EMOJI = re.compile(rf"\s*{EMOJI}(?:\s*{EMOJI})*\s*")
# Mathematical letters, which screen readers spell out by name or skip.
_LETTERS = re.compile("[\U0001d400-\U0001d7ff]{2,}")
_DRAWN = re.compile(r"([=*~_+#<>^|\\/-])\1{5,}|[<(][\"'´`^]?[)_-]{2,}[>)(]{2,}")
_FOCUSABLE = {"a", "button", "input", "select", "textarea"}


A11Y_LAYOUT_TABLE_ROLE = Rule(
    id="a11y-layout-table-role",
    summary="Tables that only lay the page out say so, and tables of data do not",
    source="WCAG 2.2, 1.3.1; Email Markup Consortium, accessibility report",
)


@checks(A11Y_LAYOUT_TABLE_ROLE)
def check_roles(draft: Draft) -> Iterator[Finding]:
    """Screen readers announce data tables, and no layout tables."""
    for page in pages_of(draft):
        styles = styles_of(page)
        for table in page.elements("table"):
            fault = "" if styles[table].hidden else _fault_of_table(table)
            if not fault:
                continue
            line = page.line_of(table)
            own = line is not None and not table.get("role")
            where = mending(draft, page, table)
            finding = A11Y_LAYOUT_TABLE_ROLE.finding(
                Severity.WARNING if own else Severity.ERROR,
                fault,
                say("give each column a heading, in the first row") if own else where.words,
            )
            yield where.told(finding)


A11Y_READING_ORDER = Rule(
    id="a11y-reading-order",
    summary="What is seen first is read first",
    source="WCAG 2.2, 1.3.2 and 2.4.3",
)


@checks(A11Y_READING_ORDER)
def check_order(draft: Draft) -> Iterator[Finding]:
    """No style moves parts away from their place in the text."""
    for page in pages_of(draft):
        for written, element in _moved(page):
            name, _, value = written.partition(": ")
            where = (
                mending_in_sheet(draft, page, name, value)
                if element is None
                else mending(draft, page, element, name if value else "")
            )
            finding = A11Y_READING_ORDER.warning(
                "“{written}” shows parts in another order than they are read aloud in",
                "order them in the text; {place}",
                written=written,
                place=where.words,
            )
            yield where.told(finding)


A11Y_TARGET_SIZE = Rule(
    id="a11y-target-size",
    summary="Links one below another are far enough apart for a thumb",
    source="WCAG 2.2, 2.5.8",
)


@checks(A11Y_TARGET_SIZE)
def check_targets(draft: Draft) -> Iterator[Finding]:
    """Links that stand alone on neighbouring lines are 24 pixels apart."""
    for page in pages_of(draft):
        found = _too_near(page)
        if found is not None:
            link, height = found
            where = mending(draft, page, link, "line-height")
            finding = A11Y_TARGET_SIZE.note(
                "the link “{link}” and the next one are {height:g} pixels apart; a thumb needs"
                " {needed}",
                "raise line-height, or give the lines room; {place}",
                link=link.text_content().strip()[:40],
                height=height,
                needed=_THUMB,
                place=where.words,
            )
            yield where.told(finding)


A11Y_EMOJI = Rule(
    id="a11y-emoji",
    summary="Pictures made of signs do not stand for words",
    source="WCAG 2.2, 1.1.1 and 1.3.1",
)


@checks(A11Y_EMOJI)
def check_emoji(draft: Draft) -> Iterator[Finding]:
    """Emoji are few, letters are real letters, and nothing is drawn with characters."""
    for passage in passages_of(draft):
        for fault, signs in _faults_of_signs(passage.text):
            yield fault.at(line_in(draft, passage, signs))
    for anchor in anchors_of(draft):
        if anchor.text and _ONLY_EMOJI.fullmatch(anchor.text):
            yield A11Y_EMOJI.note(
                "the link has no words but {emoji}",
                "write where it leads beside it",
                line=anchor.line,
                emoji=anchor.text,
            )


A11Y_HIDDEN = Rule(
    id="a11y-hidden",
    summary="What is hidden from screen readers cannot be reached with the keyboard",
    source="WCAG 2.2, 4.1.2",
)


@checks(A11Y_HIDDEN)
def check_hidden(draft: Draft) -> Iterator[Finding]:
    """Nothing under aria-hidden can be clicked or focused."""
    for page in pages_of(draft):
        for element in page.elements():
            if element.get("aria-hidden") != "true":
                continue
            inner = next((e for e in element.iter(*_FOCUSABLE) if _takes_focus(e)), None)
            if inner is not None:
                where = mending(draft, page, element)
                finding = A11Y_HIDDEN.warning(
                    "“{text}” can be reached with the keyboard, and screen readers say nothing"
                    " there",
                    "remove aria-hidden; {place}",
                    text=inner.text_content().strip()[:40],
                    place=where.words,
                )
                yield where.told(finding)


def _faults_of_signs(text: str) -> Iterator[tuple[Finding, str]]:
    """Yield each kind of fault in a passage, and its signs."""
    if match := _ROW.search(text):
        yield (
            A11Y_EMOJI.note(
                "“{signs}” is read aloud emoji by emoji", "leave one or two", signs=match[0][:30]
            ),
            match[0],
        )
    if match := _LETTERS.search(text):
        yield (
            A11Y_EMOJI.warning(
                "“{signs}” is written in mathematical letters that screen readers cannot read",
                "write plain letters, and ** around what should be bold",
                signs=match[0][:30],
            ),
            match[0],
        )
    if match := _DRAWN.search(text):
        yield (
            A11Y_EMOJI.note(
                "“{signs}” is read aloud sign by sign", "write --- for a line", signs=match[0][:30]
            ),
            match[0],
        )


def _fault_of_table(table: Any) -> str:
    cells = [c for c in table.iter("th", "caption") if next(c.iterancestors("table")) is table]
    is_layout = table.get("role") in ("presentation", "none")
    if is_layout and cells:
        return say("a data table is marked as layout only: its headings are not read")
    if not is_layout and not cells:
        return say("a table without headings is read aloud as data, cell by cell")
    if any(cell.tag == "th" and not cell.get("scope") for cell in cells):
        return say("a heading in a table does not say whether it is one of a column or of a row")
    return ""


def _moved(page: Page) -> Iterator[tuple[str, Any]]:
    """Yield what moves parts, and the element; None stands for a style sheet."""
    ltr = page.root.get("dir", "ltr").lower() != "rtl"
    for element in page.elements():
        if ltr and element.tag in ("table", "tr") and element.get("dir", "").lower() == "rtl":
            yield f'<{element.tag} dir="rtl">', element
        for declaration in declarations_of(page, element):
            if _moves(declaration, ltr=ltr):
                yield f"{declaration.name}: {declaration.value}", element
    for sheet in sheets_of(page):
        for rule in sheet.rules:
            for declaration in rule.declarations:
                if _moves(declaration, ltr=ltr):
                    yield f"{declaration.name}: {declaration.value}", None


def _moves(declaration: Declaration, *, ltr: bool) -> bool:
    name, value = declaration.name, declaration.value.lower()
    return (
        (name == "position" and value in ("absolute", "fixed"))
        or (name == "float" and value == "right")
        or (name == "display" and value in ("table-header-group", "table-footer-group"))
        or (name in ("flex-direction", "flex-flow") and "reverse" in value)
        or (name == "order" and value != "0")
        or (name == "direction" and value == "rtl" and ltr)
    )


def _too_near(page: Page) -> tuple[Any, float] | None:
    """Return the first link alone on a line that is too near to the next such one."""
    styles = styles_of(page)
    alone: dict[Any, Any] = {}
    for link in page.elements("a"):
        block = block_of(link)
        words = " ".join(link.text_content().split())
        is_shown = link.get("href") and words and not styles[link].hidden
        if is_shown and words == " ".join(block.text_content().split()):
            alone[block] = link
    for block, link in alone.items():
        following = block.getnext()
        if following not in alone:
            continue
        own, outer = own_values(page, link), own_values(page, block)
        line = styles[link].letters.size * styles[link].letters.leading
        height = line + _room(own, "padding", 2) + _room(outer, "padding", 2)
        height += _room(outer, "margin", 1)
        if height < _THUMB:
            return link, height
    return None


def _room(said: Mapping[str, str], name: str, sides: int) -> float:
    """Return the space above and below, or the larger of the two, as neighbours share margins."""
    parts = said.get(name, "0").split()
    top, bottom = (pixels(part, 16) or 0 for part in (parts[0], parts[2 if len(parts) > 2 else 0]))
    top = pixels(said.get(f"{name}-top", ""), 16) or top
    bottom = pixels(said.get(f"{name}-bottom", ""), 16) or bottom
    return top + bottom if sides == 2 else max(top, bottom)


def _takes_focus(element: Any) -> bool:
    return (element.tag != "a" or bool(element.get("href"))) and element.get("tabindex") != "-1"
