"""Finds the attributes of readers that issues use: slots, segments and conditions."""

import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from newsletter.content.slots import mark_slots
from newsletter.files import read_words
from newsletter.segments import SegmentError, parse_segment

# `::: only region=Lappi`, and `segment: region=Lappi` in the front matter, in quotes or not.
_SEGMENT = re.compile(
    r"""
    ^(?: [ \t>]* :{3,} [ \t]* only [ \t]+ (?P<bare>.+)
       | segment: [ \t]* (?P<quote>["']?) (?P<front>.+) (?P=quote) ) [ \t]* $
    """,
    re.MULTILINE | re.VERBOSE,
)


def names_in_use(folders: Iterable[Path]) -> frozenset[str]:
    """Return the attributes that the Markdown files in some folders use."""
    return frozenset(
        name.lower()
        for folder in folders
        for path in sorted(folder.glob("*.md"))
        if path.is_file()
        for name in _names_in(read_words(path))
    )


def _names_in(text: str) -> Iterable[str]:
    yield from (slot.name for slot in mark_slots(text).slots)
    for match in _SEGMENT.finditer(text):
        with suppress(SegmentError):  # what cannot be read is told of when the issue is
            yield from parse_segment(match["bare"] or match["front"]).names
