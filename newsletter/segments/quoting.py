"""Values in a segment: as they are, or in quotes where they would be misread."""

import re

from newsletter.segments.keywords import WORD, WORDS

_PLAIN = re.compile(rf"{WORD}(?: {WORD})*")
_TAKEN = re.compile(rf"(?:{'|'.join(WORDS.values())})(?![\w-])", re.IGNORECASE)


def quoted(value: str) -> str:
    """Return a value as it is written in a segment."""
    if _PLAIN.fullmatch(value) and not any(map(_TAKEN.match, value.split(" "))):
        return value
    return '"' + re.sub(r'(["\\])', r"\\\1", value) + '"'


def unquoted(text: str) -> str:
    """Return the value that is meant by one in quotes."""
    if text[0] in "\"'":
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return text[1:-1]
