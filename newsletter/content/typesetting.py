"""Sets the text of an issue in fine type: characters and places to break, by language.

Only what Markdown takes for text is set. Code, addresses, slots, raw HTML and signs after a
backslash stay to the letter, and so does all that is within `::: literal`.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape
from typing import NamedTuple
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from newsletter.content.breaking import find_breaks, hold
from newsletter.content.characters import HELD, Change, changed, find_changes
from newsletter.content.surroundings import Room, Surroundings, Tongue, language_of_type

SEAM = "seam"  # the class of places that are hidden where the screen is wide
_END_OF_LINE = "\u2028"


def typesetting_plugin(md: MarkdownIt) -> None:
    """Set documents whose environment has the language of their type."""
    md.core.ruler.before("text_join", "typesetting", _set_all)


def set_headline(text: str, language: str, *, room: Room = Room.HEADLINE) -> str:
    """Return the HTML of a headline, or of another line of plain text, set in fine type."""
    language = language_of_type(language)
    final = changed(text, find_changes(hold(text), language))
    parts: list[str] = []
    at = 0
    for place in find_breaks(final, language, room=room):
        mark = f' class="{SEAM}"' if place.is_for_phones else ""
        parts += [escape(final[at : place.at], quote=False), f"<wbr{mark}>"]
        at = place.at
    return "".join([*parts, escape(final[at:], quote=False)])


def set_line(text: str, language: str) -> str:
    """Return the HTML of a line of plain text in the size of text, set in fine type."""
    return set_headline(text, language, room=Room.TEXT)


def set_title(text: str, language: str) -> str:
    """Return the HTML of a title within a box, a column or a block, set in fine type."""
    return set_headline(text, language, room=Room.INNER_HEADING)


def set_words(text: str, language: str) -> str:
    """Return plain text with fine quotation marks, dashes and dots; its spaces stay as they are."""
    changes = find_changes(hold(text), language_of_type(language))
    return changed(text, [change for change in changes if not change.new.isspace()])


def _set_all(state: StateCore) -> None:
    language = state.env.get("type")
    if not language:
        return
    around = Surroundings(Tongue(language_of_type(language)))
    for token in state.tokens:
        around.enter(token)
        if token.type == "inline" and token.children and not around.is_literal:
            token.children = list(_set(token.children, around))


class _Piece(NamedTuple):
    """A token's place in a line."""

    token: Token
    prose: str  # what is set of it; the rest is held
    language: str  # empty where nothing is set


def _set(children: Sequence[Token], around: Surroundings) -> Iterator[Token]:
    """Yield the tokens of a line, set; each change is within one of them."""
    pieces = list(_pieces(children, around.tongue.language))
    changes = _changes(pieces)
    for n, piece in enumerate(pieces):
        yield from _set_piece(piece, changes.get(n, []), around)


def _pieces(children: Sequence[Token], language: str) -> Iterator[_Piece]:
    tongue = Tongue(language)
    address = ""
    for child in children:
        if child.type == "html_inline":
            tongue.follow(child.content)
        elif child.type == "link_open":
            address = unquote(str(child.attrGet("href") or ""))
        elif child.type == "link_close":
            address = ""
        is_held = tongue.is_code or (bool(address) and unquote(child.content) in address)
        prose = _prose(child, is_held=is_held)
        yield _Piece(child, prose, "" if tongue.is_code else tongue.language)


def _prose(token: Token, *, is_held: bool) -> str:
    if token.type == "text":
        return HELD * len(token.content) if is_held else hold(token.content)
    if token.type in ("text_special", "code_inline", "image"):
        return HELD
    if token.type == "hardbreak" or token.content.startswith("<br"):
        return _END_OF_LINE
    return {"softbreak": "\n", "footnote_ref": ")"}.get(token.type, "")


def _changes(pieces: Sequence[_Piece]) -> dict[int, list[Change]]:
    """Return what changes in the pieces of a line, each by its own language."""
    starts, length = [], 0
    for piece in pieces:
        starts.append(length)
        length += len(piece.prose)
    text = "".join(piece.prose for piece in pieces)
    found: dict[int, list[Change]] = {}
    for language in {piece.language for piece in pieces if piece.language}:
        for change in find_changes(text, language):
            n = bisect_right(starts, change.start) - 1
            piece, start = pieces[n], starts[n]
            if piece.language == language and change.end <= start + len(piece.prose):
                moved = Change(change.start - start, change.end - start, change.new)
                found.setdefault(n, []).append(moved)
    return found


def _set_piece(piece: _Piece, changes: list[Change], around: Surroundings) -> Iterator[Token]:
    token = piece.token
    if token.type == "image" and piece.language:  # an alt text has nothing to break
        alone = replace(around, tongue=Tongue(piece.language), room=Room.ENDLESS)
        token.children = list(_set(token.children or (), alone))
    if token.type == "softbreak" and changes:
        yield _text(token, changes[0].new)
        return
    if token.type != "text" or not piece.language:
        yield token
        return
    text, at = changed(token.content, changes), 0
    for place in find_breaks(text, piece.language, room=around.room):
        yield _text(token, text[at : place.at])
        yield Token("wbr", "wbr", 0, {"class": SEAM} if place.is_for_phones else {})
        at = place.at
    yield _text(token, text[at:])


def _text(token: Token, content: str) -> Token:
    return Token("text", "", 0, content=content, level=token.level)
