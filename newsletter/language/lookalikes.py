"""Finds the name that was most likely meant by one that nobody knows."""

from collections.abc import Iterable
from difflib import get_close_matches

from newsletter.language.wording import Wording, say

_LONGEST = 200  # characters of a name that can be a slip; comparing takes their square


def nearest(name: str, known: Iterable[str]) -> Wording:
    """Return a hint for a name that is not known: the one that is meant, else all there are."""
    names = list(known)
    return lookalike(name, names) or say("known: {names}", names=", ".join(names))


def lookalike(name: str, known: Iterable[str]) -> Wording | None:
    """Return the question whether a name that looks much the same is meant."""
    close = closest(name, known)
    return say("did you mean “{name}”?", name=close) if close else None


def closest(name: str, known: Iterable[str], *, likeness: float = 0.6) -> str:
    """Return the name that looks most like one, with small letters or capitals; "" if none does."""
    if len(name) > _LONGEST:
        return ""
    by_folded = {one.casefold(): one for one in known}
    found = get_close_matches(name.casefold(), list(by_folded), n=1, cutoff=likeness)
    return by_folded[found[0]] if found else ""
