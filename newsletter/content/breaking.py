"""Finds where long words and addresses of a line may break, and holds what is not prose."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from newsletter.content.characters import HELD
from newsletter.content.slots import MARKER
from newsletter.content.surroundings import Room
from newsletter.language.seams import is_account, places_in_address, seams_of

_LONG_NAME = 18  # letters
_TOKEN = re.compile(r"[^\s\ufffc]{3,}")
_WITHOUT_SCHEME = re.compile(r"(?:[\w-]{1,63}\.){1,9}[A-Za-z]{2,18}/\S*")
_FROM_ROOT = ("/", "~/")  # how paths of files begin, without their dots
_OF_FILE = re.compile(r"\w\.[a-z][a-z0-9]{1,3}$")  # how their names end
_SET = ("--", "...", "'")  # what fine type would change within a word
_AROUND = "\"'”“’‘„«»()[]<>{},.;:!?…*"  # signs around an address that belong to the sentence
_LETTERS = re.compile(r"[^\W\d_]{14,}")


class Place(NamedTuple):
    """A place at which a line may break."""

    at: int
    is_for_phones: bool  # in a word that is better whole where the screen is wide


def hold(text: str) -> str:
    """Return a text of the same length, with its slots and addresses held."""
    text = MARKER.sub(lambda marker: HELD * len(marker[0]), text)
    if not any(sign in text for sign in ("@", "/", "\\", "www.", "=", *_SET)):
        return text
    parts: list[str] = []
    at = 0
    for start, end in _addresses(text):
        parts += [text[at:start], HELD * (end - start)]
        at = end
    return "".join([*parts, text[at:]])


def find_breaks(text: str, language: str, *, room: Room) -> Iterator[Place]:
    """Yield the places at which words longer than their room may break, in order."""
    text = MARKER.sub(lambda marker: HELD * len(marker[0]), text)
    for token in _TOKEN.finditer(text):
        if len(token[0]) < room:
            continue
        start, end = _core(token)
        word = text[start:end]
        if is_account(word):
            yield from (Place(start + at, is_for_phones=False) for at in places_in_address(word))
        elif not _is_address(word):
            yield from _seams(text, start, end, language, room)
        elif len(word) >= room:
            places = {*places_in_address(word), *_seams_of_names(word, language)}
            yield from (Place(start + at, is_for_phones=False) for at in sorted(places))


def _seams_of_names(address: str, language: str) -> Iterator[int]:
    """Yield the places in long names within an address."""
    for name in _LETTERS.finditer(address):
        for at in seams_of(name[0], language, room=_LONG_NAME):
            yield name.start() + at


def _seams(text: str, start: int, end: int, language: str, room: Room) -> Iterator[Place]:
    """Yield the places in a word, or in words that hyphens and slashes join."""
    for word in _LETTERS.finditer(text, start, end):
        for at in seams_of(word[0], language, room=room):
            yield Place(word.start() + at, is_for_phones=len(word[0]) <= room.where_wide)
        if text[word.end() : word.end() + 1] == "/" and word.end() + 1 < end:
            yield Place(word.end() + 1, is_for_phones=False)


def _addresses(text: str) -> Iterator[tuple[int, int]]:
    for token in _TOKEN.finditer(text):
        start, end = _core(token)
        if '="' in token[0] or "='" in token[0]:  # an attribute of something like code
            yield token.span()
        elif _is_address(text[start:end]):
            yield start, end


def _core(token: re.Match[str]) -> tuple[int, int]:
    """Return where a word begins and ends, without the signs around it."""
    whole = token[0]
    start = token.start() + len(whole) - len(whole.lstrip(_AROUND))
    if '"@' in whole and token.string[start - 1] == '"' and start > token.start():
        start -= 1  # of a mailbox: "o'brien"@example.org
    return start, max(start, token.end() - len(whole) + len(whole.rstrip(_AROUND)))


def _is_address(word: str) -> bool:
    if "://" in word or "\\" in word or "@" in word[1:]:
        return True
    if word.lower().startswith("www."):
        return True
    return _is_path(word) or _WITHOUT_SCHEME.match(word) is not None


def _is_path(word: str) -> bool:
    """Return whether a word may be the path of a file, and would be another one in fine type."""
    if not any(signs in word for signs in _SET):
        return False
    if word.startswith(_FROM_ROOT) or _OF_FILE.search(word):
        return True
    return "/" in word and any(signs in word for signs in _SET[:2])
