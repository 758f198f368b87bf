"""The lines of an issue file that a reader may see: no front matter, comments or others' blocks."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from newsletter.markup.backticks import CodeSpans
from newsletter.segments import SegmentError, parse_segment

_PREFIX = r"(?P<prefix>(?:[ \t>]|[-*+][ ]|\d{1,9}[.)][ ])*)"
_FENCE = re.compile(rf"{_PREFIX}(?P<mark>`{{3,}}(?=[^`]*$)|~{{3,}})")
_PROSE = re.compile(r".*~|(?!.*[={}])[ \t]*(?:[^\W_]\S*[ \t]+){2}[^\W_]")
_COLONS = re.compile(r" {0,3}:::+[ \t]*(?P<name>[^\s:]*)[ \t]*(?P<rest>[^:]*)")
_BEGINS = re.compile(r"(?P<escape>\\[\\`<])|(?P<ticks>`+)|(?P<comment><!--)")
_SHORT = re.compile(r"<!--+>")  # an empty comment, as HTML has it
_NOTE = re.compile(r"[ >]*\[\^(?P<label>[^\]\s]+)\]:")
_REFERENCE = re.compile(r"\[\^([^\]\s]+)\](?!:)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the file; empty if readers see nothing of it."""

    text: str
    is_code: bool = False


def visible_lines(source: str, met: frozenset[str]) -> list[Line]:
    """Return every line of an issue file for readers who meet conditions such as region=Lappi."""
    lines = _without_comments(_with_code(_body(source)))
    return _without_unused_notes(_without_directives(lines, met))


def _body(source: str) -> list[str]:
    """Return the lines, with those of the front matter emptied."""
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    dashes = (n for n, line in enumerate(lines) if n and line.rstrip() == "---")
    end = next(dashes, 0) + 1
    return [""] * end + lines[end:]


def _with_code(lines: Sequence[str]) -> list[Line]:
    found: list[Line] = []
    opened: re.Match[str] | None = None
    for text in lines:
        if opened and _ends(opened, text):
            opened = None
            is_closing = _FENCE.match(text) is not None
            found.append(Line(text="" if is_closing else text))
        elif opened:
            found.append(Line(text=text, is_code=True))
        elif opened := _FENCE.match(text):
            # What names the language is not shown; more words than that were meant to be shown.
            info = text[opened.end() :]
            found.append(Line(text=info if _PROSE.match(info) else ""))
        else:
            found.append(Line(text=text))
    return found


def _ends(opened: re.Match[str], text: str) -> bool:
    """Return whether a line ends a block of code, or the block that contains it."""
    mark, prefix = opened["mark"], opened["prefix"]
    closing = re.fullmatch(rf"[ \t>]*({mark[0]}{{{len(mark)},}})[ \t]*", text)
    is_outside = text.strip() and not text.startswith((" ", "\t", ">")) and prefix.strip(" \t")
    return bool(closing or is_outside)


def _without_comments(lines: Sequence[Line]) -> list[Line]:
    text = "\n".join(line.text for line in lines)
    parts: list[str] = []
    hidden: set[int] = set()  # lines of code inside a comment
    at = line = 0
    for start, end in _comments(text, lines):
        line += text.count("\n", at, start)
        inner = text.count("\n", start, end)
        hidden.update(range(line, line + inner + 1))
        parts += [text[at:start], "\n" * inner]
        at, line = end, line + inner
    left = "".join([*parts, text[at:]]).split("\n")
    return [
        Line(text=left[n], is_code=line.is_code and n not in hidden) for n, line in enumerate(lines)
    ]


def _comments(text: str, lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """Yield where comments begin and end, skipping code."""
    outside = "\n".join(" " * len(line.text) if line.is_code else line.text for line in lines)
    spans = CodeSpans(outside)
    at = 0
    while match := _BEGINS.search(outside, at):
        at = match.end()
        if match["ticks"]:
            at = spans.end_of(match.start(), at)
        elif match["comment"]:
            short = _SHORT.match(text, match.start())
            closing = text.find("-->", at)
            end = short.end() if short else closing + 3 if closing >= 0 else len(text)
            yield match.start(), end
            at = end


def _without_directives(lines: Sequence[Line], met: frozenset[str]) -> list[Line]:
    shown, is_even = _shown(lines, met, closing_dividers=True)
    return shown if is_even else _shown(lines, met, closing_dividers=False)[0]


def _shown(
    lines: Sequence[Line], met: frozenset[str], *, closing_dividers: bool
) -> tuple[list[Line], bool]:
    """Return the lines outside other readers' blocks, and whether every block is closed once."""
    found: list[Line] = []
    hidden: list[bool] = []  # for each open directive
    is_even, is_below_divider = True, False
    for line in lines:
        colons = None if line.is_code else _COLONS.match(line.text)
        if colons is None:
            found.append(replace(line, text="") if any(hidden) else line)
        elif colons["name"] == "divider":
            pass
        elif colons["name"]:
            is_only = colons["name"] == "only"
            hidden.append(is_only and _condition(colons["rest"]) not in met)
        elif hidden and not (is_below_divider and closing_dividers):
            hidden.pop()
        elif not (is_below_divider and closing_dividers):
            is_even = False
        if colons:
            found.append(Line(text=""))
        is_below_divider = colons is not None and colons["name"] == "divider"
    return found, is_even and not hidden


def _condition(rest: str) -> str:
    try:
        return str(parse_segment(rest))
    except SegmentError:
        return ""


def _without_unused_notes(lines: Sequence[Line]) -> list[Line]:
    """Empty the footnotes that nothing visible refers to."""
    owners = _owners(lines)
    refers: dict[str, set[str]] = {}
    for line, owner in zip(lines, owners, strict=True):
        refers.setdefault(owner, set()).update(map(str.casefold, _REFERENCE.findall(line.text)))
    seen: set[str] = set()
    coming = [""]
    while coming:
        owner = coming.pop()
        seen.add(owner)
        coming += [label for label in refers.get(owner, ()) if label not in seen]
    return [
        line if owner in seen else replace(line, text="")
        for line, owner in zip(lines, owners, strict=True)
    ]


def _owners(lines: Sequence[Line]) -> list[str]:
    """Return for each line the label of the footnote it belongs to; empty for the text itself."""
    owners: list[str] = []
    owner, is_after_gap = "", False
    for line in lines:
        note = None if line.is_code else _NOTE.match(line.text)
        if note:
            owner = note["label"].casefold()
        elif is_after_gap and line.text.strip() and not line.text.startswith(("    ", "\t")):
            owner = ""
        owners.append(owner)
        is_after_gap = not line.text.strip()
    return owners
