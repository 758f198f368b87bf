"""Tells what is around a line of a document: its language, its room, and whether it is literal."""

import re
from collections import Counter
from dataclasses import dataclass, field
from enum import IntEnum

from markdown_it.token import Token

_SET = ("fi", "sv", "en")  # languages with a type of their own
_CODE = frozenset({"code", "kbd", "samp", "var", "pre"})
_FOLLOWED = _CODE | {
    "a", "b", "bdi", "bdo", "cite", "div", "em", "i", "li", "ol", "p", "q", "small", "span",
    "strong", "table", "td", "th", "tr", "u", "ul",
}  # fmt: skip
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9]{0,9})(?P<rest>[^<>]*)>")
_LANG = re.compile(r"""(?<![\w-])lang=["']?([A-Za-z]{2,3})""")


class Room(IntEnum):
    """How many letters fit where words stand, on a screen of 320 points."""

    CELL = 14  # also of large letters
    HEADLINE = 18
    INNER_HEADING = 19  # in a column or a box
    BLOCK = 20
    HEADING = 24
    TEXT = 28  # in a list within a list, too
    ENDLESS = 1 << 30

    @property
    def where_wide(self) -> int:
        """Return how many letters fit on a wide screen; 0 where nobody knows."""
        return _WHERE_WIDE.get(self, 0)


_WHERE_WIDE = {Room.HEADLINE: 24, Room.HEADING: 34, Room.TEXT: 50}
_CELLS = ("td_open", "th_open")


def language_of_type(tag: str) -> str:
    """Return the language in whose type a text is set, "other" for those without one here."""
    primary = tag.lower().partition("-")[0]
    return primary if primary in _SET else "other"


@dataclass(slots=True)
class Tongue:
    """The language of what follows, by the `lang` of the HTML around it."""

    first: str
    _open: list[tuple[str, str]] = field(default_factory=list)  # elements with their languages
    _counts: Counter[str] = field(default_factory=Counter)  # how many of each name
    _codes: int = 0  # how many of them are code

    @property
    def language(self) -> str:
        """Return the language of what follows."""
        return self._open[-1][1] if self._open else self.first

    @property
    def is_code(self) -> bool:
        """Return whether code follows."""
        return bool(self._codes)

    def follow(self, html: str) -> None:
        """Take note of the tags in raw HTML."""
        for tag in _TAG.finditer(html):
            name = tag["name"].lower()
            if tag["end"]:
                self._close(name)
            elif name in _FOLLOWED:
                lang = _LANG.search(tag["rest"])
                self._open.append((name, language_of_type(lang[1]) if lang else self.language))
                self._counts[name] += 1
                self._codes += name in _CODE

    def _close(self, name: str) -> None:
        """Close an element, and those within it whose end HTML lets authors leave out."""
        if not self._counts[name]:
            return
        closed = ""
        while closed != name:
            closed, _ = self._open.pop()
            self._counts[closed] -= 1
            self._codes -= closed in _CODE


@dataclass(slots=True)
class Surroundings:
    """What is around a line of a document."""

    tongue: Tongue
    room: Room = Room.TEXT
    _directives: list[str] = field(default_factory=list)

    @property
    def is_literal(self) -> bool:
        """Return whether nothing is to be set."""
        return "literal" in self._directives or self.tongue.is_code

    def enter(self, token: Token) -> None:
        """Take note of a token of a block."""
        if token.type == "directive_open":
            self._directives.append(token.meta["directive"].name)
        elif token.type == "directive_close":
            self._directives.pop()
        elif token.type == "html_block":
            self.tongue.follow(token.content)
        elif token.nesting == 1:
            self.room = self._room_in(token.type)

    def _room_in(self, kind: str) -> Room:
        if kind in _CELLS or "pull" in self._directives:
            return Room.CELL
        is_inner = bool({*self._directives} - {"only"})
        if kind == "heading_open":
            return Room.INNER_HEADING if is_inner else Room.HEADING
        return Room.BLOCK if is_inner else Room.TEXT
