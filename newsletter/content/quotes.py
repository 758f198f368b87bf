"""Finds the quotation marks and apostrophes that stand for straight ones in a line.

markdown-it has such a rule (`typographer`), but the time it takes grows with the square of the line
(CVE-2026-48988 in the original), it knows one pair of marks for a whole parser, and it comes with a
rule that also changes (c), +- and !!!!.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

# Opening and closing double marks, then single ones. Finnish and Swedish open and close alike.
_MARKS: Mapping[str, tuple[str, str, str, str]] = {
    "fi": ("”", "”", "’", "’"),
    "sv": ("”", "”", "’", "’"),
    "en": ("“", "”", "‘", "’"),
}
_STRAIGHT = re.compile(r"[\"']")
_OPENS_AFTER = frozenset(" \n\u00a0([{<–—-/“”‘’\"'«")
_ELIDED = re.compile(r"(?:\d\ds?|tis|twas|twere|em|til|cause|bout|round|n)(?!\w)", re.I)


def find_quotes(text: str, language: str) -> Iterator[tuple[int, str]]:
    """Yield where a straight mark stands, and what stands for it.

    Marks of inches, feet, minutes and seconds stay, as does a mark that neither opens nor closes.
    """
    marks = _MARKS.get(language)
    if marks is None:
        return
    places = [match.start() for match in _STRAIGHT.finditer(text)]
    yield from _doubles(text, [at for at in places if text[at] == '"'], marks)
    yield from _singles(text, list(_alone(text, places)), marks)


def _alone(text: str, places: Sequence[int]) -> Iterator[int]:
    """Yield the places of single marks that have no like beside them, as f''(x) and 5'' have."""
    for at in places:
        if text[at] == "'" and "'" not in (text[at - 1 : at], text[at + 1 : at + 2]):
            yield at


def _doubles(
    text: str, places: Sequence[int], marks: tuple[str, str, str, str]
) -> Iterator[tuple[int, str]]:
    opening, closing, *_ = marks
    is_open = False
    for n, at in enumerate(places):
        following = places[n + 1] if n + 1 < len(places) else None
        if is_open and _can_close(text, at) and not _is_inch(text, at, following):
            is_open = False
            yield at, closing
        elif _can_open(text, at):
            is_open = True
            yield at, opening


def _is_inch(text: str, at: int, following: int | None) -> bool:
    """Return whether a mark after a number is no quotation's end: the next one ends it."""
    if not text[at - 1].isdigit() or following is None:
        return False
    return _can_close(text, following) and not _can_open(text, following)


def _singles(
    text: str, places: Sequence[int], marks: tuple[str, str, str, str]
) -> Iterator[tuple[int, str]]:
    *_, opening, closing = marks
    closers = [
        at for at in places if _can_close(text, at) and not _is_letter(text[at + 1 : at + 2])
    ]
    last = closers[-1] if closers else -1
    is_open = False
    for at in places:
        before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
        if _can_open(text, at):
            is_elided = _ELIDED.match(text, at + 1) or not at < last
            is_open = is_open or not is_elided
            yield at, closing if is_elided else opening
        elif before.isdigit() and not _is_letter(after) and not is_open:
            continue  # feet, minutes
        elif _can_close(text, at):
            is_open = is_open and _is_letter(after)
            yield at, closing


def _can_open(text: str, at: int) -> bool:
    after = text[at + 1 : at + 2]
    before = text[at - 1] if at else " "
    if before not in _OPENS_AFTER or not after or after.isspace():
        return False
    return after not in ".,;:!?)]}" or text.startswith("...", at + 1)


def _can_close(text: str, at: int) -> bool:
    return at > 0 and not text[at - 1].isspace() and text[at - 1] not in "([{"


def _is_letter(sign: str) -> bool:
    return sign.isalpha()
