"""How a webhook proves whom it comes from: what is asked, what is trusted, what is decided."""

import base64
import binascii
import datetime as dt
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from newsletter.language import Wording, say

_AHEAD = dt.timedelta(minutes=5)  # how far a provider's clock may be ahead of ours


class Doubt(Enum):
    """Why a request is not taken."""

    FORGED = "forged"  # it does not prove whom it comes from
    STALE = "stale"  # it is older than its scheme allows
    UNSURE = "unsure"  # what proves it cannot be had just now: it may come again


@dataclass(frozen=True, slots=True, kw_only=True)
class HookRequest:
    """A request of a webhook, as it came."""

    headers: Mapping[str, str]  # names in lower case
    body: bytes = field(repr=False)
    at: dt.datetime  # UTC; when it came

    def header(self, name: str) -> str:
        """Return a header; empty if there is none."""
        return self.headers.get(name, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """What a newsletter trusts of one provider's webhooks."""

    word: str = field(default="", repr=False)  # secret, in the address and in Authorization
    key: str = field(default="", repr=False)  # that signs, or its public half
    topics: tuple[str, ...] = ()  # of SNS that may speak, by ARN
    fetch: Callable[[str], bytes | None] | None = None  # a page; None if it cannot be had


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Whether a request is genuine."""

    doubt: Doubt | None = None
    reason: Wording | None = None  # of the doubt
    once: str = field(default="", repr=False)  # what no second request may bring

    @property
    def is_genuine(self) -> bool:
        """Return whether it may be taken."""
        return self.doubt is None


GENUINE = Proof()


def forged(reason: Wording) -> Proof:
    """Return the refusal of a request that proves nothing."""
    return Proof(doubt=Doubt.FORGED, reason=reason)


def are_same(ours: str, theirs: str) -> bool:
    """Return whether two secrets are the same, in constant time; an empty one never is."""
    return bool(ours) and hmac.compare_digest(ours.encode(), theirs.encode("utf-8", "replace"))


def is_fresh(seconds: str, now: dt.datetime, span: dt.timedelta) -> bool:
    """Return whether a Unix time is within a span before now."""
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 12):
        return False
    age = now - dt.datetime.fromtimestamp(int(seconds), dt.UTC)
    return -_AHEAD <= age <= span


def stale() -> Proof:
    """Return the refusal of a request whose time is over."""
    return Proof(doubt=Doubt.STALE, reason=say("its time is over"))


def hmac_of(key: bytes, message: bytes) -> bytes:
    """Return an HMAC with SHA-256."""
    return hmac.new(key, message, hashlib.sha256).digest()


def from_base64(text: str) -> bytes:
    """Return the bytes of a text in Base64; none if it is not."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def check_password(request: HookRequest, trust: Trust) -> Proof:
    """Check the Authorization of a provider that signs nothing, where it sends one.

    The word in the address is checked for all; this one, set on installing, must be right if it is
    there.
    """
    scheme, _, given = request.header("authorization").partition(" ")
    if scheme.lower() == "basic":
        given = from_base64(given.strip()).decode("utf-8", "replace").partition(":")[2]
    if scheme and not are_same(trust.word, given.strip()):
        return forged(say("its password is not ours"))
    return GENUINE
