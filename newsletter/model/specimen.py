"""One reader's copy of an edition: the final bytes, and what is found in them again."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from typing import Any

from newsletter.model import Edition, Variant

# Where the pictures begin. No text within a part looks like it: whatever is quoted-printable has
# no “=_”, and base64 no dashes.
_PICTURES = re.compile(rb"\r\n--=_[^\r\n]*\r\nContent-Type: image/")


# A comment that names a line, as it is written; 0 stands for the template.
LINE_COMMENT = re.compile(r"<!--line (\d+)-->")
_NAMED = re.compile(r"line (\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """A reader to try an edition on."""

    id: str  # "typical", "twin", "empty", "longest", "hostile", or "subscriber:<address>"
    variant: Variant  # which edition they get
    values: Mapping[str, str] = field(default_factory=dict)  # slot name -> value; "" is no value
    address: str = "reader@example.org"

    def __str__(self) -> str:
        return f"{self.id}, {self.variant}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Specimen:
    """What one persona gets."""

    persona: Persona
    edition: Edition
    raw: bytes = field(repr=False)  # the whole RFC 5322 message, lines ended by CRLF
    headers: tuple[tuple[str, str], ...]  # name and value, still folded and encoded
    subject: str  # this and the next two as they are decoded again from `raw`
    html: str = field(repr=False)
    text: str = field(repr=False)
    # The HTML with comments <!--line 12-->: on which line of the issue begins what follows;
    # after <!--line 0--> the words are the template's.
    lined_html: str = field(repr=False)
    # What is found in this copy, by what looked for it: it goes when the copy goes.
    kept: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)


def take_specimen(raw: bytes, edition: Edition, persona: Persona, *, lined_html: str) -> Specimen:
    """Read a message back from its bytes."""
    # The parser goes line by line, and pictures have thousands that nothing here looks at.
    pictures = _PICTURES.search(raw)
    message = message_from_bytes(raw[: pictures.start()] if pictures else raw)
    parts = {part.get_content_type(): part for part in reversed(list(message.walk()))}
    return Specimen(
        persona=persona,
        edition=edition,
        raw=raw,
        headers=tuple((name, str(value)) for name, value in message.raw_items()),
        subject=_unfolded(str(message["Subject"] or "")),
        html=_decoded(parts.get("text/html")),
        text=_decoded(parts.get("text/plain")),
        lined_html=lined_html,
    )


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


def _unfolded(header: str) -> str:
    return str(make_header(decode_header(re.sub(r"\r?\n(?=[ \t])", "", header))))


def _decoded(part: Message | None) -> str:
    payload = part.get_payload(decode=True) if part else b""
    text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    return text.replace("\r\n", "\n")
