"""Measures the columns of a table so that no word breaks where there is room, and labels cells."""

import re
from html import unescape
from itertools import zip_longest

from newsletter.model import Table

_EM = 16  # pixels of the letters in a table
_GAP = 12  # pixels between columns
_TAG = re.compile(r"<(?!wbr|br)[^>]*>")
_TAG_OR_BREAK = re.compile(r"<(?!wbr)[^>]*>")
_WHERE_LINES_BREAK = re.compile(r"[ \t\n]+|<w?br\b[^>]*>|(?<=[-–/])")
# Letters are as wide as those of Arial in bold, rounded up; other fonts of the looks are narrower.
_THIN, _BROAD = frozenset("iljtfrI.,:;'’!|()[]/-"), frozenset("mwMW%@—…ŒÆœæ")


def least_width(table: Table) -> int:
    """Return the width, in pixels, below which a word of the table would have to break."""
    return sum(least for least, _ in _columns(table)) + _gaps(table)


def column_widths(table: Table, room: int) -> tuple[int, ...]:
    """Return the widths that leave all words whole; none if columns find them by themselves.

    Mail programs share the room out by what is in the columns, and break words of some for lines
    of others.
    """
    columns = _columns(table)
    spare = room - least_width(table)
    wishes = [whole - least for least, whole in columns]
    if not 0 <= spare < sum(wishes):
        return ()
    return tuple(
        least + spare * wish // sum(wishes)
        for (least, _), wish in zip(columns, wishes, strict=True)
    )


def label_of(header: str) -> str:
    """Return the HTML of a header as it stands before a cell: words, and where they may break."""
    words = _TAG_OR_BREAK.sub("", header.replace("<br>", " ")).strip()
    return f"{words} " if not words or words[-1] in ":?!" else f"{words}: "


def _columns(table: Table) -> list[tuple[int, int]]:
    """Return how wide each column must be for its longest word, and for its longest cell."""
    columns = zip_longest(table.head, *table.rows, fillvalue="")
    return [(_widest(column, words=True), _widest(column, words=False)) for column in columns]


def _gaps(table: Table) -> int:
    return _GAP * (len(table.head) - 1)


def _widest(cells: tuple[str, ...], *, words: bool) -> int:
    texts = (_TAG.sub("", cell) for cell in cells)
    parts = (_WHERE_LINES_BREAK.split(text) if words else (text,) for text in texts)
    return round(_EM * max(sum(map(_width, unescape(p))) for part in parts for p in part))


def _width(letter: str) -> float:
    """Return the width of a letter in ems."""
    if letter in _THIN:
        return 0.3
    if letter in _BROAD:
        return 0.9
    return 0.7 if letter.isupper() else 0.56 if ord(letter) < 0x2E80 else 1
