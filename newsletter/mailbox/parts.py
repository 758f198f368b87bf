"""Takes a mail apart: bytes into headers and parts, in linear time, whatever the bytes are.

The library's own parser goes as deep as a mail is nested and compares each line with the boundary
of every level; and its modern policy raises on headers that mail programs do write. So its lenient
policy reads headers alone, one block at a time, and the rest is done here.
"""

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, replace
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32

from newsletter.mailbox.decoding import decoded, in_charset

_LARGEST = 1_000_000  # bytes read of a mail: reports come first, pictures of the original last
_LARGEST_HEADERS = 64_000
_LONGEST_TYPE = 2_000  # of a content type: the library's reader of parameters is quadratic
_LONGEST_TEXT = 64_000  # bytes of a part as text
_DEEPEST, _MOST_PARTS = 8, 100
_PARSER = BytesParser(policy=compat32)
_NESTED = ("message/rfc822", "message/global", "message/news")
_HEADERS_ONLY = ("text/rfc822-headers", "message/rfc822-headers", "message/global-headers")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a mail, or a whole one."""

    headers: Message
    type: str  # such as "text/plain", in small letters
    body: bytes  # as it travelled
    parts: tuple["Part", ...] = ()  # of a multipart; of a mail inside a mail, that mail

    def header(self, name: str) -> str:
        """Return the first header of a name, decoded, on one line; "" if there is none."""
        return next(self.all_headers(name), "")

    def all_headers(self, name: str) -> Iterator[str]:
        """Yield every header of a name, decoded."""
        for named, value in self.headers.raw_items():  # others turn odd bytes into objects
            if named.lower() == name.lower():
                yield decoded(value)

    def has(self, name: str) -> bool:
        """Return whether there is such a header, if only an empty one."""
        return name in self.headers

    def without(self, *names: str) -> "Part":
        """Return the same part without the headers of some names."""
        headers = copy(self.headers)
        for name in names:
            del headers[name]
        return replace(self, headers=headers)

    def parameter(self, name: str) -> str:
        """Return a parameter of the content type, in small letters."""
        return _parameter(self.headers, name).lower()

    def text(self) -> str:
        """Return the body as text, as far as anybody would read."""
        raw = _unpacked(self.headers, self.body[: 2 * _LONGEST_TEXT])[:_LONGEST_TEXT]
        return in_charset(raw, _parameter(self.headers, "charset"))

    def blocks(self) -> list["Part"]:
        """Return the groups of fields of a body that consists of them (RFC 3464, section 2.1)."""
        raw = _unpacked(self.headers, self.body[:_LARGEST_HEADERS])
        found = [block for block in re.split(rb"\n[ \t]*\n", raw.strip(b"\n")) if block.strip()]
        return [
            Part(headers=_fields(block.lstrip(b"\n")), type="", body=b"")
            for block in found[:_MOST_PARTS]
        ]

    def walk(self) -> Iterator["Part"]:
        """Yield the part and all those inside, from the outside in, in order."""
        yield self
        for part in self.parts:
            yield from part.walk()

    def leaves(self) -> Iterator["Part"]:
        """Yield what this mail itself consists of: nothing of mails inside it."""
        if self.type.startswith("multipart/"):
            for part in self.parts:
                yield from part.leaves()
        else:
            yield self


def take_apart(raw: bytes) -> Part:
    """Return a mail with its parts; what is beyond all measure is left out."""
    lines = raw[:_LARGEST].replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\0", b"")
    if lines.startswith((b"From ", b">From ")):  # of a folder of mails
        lines = lines.partition(b"\n")[2]
    return _part(lines.lstrip(b"\n"), _Room(), depth=0, otherwise="text/plain")


class _Room:
    """How many parts there may still be."""

    def __init__(self) -> None:
        self.left = _MOST_PARTS

    def take(self) -> bool:
        self.left -= 1
        return self.left >= 0


def _part(raw: bytes, room: _Room, *, depth: int, otherwise: str) -> Part:
    head, body = _split(raw)
    headers = _fields(head)
    kind = _type(headers, otherwise)
    parts: tuple[Part, ...] = ()
    if depth < _DEEPEST:
        if kind.startswith("multipart/"):
            inner = "message/rfc822" if kind == "multipart/digest" else "text/plain"
            parts = tuple(
                _part(piece, room, depth=depth + 1, otherwise=inner)
                for piece in _pieces(body, _boundary(headers))
                if room.take()
            )
        elif kind in _NESTED and room.take():
            # Some pack the mail inside, which RFC 2046 forbids and RFC 6532 allows.
            mail = _unpacked(headers, body).lstrip(b"\n")
            parts = (_part(mail, room, depth=depth + 1, otherwise="text/plain"),)
        elif kind in _HEADERS_ONLY and room.take():
            mail = _unpacked(headers, body).lstrip(b"\n")
            fields = _fields(_split(mail)[0])
            parts = (Part(headers=fields, type=_type(fields, "text/plain"), body=b""),)
    return Part(headers=headers, type=kind, body=body, parts=parts)


def _split(raw: bytes) -> tuple[bytes, bytes]:
    """Return headers and body; without an empty line between, the first odd line is the body."""
    if raw.startswith(b"\n"):
        return b"", raw[1:]
    head, gap, body = raw.partition(b"\n\n")
    if not gap or len(head) > _LARGEST_HEADERS:
        head, body = raw[:_LARGEST_HEADERS], raw[_LARGEST_HEADERS:]
    return head, body


def _fields(block: bytes) -> Message:
    headers = _PARSER.parsebytes(block[:_LARGEST_HEADERS] + b"\n\n", headersonly=True)
    if len(kind := str(headers.get("content-type", ""))) > _LONGEST_TYPE:
        headers.replace_header("content-type", kind[:_LONGEST_TYPE])
    return headers


def _type(headers: Message, otherwise: str) -> str:
    named = str(headers.get("content-type", "")).partition(";")[0].strip().lower()
    return named if re.fullmatch(r"[\w.+-]+/[\w.+-]+", named, re.ASCII) else otherwise


def _parameter(headers: Message, name: str) -> str:
    try:
        value = headers.get_param(name, "")
    except (ValueError, IndexError, LookupError, TypeError, AttributeError):
        return ""
    if isinstance(value, tuple):  # RFC 2231
        value = value[2]
    return str(value or "").strip()


def _boundary(headers: Message) -> str:
    named = _parameter(headers, "boundary").strip('"')
    if not named and (found := re.search(r'boundary="?([^";\s]+)', str(headers["content-type"]))):
        named = found[1]
    return named.rstrip()


def _pieces(body: bytes, boundary: str) -> Iterator[bytes]:
    """Yield what stands between boundaries; the last piece may lack its own."""
    if not boundary:
        return
    mark = re.escape(b"--" + boundary.encode("utf-8", "surrogateescape"))
    starts = re.finditer(rb"(?m)^" + mark + rb"(--)?[ \t]*(?:\n|\Z)", body)
    begin = None
    for start in starts:
        if begin is not None:
            yield body[begin : max(begin, start.start() - 1)]
        begin = None if start[1] else start.end()
        if start[1]:
            return
    if begin is not None:
        yield body[begin:]


def _unpacked(headers: Message, body: bytes) -> bytes:
    """Return a body as it was before it was encoded for its way."""
    way = str(headers.get("content-transfer-encoding", "")).strip().lower()
    if way == "base64":
        plain = re.sub(rb"[^A-Za-z0-9+/]", b"", body)
        try:
            return base64.b64decode(plain[: len(plain) // 4 * 4]).replace(b"\r\n", b"\n")
        except binascii.Error:
            return body
    if way == "quoted-printable":
        return quopri.decodestring(body).replace(b"\r\n", b"\n")
    return body
