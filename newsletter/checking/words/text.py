"""Checks that no word of the issue is lost on its way into the HTML and the text part."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from html import escape

from newsletter.checking.instruments import (
    OUTLOOK,
    Draft,
    Mending,
    Page,
    Word,
    Words,
    checks,
    find_lost,
    html_of,
    lines_of,
    mending_by_template,
    mending_in_sheet,
    own_values,
    pages_of,
    shown_words_in,
    situations_of,
    words_in_html,
    words_in_text,
    words_of,
    words_of_code,
    written_words,
)
from newsletter.language import Wording, say
from newsletter.model import (
    SHOWN_TEXTS,
    Block,
    Finding,
    Image,
    Occasion,
    Rule,
    walk,
)

_MOST = 20  # lines to report; a page that lost all of them would fill the screen

TEXT_PART_PRESENT = Rule(
    id="text-part-present",
    summary="There is a plain-text part with words",
    source="RFC 2046, section 5.1.4; SpamAssassin 4.0.1",
)


@checks(TEXT_PART_PRESENT)
def check_text_part(draft: Draft) -> Iterator[Finding]:
    """There is a plain-text part; filters punish mail without one."""
    for edition in draft.editions:
        if len(edition.text.split()) < 5:
            yield TEXT_PART_PRESENT.error(
                "the text part of {variant} is missing or empty",
                "the issue needs words, not only pictures",
                variant=edition.variant,
            )


WORDS_LOST = Rule(
    id="words-lost",
    summary="Every word and number of the file stands in both parts, as it is written",
)


@checks(WORDS_LOST)
def check_words(draft: Draft) -> Iterator[Finding]:
    """Readers get the words that the author wrote, whatever happens to them on the way."""
    for edition in draft.editions:
        conditions = frozenset(edition.variant.split("+")[1:])
        met = frozenset(c for c in draft.issue.conditions if str(c) in conditions)
        blocks = list(walk(draft.issue.for_readers(met).blocks))
        written = written_words(draft.source, conditions)
        in_html = [*words_of(edition.html), *_words_of_pictures(edition.html)]
        html, text = (_unfilled(draft, part) for part in (edition.html, edition.text))
        parts = (
            ("HTML", in_html, words_in_html(html)),
            ("text", words_of(_as_html(edition.text)), words_in_text(text)),
        )
        told: set[int] = set()
        for part, words, shown in parts:
            dropped = [
                *_dropped_in_front(draft, words, edition.variant, part),
                *_dropped(blocks, words, edition.variant, part),
            ]
            found = dropped or list(_lost(draft, written, shown, edition.variant, part))
            yield from (f for f in found if f.line not in told)
            told |= set() if dropped else {f.line or 0 for f in found}


@checks(WORDS_LOST)
def check_hidden(draft: Draft) -> Iterator[Finding]:
    """Readers see the words of the issue, in whatever program and however wide and dark it is."""
    pieces = (html for block in walk(draft.issue.blocks) for html in html_of(block))
    written = {word for html in pieces for word in words_of(html)}
    told: set[tuple[object, ...]] = set()
    for page in pages_of(draft):
        for situation in situations_of(page):
            for words in _unseen(page, situation, written):
                where = _mending(draft, page, words)
                key = (where.path, where.line, words.name, words.value, str(where.words))
                if key not in told:
                    told.add(key)
                    yield _told(page, words, situation, where)


def _dropped_in_front(
    draft: Draft, shown: Sequence[str], variant: str, part: str
) -> Iterator[Finding]:
    """Yield the keys of the front matter that a changed template does not show."""
    present = set(shown)
    for key in SHOWN_TEXTS:
        text = _unfilled(draft, getattr(draft.issue, key))
        if lost := [word for word in words_of(_as_html(text)) if word not in present]:
            yield WORDS_LOST.error(
                _lost_in(lost[0], variant, part),
                "the template must show it as {key}",
                line=draft.line_of(key),
                key="{{ " + key + " }}",
            )


def _dropped(
    blocks: Sequence[Block], shown: Sequence[str], variant: str, part: str
) -> Iterator[Finding]:
    """Yield the blocks that a changed template does not show."""
    present = set(shown)
    for block in blocks:
        lost = [word for word in _words(block) if word not in present]
        if lost:
            yield WORDS_LOST.error(
                _lost_in(lost[0], variant, part),
                "the template of “{kind}” must show it",
                line=block.line,
                kind=block.kind,
            )


def _lost(
    draft: Draft, written: Sequence[Word], shown: Sequence[str], variant: str, part: str
) -> Iterator[Finding]:
    """Yield the lines of the file with a word or a number that is not shown."""
    present = set(shown)
    lines: set[int] = set()
    for word in find_lost(written, shown):
        if word.line not in lines and len(lines) < _MOST:
            lines.add(word.line)
            code = words_of_code(lines_of(draft)[word.line - 1], word.line)
            if code and all(one.form_of(present) for one in code):
                continue
            yield WORDS_LOST.error(
                _lost_in(word.whole, variant, part),
                "Markdown reads this line otherwise; a backslash before a sign shows the sign",
                line=word.line,
            )


def _unfilled(draft: Draft, part: str) -> str:
    """Return a part without the markers of its slots, whose words differ by reader."""
    return re.sub(rf"{draft.issue.marker_key}\w{{1,9}}?z", " ", part)


def _lost_in(word: str, variant: str, part: str) -> Wording:
    if part == "HTML":
        return say("“{word}” is lost from the HTML part of {variant}", word=word, variant=variant)
    return say("“{word}” is lost from the text part of {variant}", word=word, variant=variant)


def _words(block: Block) -> list[str]:
    words = [word for html in html_of(block) for word in words_of(html)]
    if isinstance(block, Image):
        words += words_of(escape(block.alt))
    if isinstance(block, Occasion):  # the rest of the time is written as in each language
        words += [str(block.start.day), str(block.start.year)]
    return words


def _words_of_pictures(html: str) -> list[str]:
    alts = re.findall(r'<img\b[^>]*\salt="([^"]*)"', html)
    return [word for alt in alts for word in words_of(alt.replace("<", "&lt;"))]


def _as_html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _unseen(page: Page, situation: tuple[str, ...], written: set[str]) -> Iterator[Words]:
    """Yield the first words each element hides that are not seen elsewhere in their block.

    A table for phones repeats what it hides, and so does a label.
    """
    runs = shown_words_in(page, situation)
    if all(run.hider is None for run in runs):
        return
    seen: dict[int | None, set[str]] = defaultdict(set)
    for run in runs:
        if run.hider is None:
            seen[page.line_of(run.element)] |= {*words_of(run.text)}
    hiders: set[object] = set()
    for run in runs:
        line = page.line_of(run.element)
        if run.hider is None or line is None or (run.hider, run.name) in hiders:
            continue
        if situation and next(run.element.iterancestors("thead"), None) is not None:
            continue  # a table becomes cards
        lost = [w for w in words_of(run.text) if w in written and w not in seen[line] | seen[None]]
        if lost:
            hiders.add((run.hider, run.name))
            yield run


def _told(page: Page, words: Words, situation: tuple[str, ...], where: Mending) -> Finding:
    finding = WORDS_LOST.error(
        _hidden(words, situation), "take out what hides it; {place}", place=where.words
    )
    return where.told(finding) if where.path else finding.at(page.line_of(words.element))


def _hidden(words: Words, situation: tuple[str, ...]) -> Wording:
    text, style = words.text[:40], _style(words)
    if situation == (OUTLOOK,):
        return say(
            "in Outlook for Windows nobody sees “{text}”: {style} hides it", text=text, style=style
        )
    if situation:
        return say(
            "where {query} holds, nobody sees “{text}”: {style} hides it",
            query=" ".join(f"@{part}" for part in situation),
            text=text,
            style=style,
        )
    return say("no reader sees “{text}”: {style} hides it", text=text, style=style)


def _style(words: Words) -> str:
    if words.name:
        return f"{words.name}: {words.value}"
    tag = words.hider.tag
    return f"<{tag}>" if isinstance(tag, str) else f"<!--{words.hider.text}-->"


def _mending(draft: Draft, page: Page, words: Words) -> Mending:
    """Return where the style stands that hides words, or the element that does."""
    hider = words.hider
    if not isinstance(hider.tag, str):
        return Mending.unknown()  # a comment
    if not words.name or own_values(page, hider).get(words.name) == words.value:
        return mending_by_template(draft, page, hider, words.name)
    return mending_in_sheet(draft, page, words.name, words.value)
