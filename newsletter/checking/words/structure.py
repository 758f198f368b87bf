"""Checks the headings and whom the issue is for."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from newsletter.checking.instruments import (
    Draft,
    Page,
    checks,
    mending,
    pages_of,
    styles_of,
    visible,
)
from newsletter.language import say
from newsletter.model import Finding, Heading, Rule, Skipped, walk

_SHORT = 80  # characters; anything longer is an important sentence, not a heading


BODY_EMPTY = Rule(id="body-empty", summary="There is something to read")
A11Y_HEADINGS = Rule(
    id="a11y-headings",
    summary="Headings have words, leave no level out, and are marked as headings",
    source="WCAG 2.2, 1.3.1 and 2.4.6",
)


@checks(BODY_EMPTY, A11Y_HEADINGS)
def check_headings(draft: Draft) -> Iterator[Finding]:
    """There is something to read, and headings make a table of contents."""
    yield from _of_text(draft)
    for page in pages_of(draft):
        yield from _of_page(draft, page)


def _of_text(draft: Draft) -> Iterator[Finding]:
    if not draft.issue.blocks:
        yield BODY_EMPTY.error("the issue has no text", line=1)
    level = 1
    for block in walk(draft.issue.blocks):
        if not isinstance(block, Heading):
            continue
        if not visible(block.html) and "<img" not in block.html:
            yield A11Y_HEADINGS.warning(
                "a heading without words", "write it, or remove the line", line=block.line
            )
        if block.level > level + 1:
            yield A11Y_HEADINGS.warning(
                "a heading of level {level} follows one of level {previous}",
                "leave no level out: screen readers use them as a table of contents",
                line=block.line,
                level=block.level,
                previous=level,
            )
        level = block.level


def _of_page(draft: Draft, page: Page) -> Iterator[Finding]:
    """Yield what only the page shows: how many titles it has, and fake ones."""
    styles = styles_of(page)
    highest = [e for e in page.elements("h1") if not styles[e].hidden]
    if len(highest) != 1:
        where = mending(draft, page, page.root if not highest else highest[-1])
        finding = A11Y_HEADINGS.warning(
            "the page has {number} headings of the highest level; one names the issue"
            if highest
            else "the page has no headings of the highest level; one names the issue",
            where.words,
            number=len(highest),
        )
        yield where.told(finding)
    parts = list(page.elements("p", "ul", "ol", "img", "h2", "h3", "h4", "h5", "h6"))
    for element, following in pairwise(parts):
        words = _bold_alone(element)
        goes_on = following.tag in ("p", "ul", "ol") and page.line_of(following)
        if words and goes_on and page.line_of(element) and not styles[element].hidden:
            yield A11Y_HEADINGS.note(
                "“{words}” looks like a heading but is not one: screen readers skip it",
                "write ## {words}",
                line=draft.line_with(words, page.line_of(element) or 1),
                words=words[:40],
            )


def _bold_alone(paragraph: Any) -> str:
    """Return the words of a short paragraph that is all bold and not a sentence."""
    if paragraph.tag != "p" or len(paragraph) != 1 or (paragraph.text or "").strip():
        return ""
    only = paragraph[0]
    if only.tag not in ("strong", "b"):
        return ""
    words = " ".join(only.text_content().split())
    is_sentence = words.endswith((".", "!", "?", "…", ",", ":", ";")) or len(words) > _SHORT
    return words if not is_sentence and not (only.tail or "").strip() else ""


ONLY_NOBODY = Rule(id="only-nobody", summary="Each condition is met by somebody")


@checks(ONLY_NOBODY)
def check_audience(draft: Draft) -> Iterator[Finding | Skipped]:
    """Somebody meets every condition of the issue."""
    if draft.audience is None or not draft.audience.recipients:
        yield ONLY_NOBODY.skipped(say("nobody has been imported yet"))
        return
    for block in walk(draft.issue.blocks):
        condition = str(getattr(block, "condition", ""))
        if condition and not draft.audience.met.get(condition):
            yield ONLY_NOBODY.warning(
                "nobody who gets the issue meets “{condition}”",
                draft.audience.spelling_of(condition),
                line=block.line,
                condition=condition,
            )
