"""Texts without anybody's address: servers name readers in their answers."""

import re

from newsletter.language.wording import Wording, say, say_list

_ADDRESS = re.compile(r"[^\s<>(){}\[\]\"“”',;:]+@[^\s<>(){}\[\]\"“”',;:]+")
_HIDDEN = "…@…"


def without_addresses(words: str) -> str:
    """Return a text in which addresses are left out; it stays translatable unless it counts."""
    if not _ADDRESS.search(words):
        return words
    if not isinstance(words, Wording) or words.plural:
        return _ADDRESS.sub(_HIDDEN, words)
    if words.parts:
        return say_list(map(without_addresses, words.parts), words.between)
    values = {
        name: without_addresses(value) if isinstance(value, str) else value
        for name, value in words.values.items()
    }
    return say(words.template, **values)
