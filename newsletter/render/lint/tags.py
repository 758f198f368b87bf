"""Reads the tags, comments and words of markup as they are written, with their places."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from newsletter.render.lint.plain import FILLED, Plain


class Kind(Enum):
    """What a piece of markup is."""

    OPEN = "open"  # <mj-text>
    CLOSE = "close"  # </mj-text>
    WHOLE = "whole"  # <mj-image />, or an element that has no end, such as <br>
    COMMENT = "comment"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Piece:
    """A tag, a comment, or the words between."""

    kind: Kind
    start: int
    end: int
    name: str  # of a tag, as it is written; a value that is filled in, as Jinja
    inner: str = ""  # attributes of a tag, or the text of others


# No alternative reads the same signs twice, or as far as the end for each of many tags.
_NAME = rf"[A-Za-z{FILLED}][\w:.{FILLED}-]*+"
_MARKUP = re.compile(
    r"<!--(?P<comment>.*?)(?:-->|\Z)|<!(?:(?!<!)[^>])*>|<\?(?:(?!<\?).)*?\?>"
    rf"|<(?P<slash>/?)(?P<name>{_NAME})"
    r"(?P<inner>(?:\"[^\"<]*\"|'[^'<]*'|[^'\"<>])*)>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(
    rf"(?P<name>[\w:@.{FILLED}-]+)(?:\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'"
    r"|(?P<bare>[^\s\"'>]+)))?"
)
VOID = frozenset({
    *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source"),
    *("track", "wbr"),
})  # fmt: skip
_ASIDE = ("script", "style", "mj-style")  # what stands in these is no markup


def pieces_of(plain: Plain) -> Iterator[Piece]:
    """Yield the markup of a template in order."""
    text, end, aside = plain.text, 0, ""
    names = dict(plain.values)
    for found in _MARKUP.finditer(text):
        name = _name_of(found, names)
        if aside and not (found["slash"] and name == aside):
            continue
        if not aside:
            yield from _words(text, end, found.start())
        aside, end = "", found.end()
        if found["comment"] is not None:
            yield Piece(Kind.COMMENT, found.start(), end, "", found["comment"])
        elif name:
            kind = _kind_of(found, name)
            aside = name if kind is Kind.OPEN and name in _ASIDE else ""
            yield Piece(kind, found.start(), end, name, found["inner"])
    yield from () if aside else _words(text, end, len(text))


def attributes_of(piece: Piece) -> Iterator[tuple[str, str | None, int]]:
    """Yield each attribute of a tag: its name, its value if it has one, and where it begins."""
    start = piece.start + 1 + len(piece.name)
    for found in _ATTRIBUTE.finditer(piece.inner):
        value = next((v for v in found.group("double", "single", "bare") if v is not None), None)
        yield found["name"], value, start + found.start()


def stray_in(piece: Piece) -> str:
    """Return what stands in a tag and is no attribute, such as a second brace."""
    return _ATTRIBUTE.sub("", piece.inner).strip(f" \t\n/{FILLED}")


def _kind_of(found: re.Match[str], name: str) -> Kind:
    if found["slash"]:
        return Kind.CLOSE
    return Kind.WHOLE if found["inner"].endswith("/") or name.lower() in VOID else Kind.OPEN


def _words(text: str, start: int, end: int) -> Iterator[Piece]:
    said = text[start:end]
    if inner := said.strip():
        place = start + len(said) - len(said.lstrip())
        yield Piece(Kind.WORDS, place, end, "", inner)


def _name_of(found: re.Match[str], values: dict[int, str]) -> str:
    """Return the name of a tag; "h{{ block.level }}" in place of the signs filled in."""
    name = found["name"] or ""
    if FILLED not in name:
        return name
    at = name.index(FILLED)
    said = values.get(found.start("name") + at, "")
    return f"{name[:at]}{{{{ {said} }}}}{name.rstrip(FILLED)[at:].replace(FILLED, '')}"
