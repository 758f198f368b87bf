"""Signs at the start of a line that prose uses and Markdown misreads, each with a cure."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from newsletter.language import say
from newsletter.model import Finding, rules

_PLUS_NUMBER = re.compile(r"[ >]*\+[ \t]+\(?\d")  # a telephone number
_MINUS_NUMBER = re.compile(r"[ >]*-[ \t]+\d+(?:[.,]\d+)?[ \t\u00a0]*(?:%|°|€|astetta\b|grader\b)")
_MORE_THAN = re.compile(r"[ ]*>=?\d")
_HASH_NUMBER = re.compile(r"[ >]*#[ \t]+\d+\b")
_ENDS_SENTENCE = re.compile(r"[.!?,;…][\"”»’)\]*_]*$")
_CODE = re.compile(r"[{}()<>=;|\\$]|::|\w_\w|^\s*(?:[-+*]|\d+[.)])\s", re.M)
_CODE_LINE = re.compile(r"[{}<>=|\\$]|::|\w_\w|\w\(|;\s*$|^\s*(?:[-+*]|\d+[.)])\s|^\s*(?://|#|--)")
_PRIVATE = re.compile(r"<!--|-->|^\s*:::|\{\{|\[\^", re.M)
_WORDS = re.compile(r"[^\W\d_]{2,}[,.:;!?]?[ ]+[^\W\d_]{2,}[,.:;!?]?[ ]+[^\W\d_]{2,}")
_WORD = re.compile(r"[^\W\d_]{2,}")
_LONG_HEADING = 100  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """What Markdown made of some lines."""

    tokens: Sequence[Token]
    index: int
    lines: Sequence[str]  # of the whole file

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    @property
    def start(self) -> int:
        return self.token.map[0] if self.token.map else 0

    @property
    def end(self) -> int:
        return self.token.map[1] if self.token.map else 0

    @property
    def first(self) -> str:
        return self.lines[self.start]

    @property
    def is_below_text(self) -> bool:
        """Return whether a paragraph ends on the line above."""
        if self.index < 2 or self.tokens[self.index - 1].type != "paragraph_close":
            return False
        lines = self.tokens[self.index - 2].map
        return lines is not None and lines[1] == self.start

    @property
    def has_one_item(self) -> bool:
        """Return whether a list has one item."""
        level, items = self.token.level, 0
        for at in range(self.index + 1, len(self.tokens)):
            token = self.tokens[at]
            items += token.type == "list_item_open" and token.level == level + 1
            if token.level == level or items > 1:
                break
        return items == 1


def find_misread_signs(tokens: Sequence[Token], lines: Sequence[str]) -> Iterator[Finding]:
    """Yield the signs that probably belong to the text, though Markdown takes them for markup."""
    for index, token in enumerate(tokens):
        place = _Place(tokens=tokens, index=index, lines=lines)
        for is_prose, finding in _SIGNS.get(token.type, ()):
            if token.map and is_prose(place):
                yield finding.at(place.start + 1)
                break


def _is_dash_within_text(place: _Place) -> bool:
    """Return whether a line within a sentence begins with a dash, where no list was meant."""
    if place.first[:1] not in ("-", "+", "*"):
        return False  # it belongs to the item above it
    if not place.is_below_text or not place.has_one_item:
        return False
    return not re.search(r"[.:!?…][\"”»’)*_]*\s*$", place.lines[place.start - 1])


def _is_underlined_prose(place: _Place) -> bool:
    """Return whether a dividing line was meant: what is above it is not a heading."""
    if place.token.markup not in ("-", "="):
        return False
    text = place.tokens[place.index + 1].content.strip()
    return "\n" in text or len(text) > _LONG_HEADING or _ENDS_SENTENCE.search(text) is not None


def _is_indented_prose(place: _Place) -> bool:
    text = place.token.content
    lines = [line for line in text.splitlines() if line.strip()]
    code = sum(_CODE_LINE.search(line) is not None for line in lines)
    return len(_WORD.findall(text)) > 2 and 2 * code < len(lines)


def _is_unclosed(place: _Place) -> bool:
    last = place.lines[place.end - 1].strip(" \t>")
    mark = place.token.markup
    is_closed = place.end - place.start > 1 and last.startswith(mark) and not last.strip(mark[0])
    return not is_closed and _is_prose(place.token.content)


def _is_prose(text: str) -> bool:
    return _WORDS.search(text) is not None and _CODE.search(text) is None


_ESCAPED = say("write a backslash before the sign to have it shown")
_AS_LIST = say("the sign that begins this line makes a list of it, and is shown as a dot")
# How prose uses a sign, and what to report of it.
_SIGNS: Mapping[str, tuple[tuple[Callable[[_Place], object], Finding], ...]] = {
    "bullet_list_open": (
        (
            lambda place: _PLUS_NUMBER.match(place.first),
            rules.SIGN_MISREAD.warning(_AS_LIST, "write the number without a space: +358"),
        ),
        (
            lambda place: _MINUS_NUMBER.match(place.first) and place.has_one_item,
            rules.SIGN_MISREAD.warning(_AS_LIST, _ESCAPED),
        ),
        (
            _is_dash_within_text,
            rules.SIGN_MISREAD.warning(
                _AS_LIST, "write a dash as –, or leave a line empty above a list"
            ),
        ),
    ),
    "blockquote_open": (
        (
            lambda place: _MORE_THAN.match(place.first),
            rules.SIGN_MISREAD.warning(
                "the sign > makes a quotation of this line, and is not shown", _ESCAPED
            ),
        ),
    ),
    "heading_open": (
        (
            lambda place: place.is_below_text and _HASH_NUMBER.match(place.first),
            rules.SIGN_MISREAD.warning(
                "the sign # makes a heading of this line, and is not shown", _ESCAPED
            ),
        ),
        (
            _is_underlined_prose,
            rules.SIGN_MISREAD.warning(
                "the line of signs below this paragraph makes a heading of it",
                "leave a line empty above the line of signs",
            ),
        ),
    ),
    "code_block": (
        (
            lambda place: _PRIVATE.search(place.token.content),
            rules.SIGN_MISREAD.error(
                "blanks at its beginning make code of this paragraph, signs and all",
                "take the blanks away, or put code between lines of ```",
            ),
        ),
        (
            _is_indented_prose,
            rules.SIGN_MISREAD.warning(
                "blanks at its beginning make code of this paragraph", "take the blanks away"
            ),
        ),
    ),
    "fence": (
        (
            _is_unclosed,
            rules.SIGN_MISREAD.warning(
                "the code that begins here never ends",
                "end it with the same signs; a dividing line is written ---",
            ),
        ),
    ),
}
