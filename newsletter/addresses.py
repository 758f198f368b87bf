"""Checks e-mail addresses and brings them into the one form they are compared in."""

import re

import idna
from email_validator import EmailNotValidError, validate_email

from newsletter.errors import AudienceError

# A name with punctuation stands between quotation marks (RFC 5322, section 3.4).
_MAILBOX = re.compile(
    r'(?:"(?:[^"\\]|\\.)*"|[^<>()\[\]:;@\\,"]*)\s*<(?P<address>[^<>\s]+)>|(?P<bare>[^<>\s,;()]+)'
)


def check_address(text: str) -> str:
    """Return an address trimmed, its domain in lower case; raise AudienceError with the reason.

    A domain with letters beyond ASCII is fine (IDNA); a local part with such letters is not, as
    few mail servers take it (RFC 6531).
    """
    try:
        return validate_email(
            text.strip(), check_deliverability=False, allow_smtputf8=False, strict=True
        ).normalized
    except EmailNotValidError as err:
        raise AudienceError(str(err)) from err


def mail_address(address: str) -> str:
    """Return a checked address as it stands in mail: its domain in ASCII (RFC 5891)."""
    if address.isascii():
        return address
    local, _, domain = address.rpartition("@")
    return f"{local}@{idna.encode(domain, uts46=True).decode()}"


def check_mailbox(text: str) -> str:
    """Return a mailbox such as "Name <name@example.org>" unchanged, or raise AudienceError."""
    match = _MAILBOX.fullmatch(text)
    if match is None or not text.isprintable():
        raise AudienceError('expected "Name <name@example.org>" or "name@example.org"')
    try:
        check_address(match["address"] or match["bare"])
    except AudienceError as err:
        raise AudienceError(f'expected "Name <name@example.org>"; {err}') from err
    return text
