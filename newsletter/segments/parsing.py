"""Reads a segment as people write it.

The grammar needs a parser, whose import takes longer than the start of a command; a segment of the
form name=value, as most are, is read without it.
"""

import re
import unicodedata
from functools import lru_cache
from importlib import import_module

from newsletter.language import say
from newsletter.segments.mistakes import SegmentError
from newsletter.segments.segment import Segment
from newsletter.segments.trees import Equal

MOST_CHARACTERS = 2_000
_SIMPLE = re.compile(r"\s*([^\W\d][\w-]*)\s*=\s*([\w.@/+&-]*[\w.@/+&])\s*")


@lru_cache(maxsize=256)
def parse_segment(text: str) -> Segment:
    """Read a segment; raise SegmentError, which says where and what was expected."""
    if len(text) > MOST_CHARACTERS:
        raise SegmentError(
            say("it is longer than {most:,} characters", most=MOST_CHARACTERS),
            column=MOST_CHARACTERS + 1,
        )
    text = unicodedata.normalize("NFC", text)
    _refuse_signs(text)
    if simple := _SIMPLE.fullmatch(text):
        name, value = simple[1].lower(), simple[2]
        return Segment(f"{name}={value}", Equal(name, (value,)))
    # Imported when it is needed first, as above.
    found: Segment = import_module("newsletter.segments.grammar").read_segment(text)
    return found


def _refuse_signs(text: str) -> None:
    """Refuse what no value can hold: signs that control a terminal, and halves of characters."""
    for index, sign in enumerate(text):
        if unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\t\n\r":
            before = text[:index]
            raise SegmentError(
                say("a character that cannot be shown"),
                line=before.count("\n") + 1,
                column=index - before.rfind("\n"),
            )
