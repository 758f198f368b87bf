"""Checks that every letter and picture survives the way into bytes and back."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import permutations

from newsletter.checking.draft import Draft
from newsletter.checking.instruments.cures import NOT_YOURS
from newsletter.checking.instruments.page import one_per_variant
from newsletter.checking.instruments.raw_message import ENCODED_WORD, Part, decode_words, parts_of
from newsletter.checking.report import checks
from newsletter.language.wording import say
from newsletter.model import Finding
from newsletter.model.rules import Rule
from newsletter.model.specimen import LINE_COMMENT, Specimen

_LINE, _ENCODED_LINE, _WORD = 998, 76, 75  # characters
_NOT_QUOTED = re.compile(rb"=(?![0-9A-Fa-f]{2}|\r\n)")
_PRINTABLE = bytes([0x09, 0x0D, 0x0A, *range(0x20, 0x7F)])
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n"
_CID = re.compile(r"""["'(]cid:([^"')]+)""")
_ENCODINGS = ("7bit", "8bit", "quoted-printable", "base64")


CHARSET_UTF8 = Rule(
    id="charset-utf8",
    summary="Text is UTF-8 whose letters are whole",
    source="RFC 2045; RFC 6532; Unicode, annex 15",
)


@checks(CHARSET_UTF8)
def check_charset(draft: Draft) -> Iterator[Finding]:
    """Both parts are UTF-8, each letter is one character, and none was read wrongly before."""
    for specimen in draft.specimens:
        for part in parts_of(specimen).walk():
            if part.media_type.startswith("text/") and (fault := _fault_of_charset(part)):
                yield CHARSET_UTF8.error(draft.path, fault, hint=NOT_YOURS)
    for number, line in enumerate(draft.source.split("\n"), 1):
        if line.isascii():
            continue
        if "\ufffd" in line:
            yield CHARSET_UTF8.error(
                draft.path,
                say("a letter was lost here: the sign “\ufffd” stands in its place"),
                hint=say("write the letter again"),
                line=number,
            )
        elif mangled := MANGLED.search(line):
            yield CHARSET_UTF8.warning(
                draft.path,
                say(
                    "“{word}” was once read in the wrong encoding",
                    word=_word_around(line, mangled.start()),
                ),
                hint=say("write its letters again"),
                line=number,
            )
        elif not unicodedata.is_normalized("NFC", line):
            at = next(n for n, letter in enumerate(line) if unicodedata.combining(letter))
            yield CHARSET_UTF8.warning(
                draft.path,
                say(
                    "a letter of “{word}” is made of two characters; searching does not find the "
                    "word, and some programs show its dots beside the letter",
                    word=_word_around(line, at),
                ),
                hint=say("write the word again; text copied from a PDF often is like that"),
                line=number,
            )


CTE_VALID = Rule(
    id="cte-valid",
    summary="The encoding of each part is carried out as declared",
    source="RFC 2045, section 6",
)
LINE_LENGTH = Rule(
    id="line-length",
    summary="No line is longer than mail servers take",
    source="RFC 5322, section 2.1.1",
)
CRLF = Rule(id="crlf", summary="Each line ends as on the wire", source="RFC 5321, section 2.3.8")


@checks(CTE_VALID, LINE_LENGTH, CRLF)
def check_bytes(draft: Draft) -> Iterator[Finding]:
    """The bytes are those a mail server passes on unchanged."""
    for specimen in draft.specimens:
        head, _, body = specimen.raw.partition(b"\r\n\r\n")
        ends = {specimen.raw.count(end) for end in (b"\r\n", b"\r", b"\n")}
        if len(ends) > 1:
            yield CRLF.error(
                draft.path,
                say("a line of the message does not end in CR and LF"),
                hint=NOT_YOURS,
            )
        if _has_longer_line(body, _LINE):
            longest = max(map(len, body.split(b"\r\n")))
            fault = say(
                "a line of the message has {length:,} bytes; mail servers cut it at {most}",
                length=longest,
                most=_LINE,
            )
            yield LINE_LENGTH.error(draft.path, fault, hint=NOT_YOURS)
        if not head.isascii():
            fault = say("a header holds letters that are not encoded")
            yield CTE_VALID.error(draft.path, fault, hint=NOT_YOURS)
        for part in parts_of(specimen).walk():
            if not part.children and (broken := _fault_of_encoding(part)):
                yield CTE_VALID.error(draft.path, broken, hint=NOT_YOURS)


MIME_TREE = Rule(
    id="mime-tree",
    summary="The parts of the message fit together",
    source="RFC 2046, section 5.1; RFC 2387; RFC 2392",
)


@checks(MIME_TREE)
def check_tree(draft: Draft) -> Iterator[Finding]:
    """Text comes before HTML, pictures belong to the HTML, and each is shown."""
    for specimen in one_per_variant(draft):
        for fault in _faults_of_tree(parts_of(specimen), specimen.html):
            yield MIME_TREE.error(draft.path, fault, hint=NOT_YOURS)


ROUNDTRIP = Rule(
    id="roundtrip",
    summary="What arrives is what was written",
    source="this program",
)
SUBJECT_ENCODING = Rule(
    id="subject-encoding",
    summary="The subject is encoded so that every mail program reads it",
    source="RFC 2047, sections 2 and 5",
)


@checks(ROUNDTRIP, SUBJECT_ENCODING)
def check_roundtrip(draft: Draft) -> Iterator[Finding]:
    """Both parts and the subject, read back from the bytes, are those of the edition."""
    for specimen in draft.specimens:
        edition = specimen.edition
        markers = [slot.marker for slot in edition.slots]
        wanted = LINE_COMMENT.sub("", specimen.lined_html)
        if specimen.html != wanted:
            at = _differs(specimen.html, wanted)
            fault = say(
                "the HTML arrives changed: “{words}” is not what readers get",
                words=wanted[at : at + 20],
            )
            yield ROUNDTRIP.error(draft.path, fault, hint=NOT_YOURS)
        if not _fits(specimen.text, edition.text, markers):
            yield ROUNDTRIP.error(draft.path, say("the text arrives changed"), hint=NOT_YOURS)
        if broken := _fault_of_subject(specimen, markers):
            yield SUBJECT_ENCODING.error(
                draft.path,
                broken,
                hint=NOT_YOURS,
                line=draft.line_of("subject"),
            )


# What UTF-8 looks like that was read as Windows-1252: “Ã¤” for “ä”, “â€™” for “’”, “Â°” for “°”.
MANGLED = re.compile(
    r"Ã[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    r"\u2013-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]"
    r"|â€[\u0080-\u00bf\u0153\u02dc\u2013-\u2122]|Â[\u00a0-\u00bf]"
)


def _word_around(line: str, at: int) -> str:
    start = max(line.rfind(sign, 0, at) for sign in " \t\"“”'(:") + 1
    return re.split(r"[\s\"”'),.:;]", line[start:], maxsplit=1)[0][:40]


def _fault_of_charset(part: Part) -> str:
    charset = part.parameter("charset").lower()
    if charset not in ("utf-8", "us-ascii"):
        return say("a part of the message says it is in “{charset}”, not in UTF-8", charset=charset)
    try:
        part.decoded().decode(charset)
    except UnicodeDecodeError:
        return say("a part of the message is not the {charset} it says it is", charset=charset)
    return ""


def _fault_of_encoding(part: Part) -> str:
    kind, encoding, body = part.media_type, part.transfer_encoding, part.body
    if encoding not in _ENCODINGS:
        return say(
            "the {kind} part has the unknown encoding “{encoding}”", kind=kind, encoding=encoding
        )
    if encoding == "7bit" and not body.isascii():
        return say("the {kind} part holds letters that should be encoded", kind=kind)
    if encoding == "quoted-printable" and not _is_quoted(body):
        return say("the {kind} part is not valid {encoding}", kind=kind, encoding=encoding)
    if encoding == "base64" and (
        body.translate(None, _BASE64) or len(body.translate(None, b"\r\n")) % 4
    ):
        return say("the {kind} part is not valid {encoding}", kind=kind, encoding=encoding)
    is_encoded = encoding in ("quoted-printable", "base64")
    if is_encoded and _has_longer_line(body, _ENCODED_LINE):
        return say(
            "the {kind} part has encoded lines of more than {most} characters",
            kind=kind,
            most=_ENCODED_LINE,
        )
    return ""


def _has_longer_line(body: bytes, most: int) -> bool:
    """Tell whether a line is too long, in leaps as wide as the longest that may be."""
    at = 0
    while len(body) - at > most:
        end = body.rfind(b"\r\n", at, at + most + 2)
        if end < 0:
            return True
        at = end + 2
    return False


def _is_quoted(body: bytes) -> bool:
    """Tell whether nothing in a body should be encoded, or would be cut at the end of a line."""
    is_printable = not body.translate(None, _PRINTABLE)
    ends_in_space = b" \r\n" in body or b"\t\r\n" in body
    return is_printable and not ends_in_space and not _NOT_QUOTED.search(body)


def _faults_of_tree(root: Part, html: str) -> Iterator[str]:
    types = [part.media_type for part in root.children]
    is_related = types[1:] == ["multipart/related"]
    page = root.children[1] if is_related else None
    inner = [part.media_type for part in page.children] if page else []
    if (
        root.media_type != "multipart/alternative"
        or types not in (["text/plain", "text/html"], ["text/plain", "multipart/related"])
        or (page and (inner[:1] != ["text/html"] or not all(map(_is_image, inner[1:]))))
    ):
        yield say(
            "the message is made of {parts}", parts=", ".join(p.media_type for p in root.walk())
        )
    marks = [part.parameter("boundary") for part in root.walk() if part.children]
    leaves = [part for part in root.walk() if not part.children]
    # Mail programs compare beginnings (RFC 2046, section 5.1.1).
    if any(one.startswith(other) for one, other in permutations(marks, 2)) or any(
        b"--" + mark.encode() in part.decoded() for mark in marks for part in leaves if mark
    ):
        yield say("what divides the parts of the message also stands within one")
    carried = [id.strip("<>") for p in leaves if (id := p.field("Content-ID"))]
    shown = set(_CID.findall(html))
    for id in sorted({id for id in carried if carried.count(id) > 1}):
        yield say("the picture {id} is carried twice", id=id[:12])
    for id in sorted(set(carried) - shown):
        yield say("the picture {id} is carried but shown nowhere", id=id[:12])
    for id in sorted(shown - set(carried)):
        yield say("the picture {id} is shown but not carried", id=id[:12])


def _is_image(media_type: str) -> bool:
    return media_type.startswith("image/")


def _differs(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def _fits(filled: str, text: str, markers: list[str]) -> bool:
    """Tell whether a text is another whose markers were replaced by something."""
    pieces = re.split("|".join(map(re.escape, markers)), text) if markers else [text]
    if len(pieces) == 1:
        return filled == text
    first, *middle, last = pieces
    if not (filled.startswith(first) and filled.endswith(last)):
        return False
    at, end = len(first), len(filled) - len(last)
    for piece in middle:
        at = filled.find(piece, at, end)
        if at < 0:
            return False
        at += len(piece)
    return at <= end


def _fault_of_subject(specimen: Specimen, markers: list[str]) -> str:
    raw = parts_of(specimen).field("Subject")
    words = [match[0] for match in ENCODED_WORD.finditer(raw)]
    if not raw.isascii() or re.search(r"[^\x20-\x7e]", raw):
        return say("the subject holds letters that are not encoded")
    if any(len(word) > _WORD for word in words):
        return say("a part of the encoded subject has more than {most} characters", most=_WORD)
    try:
        for word in words:
            decode_words(word)  # a letter divided between two of them is no UTF-8 by itself
        decoded = decode_words(raw)
    except (ValueError, LookupError):
        return say("the encoded subject cannot be read")
    wanted = " ".join(specimen.edition.subject.split())
    if decoded != specimen.subject or not _fits(" ".join(decoded.split()), wanted, markers):
        return say("the subject arrives as “{decoded}”", decoded=decoded)
    return ""


CHECKS = (
    check_charset,
    check_bytes,
    check_tree,
    check_roundtrip,
)
