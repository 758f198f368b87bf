"""One reader's copy of an edition: what leaves, and what is found in it again."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from typing import Any

from newsletter.model import Edition, Variant

# Where the pictures begin. No text within a part looks like it: whatever is quoted-printable has
# no “=_”, and base64 no dashes.
_PICTURES = re.compile(rb"\r\n--=_[^\r\n]*\r\nContent-Type: image/")


# A comment that names a line, as it is written; 0 stands for the template.
LINE_COMMENT = re.compile(r"<!--line (\d+)-->")
_NAMED = re.compile(r"line (\d+)")


ANYBODY = "reader@example.org"


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """A reader to try an edition on."""

    id: str  # "typical", "twin", "empty", "longest", "hostile", or "subscriber:<address>"
    variant: Variant  # which edition they get
    values: Mapping[str, str] = field(default_factory=dict)  # slot name -> value; "" is no value
    address: str = ANYBODY

    def __str__(self) -> str:
        return f"{self.id}, {self.variant}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One reader's message as it leaves: read back from the call that carries it."""

    address: str  # whom it goes to
    # Name and value: of a whole message still folded and encoded, of a provider's form as written.
    headers: tuple[tuple[str, str], ...]
    subject: str  # this and the next two as a reader sees them
    html: str = field(repr=False)
    text: str = field(repr=False)
    # The whole RFC 5322 message, lines ended by CRLF; empty where the provider is to write it.
    raw: bytes = field(default=b"", repr=False)

    @property
    def sender(self) -> tuple[str, str]:
        """Return display name and address of who it says it is from."""
        return _mailbox(self.header("From"))

    @property
    def reply_to(self) -> str:
        """Return the address that answers go to."""
        return _mailbox(self.header("Reply-To"))[1]

    def header(self, name: str) -> str:
        """Return the value of the first header of a name on one line; empty without one."""
        return next((_unfolded(v) for n, v in self.headers if n.lower() == name.lower()), "")

    @property
    def fields(self) -> list[tuple[str, str]]:
        """Return name and value of each header as people read it."""
        return [(name, readable_words(_unfolded(value))) for name, value in self.headers]


@dataclass(frozen=True, slots=True, kw_only=True)
class Specimen(Copy):
    """What one persona gets."""

    persona: Persona
    edition: Edition
    # The HTML with comments <!--line 12-->: on which line of the issue begins what follows;
    # after <!--line 0--> the words are the template's.
    lined_html: str = field(repr=False)
    # What is found in this copy, by what looked for it: it goes when the copy goes.
    kept: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)


def read_message(raw: bytes, address: str) -> Copy:
    """Read a copy back from the bytes of a whole message."""
    # The parser goes line by line, and pictures have thousands that nothing here looks at.
    pictures = _PICTURES.search(raw)
    message = message_from_bytes(raw[: pictures.start()] if pictures else raw)
    parts = {part.get_content_type(): part for part in reversed(list(message.walk()))}
    return Copy(
        address=address,
        headers=tuple((name, str(value)) for name, value in message.raw_items()),
        subject=readable_words(_unfolded(str(message["Subject"] or ""))),
        html=_decoded(parts.get("text/html")),
        text=_decoded(parts.get("text/plain")),
        raw=raw,
    )


def copy_of_form(
    *,
    sender: str,
    address: str,
    reply_to: str,
    subject: str,
    html: str,
    text: str,
    headers: Iterable[tuple[str, str]],
) -> Copy:
    """Return what a reader gets of a provider that writes the message itself."""
    own = (("From", sender), ("To", address), ("Subject", subject), ("Reply-To", reply_to))
    return Copy(address=address, headers=(*own, *headers), subject=subject, html=html, text=text)


def with_lines(edition: Edition) -> str:
    """Return an edition's HTML with the comments that name lines."""
    parts, end = [], 0
    for at, line in edition.places:
        parts += [edition.html[end:at], f"<!--line {line}-->"]
        end = at
    return "".join([*parts, edition.html[end:]])


def line_named(comment: str) -> int | None:
    """Return the line that the text of a comment names; None for another comment."""
    match = _NAMED.fullmatch(comment)
    return int(match[1]) if match else None


def readable_words(value: str) -> str:
    """Return the value of a header with its encoded words read, where they can be."""
    try:
        return str(make_header(decode_header(value)))
    except (HeaderParseError, LookupError, ValueError):
        return value


def _mailbox(value: str) -> tuple[str, str]:
    name, address = parseaddr(value)  # first: a name that is decoded may hold a comma
    return readable_words(name), address


def _unfolded(value: str) -> str:
    return re.sub(r"\r?\n(?=[ \t])", "", value)


def _decoded(part: Message | None) -> str:
    payload = part.get_payload(decode=True) if part else b""
    text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    return text.replace("\r\n", "\n")
