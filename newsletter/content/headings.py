"""Gives each heading a name that links can lead to: made of its words, or fixed by its author.

Names are made as GitHub makes them: lower case, blanks as hyphens, without punctuation, and -1, -2
behind those that are taken. `{#name}` at the end of a heading fixes its name, and is not shown;
what only resembles it is, and is found.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from newsletter.content.slots import MARKER, restore_slots

_FIXED = re.compile(r"[ \t]*\{#([^\s{}#<>\"'%&]{1,100})\}[ \t]*$")
# What resembles a fixed name, or the attributes that other programs take from a heading.
_RESEMBLES = re.compile(r"\{:?[ ]?(?:#|\.[^\W\d])[^{}\0]{0,100}\}|\{#[^\s{}\0]{0,100}")
_UNNAMED = "section"  # a heading without a letter
_OF_NOTES = re.compile(r"fn(?:ref)?\d+")  # places of footnotes
_LINK = re.compile(r"""href=["']?#([^\s"'<>]+)""")
_PLACE = re.compile(r"""\s(?:id|name)=["']?([^\s"'<>]+)""")
_BREAKS = ("softbreak", "hardbreak")


class Named(NamedTuple):
    """A heading's name that its author fixed, where it cannot have it."""

    name: str
    line: int
    first: int  # the line of the heading that has it; 0: footnotes have it


class Unread(NamedTuple):
    """What resembles a heading's fixed name, and is shown to readers."""

    words: str  # as written
    line: int


def headings_plugin(md: MarkdownIt) -> None:
    """Name headings: a token that opens one has its name, and whether links may need it."""
    md.core.ruler.before("typesetting", "headings", _name_all)


def _name_all(state: StateCore) -> None:
    headings = [
        (opening, state.tokens[n + 1])
        for n, opening in enumerate(state.tokens)
        if opening.type == "heading_open"
    ]
    if not headings:
        return
    wanted = set(_wanted(state.tokens))
    taken: dict[str, int] = {}  # names that are fixed, with their lines
    for opening, inline in headings:
        fixed, line = _take_fixed(inline), opening.map[0] + 1 if opening.map else 0
        if fixed and (_OF_NOTES.fullmatch(fixed) or fixed in taken):
            misnamed: list[Named] = state.env.setdefault("misnamed", [])
            misnamed.append(Named(fixed, line, taken.get(fixed, 0)))
        elif fixed:
            taken[fixed] = line
            opening.meta.update(name=fixed, is_wanted=True)
        unread: list[Unread] = state.env.setdefault("names_unread", [])
        for words in _RESEMBLES.findall(_written(inline.children or ())):
            unread.append(Unread(restore_slots(words, state.env.get("sources", {})), line))
    names = _Names({*taken, *_own_places(state.tokens)})
    for opening, inline in headings:
        name = opening.meta.get("name") or names.make(_words(inline.children or ()))
        opening.meta.update(name=name, is_wanted=opening.meta.get("is_wanted") or name in wanted)


class _Names:
    """The names of an issue that are taken."""

    def __init__(self, taken: set[str]) -> None:
        self._taken = taken
        self._counts: dict[str, int] = {}

    def make(self, words: str) -> str:
        """Return the name that a heading's words make, and take it."""
        made = slug_of(words) or _UNNAMED
        count = self._counts.get(made, 0)
        name = f"{made}-{count}" if count else made
        while name in self._taken or _OF_NOTES.fullmatch(name):
            count += 1
            name = f"{made}-{count}"
        self._counts[made] = count + 1
        self._taken.add(name)
        return name


def slug_of(words: str) -> str:
    """Return words in lower case, blanks as hyphens, without punctuation."""
    kept = (
        sign
        for sign in words.strip().lower()
        if sign in "-_ " or sign.isalnum() or unicodedata.category(sign)[0] == "M"
    )
    return "".join(kept).replace(" ", "-")


def _take_fixed(inline: Token) -> str:
    """Take the name that is fixed at the end of a heading out of it; empty if none is."""
    texts = _last_texts(inline.children or ())
    match = _FIXED.search("".join(child.content for child in texts)[-110:])
    if match is None or MARKER.search(match[1]):
        return ""
    count = len(match[0])
    for child in texts[::-1]:
        cut = min(count, len(child.content))
        child.content = child.content[: len(child.content) - cut]
        count -= cut
    return match[1]


def _last_texts(children: Sequence[Token]) -> list[Token]:
    """Return the tokens of the last plain text of a line in order, be it bold or in a link."""
    texts: list[Token] = []
    for child in reversed(children):
        if child.type == "text":
            texts.append(child)
        elif any(text.content for text in texts) or not _is_closing(child):
            break
    return texts[::-1]


def _is_closing(token: Token) -> bool:
    return token.nesting < 0 or (token.type == "html_inline" and token.content.startswith("</"))


def _written(children: Sequence[Token]) -> str:
    """Return the plain text of a heading as written; what is code or escaped is \\0."""
    return "".join(
        child.content if child.type == "text" else child.markup if child.nesting else "\0"
        for child in children
    )


def _words(children: Sequence[Token]) -> str:
    parts = (" " if child.type in _BREAKS else _shown(child) for child in children)
    return MARKER.sub("", "".join(parts))


def _shown(child: Token) -> str:
    return child.content if child.type in ("text", "text_special", "code_inline") else ""


def _own_places(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield the places that raw HTML names."""
    for token in tokens:
        for part in (token, *(token.children or ())):
            if part.type in ("html_block", "html_inline"):
                yield from _PLACE.findall(part.content)


def _wanted(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield the names that links lead to."""
    for token in tokens:
        if token.type == "directive_open":
            _, sign, name = token.meta["directive"].arguments.partition("#")
            yield from [unquote(name)] if sign else []
        yield from map(unquote, _LINK.findall(token.content) if "html" in token.type else ())
        for child in token.children or ():
            if child.type == "link_open":
                yield unquote(str(child.attrGet("href") or "").removeprefix("#"))
            elif child.type == "html_inline":
                yield from map(unquote, _LINK.findall(child.content))
