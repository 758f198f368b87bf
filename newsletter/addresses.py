"""Checks e-mail addresses and brings them into the one form they are compared in."""

import idna
from email_validator import EmailNotValidError, validate_email

from newsletter.errors import AudienceError


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
