"""Takes an author's comments out of an issue, wherever they stand; what code shows stays."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newsletter.markup.backticks import CodeSpans

# Holds a line of a paragraph open where a comment filled it; no text may hold it (Unicode 23.7).
KEPT_LINE = "\ufdd3"
_BEGINS = re.compile(
    r"""(?P<escape>\\[\\`<])
    |(?P<ticks>`+)
    |(?P<comment><!--)""",
    re.VERBOSE,
)
_SHORT = re.compile(r"<!--+>")  # a comment of nothing, as HTML has it


# How a line begins that a comment may have for itself, and how it ends.
_MARGIN = re.compile(r"[ \t>]*")
_REST = re.compile(r"[^\S\n]*(?:\n|\Z)")


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeLines:
    """The lines of blocks of code: the first, counted from 0, and the one behind the last."""

    fenced: Sequence[tuple[int, int]] = ()
    indented: Sequence[tuple[int, int]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Comment:
    """Where a comment stands in a text."""

    start: int
    end: int  # -1 for one that never ends
    indented: bool  # so far that Markdown takes it for code


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncommented:
    """A text without its comments; its lines are those it had."""

    text: str
    unclosed: tuple[int, ...] = ()  # lines on which a comment begins that never ends


def take_out_comments(text: str, code: CodeLines) -> Uncommented:
    """Return a text without comments, but for those that fences and backquotes show.

    CommonMark ends a comment within a paragraph at an empty line and mails what it holds, and
    takes one for code that is indented; for their author a comment is one wherever it stands.
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
            before = before.rstrip(" \t")  # or blanks that stood before it would break the line
        parts += [before, _in_place_of(text[start:end], comment, stands_alone=stands_alone)]
        done = end
    return Uncommented(text="".join([*parts, text[done:]]), unclosed=tuple(unclosed))


def _comments(text: str, code: CodeLines) -> Iterator[_Comment]:
    """Yield the comments; what fences and backquotes hold is passed over."""
    spans, at = CodeSpans(text), 0
    fenced, indented = _CodeBlocks(text, code.fenced), _CodeBlocks(text, code.indented)
    while match := _BEGINS.search(text, at):
        start, at = match.start(), match.end()
        if block_end := fenced.end_of(start):
            at = block_end
        elif block_end := indented.end_of(start):
            end = _end_of_comment(text, start) if match["comment"] else -1
            if 0 <= end <= block_end:  # another one is code, and told as such
                yield _Comment(start=start, end=end, indented=True)
                at = end
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
    """The blocks of code in a text, of which the lines are known."""

    def __init__(self, text: str, blocks: Sequence[tuple[int, int]]) -> None:
        starts = [0, *(match.end() for match in re.finditer("\n", text)), len(text)]
        self._blocks = sorted((starts[first], starts[last]) for first, last in blocks)
        self._length = len(text)

    def end_of(self, place: int) -> int:
        """Return where the block ends that holds a place, 0 if none does."""
        n = bisect_right(self._blocks, (place, self._length)) - 1
        return self._blocks[n][1] if n >= 0 and place < self._blocks[n][1] else 0


def _is_alone(text: str, start: int, end: int) -> bool:
    """Tell whether a comment has its lines for itself."""
    margin = _MARGIN.match(text, text.rfind("\n", 0, start) + 1)
    return margin is not None and margin.end() >= start and _REST.match(text, end) is not None


def _in_place_of(words: str, comment: _Comment, *, stands_alone: bool) -> str:
    """Return what keeps the lines of a comment: one of its own stays one, without its words."""
    _, *rest = words.split("\n")
    if comment.indented:  # where an empty comment would be shown as code
        return "\n" * len(rest)
    if stands_alone:
        return "<!---->" + "\n" * len(rest)
    return "".join(f"\n{KEPT_LINE if line.strip() else ''}" for line in rest)
