"""A message taken apart by hand: a second opinion beside Python's own parser."""

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

_CRLF = b"\r\n"
_FOLD = re.compile(r"\r?\n[ \t]+")
ENCODED_WORD = re.compile(r"=\?([\w.-]+)(?:\*[\w-]+)?\?([bBqQ])\?([^?\s]*)\?=")
_BETWEEN_WORDS = re.compile(r"(?<=\?=)\s+(?==\?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A message, or a part of one."""

    head: bytes  # without the empty line below it
    body: bytes
    children: tuple["Part", ...] = ()

    @property
    def fields(self) -> list[tuple[str, str]]:
        """Return name and value of each header, unfolded but still encoded."""
        text = _FOLD.sub(" ", self.head.decode("latin-1"))
        pairs = (line.partition(":") for line in text.split("\r\n") if line)
        return [(name, value.strip()) for name, _, value in pairs]

    def field(self, name: str) -> str:
        """Return the value of the first header of a name; empty without one."""
        return next((v for n, v in self.fields if n.lower() == name.lower()), "")

    @property
    def media_type(self) -> str:
        """Return such as "text/html"."""
        return self.field("Content-Type").partition(";")[0].strip().lower()

    @property
    def transfer_encoding(self) -> str:
        """Return such as "base64"; "7bit" where none is named (RFC 2045, section 6.1)."""
        return self.field("Content-Transfer-Encoding").lower() or "7bit"

    def parameter(self, name: str) -> str:
        """Return a parameter of the type, such as the boundary."""
        match = re.search(rf';\s*{name}="?([^";]+)', self.field("Content-Type"), re.I)
        return match[1] if match else ""

    def decoded(self) -> bytes:
        """Return the body without its transfer encoding; as it stands where that is broken."""
        if self.transfer_encoding == "quoted-printable":
            return quopri.decodestring(self.body)
        if self.transfer_encoding == "base64":
            try:
                return base64.b64decode(self.body)
            except binascii.Error:
                return self.body
        return self.body

    def walk(self) -> Iterator["Part"]:
        """Yield the part and all within it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()


def parse_message(raw: bytes) -> Part:
    """Take a message apart, or a part of one."""
    head, _, body = raw.partition(_CRLF * 2)
    part = Part(head=head, body=body)
    if not part.media_type.startswith("multipart/"):
        return part
    mark = _CRLF + b"--" + part.parameter("boundary").encode()
    pieces = (_CRLF + body).split(mark)[1:]
    inner = (piece.lstrip(b" \t").removeprefix(_CRLF) for piece in pieces if piece[:2] != b"--")
    return Part(head=head, body=body, children=tuple(map(parse_message, inner)))


def decode_words(value: str) -> str:
    """Return a header value with its encoded words read (RFC 2047), decoded here, not by Python."""

    def read(match: re.Match[str]) -> str:
        charset, kind, text = match.groups()
        if kind in "bB":
            data = base64.b64decode(text)
        else:
            data = quopri.decodestring(text.replace("_", " ").encode())
        return data.decode(charset)

    return ENCODED_WORD.sub(read, _BETWEEN_WORDS.sub("", value))


def addresses_in(text: str) -> set[str]:
    """Return everything in a text that looks like a mail address, in small letters."""
    text = unquote(text) if "%40" in text else text
    found = set()
    at = text.find("@")
    while at >= 0:  # each @ is looked around: a pattern tried at every letter takes far longer
        local = re.search(r"[\w.!#$&'*+/=?^`{|}~-]+$", text[max(0, at - 64) : at])
        domain = re.match(r"(?:[\w-]+\.)+[\w-]{2,}", text[at + 1 : at + 256])
        if local and domain:
            name = re.split(r"[/=&?'|]", local[0])[-1]
            found.add(f"{name}@{domain[0]}".lower().strip("."))
        at = text.find("@", at + 1)
    return {address for address in found if not address.startswith("@")}
