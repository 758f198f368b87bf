"""Turns a provider's form into the bytes of calls: encoded once, readers' values merged in."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring

from newsletter.composing.slots import Gap, for_html, for_text, verbatim
from newsletter.model import Form, Part

Values = Mapping[str, str]
Encode = Callable[[str], str]
# Letters and signs that stay as they are in text, HTML and JSON.
_is_plain = re.compile(r"[\w .,:;@/+=?!()*-]*").fullmatch


@dataclass(frozen=True, slots=True)
class _Blank:
    """A value of a reader in one form, and where in a piece it is put."""

    name: str
    fallback: str
    encode: Encode
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a body, split at its marks: every second of its bytes is to be filled in."""

    part: Part
    split: tuple[bytes, ...]
    blanks: tuple[_Blank, ...]

    def fill(self, values: Values) -> list[bytes]:
        """Return the bytes of the part, in pieces: a body is joined only once."""
        filled = list(self.split)
        for blank in self.blanks:
            value = blank.encode(values.get(blank.name) or blank.fallback).encode()
            for place in blank.places:
                filled[place] = value
        return filled

    @property
    def length(self) -> int:
        return sum(map(len, self.split))


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
    split, places = [before.encode()], defaultdict[tuple[str, str], list[int]](list)
    for mark, nested, after in zip(rest[::3], rest[1::3], rest[2::3], strict=True):
        places[mark, nested].append(len(split))
        split += [b"", after.encode()]
    blanks = []
    for (mark, nested), its in places.items():
        gap = gaps[f"{mark}z"]
        encode = _chain(gap.escape, _ENCODERS.get((part.is_json, bool(nested))))
        blanks.append(_Blank(gap.slot.name, gap.slot.fallback or "", encode, tuple(its)))
    return _Piece(part, tuple(split), tuple(blanks))


def _chain(escape: Encode, encode: Encode | None) -> Encode:
    """Return the escape of a place in a letter followed by that of the body around it."""
    if encode is None:
        return escape
    if escape is verbatim:
        return encode
    if escape not in (for_html, for_text):
        return lambda value: encode(escape(value))
    # Nearly all values consist of signs that neither changes, and this runs for each of a reader's.
    return lambda value: value if _is_plain(value) else encode(escape(value))
