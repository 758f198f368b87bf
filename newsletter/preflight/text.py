"""Checks that no word of the issue is lost on its way into the HTML and the text part."""

import re
from collections.abc import Iterator
from html import escape

from newsletter.model import (
    Block,
    Button,
    Event,
    Figure,
    Finding,
    Footnotes,
    Heading,
    Image,
    Person,
    Prose,
    Pull,
    Quote,
    Severity,
    Table,
    walk,
)
from newsletter.preflight.draft import Draft, html_of, words_of
from newsletter.preflight.report import Rule, checks
from newsletter.wording import Wording, say

_WITH_WORDS = (Prose, Footnotes, Heading, Table, Button, Image, Figure, Person, Event, Quote, Pull)


@checks(
    Rule(
        id="text-part-present",
        summary="There is a plain-text part with words",
        source="RFC 2046, section 5.1.4; SpamAssassin 4.0.1",
    ),
)
def check_text_part(draft: Draft) -> Iterator[Finding]:
    """There is a plain-text part; filters punish mail without one."""
    for edition in draft.editions:
        if len(edition.text.split()) < 5:
            yield draft.finding(
                "text-part-present",
                Severity.ERROR,
                say("the text part of {variant} is missing or empty", variant=edition.variant),
                hint=say("the issue needs words, not only pictures"),
            )


@checks(
    Rule(
        id="words-lost",
        summary="Every word of the issue stands in both parts",
        source="this program",
    ),
)
def check_words(draft: Draft) -> Iterator[Finding]:
    """Every word of every block stands in both parts; a changed template may have dropped some."""
    for edition in draft.editions:
        conditions = set(edition.variant.split("+")[1:])
        met = frozenset(c for c in draft.issue.conditions if str(c) in conditions)
        blocks = [
            b for b in walk(draft.issue.for_readers(met).blocks) if isinstance(b, _WITH_WORDS)
        ]
        in_html = [*words_of(edition.html), *_words_of_pictures(edition.html)]
        parts = (("HTML", in_html), ("text", words_of(_as_html(edition.text))))
        for part, words in parts:
            present = set(words)
            for block in blocks:
                lost = [word for word in _words(block) if word not in present]
                if lost:
                    yield draft.finding(
                        "words-lost",
                        Severity.ERROR,
                        _told(lost[0], edition.variant, part),
                        hint=say("the template of “{kind}” must show it", kind=block.kind),
                        line=block.line,
                    )


def _told(word: str, variant: str, part: str) -> Wording:
    if part == "HTML":
        return say("“{word}” is lost from the HTML part of {variant}", word=word, variant=variant)
    return say("“{word}” is lost from the text part of {variant}", word=word, variant=variant)


def _words(block: Block) -> list[str]:
    words = [word for html in html_of(block) for word in words_of(html)]
    if isinstance(block, Image):
        words += words_of(escape(block.alt))
    if isinstance(block, Event):  # the rest of the time is written as each language does
        words += [str(block.start.day), str(block.start.year)]
    return words


def _words_of_pictures(html: str) -> list[str]:
    alts = re.findall(r'<img\b[^>]*\salt="([^"]*)"', html)
    return [word for alt in alts for word in words_of(alt)]


def _as_html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


CHECKS = (
    check_text_part,
    check_words,
)
