"""Turns a provider's form into the bytes of calls: encoded once, readers' values merged in."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring

from newsletter.model import Form, Part
from newsletter.render.slots import Gap, verbatim

Values = Mapping[str, str]
Encode = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Blank:
    """A place in a body that a value is put into."""

    name: str
    fallback: str
    encode: Encode
    after: bytes  # what is between it and the next one


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a body, split at its marks."""

    part: Part
    before: bytes
    blanks: tuple[_Blank, ...]

    def fill(self, values: Values) -> list[bytes]:
        """Return the bytes of the part, in pieces: a body is joined only once."""
        filled = [self.before]
        for blank in self.blanks:
            filled.append(blank.encode(values.get(blank.name) or blank.fallback).encode())
            filled.append(blank.after)
        return filled

    @property
    def length(self) -> int:
        return len(self.before) + sum(len(blank.after) for blank in self.blanks)


class BodyTemplate:
    """The body of calls for one edition; `gaps` are what its marks represent."""

    def __init__(self, form: Form, gaps: Mapping[str, Gap]) -> None:
        self.content_type = form.content_type
        self._pieces = [_piece(part, gaps) for part in form.parts]

    def fill(self, common: Values, readers: Sequence[Values]) -> bytes:
        """Return the body of one call for these readers, in their order."""
        filled: list[bytes] = []
        for piece in self._pieces:
            if not piece.part.repeated:
                filled += piece.fill(common)
                continue
            separator = piece.part.separator.encode()
            for values in readers:
                filled += piece.fill(values)
                filled.append(separator)
            if readers:
                filled.pop()
        return b"".join(filled)

    @property
    def frame_bytes(self) -> int:
        """Return the approximate size of a body without readers, in bytes."""
        return sum(p.length for p in self._pieces if not p.part.repeated)

    def longest_entry(self, values: Values) -> int:
        """Return how many bytes one reader with these values adds to a body."""
        return sum(sum(map(len, p.fill(values))) + 1 for p in self._pieces if p.part.repeated)


def in_string(value: str) -> str:
    """Return a value escaped for a JSON string."""
    return encode_basestring(value)[1:-1]


def in_string_in_string(value: str) -> str:
    """Return a value escaped for JSON that is itself inside a JSON string."""
    return in_string(in_string(value))


# By whether the part is JSON, and whether the mark is in a string of JSON inside it.
_ENCODERS: dict[tuple[bool, bool], Encode] = {
    (True, False): in_string,
    (True, True): in_string_in_string,
}


def _piece(part: Part, gaps: Mapping[str, Gap]) -> _Piece:
    """Split a part at its marks; a mark ending in "jz" is escaped as JSON once more."""
    names = "|".join(re.escape(mark[:-1]) for mark in gaps) or "(?!)"
    before, *rest = re.split(rf"({names})(j?)z", part.text)
    blanks = []
    for mark, nested, after in zip(rest[::3], rest[1::3], rest[2::3], strict=True):
        gap = gaps[f"{mark}z"]
        encode = _chain(gap.escape, _ENCODERS.get((part.is_json, bool(nested))))
        blanks.append(_Blank(gap.slot.name, gap.slot.fallback or "", encode, after.encode()))
    return _Piece(part, before.encode(), tuple(blanks))


def _chain(escape: Encode, encode: Encode | None) -> Encode:
    """Return the escape of a place in a letter followed by that of the body around it."""
    if encode and escape is verbatim:
        return encode
    return (lambda value: encode(escape(value))) if encode else escape
