"""Removes an author's comments from an issue, wherever they are; those shown as code stay."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from newsletter.markup.backticks import CodeSpans

# Keeps a line of a paragraph open where a comment filled it; no text may contain it (Unicode 23.7).
KEPT_LINE = "\ufdd3"
_BEGINS = re.compile(
    r"""(?P<escape>\\[\\`<])
    |(?P<ticks>`+)
    |(?P<comment><!--)""",
    re.VERBOSE,
)
_SHORT = re.compile(r"<!--+>")  # an empty comment, as HTML has it


# How a line begins that can be a comment's own, and how it ends.
_MARGIN = re.compile(r"[ \t>]*")
_REST = re.compile(r"[^\S\n]*(?:\n|\Z)")


class CodeBlock(NamedTuple):
    """Where a block of code is."""

    first: int  # line, counted from 0
    last: int  # the line after its last one
    is_indented: bool  # rather than fenced


@dataclass(frozen=True, slots=True, kw_only=True)
class _Comment:
    """The position of a comment in a text."""

    start: int
    end: int  # -1 for one that never ends
    indented: bool  # so far that Markdown takes it for code


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncommented:
    """A text without its comments, on the same lines as before."""

    text: str
    unclosed: tuple[int, ...] = ()  # lines with a comment that begins there and never ends


def remove_comments(text: str, code: Iterable[CodeBlock]) -> Uncommented:
    """Return a text without comments, except those shown in code blocks and code spans.

    CommonMark ends a comment within a paragraph at an empty line and mails what follows, and takes
    an indented one for code; for an author a comment is one wherever it is.
    """
    parts: list[str] = []
    unclosed: list[int] = []
    done = 0
    for comment in _comments(text, code):
        start, end = comment.start, comment.end
        if end < 0:
            unclosed.append(text.count("\n", 0, start) + 1)
            continue
        before = text[done:start]
        stands_alone = _is_alone(text, start, end)
        if text[end : end + 1] == "\n" and not stands_alone:
            before = before.rstrip(" \t")  # or spaces before it would break the line
        parts += [before, _in_place_of(text[start:end], comment, stands_alone=stands_alone)]
        done = end
    return Uncommented(text="".join([*parts, text[done:]]), unclosed=tuple(unclosed))


def _comments(text: str, code: Iterable[CodeBlock]) -> Iterator[_Comment]:
    """Yield the comments, skipping code blocks and code spans."""
    spans, at = CodeSpans(text), 0
    blocks = _CodeBlocks(text, code)
    while match := _BEGINS.search(text, at):
        start, at = match.start(), match.end()
        if block := blocks.around(start):
            end = _end_of_comment(text, start) if match["comment"] and block.is_indented else -1
            if 0 <= end <= block.last:  # another one is code, and reported as such
                yield _Comment(start=start, end=end, indented=True)
                at = end
            elif not block.is_indented:
                at = block.last
        elif match["ticks"]:
            at = spans.end_of(start, at)
        elif match["comment"]:
            end = _end_of_comment(text, start)
            yield _Comment(start=start, end=end, indented=False)
            if end < 0:
                return
            at = end


def _end_of_comment(text: str, start: int) -> int:
    if short := _SHORT.match(text, start):
        return short.end()
    end = text.find("-->", start)
    return end + 3 if end >= 0 else -1


class _CodeBlocks:
    """The code blocks of a text by positions, whose lines are known."""

    def __init__(self, text: str, blocks: Iterable[CodeBlock]) -> None:
        starts = [0, *(match.end() for match in re.finditer("\n", text)), len(text)]
        self._blocks = sorted(
            b._replace(first=starts[b.first], last=starts[b.last]) for b in blocks
        )

    def around(self, place: int) -> CodeBlock | None:
        """Return the block around a position, if there is one."""
        n = bisect_right(self._blocks, place, key=lambda block: block.first) - 1
        return self._blocks[n] if n >= 0 and place < self._blocks[n].last else None


def _is_alone(text: str, start: int, end: int) -> bool:
    """Return whether a comment has its lines to itself."""
    margin = _MARGIN.match(text, text.rfind("\n", 0, start) + 1)
    return margin is not None and margin.end() >= start and _REST.match(text, end) is not None


def _in_place_of(words: str, comment: _Comment, *, stands_alone: bool) -> str:
    """Return what keeps the lines of a comment: one on its own lines stays, without its words."""
    _, *rest = words.split("\n")
    if comment.indented:  # where an empty comment would be shown as code
        return "\n" * len(rest)
    if stands_alone:
        return "<!---->" + "\n" * len(rest)
    return "".join(f"\n{KEPT_LINE if line.strip() else ''}" for line in rest)
