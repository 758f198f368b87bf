"""One reader's copy of an edition: what is sent, and what can be parsed from it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from typing import Any

from newsletter.model.edition import Edition, Variant
from newsletter.model.enclosures import CALENDAR, Carried, Enclosure, enclosures_of
from newsletter.model.people import Tracking

# Where the pictures begin. No text within a part looks like it: quoted-printable never contains
# “=_”, and base64 no dashes.
_PICTURES = re.compile(rb"\r\n--=_[^\r\n]*\r\nContent-Type: image/")


# A comment that gives a line number; 0 represents the template.
LINE_COMMENT = re.compile(r"<!--line (\d+)-->")
_NAMED = re.compile(r"line (\d+)")


ANYBODY = "reader@example.org"


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """A reader to try an edition on."""

    id: str  # "typical", "twin", "empty", "longest", "hostile", "subscriber:<address>", ...
    variant: Variant  # which edition they get
    values: Mapping[str, str] = field(default_factory=dict)  # slot name -> value; "" for none
    address: str = ANYBODY
    tracking: Tracking = Tracking.UNKNOWN  # whether they allow that opens and clicks are counted

    def __str__(self) -> str:
        return f"{self.id}, {self.variant}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One reader's message as it is sent: read back from the call that carries it."""

    address: str  # the recipient's
    # Name and value: of a whole message still folded and encoded, of a provider's form as written.
    headers: tuple[tuple[str, str], ...]
    subject: str  # this and the next two as a reader sees them
    html: str = field(repr=False)
    text: str = field(repr=False)
    # The whole RFC 5322 message, lines ended by CRLF; empty if the provider is to write it.
    raw: bytes = field(default=b"", repr=False)
    enclosures: tuple[Enclosure, ...] = ()  # files that it carries

    @property
    def sender(self) -> tuple[str, str]:
        """Return display name and address of the sender."""
        return _mailbox(self.header("From"))

    @property
    def reply_to(self) -> str:
        """Return the address that replies go to."""
        return _mailbox(self.header("Reply-To"))[1]

    def header(self, name: str) -> str:
        """Return the value of the first header with a name, on one line; "" if there is none."""
        return next((_unfolded(v) for n, v in self.headers if n.lower() == name.lower()), "")

    @property
    def fields(self) -> list[tuple[str, str]]:
        """Return name and value of each header as people read it."""
        return [(name, readable_words(_unfolded(value))) for name, value in self.headers]


@dataclass(frozen=True, slots=True, kw_only=True)
class Specimen(Copy):
    """The copy of one persona."""

    persona: Persona
    edition: Edition
    # The HTML with comments <!--line 12-->: the line of the issue where what follows begins; after
    # <!--line 0--> the words are the template's.
    lined_html: str = field(repr=False)
    # What was computed from this copy, by function: it is freed together with the copy.
    kept: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)


def read_message(raw: bytes, address: str) -> Copy:
    """Parse a copy from the bytes of a whole message."""
    # The parser goes line by line, and pictures have thousands that nothing here looks at.
    pictures = _PICTURES.search(raw)
    message = message_from_bytes(raw[: pictures.start()] if pictures else raw)
    if message.get_content_type() == "multipart/mixed":  # what it encloses comes after them
        message = message_from_bytes(raw)
    parts = {part.get_content_type(): part for part in reversed(list(message.walk()))}
    return Copy(
        address=address,
        headers=tuple((name, str(value)) for name, value in message.raw_items()),
        subject=readable_words(_unfolded(str(message["Subject"] or ""))),
        html=_decoded(parts.get("text/html")),
        text=_decoded(parts.get("text/plain")),
        raw=raw,
        enclosures=enclosures_of(_carried(message)),
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
    carried: Iterable[Carried] = (),
) -> Copy:
    """Return what a reader gets from a provider that writes the message itself."""
    own = (("From", sender), ("To", address), ("Subject", subject), ("Reply-To", reply_to))
    return Copy(
        address=address,
        headers=(*own, *headers),
        subject=subject,
        html=html,
        text=text,
        enclosures=enclosures_of(carried),
    )


def with_lines(edition: Edition) -> str:
    """Return an edition's HTML with comments that give line numbers."""
    parts, end = [], 0
    for at, line in edition.places:
        parts += [edition.html[end:at], f"<!--line {line}-->"]
        end = at
    return "".join([*parts, edition.html[end:]])


def line_named(comment: str) -> int | None:
    """Return the line number in the text of a comment; None for another comment."""
    match = _NAMED.fullmatch(comment)
    return int(match[1]) if match else None


def readable_words(value: str) -> str:
    """Return the value of a header with its encoded words decoded, where they can be."""
    try:
        return str(make_header(decode_header(value)))
    except (HeaderParseError, LookupError, ValueError):
        return value


def _mailbox(value: str) -> tuple[str, str]:
    name, address = parseaddr(value)  # first: a decoded name may contain a comma
    return readable_words(name), address


def _unfolded(value: str) -> str:
    return re.sub(r"\r?\n(?=[ \t])", "", value)


def _carried(message: Message) -> Iterator[Carried]:
    """Yield the parts of a message that are files, or an invitation."""
    for part in message.walk():
        kind = part.get_content_type()
        if part.get_content_disposition() == "attachment" or kind == CALENDAR:
            payload = part.get_payload(decode=True)
            data = payload if isinstance(payload, bytes) else b""
            yield Carried(kind, part.get_filename() or "", data)


def _decoded(part: Message | None) -> str:
    payload = part.get_payload(decode=True) if part else b""
    text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    return text.replace("\r\n", "\n")
