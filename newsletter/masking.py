"""Keeps the program's own secrets out of whatever it stores or shows: text is masked only here.

A server may echo what it was sent, a library may put it into an error, and a traceback shows both.
So each secret is known here from the moment it is read, in every encoding in which it is sent.
"""

import base64
import html
import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, quote_plus

STARS = "********"
_SHORTEST = 4  # characters; anything shorter occurs in other words, and protects nothing
_WORD = 8  # characters; anything shorter is masked only as a word of its own
_CORE = 8  # characters of Base64; fewer may be part of any word

_known: set[str] = set()
_pattern: re.Pattern[str] | None = None


def keep_secret(value: str) -> None:
    """Mask a secret from now on; if a key consists of several with colons, each of them."""
    global _pattern  # noqa: PLW0603 - one process has one set of secrets
    parts = [part for part in value.split(":") if len(part) >= _WORD]
    fresh = {secret for secret in (value, *parts) if len(secret) >= _SHORTEST} - _known
    if fresh:
        _known.update(fresh)
        forms = {form for secret in _known for form in _forms(secret)}
        _pattern = re.compile("|".join(sorted(forms, key=len, reverse=True)), re.IGNORECASE)


def forget_secrets() -> None:
    """Forget all secrets: for tests, which share one process."""
    global _pattern  # noqa: PLW0603 - see above
    _known.clear()
    _pattern = None


def mask(text: str) -> str:
    """Return a text with stars in place of secrets; the very same text if there are none."""
    if not text or _pattern is None or not _pattern.search(text):
        return text
    return _pattern.sub(STARS, text)


def mask_values(value: Any) -> Any:
    """Return JSON data with its texts masked; field names stay."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, Mapping):
        return {name: mask_values(inner) for name, inner in value.items()}
    if isinstance(value, Sequence):
        return [mask_values(inner) for inner in value]
    return value


def show_fault(err: BaseException) -> None:
    """Write a traceback to stderr, masked."""
    sys.stderr.write(mask("".join(traceback.format_exception(err))))


def mask_tracebacks() -> None:
    """Mask whatever Python, its threads and its logging write about a fault."""
    sys.excepthook = lambda _kind, err, _trace: show_fault(err)
    threading.excepthook = lambda fault: show_fault(fault.exc_value or SystemExit())
    if logging.lastResort:
        logging.lastResort.setFormatter(_MaskedFormatter())


class _MaskedFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return mask(super().format(record))


def _forms(secret: str) -> Iterator[str]:
    """Yield the patterns of a secret: as it is, and as JSON, HTML, URLs and headers write it."""
    plain = {
        secret,
        quote(secret, safe=""),
        quote(secret),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        json.dumps(json.dumps(secret))[3:-3],
        repr(secret)[1:-1],
        html.escape(secret),
        secret.encode().hex(),
    }
    for form in plain:
        alone = len(form) < _WORD
        yield rf"(?<![^\W_]){re.escape(form)}(?![^\W_])" if alone else re.escape(form)
    yield from _in_base64(secret.encode())


def _in_base64(secret: bytes) -> Iterator[str]:
    """Yield what a secret becomes in Base64 at each offset it may have among other bytes.

    Authorization headers carry it after a name: so do SMTP's AUTH and HTTP's Basic.
    """
    for before in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            signs = encode(b"\0" * before + secret).decode().rstrip("=")
            first = (0, 2, 3)[before]  # characters that depend on the bytes before
            last = -1 if (before + len(secret)) % 3 else None  # and on those after
            core = signs[first:last]
            if len(core) >= _CORE:
                yield rf"{re.escape(core)}[\w+/-]{{0,2}}={{0,2}}"
