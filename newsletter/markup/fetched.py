"""Finds the addresses that a value of CSS lets a mail program fetch, however they are written."""

from collections.abc import Iterable, Iterator
from typing import Any

_OF_ONE = ("url", "src")
# Functions in which a string is an address (CSS Images 4, sections 2.4 and 2.5).
_OF_PICTURES = ("image-set", "-webkit-image-set", "image", "-webkit-cross-fade", "cross-fade")


def addresses_in(tokens: Iterable[Any]) -> Iterator[str]:
    """Yield each address among the tokens of a value, as tinycss2 parses it: escapes are read."""
    for token in tokens:
        if token.type == "url":
            yield token.value
        elif token.type == "function":
            if token.lower_name in (*_OF_ONE, *_OF_PICTURES):
                yield from (one.value for one in token.arguments if one.type == "string")
            yield from addresses_in(token.arguments)
        elif token.type.endswith(" block"):
            yield from addresses_in(token.content)
