"""Keys that our mails carry, by which it is known whom an answer, a bounce or a report is about.

A key of a delivery is in the Message-ID, in a header of our own and, over SMTP, in the return path;
a key to leave by is in the address and the subject of the mail that unsubscribes. Both are as long,
tell nothing about the reader, and outlive a gateway that writes addresses in small letters.
"""

import base64
import binascii
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

from itsdangerous import Signer

from newsletter.errors import LinkError
from newsletter.language import say

HEADER = "X-Newsletter-Delivery"
LETTERS = 32  # of a key; RFC 5321, section 4.5.3.1.1: a local part has 64 octets
PLACE = "*"  # in an address: where the key of a reader goes

_BEGINNING = 8  # letters of the key of a send
_ID_BYTES, _MAC_BYTES = 5, 7
# Letters of the key of a subscriber, of six bits each. Nobody can guess one, so that a short proof
# that it was written here is enough.
_SUBSCRIBER = 20
_SUBSCRIBER_BYTES, _LEAVING_MAC_BYTES = 15, 5  # together 32 letters of Base32
_SALT = "newsletter.leaving-by-mail"
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_SHIFTS = range(10 * (LETTERS // 2 - 1), -1, -10)
# A gateway may put a mark of its own and a sign before it; in a URL a space is "%20".
_KEY = re.compile(rf"(?:(?<![A-Za-z0-9])|(?<=%20))[a-z0-9]{{{LETTERS}}}(?![A-Za-z0-9])")


class DeliveryKeys:
    """Writes the keys of the deliveries of one send."""

    def __init__(self, send: str) -> None:
        """Take the send's own key, which is random and never leaves the ledger whole."""
        self._beginning = send[:_BEGINNING]
        self._mac = blake2b(key=send.encode()[:64], digest_size=_MAC_BYTES, person=b"delivery")
        pad = blake2b(key=send.encode()[:64], digest_size=_ID_BYTES, person=b"pad").digest()
        self._pad = int.from_bytes(pad)

    def key_for(self, delivery: int) -> str:
        """Return the key of a delivery; the same one each time."""
        plain = delivery.to_bytes(_ID_BYTES)
        mac = self._mac.copy()
        mac.update(plain)
        hidden = (delivery ^ self._pad).to_bytes(_ID_BYTES)
        return f"{self._beginning}{hidden.hex()}{mac.hexdigest()}"

    def read(self, key: str) -> int | None:
        """Return the delivery of a key, None if it was not made here."""
        try:
            hidden = bytes.fromhex(key[_BEGINNING : _BEGINNING + 2 * _ID_BYTES])
        except ValueError:
            return None
        delivery = int.from_bytes(hidden) ^ self._pad
        given = key.encode("utf-8", "replace")
        return delivery if hmac.compare_digest(self.key_for(delivery).encode(), given) else None


class LeavingKeys:
    """Writes the keys by which subscribers leave by mail."""

    def __init__(self, secret: str) -> None:
        """Derive the key once: doing so for every reader takes longer than the rest."""
        if not secret:
            raise LinkError(say("links are signed with NEWSLETTER_SECRET, which is empty"))
        derived = Signer(secret, salt=_SALT, sep=".", key_derivation="hmac").derive_key()
        self._mac = blake2b(key=derived, digest_size=_LEAVING_MAC_BYTES, person=b"leaving")

    def key_for(self, subscriber: str) -> str:
        """Return the key by which the subscriber with this key of the ledger leaves."""
        padded = subscriber[:_SUBSCRIBER].ljust(_SUBSCRIBER, "A")
        plain = binascii.a2b_base64(padded.replace("-", "+").replace("_", "/"))
        return _in_letters(plain + self._signed(plain, len(subscriber)))

    def read(self, key: str) -> str:
        """Return the subscriber's key of the ledger, "" if this one was not made here."""
        try:
            raw = base64.b32decode(key.upper())
        except (binascii.Error, ValueError):
            return ""
        plain, mac = raw[:_SUBSCRIBER_BYTES], raw[_SUBSCRIBER_BYTES:]
        whole = base64.urlsafe_b64encode(plain).decode()
        for length in range(_SUBSCRIBER, 0, -1):  # old ledgers have shorter ones
            if hmac.compare_digest(mac, self._signed(plain, length)):
                return whole[:length]
        return ""

    def _signed(self, plain: bytes, length: int) -> bytes:
        mac = self._mac.copy()
        mac.update(plain + bytes([min(length, _SUBSCRIBER)]))
        return mac.digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyring:
    """What tells whether a key was made here, and what it stands for."""

    secret: str = field(default="", repr=False)  # of NEWSLETTER_SECRET; empty: nobody leaves by key
    # Beginning of the key of a send -> that key whole.
    sends: Mapping[str, str] = field(default_factory=dict, repr=False)

    def deliveries(self, text: str) -> Iterable[str]:
        """Yield the references of deliveries whose keys stand in a text, in order."""
        for key in keys_in(text):
            send = self.sends.get(key[:_BEGINNING], "")
            delivery = DeliveryKeys(send).read(key) if send else None
            if delivery is not None:
                yield f"{key[:_BEGINNING]}-{delivery}"

    def leavers(self, text: str) -> Iterable[str]:
        """Yield the keys of subscribers whose keys to leave by stand in a text, in order."""
        if self.secret:
            keys = LeavingKeys(self.secret)
            yield from filter(None, map(keys.read, keys_in(text)))


def _in_letters(raw: bytes) -> str:
    """Return Base32 in small letters; the library's own takes five times as long."""
    number = int.from_bytes(raw)
    return "".join([_PAIRS[number >> shift & 1023] for shift in _SHIFTS])


def keys_in(text: str) -> list[str]:
    """Return what may be keys in a text, in order, each once."""
    return list(dict.fromkeys(_KEY.findall(text.lower())))


def with_key(address: str, key: str) -> str:
    """Return an address with a reader's key in its place, if it has one."""
    return address.replace(PLACE, key)


def place_for_key(address: str) -> str:
    """Return an address with a place for a key behind a plus sign (RFC 5233)."""
    local, _, domain = address.rpartition("@")
    return f"{local}+{PLACE}@{domain}"
