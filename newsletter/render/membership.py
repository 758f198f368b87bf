"""Lets the links of an edition to pages of meetings and surveys say who reads them.

A slot stands behind each such address, in the page and in the text, wherever it was written: by an
author, a block or a template. Who is nobody on the list has the plain address.
"""

import re
from bisect import bisect_left
from dataclasses import replace
from html import escape
from itertools import accumulate

from newsletter.model import MEMBER_SLOTS, Edition, Slot

_PLACES = "meetings|surveys"  # what the paths of pages begin with that ask who reads
_END = ".,;:!)]}'\"”’»"  # of a sentence, not of an address in it


def with_members(edition: Edition, public_url: str, key: str) -> Edition:
    """Return an edition whose links say who reads; `key` is what its markers begin with."""
    if not public_url:
        return edition
    alone, before = (
        Slot(marker=f"{key}{letter}z", name=name)
        for letter, name in zip("mn", MEMBER_SLOTS, strict=True)
    )
    in_page = rf'<a\b[^>]*?\shref="{re.escape(escape(public_url))}/(?:{_PLACES})(?:/[^"?#]*)?'
    in_text = rf"{re.escape(public_url)}/(?:{_PLACES})(?:/[^\s<>\"?#]*)?"
    page = re.compile(rf'{in_page}(?P<query>\?|(?=["#]))', re.IGNORECASE)
    text = re.compile(rf"{in_text}(?P<query>\?(?=\w)|(?![\w-]))")

    def marker_of(found: re.Match[str]) -> str:
        return (before if found["query"] else alone).marker

    added = [(m.end(), marker_of(m)) for m in page.finditer(edition.html)]
    written = [(m.end() - _surplus(m[0]), marker_of(m)) for m in text.finditer(edition.text)]
    used = {marker for _, marker in (*added, *written)}
    return replace(
        edition,
        html=_with_all(edition.html, added),
        text=_with_all(edition.text, written),
        slots=(*edition.slots, *(slot for slot in (alone, before) if slot.marker in used)),
        places=_moved(edition.places, added),
    )


def _surplus(address: str) -> int:
    """Return how many signs at the end of an address belong to the sentence that it stands in."""
    return 0 if address.endswith("?") else len(address) - len(address.rstrip(_END))


def _with_all(text: str, added: list[tuple[int, str]]) -> str:
    parts, end = [], 0
    for at, marker in added:
        parts += [text[end:at], marker]
        end = at
    return "".join((*parts, text[end:]))


def _moved(
    places: tuple[tuple[int, int], ...], added: list[tuple[int, str]]
) -> tuple[tuple[int, int], ...]:
    """Return where blocks begin once markers stand before them."""
    offsets = [at for at, _ in added]
    shifts = [0, *accumulate(len(marker) for _, marker in added)]
    return tuple((at + shifts[bisect_left(offsets, at)], line) for at, line in places)
