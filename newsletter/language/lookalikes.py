"""Finds the known name that an unknown one was most likely meant to be."""

from collections.abc import Iterable
from difflib import get_close_matches

from newsletter.language.wording import Wording, say

_LONGEST = 200  # characters of a name that can be a typing mistake; comparing is quadratic


def nearest(name: str, known: Iterable[str]) -> Wording:
    """Return a hint for an unknown name: the one probably meant, or else all there are."""
    names = list(known)
    return lookalike(name, names) or say("known: {names}", names=", ".join(names))


def lookalike(name: str, known: Iterable[str]) -> Wording | None:
    """Return the question whether a similar name is meant."""
    close = closest(name, known)
    return say("did you mean “{name}”?", name=close) if close else None


def closest(name: str, known: Iterable[str], *, likeness: float = 0.6) -> str:
    """Return the name most similar to one, ignoring case; "" if none is."""
    if len(name) > _LONGEST:
        return ""
    by_folded = {one.casefold(): one for one in known}
    found = get_close_matches(name.casefold(), list(by_folded), n=1, cutoff=likeness)
    return by_folded[found[0]] if found else ""
