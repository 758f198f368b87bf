"""Reads the text of headers and parts, whatever charset they name."""

import binascii
from email.errors import HeaderParseError
from email.header import decode_header

_LONGEST_HEADER = 8_000  # of one value, decoded


def decoded(value: object) -> str:
    """Return the value of a header as people read it, on one line."""
    text = str(value)[:_LONGEST_HEADER]
    if not text.isascii():  # bytes as they are
        text = in_charset(text.encode("utf-8", "surrogateescape"), "utf-8")
    if "=?" in text:
        text = _without_encoded_words(text)
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def in_charset(raw: bytes, charset: str) -> str:
    """Return bytes as text, in the charset that is named or a likely one."""
    for name in (charset, "utf-8"):
        try:
            return raw.decode(name)
        except (LookupError, ValueError):
            continue
    return raw.decode("latin-1")


def _without_encoded_words(text: str) -> str:
    """Return a header with its encoded words read (RFC 2047), as far as they can be."""
    try:
        found = decode_header(text)
    except (HeaderParseError, ValueError, LookupError, binascii.Error):
        return text
    return "".join(
        in_charset(word, charset or "ascii") if isinstance(word, bytes) else word
        for word, charset in found
    )
