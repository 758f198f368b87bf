"""Answers that only we can read: drafts that travel in the reader's own form, and urns of a ledger.

What is sealed here has no time in it, as Fernet's tokens have otherwise, in the clear.
"""

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from newsletter.errors import ConfigError, TamperedLinkError
from newsletter.language import say
from newsletter.links import fingerprint
from newsletter.model import Answer, Answers
from newsletter.surveys.encoded import answers_as_data, answers_from_data

MOST_DRAFT = 120_000  # characters of a draft, in its form; some 60 pages of text
_MOST_PLAIN = 1_000_000  # bytes that a draft may have once it is unpacked
_PAGE = 4_096  # bytes by which an urn grows, so that its size tells of no answer
_NO_TIME = 0


def seal_draft(secret: str, survey_id: str, answers: Answers) -> str:
    """Return answers to earlier pages as the form of the next one carries them.

    Raise OverflowError where they are longer than a form may be; nothing is stored anywhere.
    """
    data = json.dumps(answers_as_data(answers), ensure_ascii=False, separators=(",", ":"))
    sealed = _lock(secret, f"draft of {survey_id}").encrypt_at_time(
        zlib.compress(data.encode()), _NO_TIME
    )
    if len(sealed) > MOST_DRAFT:
        raise OverflowError
    return sealed.decode()


def open_draft(secret: str, survey_id: str, sealed: str) -> dict[str, Answer]:
    """Return the answers of a draft, however old it is; raise TamperedLinkError for another's."""
    if not sealed:
        return {}
    try:
        if len(sealed) > MOST_DRAFT:
            raise InvalidToken
        packed = _lock(secret, f"draft of {survey_id}").decrypt(sealed.encode())
        unpacking = zlib.decompressobj()
        plain = unpacking.decompress(packed, _MOST_PLAIN)
        return answers_from_data(json.loads(plain))
    except (InvalidToken, zlib.error, ValueError) as err:
        raise TamperedLinkError(say("this form is damaged; begin the survey again")) from err


def seal_urn(secret: str, survey_id: str, ballots: Sequence[Mapping[str, Any]]) -> bytes:
    """Return ballots as an urn keeps them while their survey is open."""
    data = json.dumps(list(ballots), ensure_ascii=False, separators=(",", ":")).encode()
    padded = data.ljust(-(-len(data) // _PAGE) * _PAGE)
    return _lock(secret, f"urn of {survey_id}").encrypt_at_time(padded, _NO_TIME)


def open_urn(secret: str, survey_id: str, sealed: bytes) -> list[dict[str, Any]]:
    """Return the ballots of an urn; raise ConfigError where it was sealed with another secret."""
    try:
        plain = _lock(secret, f"urn of {survey_id}").decrypt(sealed)
    except InvalidToken as err:
        raise ConfigError(
            say(
                "NEWSLETTER_SECRET is not the one with which the answers to “{survey}” were "
                "sealed: put it back into the environment or .env",
                survey=survey_id,
            )
        ) from err
    found: list[dict[str, Any]] = json.loads(plain)
    return found


def _lock(secret: str, purpose: str) -> Fernet:
    key = bytes.fromhex(fingerprint(secret, "survey", purpose))
    return Fernet(base64.urlsafe_b64encode(key))
