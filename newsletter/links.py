"""Links that carry a subscriber's key, signed so that nobody can forge one."""

import hmac
import secrets

from itsdangerous import BadSignature, Signer
from itsdangerous.encoding import base64_encode

from newsletter.errors import LinkError, TamperedLinkError
from newsletter.language import say

# RFC 8058, section 3.1: the URI holds an opaque, hard-to-forge component.
_SALT = "newsletter.unsubscribe"
_KEY_BYTES, _KEY_LETTERS = 12, 16
_START_BYTES = 3
_CUT = say("this link is not complete; copy it whole from the mail")


class UnsubscribeLinks:
    """Makes the addresses where subscribers can unsubscribe, each with its own signature."""

    def __init__(self, public_url: str, secret: str) -> None:
        """Derive and schedule the key once: doing so for every link takes longer than the rest."""
        self._beginning = f"{public_url}/u/"
        self._mac = hmac.new(_signer(secret).derive_key(), digestmod="sha1")

    def link_for(self, key: str) -> str:
        """Return the address where the subscriber with this key can unsubscribe."""
        mac = self._mac.copy()
        mac.update(key.encode())
        return f"{self._beginning}{key}.{base64_encode(mac.digest()).decode()}"


def new_keys(count: int) -> list[str]:
    """Return new opaque, hard-to-guess keys for subscribers, of 96 bits each.

    Keys made together share a prefix, so that they are neighbours in an index, which is faster to
    write. The prefix reveals nothing, and is just as random.
    """
    start = base64_encode(secrets.token_bytes(_START_BYTES)).decode()
    letters = base64_encode(secrets.token_bytes(count * _KEY_BYTES)).decode()
    ends = range(_KEY_LETTERS, len(letters) + 1, _KEY_LETTERS)
    return [start + letters[end - _KEY_LETTERS : end] for end in ends]


def archive_url(public_url: str, issue_id: str, language: str) -> str:
    """Return the address where anyone can read the issue in a browser."""
    return f"{public_url}/{issue_id}?lang={language}"


def read_unsubscribe_token(secret: str, token: str) -> str:
    """Return the subscriber's key; raise TamperedLinkError if the token was not made by us."""
    signer = _signer(secret)
    try:
        key = signer.unsign(token).decode()
    except (BadSignature, UnicodeDecodeError) as err:
        raise TamperedLinkError(_CUT) from err
    # Base64 leaves two bits of its last character unused: only one spelling is ours.
    if not hmac.compare_digest(signer.sign(key), token.encode()):
        raise TamperedLinkError(_CUT)
    return key


def _signer(secret: str) -> Signer:
    if not secret:
        raise LinkError(say("links are signed with NEWSLETTER_SECRET, which is empty"))
    return Signer(secret, salt=_SALT, sep=".", key_derivation="hmac")
