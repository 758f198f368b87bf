"""Checks what tells screen readers how to speak: language, direction, title."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from newsletter.checking.instruments import (
    COMMON,
    LANGUAGE_NAMES,
    RUNS_LEFT,
    Draft,
    Page,
    Run,
    block_of,
    checks,
    counts_of,
    language_of,
    mending,
    one_per_variant,
    page_of,
    pages_of,
    primary,
    runs_of,
    words_in,
)
from newsletter.language import say
from newsletter.model import Finding, Rule

# RFC 5646, section 2.1: language, script, region, variants, extensions.
_TAG = re.compile(
    r"[a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?(?:-(?:\w{5,8}|\d\w{3}))*(?:-[a-wy-z](?:-\w{2,8})+)*",
    re.I,
)
_ENOUGH = 200  # letters needed to detect a language
_PASSAGE = 30  # words
_FAR = 8  # how many times as many common words of another language as of its own


A11Y_LANG = Rule(
    id="a11y-lang",
    summary="The page says its language, and is written in it",
    source="WCAG 2.2, 3.1.1 and 3.1.2; RFC 5646; caniemail.com, html-lang and html-body",
)


@checks(A11Y_LANG)
def check_language(draft: Draft) -> Iterator[Finding]:
    """The language is declared where programs look, and is that of the words."""
    for page in pages_of(draft):
        yield from _of_marks(draft, page)
        yield from _of_words(draft, page)


A11Y_DIR = Rule(
    id="a11y-dir",
    summary="The page says in which direction its lines run",
    source="Email Markup Consortium, accessibility report; caniemail.com, html-dir",
)


@checks(A11Y_DIR)
def check_direction(draft: Draft) -> Iterator[Finding]:
    """The direction is declared on the page and within it, and is that of the language."""
    wanted = "rtl" if primary(draft.issue.language) in RUNS_LEFT else "ltr"
    for page in pages_of(draft):
        own = (page.root.get("dir") or "").lower()
        if own != wanted:
            where = mending(draft, page, page.root)
            finding = A11Y_DIR.warning(
                "<html> says dir=“{own}”; in this language it is {wanted}"
                if own
                else "<html> does not say in which direction lines run; in this language it is"
                " {wanted}",
                'write dir="{wanted}"; {place}',
                own=own,
                wanted=wanted,
                place=where.words,
            )
            yield where.told(finding)
        outer = _outer(page)
        own = wanted if outer is None else (outer.get("dir") or "").lower()
        if own != wanted:
            where = mending(draft, page, page.root)
            finding = A11Y_DIR.warning(
                "the first part of the page says dir=“{own}”; in this language it is {wanted}"
                if own
                else "the first part of the page does not say in which direction lines run; in this"
                " language it is {wanted}",
                'write dir="{wanted}"; {place}',
                own=own,
                wanted=wanted,
                place=where.words,
            )
            yield where.told(finding)


A11Y_TITLE = Rule(
    id="a11y-title",
    summary="The page has a title, and it is the issue's own",
    source="WCAG 2.2, 2.4.2",
)


@checks(A11Y_TITLE)
def check_title(draft: Draft) -> Iterator[Finding]:
    """The title names the issue."""
    hint = say("write <mj-title>{{ subject }}</mj-title> in the head of the page")
    for specimen in one_per_variant(draft):
        page = page_of(specimen)
        found = next(page.elements("title"), None)
        title = " ".join((found.text or "").split()) if found is not None else ""
        if not title:
            fault = A11Y_TITLE.error(
                "the page has no title: it is what tabs of a browser and screen readers show first",
                hint,
            )
            yield mending(draft, page, page.root).told(fault)
        elif not set(words_in(title)) & set(words_in(specimen.subject)) and words_in(title):
            fault = A11Y_TITLE.warning(
                "the title of the page, “{title}”, does not tell this issue from others",
                hint,
                title=title,
            )
            yield mending(draft, page, page.root).told(fault)


def _of_marks(draft: Draft, page: Page) -> Iterator[Finding]:
    yield from _of_declaration(draft, page)
    for element in page.elements():
        tag = element.get("lang")
        if tag and not _TAG.fullmatch(tag.strip()):
            line = page.line_of(element)
            yield A11Y_LANG.error(
                "“{tag}” is not a language code",
                "Finnish is fi, Swedish sv, English en",
                line=draft.line_with(tag, line) if line else None,
                tag=tag,
            )


def _of_declaration(draft: Draft, page: Page) -> Iterator[Finding]:
    """Yield what is wrong with the language that the page declares for all of itself."""
    language = draft.issue.language
    own, outer = (page.root.get("lang") or "").strip(), _outer(page)
    is_own = bool(own) and primary(own) == primary(language)
    is_kept = outer is None or primary(outer.get("lang") or "") == primary(language)
    if is_own and is_kept:
        return  # where it is mended takes a rendering to find out
    where = mending(draft, page, page.root)
    hint = say('write lang="{language}"; {place}', language=language, place=where.words)
    if not own:
        fault = A11Y_LANG.error(
            "the page does not say its language: screen readers guess how to speak it", hint
        )
        yield where.told(fault)
    elif not is_own:
        fault = A11Y_LANG.error(
            "the page says its language is “{own}”; this issue is in “{language}”",
            hint,
            own=own,
            language=language,
        )
        yield where.told(fault)
    if not is_kept:
        fault = A11Y_LANG.warning(
            "the language is declared on <html> alone, which Gmail, Yahoo and Outlook.com remove",
            hint,
        )
        yield where.told(fault)


def _of_words(draft: Draft, page: Page) -> Iterator[Finding]:
    """Yield where the language of the words contradicts the one the page declares."""
    language = primary(draft.issue.language)
    if language not in COMMON:
        return
    blocks = _blocks(page)
    whole = [
        word
        for element, words in blocks
        if page.line_of(element) and _lang_of(element) == language
        for word in words
    ]
    spoken = language_of(whole) if sum(map(len, whole)) >= _ENOUGH else None
    counts = counts_of(whole)
    # A long quotation in a short issue is reported as a passage.
    if spoken and spoken != language and counts[spoken] >= _FAR * counts[language]:
        yield A11Y_LANG.error(
            "the issue is written in {spoken}, and sent as {language}",
            "name the file after its language, as 2026-12.sv.md, or mend language in"
            " newsletter.toml",
            line=_first_in(page, blocks, spoken),
            spoken=LANGUAGE_NAMES[spoken],
            language=LANGUAGE_NAMES[language],
        )
        return
    for element, words in blocks:
        if len(words) < _PASSAGE:
            continue
        spoken, said = language_of(words), _lang_of(element)
        if spoken and said in COMMON and spoken != said:
            line = page.line_of(element)
            first = " ".join((element.text_content() or "").split())[:30]
            yield A11Y_LANG.warning(
                "“{first}…” is in {spoken}, and read aloud as if it were {said}",
                'write <span lang="{code}"> before each paragraph, </span> after it',
                line=draft.line_with(first, line) if line else None,
                first=first,
                spoken=LANGUAGE_NAMES[spoken],
                said=LANGUAGE_NAMES[said],
                code=spoken,
            )


def _first_in(page: Page, blocks: Sequence[tuple[Any, list[str]]], language: str) -> int | None:
    """Return the first line of the issue that has common words of a language."""
    lines = (page.line_of(element) for element, words in blocks if counts_of(words)[language])
    return min(filter(None, lines), default=None)


def _blocks(page: Page) -> list[tuple[Any, list[str]]]:
    """Return the visible words, block by block."""
    found: dict[Any, list[str]] = {}
    for run in runs_of(page):
        found.setdefault(_language_block(run), []).extend(words_in(run.text))
    return list(found.items())


def _language_block(run: Run) -> Any:
    """Return the block a text belongs to, or the part of it that has a language of its own."""
    element = run.element
    block = block_of(element)
    while element is not block:
        if element.get("lang"):
            return element
        element = element.getparent()
    return block


def _lang_of(element: Any) -> str:
    while element is not None:
        if tag := element.get("lang"):
            return primary(tag)
        element = element.getparent()
    return ""


def _outer(page: Page) -> Any:
    """Return the child of the body that contains the first visible text."""
    run = next(iter(runs_of(page)), None)
    element = run.element if run else None
    while element is not None and element.getparent() is not None:
        if element.getparent().tag == "body":
            return element
        element = element.getparent()
    return None
