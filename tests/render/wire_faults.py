"""What no copy may have: faults that only a program could bring in, by the name of the promise.

The promises were checks of every issue once. No issue, template or setting can break them, so they
are held here instead, for every provider and whatever the issue and its readers.
"""

import re
from collections.abc import Iterator
from email import policy
from email.utils import getaddresses, parsedate_to_datetime
from html import unescape
from itertools import permutations
from urllib.parse import unquote

from newsletter.addresses import check_address, mail_address
from newsletter.errors import AudienceError
from newsletter.model import Copy
from tests.render.raw_message import ENCODED_WORD, Part, addresses_in, decode_words, parse_message

# Name of the promise -> what is right, and where that comes from.
PROMISES = {
    "header-single-instance": (
        "Each header that must be there once is there once",
        "RFC 5322, section 3.6; Google SMTP errors 550 5.7.1",
    ),
    "date-header": ("The message bears the time it is made", "RFC 5322, section 3.3"),
    "message-id": (
        "Each message has an id of its own that tells nothing",
        "RFC 5322, section 3.6.4; Google SMTP errors",
    ),
    "from-address": (
        "From and Reply-To hold one valid address, whoever reads them",
        "RFC 5322, section 3.6.2; cpython issue 121284",
    ),
    "list-unsubscribe": (
        "Mail programs get an address to unsubscribe at, in the reader's language",
        "RFC 2369; RFC 8058; Google and Yahoo sender rules, 2024",
    ),
    "list-unsubscribe-post": (
        "One click unsubscribes, wherever that is possible",
        "RFC 8058, section 3.1",
    ),
    "list-id": ("The List-Id is that of every issue, for readers' filters", "RFC 2919"),
    "structured-header-encoded-word": (
        "Headers that machines read are not encoded",
        "RFC 2047, section 5; Google SMTP error 550 5.7.1; cpython issue 85725",
    ),
    "header-injection": (
        "Nothing a reader's data holds becomes a header",
        "RFC 5322, section 2.2; CWE-93",
    ),
    "merge-hostile": (
        "Nothing a reader's data holds becomes markup, or is carried out by a provider",
        "CWE-79; CWE-1336",
    ),
    "recipient-exposure": (
        "No reader sees the address of another",
        "GDPR, articles 5(1)(f) and 32",
    ),
    "charset-utf8": ("Each part is the UTF-8 that it says it is", "RFC 2045"),
    "cte-valid": ("The encoding of each part is carried out as declared", "RFC 2045, section 6"),
    "line-length": ("No line is longer than mail servers take", "RFC 5322, section 2.1.1"),
    "crlf": ("Each line ends as on the wire", "RFC 5321, section 2.3.8"),
    "mime-tree": ("The parts of the message fit together", "RFC 2046, section 5.1; RFC 2387"),
    "roundtrip": ("What arrives is what was written", "this program"),
    "subject-encoding": (
        "The subject is encoded so that every mail program reads it",
        "RFC 2047, sections 2 and 5",
    ),
}

_ONCE = (
    *("From", "Date", "To", "Subject", "Reply-To", "Message-ID", "MIME-Version", "Content-Type"),
    *("List-Id", "List-Unsubscribe"),
)
_STRUCTURED = re.compile(
    r"(?:List-.*|Feedback-ID|Message-ID|In-Reply-To|References|Return-Path|Date|Content-Type"
    r"|Content-Transfer-Encoding|Content-ID|MIME-Version|DKIM-Signature)$",
    re.I,
)
_MAILBOXES = re.compile(r"(?:From|Reply-To|To|Sender)$", re.I)
_DATE = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
    r" \d{4} \d\d:\d\d:\d\d [+-]\d{4}"
)
_MESSAGE_ID = re.compile(r"<[\w!#$%&'*+/=?^`{|}~.-]{16,}@(?:[a-z\d-]+\.)+[a-z\d-]+>", re.I | re.A)
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_LINE, _ENCODED_LINE, _WORD, _ID = 998, 76, 75, 500  # characters
_NOT_QUOTED = re.compile(rb"=(?![0-9A-Fa-f]{2}|\r\n)")
_NOT_PRINTABLE = re.compile(rb"[^\t\r\n\x20-\x7e]")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=\r\n]")
_CID = re.compile(r"""["'(]cid:([^"')]+)""")
_URIS = re.compile(r"<[!-;=?-~]+>(?:, *<[!-;=?-~]+>)*")


def faults_of_message(raw: bytes) -> Iterator[str]:
    """Yield the names of the promises that the bytes of a whole message break."""
    root = parse_message(raw)
    names = [name.lower() for name, _ in root.fields]
    if any(names.count(name.lower()) != 1 for name in _ONCE) or len(set(names)) < len(names):
        yield "header-single-instance"
    if _is_wrong_date(root.field("Date")):
        yield "date-header"
    message_id = root.field("Message-ID")
    if not _MESSAGE_ID.fullmatch(message_id) or len(message_id) > _ID:
        yield "message-id"
    if any(_is_encoded(name, value) for part in root.walk() for name, value in part.fields):
        yield "structured-header-encoded-word"
    yield from _faults_of_bytes(raw)
    leaves = [part for part in root.walk() if not part.children]
    if any(map(_is_wrongly_encoded, leaves)):
        yield "cte-valid"
    if any(map(_is_no_utf8, leaves)):
        yield "charset-utf8"
    if _is_wrong_tree(root):
        yield "mime-tree"
    if _is_wrong_subject(root.field("Subject")):
        yield "subject-encoding"


def faults_of_copy(copy: Copy, *, own: set[str], mailto: str, link: str) -> Iterator[str]:
    """Yield the promises that a copy breaks, of whichever provider.

    `own` are the addresses that the issue and this reader have; `mailto` and `link` their ways out.
    """
    for mailbox in (copy.header("From"), copy.header("Reply-To")):
        if not _is_one_address(mailbox):
            yield "from-address"
    if any(_CONTROL.search(value) for _, value in copy.fields):
        yield "header-injection"
    shown = unescape(unquote("\n".join((*_read_by_people(copy), copy.html, copy.text))))
    others = addresses_in(shown) - {address.lower() for address in own}
    names = {name.lower() for name, _ in copy.headers}
    if others or names & {"cc", "bcc"} or copy.header("To").strip("<>") != copy.address:
        yield "recipient-exposure"
    yield from _faults_of_list(copy, mailto, link)


def _faults_of_list(copy: Copy, mailto: str, link: str) -> Iterator[str]:
    uris = copy.header("List-Unsubscribe")
    wanted = f"<{link}>, <{mailto}>" if link else f"<{mailto}>"
    if uris and (uris != wanted or not _URIS.fullmatch(uris)):
        yield "list-unsubscribe"
    one_click = "List-Unsubscribe=One-Click" if uris and link.startswith("https:") else ""
    if copy.header("List-Unsubscribe-Post") != one_click:
        yield "list-unsubscribe-post"
    list_id = copy.header("List-Id")
    if list_id and not re.fullmatch(r"<(?=.{3,255}>)[\w-]+(?:\.[\w-]+)+>", list_id, re.A):
        yield "list-id"


def _read_by_people(copy: Copy) -> Iterator[str]:
    machines = ("message-id", "content-type", "content-id")
    yield from (value for name, value in copy.fields if name.lower() not in machines)


def _is_wrong_date(value: str) -> bool:
    return not _DATE.fullmatch(value) or f"{parsedate_to_datetime(value):%a}" != value[:3]


def _is_encoded(name: str, value: str) -> bool:
    """Say whether what machines read of a header is an encoded word."""
    if _MAILBOXES.match(name):
        value = " ".join(re.findall(r"<([^>]*)>", value)) if "<" in value else value
        return ENCODED_WORD.search(value) is not None
    return _STRUCTURED.match(name) is not None and ENCODED_WORD.search(value) is not None


def _is_one_address(value: str) -> bool:
    """Say whether two parsers see the same one valid address."""
    first = [address for _, address in getaddresses([value])]
    second = [a.addr_spec for a in policy.default.header_factory("From", value).addresses]
    try:
        return first == second == [mail_address(check_address(first[0]))]
    except (AudienceError, IndexError):
        return False


def _faults_of_bytes(raw: bytes) -> Iterator[str]:
    head, _, _ = raw.partition(b"\r\n\r\n")
    if len({raw.count(end) for end in (b"\r\n", b"\r", b"\n")}) > 1:
        yield "crlf"
    if max(map(len, raw.split(b"\r\n"))) > _LINE:
        yield "line-length"
    if not head.isascii():
        yield "cte-valid"


def _is_wrongly_encoded(part: Part) -> bool:
    body, encoding = part.body, part.transfer_encoding
    if max(map(len, body.split(b"\r\n"))) > _ENCODED_LINE:
        return True
    if encoding == "quoted-printable":
        ends_in_space = b" \r\n" in body or b"\t\r\n" in body
        return bool(ends_in_space or _NOT_PRINTABLE.search(body) or _NOT_QUOTED.search(body))
    letters = body.translate(None, b"\r\n")
    return encoding != "base64" or bool(_NOT_BASE64.search(body)) or len(letters) % 4 > 0


def _is_no_utf8(part: Part) -> bool:
    if not part.media_type.startswith("text/"):
        return False
    try:
        part.decoded().decode("utf-8")
    except UnicodeDecodeError:
        return True
    return part.parameter("charset").lower() != "utf-8"


def _is_wrong_tree(root: Part) -> bool:
    leaves = [part for part in root.walk() if not part.children]
    marks = [part.parameter("boundary") for part in root.walk() if part.children]
    types = [part.media_type for part in leaves]
    pictures = [part.field("Content-ID").strip("<>") for part in leaves[2:]]
    html = next(
        (p.decoded().decode("utf-8", "replace") for p in leaves if p.media_type == "text/html"), ""
    )
    return (
        root.media_type != "multipart/alternative"
        or types[:2] != ["text/plain", "text/html"]
        or not all(kind.startswith("image/") for kind in types[2:])
        # Mail programs compare beginnings (RFC 2046, section 5.1.1).
        or any(one.startswith(other) for one, other in permutations(marks, 2))
        or any(b"--" + mark.encode() in leaf.decoded() for mark in marks for leaf in leaves)
        or sorted(pictures) != sorted(set(_CID.findall(html)))
    )


def _is_wrong_subject(raw: str) -> bool:
    words = [match[0] for match in ENCODED_WORD.finditer(raw)]
    if not raw.isascii() or any(len(word) > _WORD for word in words):
        return True
    try:
        for word in words:
            decode_words(word)  # a letter divided between two of them is no UTF-8 by itself
    except (ValueError, LookupError):
        return True
    return False
