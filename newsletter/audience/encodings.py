"""Finds out the encoding of a list, and asks rather than guess between two."""

import codecs
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from newsletter.errors import AudienceError
from newsletter.language import Wording, say

_CHUNK = 1 << 20  # bytes; a line of a list is shorter
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8"),
)
_FOREIGN = (
    (b"\xd0\xcf\x11\xe0", say("an old Excel file, or one with a password")),
    (b"%PDF", say("a PDF")),
    (b"{\\rtf", say("a text document")),
    (b"\x1f\x8b", say("a packed file")),
    (b"Rar!", say("a packed file")),
    (b"7z\xbc\xaf", say("a packed file")),
    (b"BEGIN:VCARD", say("a file of contact cards")),
    (b"<!DOCTYPE", say("a web page")),
    (b"<html", say("a web page")),
    (b"<?xml", say("an XML file")),
    (b"[{", say("a file of JSON")),
    (b'{"', say("a file of JSON")),
)
# The encodings an editor may choose for a list, and which programs write them.
ENCODINGS: Mapping[str, Wording] = {
    "cp1252": say("Windows, as Excel saves CSV in the west and north of Europe"),
    "mac_roman": say("older Macs"),
    "cp850": say("DOS"),
    "iso-8859-15": say("older Linux"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """How the text of a list is encoded."""

    name: str  # a codec
    broken: tuple[tuple[int, bytes], ...] = ()  # lines that are not UTF-8, when it is not certain

    @property
    def is_sure(self) -> bool:
        """Return whether there is nothing left to ask."""
        return not self.broken


def find_encoding(file: BinaryIO, name: str, *, answer: str = "") -> Encoding:
    """Return the encoding of a file; `answer` is what the editor said about it.

    Raise AudienceError if it is not text, or has a line without end.
    """
    file.seek(0)
    head = file.read(4096)
    for mark, what in _FOREIGN:
        if head.startswith(mark):
            raise AudienceError(
                say(
                    "{file}: this is {kind}; save the list as .xlsx or “CSV UTF-8”",
                    file=name,
                    kind=what,
                )
            )
    if answer:
        return _as_answered(file, name, answer)
    codec = next((codec for mark, codec in _MARKS if head.startswith(mark)), "") or _wide(head)
    if codec and codec != "utf-8":
        _decode_all(file, name, codec)
        return Encoding(name=codec)
    if _is_utf8(file, name):
        return Encoding(name="utf-8")
    return Encoding(name="cp1252", broken=tuple(_broken_lines(file)))


@contextmanager
def opened(file: BinaryIO, encoding: Encoding) -> Iterator[io.TextIOWrapper]:
    """Open a file as text from its beginning; it stays open afterwards."""
    file.seek(0)
    if encoding.name == "utf-8":
        start = 0
        while file.read(3) == codecs.BOM_UTF8:  # some programs add a second mark
            start = file.tell()
        file.seek(start)
    errors = "strict" if encoding.is_sure else "replace"  # no rows are taken before it is answered
    text = io.TextIOWrapper(file, encoding=encoding.name, errors=errors, newline="")
    try:
        yield text
    finally:
        text.detach()


def _as_answered(file: BinaryIO, name: str, answer: str) -> Encoding:
    codec = answer.strip().lower()
    if codec not in (*ENCODINGS, "utf-8", "utf-16", "latin-1", "iso-8859-1"):
        raise AudienceError(
            say(
                "“{answer}” is not an encoding for lists; it is one of {names}, utf-8",
                answer=answer,
                names=", ".join(ENCODINGS),
            )
        )
    _decode_all(file, name, codec)
    return Encoding(name=codec)


def _wide(head: bytes) -> str:
    """Return the codec of UTF-16 without a byte order mark, judged by where its zero bytes are."""
    if len(head) < 4:
        return ""
    even, odd = head[::2].count(0), head[1::2].count(0)
    most = len(head) // 4
    return "utf-16-le" if odd > most > even else "utf-16-be" if even > most > odd else ""


def _is_utf8(file: BinaryIO, name: str) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8 = True
    for chunk in _chunks(file, name):
        if b"\0" in chunk:
            raise AudienceError(
                say("{file}: not a text file; save the list as “CSV UTF-8”", file=name)
            )
        try:
            if is_utf8:
                decoder.decode(chunk)
        except UnicodeDecodeError:
            is_utf8 = False
    try:
        decoder.decode(b"", final=is_utf8)
    except UnicodeDecodeError:
        return False
    return is_utf8


def _decode_all(file: BinaryIO, name: str, codec: str) -> None:
    decoder = codecs.getincrementaldecoder(codec)()
    line = 1
    try:
        for chunk in _chunks(file, name):
            line += decoder.decode(chunk).count("\n")
        decoder.decode(b"", final=True)
    except UnicodeError as err:
        raise AudienceError(
            say(
                "{file}:{line}: from here on the text is not {codec}; save the list as “CSV UTF-8”",
                file=name,
                line=line,
                codec=codec,
            )
        ) from err


def _chunks(file: BinaryIO, name: str) -> Iterator[bytes]:
    file.seek(0)
    line = 1
    while chunk := file.read(_CHUNK):
        breaks = chunk.count(b"\n") or chunk.count(b"\r")
        if not breaks and len(chunk) == _CHUNK:
            raise AudienceError(
                say(
                    "{file}:{line}: a line of more than a million characters; this is not a list",
                    file=name,
                    line=line,
                )
            )
        line += breaks
        yield chunk


def _broken_lines(file: BinaryIO, *, most: int = 3) -> Iterator[tuple[int, bytes]]:
    """Yield the first lines that are not UTF-8."""
    file.seek(0)
    found = 0
    for number, line in enumerate(iter(lambda: file.readline(2 * _CHUNK), b""), start=1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as err:
            yield number, _word_at(line, err.start)
            found += 1
            if found == most:
                return


def _word_at(line: bytes, place: int) -> bytes:
    """Return the text around a position in a line, up to the signs that separate cells."""
    start = max(line.rfind(sign, 0, place) for sign in b',;\t"\n\r')
    ends = [end for sign in b',;\t"\n\r' if (end := line.find(sign, place)) >= 0]
    return line[start + 1 : min(ends, default=len(line))][:40].strip()
