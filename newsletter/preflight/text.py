"""Checks that no word of the issue is lost on its way into the HTML and the text part."""

from collections.abc import Iterator

from newsletter.model import Block, Button, Finding, Heading, Prose, Severity, Table, walk
from newsletter.preflight.draft import Draft, html_of, words_of

_WITH_WORDS = (Prose, Heading, Table, Button)


def check_text_part(draft: Draft) -> Iterator[Finding]:
    """There is a plain-text part; filters punish mail without one."""
    for edition in draft.editions:
        if len(edition.text.split()) < 5:
            yield draft.finding(
                "text-part-present",
                Severity.ERROR,
                f"the text part of {edition.variant} is missing or empty",
                hint="the issue needs words, not only pictures",
            )


def check_words(draft: Draft) -> Iterator[Finding]:
    """Every word of every block stands in both parts; a changed template may have dropped some."""
    for edition in draft.editions:
        conditions = set(edition.variant.split("+")[1:])
        met = frozenset(c for c in draft.issue.conditions if str(c) in conditions)
        blocks = [
            b for b in walk(draft.issue.for_readers(met).blocks) if isinstance(b, _WITH_WORDS)
        ]
        parts = (("HTML", words_of(edition.html)), ("text", words_of(_as_html(edition.text))))
        for part, words in parts:
            present = set(words)
            for block in blocks:
                lost = [word for word in _words(block) if word not in present]
                if lost:
                    yield draft.finding(
                        "words-lost",
                        Severity.ERROR,
                        f"“{lost[0]}” is lost from the {part} part of {edition.variant}",
                        hint=f"the template of a {block.kind} must show it",
                        line=block.line,
                    )


def _words(block: Block) -> list[str]:
    return [word for html in html_of(block) for word in words_of(html)]


def _as_html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
