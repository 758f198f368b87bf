"""Checks that no markup of the issue file is left in any reader's copy."""

import re
from collections.abc import Iterator
from html import unescape

from newsletter.checking.instruments import (
    Draft,
    checks,
    contributed_lines,
    pieces_of,
    text_of_html,
)
from newsletter.language import Wording, say
from newsletter.model import FRONT_TEXTS, Finding, Issue, Occasion, Rule, walk

_CODE = re.compile(r"<(code|pre)\b.*?</\1>", re.S)
# Whole fields and references have rules of their own.
_WHOLE = re.compile(r"\{ ?\{[^{}\n]*\} ?\}|\[\^[^\]\s]+\]")
# Two dashes of a comment are one where a program replaced them.
_MARK = re.compile(r"(?:<!--|-->|<! ?[–—-]|:::|\{\{|\[\^)[^\n]{0,12}")
_REFERENCE = re.compile(r"\[\^[^\]\s]+\]")
_BLOCK = re.compile(
    r"(?:^|(?<=\n))::?[ ]?(?:box|button|columns|divider|event|figure|gallery|image|literal|only"
    r"|person|pull|quote)\b[^\n]{0,20}"
)
_TASK = re.compile(r"<li>\s*(?:<p>)?(?P<box>\[[ xX]\])\s")
_CURES = {
    "<!--": say("end the comment with -->"),
    "-->": say("write → for an arrow; a comment begins with <!--"),
    ":::": say("begin the line of colons at the left margin, with an empty line above it"),
    "<!": say("write a comment with two short dashes on each side: <!-- ... -->"),
    "{{": say('a slot is {{ name }} or {{ name|"fallback" }}; show code in backquotes: `code`'),
    "[^": say("write [^1] without blanks, and the note on a line of its own: [^1]: ..."),
}


MARKS_LEFT = Rule(id="marks-left", summary="No sign that is for the program alone reaches a reader")


@checks(MARKS_LEFT)
def check_marks(draft: Draft) -> Iterator[Finding]:
    """Comments, directives, slots and footnotes leave no trace of their markup in any copy."""
    told: set[tuple[str, bool]] = set()
    code, theirs = _code_of(draft), contributed_lines(draft.source)
    for edition in draft.editions:
        page = text_of_html(_CODE.sub(" ", edition.html))
        for part in (edition.subject, page, edition.text):
            for found in _MARK.findall(_WHOLE.sub(" ", part)):
                mark = next(sign for sign in _CURES if found.startswith(sign))
                left = _left(draft, mark, found.strip(), _CURES[mark])
                key = mark, left.line in theirs  # what is of others hides nothing of the author's
                if key not in told and not (part is edition.text and mark in code):
                    told.add(key)
                    yield left
    for words in _front_words(draft.issue):
        for found in _REFERENCE.findall(words):
            yield MARKS_LEFT.error(
                "“{found}” would be mailed as it is",
                "a note can stand in the text alone",
                line=draft.line_with(found, 1),
                found=found,
            )


BLOCK_LOOKALIKE = Rule(
    id="block-lookalike",
    summary="No text looks like a block or a box to tick",
    source="this program; GitHub Flavored Markdown 0.29, section 5.3",
)


@checks(BLOCK_LOOKALIKE)
def check_blocks(draft: Draft) -> Iterator[Finding]:
    """What looks like a block, or like a task in a list, is mailed as it is."""
    for block, html in pieces_of(draft):
        text = re.sub(r"<[^>]*>", "", _CODE.sub("", html))
        for found in _BLOCK.findall(text):
            yield BLOCK_LOOKALIKE.warning(
                "“{found}” would be mailed as it is",
                "a block begins with three colons",
                line=draft.line_with(found, block.line),
                found=found,
            )
        for match in _TASK.finditer(html):
            yield BLOCK_LOOKALIKE.warning(
                "“{found}” would be mailed as it is",
                "lists of tasks are not for mail: leave the brackets out",
                line=draft.line_with(match["box"], block.line),
                found=match["box"],
            )


def _front_words(issue: Issue) -> Iterator[str]:
    """Yield the texts of the front matter that readers see."""
    yield from (getattr(issue, key) for key in FRONT_TEXTS)
    for block in walk(issue.blocks):
        if isinstance(block, Occasion):
            yield from (block.title, block.place)


def _code_of(draft: Draft) -> str:
    html = " ".join(html for _, html in pieces_of(draft))
    return unescape(" ".join(match[0] for match in _CODE.finditer(html)))


def _left(draft: Draft, mark: str, found: str, hint: Wording) -> Finding:
    body = max(draft.issue.lines.values(), default=1)
    line = next(
        (n for n in (draft.line_with(text, body) for text in (found, mark)) if n > body),
        _line_of_escaped(draft, mark) or draft.line_with(mark, 1),
    )
    return MARKS_LEFT.error("“{found}” would be mailed as it is", hint, line=line, found=found)


def _line_of_escaped(draft: Draft, mark: str) -> int:
    """Return the first line on which a mark stands with backslashes before its signs, or 0."""
    escaped = re.compile("".join(rf"\\?{re.escape(sign)}" for sign in mark))
    lines = enumerate(draft.source.split("\n"), 1)
    return next((n for n, line in lines if escaped.search(line) and mark not in line), 0)
