"""Builds RFC 5322 messages as bytes: the frame is encoded once, recipients are merged in.

Python's own serializer makes some 400 messages a second and puts encoded words into long
List-* headers, which Gmail and Outlook then do not read; hence this one.
"""

import base64
import binascii
import datetime as dt
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import format_datetime
from functools import lru_cache

from newsletter.composing.slots import (
    Template,
    for_header,
    split_at_slots,
    split_html_at_slots,
    split_text_at_slots,
)
from newsletter.model import Edition, Enclosure, Picture

_CRLF = b"\r\n"
_LINE = 76  # RFC 2045, section 6.7 and RFC 2047, section 2: characters of an encoded line
_FRAME = len("=?utf-8?b??=")
_SOFT_BREAK = b"=\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Postmark:
    """What one message carries besides the edition."""

    address: str
    date: dt.datetime  # timezone-aware
    message_id: str = ""  # without angle brackets; empty if another program creates one
    headers: Mapping[str, str] = field(default_factory=dict)  # of this reader alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What all messages of a send have in common."""

    sender: tuple[str, str]  # display name, address
    reply_to: str
    headers: Mapping[str, str]  # further ones that machines read


class MimeTemplate:
    """An edition encoded for mail, ready to be merged with recipients."""

    def __init__(self, edition: Edition, envelope: Envelope) -> None:
        self._subject = split_at_slots(edition.subject, edition.slots, for_header)
        self._envelope = envelope
        self._language = edition.language.encode("ascii")
        text = split_text_at_slots(edition.text, edition.slots)
        html = split_html_at_slots(edition.html, edition.slots)
        self._parts = _body(text, html, edition)
        self._has_dots = any(map(_begins_with_dot, self._parts))
        self._fixed_headers = self._headers_for_all()
        self._fixed_subject = None if self._subject.gaps else self._subject_header({})

    def fill(self, values: Mapping[str, str], postmark: Postmark) -> bytes:
        """Return the whole message for one recipient, with CRLF line ends."""
        return self.fill_and_tell(values, postmark)[0]

    def fill_and_tell(self, values: Mapping[str, str], postmark: Postmark) -> tuple[bytes, bool]:
        """Return the message, and whether one of its lines may begin with a dot.

        To look for that in the whole message takes longer than all the rest of sending it.
        """
        pieces = [self._header(values, postmark)]
        has_dots = self._has_dots or _begins_with_dot(pieces[0])
        for part in self._parts:
            if isinstance(part, bytes):
                pieces.append(part)
            else:
                pieces.append(value := part.fill(values))
                has_dots = has_dots or _begins_with_dot(value)
        return b"".join(pieces), has_dots

    def _header(self, values: Mapping[str, str], postmark: Postmark) -> bytes:
        message_id = postmark.message_id
        lines = [
            b"Date: " + _date(postmark.date.replace(microsecond=0)),
            *([b"Message-ID: <" + message_id.encode() + b">"] if message_id else []),
            b"To: <" + postmark.address.encode("ascii") + b">",  # bare, this costs a spam point
            self._fixed_subject or self._subject_header(values),
            self._fixed_headers,
            *_for_machines(postmark.headers),
        ]
        return _CRLF.join(lines) + _CRLF

    def _subject_header(self, values: Mapping[str, str]) -> bytes:
        subject = for_header(self._subject.fill(values))
        return b"Subject: " + encode_words(subject, begin=len("Subject: "))

    def _headers_for_all(self) -> bytes:
        name, address = self._envelope.sender
        return _CRLF.join(
            [
                b"From: " + _mailbox(name, address),
                b"Reply-To: " + self._envelope.reply_to.encode("ascii"),
                *_for_machines(self._envelope.headers),
                b"Content-Language: " + self._language,
                b"MIME-Version: 1.0",
            ]
        )


@dataclass(frozen=True, slots=True)
class _EncodedGap:
    """A slot within quoted-printable text."""

    template: Template

    def fill(self, values: Mapping[str, str]) -> bytes:
        return encode_value(self.template.fill(values))


def encode_words(text: str, *, begin: int) -> bytes:
    """Return a header value as ASCII, folded, in encoded words if necessary (RFC 2047).

    `begin` is the length of what precedes it on the line.
    """
    if text.isascii() and "=?" not in text:
        return _fold_ascii(text, begin)
    words, chunk = [], b""
    room = _bytes_in(_LINE - begin)
    for character in text:
        encoded = character.encode()
        if len(chunk) + len(encoded) > room:
            words.append(chunk)
            chunk, room = b"", _bytes_in(_LINE - 1)
        chunk += encoded
    words.append(chunk)
    return (_CRLF + b" ").join(b"=?utf-8?b?" + base64.b64encode(w) + b"?=" for w in words)


def _bytes_in(characters: int) -> int:
    """Return how many bytes an encoded word of so many characters holds."""
    return (characters - _FRAME) // 4 * 3


def encode_value(value: str) -> bytes:
    """Return a slot's value in quoted-printable, ended by a soft break."""
    return _break_softly(_quoted_text(value)) if value else b""


def _fold_ascii(text: str, begin: int) -> bytes:
    lines, line = [], ""
    for word in text.split(" "):
        if line and begin + len(line) + 1 + len(word) > 78:
            lines.append(line)
            line, begin = "", 1
        line = f"{line} {word}" if line else word
    return (_CRLF + b" ").join(part.encode() for part in [*lines, line])


def _mailbox(name: str, address: str) -> bytes:
    if not name:
        return address.encode("ascii")
    if name.isascii() and "=?" not in name:
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{address}>'.encode("ascii")
    return encode_words(name, begin=len("From: ")) + _CRLF + f" <{address}>".encode("ascii")


def _for_machines(headers: Mapping[str, str]) -> Iterator[bytes]:
    """Yield headers that must not be encoded, one URI per line (RFC 2047, RFC 2369, section 2)."""
    for name, value in headers.items():
        if not re.fullmatch(r"[ -~]+", value):
            raise ValueError(f"“{value!r}” cannot stand in the header {name}")
        yield f"{name}: {value}".encode("ascii").replace(b">, <", b">," + _CRLF + b" <")


def _boundary(edition: Edition) -> str:
    digest = edition.digest or hashlib.sha256(edition.html.encode()).hexdigest()
    return f"=_{digest[:32]}"  # "=_" cannot occur in quoted-printable or base64


def _body(text: Template, html: Template, edition: Edition) -> list[bytes | _EncodedGap]:
    """Return the alternatives; with files around them that the mail encloses.

    Outlook looks for an invitation in the first part of multipart/mixed and below, so the
    alternatives come first, and the calendar is their last (RFC 6047, section 2.4).
    """
    mark = _boundary(edition).encode()
    if not edition.enclosures:
        return _joined(_alternatives(text, html, edition, mark))
    outer = b"=_m" + mark.removeprefix(b"=_")
    parts = [
        b'Content-Type: multipart/mixed; boundary="' + outer + b'"' + _CRLF * 2,
        b"--" + outer + _CRLF,
        *_alternatives(text, html, edition, mark),
        *(_CRLF + b"--" + outer + _CRLF + _file_part(each) for each in edition.enclosures),
        _CRLF + b"--" + outer + b"--" + _CRLF,
    ]
    return _joined(parts)


def _alternatives(
    text: Template, html: Template, edition: Edition, mark: bytes
) -> list[bytes | _EncodedGap]:
    """Return multipart/alternative; with pictures its HTML is multipart/related (RFC 2387)."""
    pictures = edition.pictures
    parts: list[bytes | _EncodedGap] = [
        b'Content-Type: multipart/alternative; boundary="' + mark + b'"' + _CRLF * 2,
        b"--" + mark + _CRLF,
        *_text_part(text, "plain"),
        _CRLF + b"--" + mark + _CRLF,
    ]
    if pictures:
        # No boundary may be a prefix of another (RFC 2046, section 5.1.1).
        inner = b"=_r" + mark.removeprefix(b"=_")
        parts.append(
            b'Content-Type: multipart/related; type="text/html"; boundary="' + inner + b'"'
        )
        parts += [_CRLF * 2 + b"--" + inner + _CRLF, *_text_part(html, "html")]
        for picture in pictures:
            parts += [_CRLF + b"--" + inner + _CRLF, _picture_part(picture)]
        parts.append(_CRLF + b"--" + inner + b"--" + _CRLF)
    else:
        parts += _text_part(html, "html")
    for enclosure in edition.enclosures:
        if enclosure.is_invitation:
            parts += [_CRLF + b"--" + mark + _CRLF, _invitation_part(enclosure)]
    return [*parts, _CRLF + b"--" + mark + b"--" + _CRLF]


def _text_part(template: Template, subtype: str) -> list[bytes | _EncodedGap]:
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\n'
    head += "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    parts: list[bytes | _EncodedGap] = [head.encode()]
    *texts, last = template.parts
    for part in texts:  # a text before a slot ends in a soft break
        if isinstance(part, str):
            parts.append(_break_softly(_quoted_text(part)))
        else:
            parts.append(_EncodedGap(Template((part,))))
    return [*parts, _quoted_text(str(last))]


def _picture_part(picture: Picture) -> bytes:
    head = (
        f'Content-Type: {picture.media_type}; name="{picture.filename}"\r\n'
        f'Content-Disposition: inline; filename="{picture.filename}"\r\n'
        f"Content-ID: <{picture.digest}>\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    return head.encode() + base64.encodebytes(picture.data).replace(b"\n", _CRLF)


def _invitation_part(invitation: Enclosure) -> bytes:
    """Return the calendar that mail programs answer: with a disposition they would not."""
    head = f"Content-Type: {invitation.content_type}\r\n"
    head += "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    return head.encode() + _quoted_text(invitation.text.replace("\r\n", "\n"))


def _file_part(enclosure: Enclosure) -> bytes:
    kind = enclosure.file_type if enclosure.is_invitation else enclosure.content_type
    head = (
        f'Content-Type: {kind}; name="{enclosure.filename}"\r\n'
        f'Content-Disposition: attachment; filename="{enclosure.filename}"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    return head.encode() + base64.encodebytes(enclosure.data).replace(b"\n", _CRLF)


def _quoted_text(text: str) -> bytes:
    return _CRLF.join(_quoted(line) for line in text.encode().split(b"\n"))


def _quoted(line: bytes) -> bytes:
    """Return one line in quoted-printable (RFC 2045, section 6.7), with soft breaks."""
    encoded = binascii.b2a_qp(line, quotetabs=False, istext=True, header=False)
    encoded = encoded.replace(b"=\n", _SOFT_BREAK)
    return _without_dots(encoded) if _begins_with_dot(encoded) else encoded


def _without_dots(encoded: bytes) -> bytes:
    """Encode each dot that begins a line, which SMTP would have to double (RFC 5321, 4.5.2)."""
    lines: list[bytes] = []
    rest = encoded.split(_CRLF)[::-1]
    while rest:
        line = rest.pop()
        if line.startswith(b"."):
            line = b"=2E" + line[1:]
        if len(line) > _LINE:
            cut = _LINE - 1
            while b"=" in line[cut - 2 : cut]:  # not inside =C3
                cut -= 1
            rest.append(line[cut:])
            line = line[:cut] + b"="
        lines.append(line)
    return _CRLF.join(lines)


def _break_softly(encoded: bytes) -> bytes:
    """End encoded text with a soft break, so that what follows begins a line."""
    start = encoded.rfind(b"\n") + 1
    if len(encoded) - start >= _LINE:  # no room for the equals sign
        cut = start + _LINE - 4
        # Not inside =C3, nor before a dot, which would then begin a line.
        while b"=" in encoded[cut - 2 : cut] or encoded[cut : cut + 1] == b".":
            cut -= 1
        encoded = encoded[:cut] + _SOFT_BREAK + encoded[cut:]
    return encoded + _SOFT_BREAK


@lru_cache(maxsize=8)  # hundreds of messages leave within a second
def _date(moment: dt.datetime) -> bytes:
    return format_datetime(moment).encode()


def _begins_with_dot(part: bytes | _EncodedGap) -> bool:
    """Return whether a line of some bytes, which begin one, begins with a dot."""
    return isinstance(part, bytes) and (part.startswith(b".") or b"\n." in part)


def _joined(parts: list[bytes | _EncodedGap]) -> list[bytes | _EncodedGap]:
    """Join neighbouring bytes, so that filling joins only as many pieces as there are slots."""
    joined: list[bytes | _EncodedGap] = []
    for part in parts:
        if joined and isinstance(part, bytes) and isinstance(joined[-1], bytes):
            joined[-1] += part
        else:
            joined.append(part)
    return joined
