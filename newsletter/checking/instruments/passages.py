"""The visible text of an issue, piece by piece, each with the lines it is on."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import accumulate

from newsletter.checking.instruments.draft import ENDS_BLOCK, Draft, html_of, lines_of
from newsletter.checking.instruments.keeping import once
from newsletter.model import (
    FRONT_TEXTS,
    Block,
    Button,
    Footnotes,
    Heading,
    Image,
    Issue,
    Occasion,
    Prose,
    Table,
    walk,
)

_ENDS = re.compile(rf"{ENDS_BLOCK}|<br\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")
_CODE = re.compile(r"<pre\b.*?</pre>", re.S)
_TYPED = str.maketrans({"”": '"', "“": '"', "’": "'", "‘": "'", "…": "..."})
_DASHES = re.compile(r"---?|[–—]")
_SPACES = re.compile(r"[ \t\r\u00a0\u202f\u2009]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A piece of text that readers see."""

    text: str  # one line for each line on the screen, runs of spaces made single
    line: int  # the line it begins on
    end: int  # the first line that belongs to something else
    # A key of the front matter, "heading", "prose", "row", "button", "alt" or another kind of block
    role: str
    section: tuple[int, int] = (0, 0)  # the number of the heading above it, of level 2 and below


@once
def passages_of(draft: Draft) -> tuple[Passage, ...]:
    """Return the words of the front matter and the text of every block in reading order."""
    return passages_in(draft.issue)


def passages_in(issue: Issue) -> tuple[Passage, ...]:
    """Return the passages of an issue that is only compared, such as one in another language."""
    found = [
        Passage(
            text=issue.readable(getattr(issue, key)),
            line=issue.lines.get(key, 1),
            end=issue.lines.get(key, 1) + 1,
            role=key,
        )
        for key in FRONT_TEXTS
    ]
    blocks = list(walk(issue.blocks))
    starts = sorted({block.line for block in blocks})
    ends = dict(zip(starts, [*starts[1:], 1 << 30], strict=False))
    section = (0, 0)
    for block in blocks:
        if isinstance(block, Heading):
            section = section_after(section, block)
        found += [
            Passage(
                text=issue.readable(text),
                line=block.line,
                end=ends[block.line],
                role=role,
                section=section,
            )
            for text, role in _texts_of(block)
        ]
    return tuple(passage for passage in found if passage.text)


def section_after(section: tuple[int, int], heading: Heading) -> tuple[int, int]:
    """Return the number of the section that a heading begins, after that of the one before."""
    high, low = section
    return (high + 1, 0) if heading.level <= 2 else (high, low + 1)


def line_in(draft: Draft, passage: Passage, text: str, *, start: int = 0) -> int:
    """Return the line of a passage that a text is on, or else the line the passage begins on.

    `start` is where the text begins in the passage, in case it occurs several times.
    """
    before = passage.text.count(text, 0, start)
    # A text that continues on the next line is looked for by its longest word.
    for wanted in (text, max(text.split() or [text], key=len)):
        if found := _lines_with(draft, passage.line, passage.end, wanted):
            return found[min(before, len(found) - 1)]
    return passage.line


def visible(html: str) -> str:
    """Return the text of HTML as it appears on the screen, one line for each line there."""
    lines = _TAG.sub("", _ENDS.sub("\0", _CODE.sub("\0", html).replace("\n", " "))).split("\0")
    plain = (_SPACES.sub(" ", unescape(line)).strip() for line in lines)
    return "\n".join(filter(None, plain))


def bare(text: str) -> str:
    """Return only the letters and digits of a text, in lower case, for comparing."""
    return " ".join(re.findall(r"\w+", text.casefold()))


@once
def _lines_with(draft: Draft, first: int, end: int, text: str) -> tuple[int, ...]:
    """Return the line of each position of a text between two lines, whatever its type."""
    folded, starts = _folded(draft, first, end)
    # Split, not searched by a pattern: each would push another one out of the cache of patterns.
    wanted = _as_typed(text)
    parts = folded.split(wanted)[:-1] if wanted else []
    places = accumulate(len(part) + len(wanted) for part in parts)
    return tuple(first - 1 + bisect_right(starts, place - len(wanted)) for place in places)


@once
def _folded(draft: Draft, first: int, end: int) -> tuple[str, list[int]]:
    """Return the text between two lines in the signs of a keyboard, and where each line begins."""
    lines = [_SPACES.sub(" ", _as_typed(line)) for line in lines_of(draft)[first - 1 : end - 1]]
    return "\n".join(lines), list(accumulate((len(line) + 1 for line in lines), initial=0))


def _as_typed(text: str) -> str:
    """Return a text in the signs of a keyboard, as the file may have it: “a” – b… is "a" - b..."""
    return _DASHES.sub("-", text.translate(_TYPED))


def _texts_of(block: Block) -> Iterator[tuple[str, str]]:
    if isinstance(block, Image):
        yield _SPACES.sub(" ", block.alt).strip(), "alt"
    elif isinstance(block, Table):
        for row in (block.head, *block.rows):
            yield " | ".join(visible(cell) for cell in row), "row"
    elif isinstance(block, Occasion):
        for html in html_of(block):
            yield visible(html), "event"
    else:
        role = block.kind if isinstance(block, Heading | Button | Prose) else "other"
        role = Prose.kind if isinstance(block, Footnotes) else role
        yield "\n".join(filter(None, map(visible, html_of(block)))), role
        for html in html_of(block):
            for alt in re.findall(r'<img\b[^>]*\salt="([^"]+)"', html):
                yield _SPACES.sub(" ", unescape(alt)), "alt"
