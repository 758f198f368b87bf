"""What no filter may break: tags, slots, marks and signs, each as one private character.

A template may cut a text of the issue, turn it round, write it in capitals or join it to words of
its own. While it does, each piece that must stay whole is a token: a character that no font shows,
no filter changes and no text contains, for which the piece is put back when all is done.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import Enum, auto
from html import unescape

from markupsafe import escape

from newsletter.render.sandbox import OverworkError

# Planes of Unicode that nobody writes in: for private use, and unassigned.
_FIRST, _PRIVATE_USE = 0xF0000, 0x20000
_SECOND, _UNASSIGNED = 0x40000, 0xA0000
PRIVATE = re.compile("[\U00040000-\U000dffff\U000f0000-\U0010ffff]")

_SIGNS = r"""[<>&"'\\{};()*]"""  # those that markup or styles could misread
_SIGN = re.compile(_SIGNS)
_TAG = re.compile(r"(<!--.*?-->|<(?:\"[^\"]*\"|'[^']*'|[^\"'<>])*>)", re.DOTALL)
_SPACES = re.compile(r"[ \t\n]+")
_BETWEEN_SPACES = re.compile(f" ({PRIVATE.pattern})(?= )")
_NAME = re.compile(r"<(/?)([A-Za-z][\w:-]*)")
_EMPTY = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "source", "wbr"})
# At their edges words end, where a text is shown without its tags.
_APART = frozenset((
    "blockquote", "br", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li",
    "ol", "p", "pre", "table", "tbody", "td", "th", "thead", "tr", "ul",
))  # fmt: skip

_current: ContextVar["Tokens"] = ContextVar("_current")


class Kind(Enum):
    """What a token stands for."""

    SIGN = auto()  # a character that markup could misread
    SLOT = auto()  # the marker of a slot
    PLACE = auto()  # a comment that marks a line of the issue
    TAG = auto()  # a tag of the HTML
    WORDS = auto()  # a whole text as it was printed, perhaps with tokens in it
    HTML = auto()  # whole HTML as it was printed, perhaps with tokens in it


@dataclass(frozen=True, slots=True)
class Piece:
    """What must stay whole."""

    kind: Kind
    text: str


class Tokens:
    """The pieces of one page, and the tokens that stand for them meanwhile."""

    def __init__(self, key: str) -> None:
        self.key = key  # prefix of the markers of slots, and of marks
        self.pieces: list[Piece] = []
        self._tokens: dict[Piece, str] = {}
        slot = rf"{key}(?:\d+|[a-z])z"
        self._odd = re.compile(f"{_SIGNS}|{slot}|{PRIVATE.pattern}")
        self._odd_in_html = re.compile(f"{_SIGNS}|{slot}")

    def place(self, line: int) -> str:
        """Return the token of a mark of a line."""
        return self._token(Kind.PLACE, f"<!--{self.key} line {line}-->")

    def printed(self, value: str, kind: Kind) -> str:
        """Return the token of a whole value."""
        return self._token(kind, value)

    def number_of(self, token: str) -> int | None:
        """Return the number of the piece behind a token; None for a character of a template."""
        code = ord(token)
        number = code - _FIRST if code >= _FIRST else code - _SECOND + _PRIVATE_USE
        return number if number < len(self.pieces) else None

    def piece_of(self, token: str) -> Piece | None:
        """Return the piece behind a token; None for a character of a template."""
        number = self.number_of(token)
        return None if number is None else self.pieces[number]

    def worked_text(self, value: str) -> str:
        """Return words of the issue with tokens in place of signs and slots."""
        return self._odd.sub(self._of_word, value)

    def with_signs(self, words: str) -> str:
        """Return words that may have tokens, with tokens in place of their signs as well."""
        return self._odd_in_html.sub(self._of_word, words)

    def worked_html(self, html: str) -> str:
        """Return HTML of the issue with tokens in place of tags, signs and slots."""
        parts = _TAG.split(html)
        for n, part in enumerate(parts):
            if n % 2:
                is_place = part.startswith(f"<!--{self.key} line ")
                parts[n] = self._token(Kind.PLACE if is_place else Kind.TAG, part)
            elif part:
                parts[n] = self.with_signs(unescape(part))
        return "".join(parts)

    def loosened(self, value: str, *, in_markup: bool) -> str:
        """Return a text in which the tokens of whole values are those of their pieces."""

        def loosen(found: re.Match[str]) -> str:
            match self.piece_of(found[0]):
                case Piece(Kind.HTML, text):
                    return self.worked_html(text)
                case Piece(Kind.WORDS, text):
                    return _SIGN.sub(self._of_word, text) if in_markup else text
            return found[0]

        return PRIVATE.sub(loosen, value)

    def plain(self, value: str) -> str:
        """Return a text as it is read: without tags and marks."""

        def read(found: re.Match[str]) -> str:
            piece = self.piece_of(found[0])
            return found[0] if piece is None else self.plain_of(piece)

        return PRIVATE.sub(read, value)

    def plain_of(self, piece: Piece) -> str:
        """Return a piece as it is read; on one line, where it was HTML."""
        match piece:
            case Piece(Kind.HTML, text):
                return _SPACES.sub(" ", self.plain(self.worked_html(text))).strip(" ")
            case Piece(Kind.WORDS, text):
                return self.plain(text)
            case Piece(Kind.TAG, text):
                return " " if _is_apart(text) else ""
            case Piece(Kind.PLACE):
                return ""
        return piece.text

    def html(self, value: str) -> str:
        """Return a worked text as HTML: its own signs are no markup, tags of the issue are."""
        parts = [str(escape(part)) for part in PRIVATE.split(value)]
        tokens = [self._raw(token) for token in PRIVATE.findall(value)]
        return "".join(one for pair in zip(parts, [*tokens, ""], strict=True) for one in pair)

    def balanced(self, value: str) -> str:
        """Return a text in which each element of the issue ends that begins, and none other."""
        opened: list[str] = []

        def weigh(found: re.Match[str]) -> str:
            piece = self.piece_of(found[0])
            named = _NAME.match(piece.text) if piece and piece.kind is Kind.TAG else None
            if named is None or named[2] in _EMPTY:
                return found[0]
            if not named[1]:
                opened.append(named[2])
                return found[0]
            return self._end(opened, named[2]) if named[2] in opened else ""

        text = PRIVATE.sub(weigh, value)
        return text + (self._end(opened, opened[0]) if opened else "")

    def without_tags(self, value: str) -> str:
        """Return a worked text without tags, on one line."""

        def strip(found: re.Match[str]) -> str:
            piece = self.piece_of(found[0])
            if piece is None or piece.kind is not Kind.TAG:
                return found[0]
            return " " if _is_apart(piece.text) else ""

        words = _SPACES.sub(" ", PRIVATE.sub(strip, value))
        return _BETWEEN_SPACES.sub(self._one_space, words).strip(" ")

    def count(self, value: str) -> int:
        """Return how many signs of a worked text are read."""
        pieces = map(self.piece_of, PRIVATE.findall(value))
        unread = sum(piece is not None and piece.kind in (Kind.TAG, Kind.PLACE) for piece in pieces)
        return len(value) - unread

    def html_of(self, piece: Piece) -> str:
        """Return a piece as it stands in HTML."""
        match piece:
            case Piece(Kind.WORDS, text):
                return self.html(text)
            case Piece(Kind.HTML, text) if PRIVATE.search(text):
                return PRIVATE.sub(lambda found: self._raw(found[0]), text)
            case Piece(Kind.SIGN, text):
                return str(escape(text))
        return piece.text

    def length(self, value: str) -> int:
        """Return how long a text becomes when each token is its piece, at least."""
        return len(value) + sum(
            len(piece.text) for token in PRIVATE.findall(value) if (piece := self.piece_of(token))
        )

    def _one_space(self, found: re.Match[str]) -> str:
        piece = self.piece_of(found[1])
        return found[1] if piece and piece.kind is Kind.PLACE else found[0]

    def _end(self, opened: list[str], name: str) -> str:
        """Return the tokens of the tags that end an element, and all within it."""
        ends = []
        while opened:
            ends.append(last := opened.pop())
            if last == name:
                break
        return "".join(self._token(Kind.TAG, f"</{one}>") for one in ends)

    def _raw(self, token: str) -> str:
        piece = self.piece_of(token)
        return token if piece is None else self.html_of(piece)

    def _of_word(self, found: re.Match[str]) -> str:
        word = found[0]
        return self._token(Kind.SLOT if word.startswith(self.key) else Kind.SIGN, word)

    def _token(self, kind: Kind, text: str) -> str:
        piece = Piece(kind, text)
        if token := self._tokens.get(piece):
            return token
        number = len(self.pieces)
        if number >= _PRIVATE_USE + _UNASSIGNED:
            raise OverworkError
        token = chr(_FIRST + number if number < _PRIVATE_USE else _SECOND + number - _PRIVATE_USE)
        self.pieces.append(piece)
        self._tokens[piece] = token
        return token


@contextmanager
def in_use(tokens: Tokens) -> Iterator[None]:
    """Take the tokens of all texts that templates work on inside the block from one table."""
    token = _current.set(tokens)
    try:
        yield
    finally:
        _current.reset(token)


def current() -> Tokens:
    """Return the tokens of the page that is being filled."""
    return _current.get()


def _is_apart(tag: str) -> bool:
    named = _NAME.match(tag)
    return named is not None and named[2] in _APART
