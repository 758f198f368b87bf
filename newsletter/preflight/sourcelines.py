"""The lines of an issue file that a reader may see: no front matter, comments or other readers'."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from newsletter.preflight.draft import lines_of

_PREFIX = r"(?P<prefix>(?:[ \t>]|[-*+][ ]|\d{1,9}[.)][ ])*)"
_FENCE = re.compile(rf"{_PREFIX}(?P<mark>`{{3,}}(?=[^`]*$)|~{{3,}})")
_COLONS = re.compile(r" {0,3}:::+[ \t]*(?P<name>[^\s:]*)[ \t]*(?P<rest>[^:]*)")
_SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)|\\<")
_NOTE = re.compile(r"[ >]*\[\^(?P<label>[^\]\s]+)\]:")
_REFERENCE = re.compile(r"\[\^([^\]\s]+)\](?!:)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the file; empty where readers see nothing of it."""

    text: str
    is_code: bool = False


def visible_lines(source: str, met: frozenset[str]) -> list[Line]:
    """Return every line of an issue file for readers who meet conditions such as region=Lappi."""
    lines = _without_comments(_with_code(_body(source)))
    return _without_unused_notes(_without_directives(lines, met))


def _body(source: str) -> list[str]:
    """Return the lines, those of the front matter empty."""
    lines = list(lines_of(source.replace("\r\n", "\n").replace("\r", "\n")))
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
            found.append(Line(text=""))  # what names the language is not shown
        else:
            found.append(Line(text=text))
    return found


def _ends(opened: re.Match[str], text: str) -> bool:
    """Tell whether a line ends a block of code, or what the block stands in."""
    mark, prefix = opened["mark"], opened["prefix"]
    closing = re.fullmatch(rf"[ \t>]*({mark[0]}{{{len(mark)},}})[ \t]*", text)
    is_outside = text.strip() and not text.startswith((" ", "\t", ">")) and prefix.strip(" \t")
    return bool(closing or is_outside)


def _without_comments(lines: Sequence[Line]) -> list[Line]:
    found: list[Line] = []
    is_open = False
    for line in lines:
        if line.is_code and not is_open:
            found.append(line)
            continue
        text, is_open = _uncommented(line.text, is_open=is_open)
        found.append(Line(text=text))
    return found


def _uncommented(text: str, *, is_open: bool) -> tuple[str, bool]:
    """Return what a line has outside comments, and whether one goes on to the next line."""
    if not is_open and "<!--" not in text:
        return text, False
    seen = _SPAN.sub(lambda m: "x" * len(m[0]), text)
    parts, at = [], 0
    while at < len(text) or is_open:
        end = seen.find("-->" if is_open else "<!--", at)
        if end < 0:
            break
        parts.append("" if is_open else text[at:end])
        at = end + (3 if is_open else 4)
        if not is_open and seen.startswith((">", "->"), at):
            at += seen.index(">", at) - at + 1
            continue
        is_open = not is_open
    return "".join([*parts, "" if is_open else text[at:]]), is_open


def _without_directives(lines: Sequence[Line], met: frozenset[str]) -> list[Line]:
    shown, is_even = _shown(lines, met, closing_dividers=True)
    return shown if is_even else _shown(lines, met, closing_dividers=False)[0]


def _shown(
    lines: Sequence[Line], met: frozenset[str], *, closing_dividers: bool
) -> tuple[list[Line], bool]:
    """Return the lines outside other readers' blocks, and whether every block is closed once."""
    found: list[Line] = []
    hidden: list[bool] = []  # of each directive that is open
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
    key, _, value = (part.strip() for part in rest.partition("="))
    return f"{key.lower()}={value.strip(chr(34) + chr(39))}"


def _without_unused_notes(lines: Sequence[Line]) -> list[Line]:
    """Empty the footnotes that nothing refers to which the reader sees."""
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
