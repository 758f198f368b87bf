"""Takes an author's comments out of an issue, wherever they stand; what code shows stays."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newsletter.backticks import CodeSpans

# Holds a line of a paragraph open where a comment filled it; no text may hold it (Unicode 23.7).
KEPT_LINE = "\ufdd3"
_BEGINS = re.compile(
    r"""(?P<escape>\\[\\`<])
    |(?P<ticks>`+)
    |(?P<comment><!--)""",
    re.VERBOSE,
)
_SHORT = re.compile(r"<!--+>")  # a comment of nothing, as HTML has it


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncommented:
    """A text without its comments; its lines are those it had."""

    text: str
    unclosed: tuple[int, ...] = ()  # lines on which a comment begins that never ends


def take_out_comments(text: str, blocks: Sequence[tuple[int, int]]) -> Uncommented:
    """Return a text without comments; `blocks` are the lines of code, as slices count them.

    CommonMark ends a comment within a paragraph at an empty line and mails what it holds; for
    their author a comment is one wherever it stands.
    """
    parts: list[str] = []
    unclosed: list[int] = []
    done = 0
    for start, end in _comments(text, _CodeBlocks(text, blocks)):
        if end < 0:
            unclosed.append(text.count("\n", 0, start) + 1)
            continue
        before = text[done:start]
        stands_alone = _is_blank(text, start, end)
        if text[end : end + 1] == "\n" and not stands_alone:
            before = before.rstrip(" \t")  # or blanks that stood before it would break the line
        parts += [before, _in_place_of(text[start:end], stands_alone=stands_alone)]
        done = end
    return Uncommented(text="".join([*parts, text[done:]]), unclosed=tuple(unclosed))


def _comments(text: str, blocks: "_CodeBlocks") -> Iterator[tuple[int, int]]:
    """Yield where comments begin and end, -1 for one that never ends; code is passed over."""
    spans = CodeSpans(text)
    at = 0
    while match := _BEGINS.search(text, at):
        at = match.end()
        if block_end := blocks.end_of(match.start()):
            at = block_end
        elif match["ticks"]:
            at = spans.end_of(match.start(), at)
        elif match["comment"]:
            end = _end_of_comment(text, match.start())
            yield match.start(), end
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


def _is_blank(text: str, start: int, end: int) -> bool:
    """Tell whether a comment has its lines for itself."""
    before = text[text.rfind("\n", 0, start) + 1 : start]
    line_end = text.find("\n", end)
    after = text[end : line_end if line_end >= 0 else len(text)]
    return not before.strip(" \t>") and not after.strip()


def _in_place_of(comment: str, *, stands_alone: bool) -> str:
    """Return what keeps the lines of a comment: one of its own stays one, without its words."""
    _, *rest = comment.split("\n")
    if stands_alone:
        return "<!---->" + "\n" * len(rest)
    return "".join(f"\n{KEPT_LINE if line.strip() else ''}" for line in rest)
