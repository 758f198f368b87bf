"""Measures how deep markup is nested, before it reaches programs that cannot follow it.

Parsers written in C and Rust recurse for each level, and end the whole process when their stack is
full; others silently stop reading.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

DEEPEST = 100  # libxml2 stops at 256, MRML crashes before 2000
_SAFE = 2_000  # html5ever, which cleans HTML, crashes far above
_NAME = re.compile(r"(/?)([A-Za-z][^\s/>]*)")
# Most tags, as programs write them; all others are read sign by sign.
_PLAIN = re.compile(r'<(/?)([A-Za-z][^\s/>]*)(?:\s+[^\s=/>"\']+="[^"]*")*\s*(/?)>')
_COMMENT_END = re.compile(r"--!?>")
_NAMES = re.compile(r"[^=>]*")  # of attributes
_UNQUOTED = re.compile(r"[^\s>]*")
_SPACES = re.compile(r"\s*")
_VOID = frozenset(
    {
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param"),
        *("source", "track", "wbr"),
    }
)
# Their start tags close these if open (HTML standard, 13.1.2.4).
_ENDS = {
    "p": ("p",),
    "li": ("li", "p"),
    "dt": ("dt", "dd", "p"),
    "dd": ("dt", "dd", "p"),
    "td": ("td", "th", "p"),
    "th": ("td", "th", "p"),
    "tr": ("tr", "td", "th", "p"),
}


@dataclass(frozen=True, slots=True)
class Shape:
    """How deep markup is nested, and the first place where its tags do not match."""

    depth: int
    deepest: int  # position where it is first as deep as that
    fault: int | None  # position of a tag that closes nothing, or that nothing closes


def shape_of(markup: str, *, most: int = DEEPEST) -> Shape:
    """Measure markup that should be well-formed; stop after `most` levels."""
    opened: list[tuple[str, int]] = []
    depth = deepest = 0
    fault: int | None = None
    for tag in _tags(markup, within_comments=False):
        if tag.closes:
            fits = bool(opened) and opened[-1][0] == tag.name
            fault = tag.start if fault is None and not fits else fault
            at = next((n for n in reversed(range(len(opened))) if opened[n][0] == tag.name), None)
            del opened[len(opened) if at is None else at :]
        elif tag.opens:
            opened.append((tag.name, tag.start))
            if len(opened) > depth:
                depth, deepest = len(opened), tag.start
            if depth > most:
                break
    if fault is None and opened:
        fault = opened[-1][1]
    return Shape(depth, deepest, fault)


def is_safe_to_clean(html: str) -> bool:
    """Return whether HTML, however broken, is surely not nested too deep to be cleaned.

    Where browsers repair tags that do not match, they leave elements open; so does this.
    """
    opened: list[str] = []
    for tag in _tags(html, within_comments=True):
        if tag.closes:
            while opened and opened[-1] != tag.name and opened[-1] in ("p", "li", "dt", "dd"):
                opened.pop()
            if opened and opened[-1] == tag.name:
                opened.pop()
        elif tag.opens:
            while opened and opened[-1] in _ENDS.get(tag.name, ()):
                opened.pop()
            opened.append(tag.name)
            if len(opened) > _SAFE:
                return False
    return True


class _Tag(NamedTuple):
    """A tag as written."""

    name: str
    start: int
    closes: bool
    is_whole: bool  # whether it ends with a slash

    @property
    def opens(self) -> bool:
        return not self.closes and not self.is_whole and self.name not in _VOID


def _tags(markup: str, *, within_comments: bool) -> Iterator[_Tag]:
    at = markup.find("<")
    while at >= 0:
        if plain := _PLAIN.match(markup, at):
            closes, name, slash = plain.groups()
            yield _Tag(name.lower(), at, bool(closes), bool(slash) and not within_comments)
            at = markup.find("<", plain.end())
            continue
        if not within_comments and markup.startswith("<!--", at):
            end = _COMMENT_END.search(markup, at + 2)
            at = markup.find("<", end.end()) if end else -1
            continue
        begun = _NAME.match(markup, at + 1)
        if begun is None:
            at = markup.find("<", at + 1)
            continue
        end_of_tag = _end_of_tag(markup, begun.end())
        slashed = markup[end_of_tag - 1] == "/" and not within_comments  # HTML ignores it
        yield _Tag(begun[2].lower(), at, bool(begun[1]), slashed)
        at = markup.find("<", end_of_tag)


def _end_of_tag(markup: str, at: int) -> int:
    """Return where a tag ends, by the rules of HTML: a quote counts only after "="."""
    is_named = False
    while at < len(markup):
        names = _NAMES.match(markup, at)
        text = names[0] if names else ""
        at += len(text)
        if at >= len(markup) or markup[at] == ">":
            break
        text = text.rstrip()
        is_named = (is_named or bool(text.strip("/ \t\n\r\f"))) and not text.endswith("/")
        at += 1
        if not is_named:  # "=" begins a name
            is_named = True
            continue
        is_named = False
        at = _end_of_value(markup, at)
    return min(at, len(markup))


def _end_of_value(markup: str, at: int) -> int:
    spaces = _SPACES.match(markup, at)
    at = spaces.end() if spaces else at
    if markup[at : at + 1] in ('"', "'"):
        end = markup.find(markup[at], at + 1)
        return end + 1 if end >= 0 else len(markup)
    unquoted = _UNQUOTED.match(markup, at)
    return unquoted.end() if unquoted else at
