"""Detects link texts that do not say where the link leads."""

import re

from newsletter.checking.instruments.vocabulary import GENERIC_LINKS

_ANY = frozenset().union(*GENERIC_LINKS.values())
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")


def normal(words: str) -> str:
    """Return the text of a link in lower case, without punctuation and arrows around it."""
    return _EDGES.sub("", " ".join(words.lower().split()))


def is_generic(words: str) -> bool:
    """Return whether a text alone does not say where its link leads, in any of the languages."""
    return normal(words) in _ANY
