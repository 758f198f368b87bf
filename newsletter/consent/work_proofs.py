"""Proofs of work, by ALTCHA's second protocol: a browser works for a second, we check at once."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from altcha import Challenge, Payload, create_challenge, verify_solution
from sqlalchemy import Connection

from newsletter.ledger import throttles
from newsletter.links import fingerprint

_ALGORITHM = "PBKDF2/SHA-256"
# Cost of a try, and what the key begins with: two digits take 256 tries on average. Each is twice
# as dear as the one before, and takes us one try to check.
_PRICES = ((2000, "00"), (4000, "00"), (8000, "00"), (16000, "00"), (2000, "000"))
_VALID = dt.timedelta(minutes=20)
_LONGEST = 4000  # characters of a proof


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What a proof is for: it is worth nothing elsewhere."""

    form: str
    language: str


def challenge_for(secret: str, bound: Bound, now: dt.datetime, *, price: int = 0) -> str:
    """Return a challenge, in JSON; each price is twice the one before, the first about a second."""
    cost, prefix = _PRICES[min(price, len(_PRICES) - 1)]
    challenge: Challenge = create_challenge(
        _ALGORITHM,
        cost,
        key_prefix=prefix,
        expires_at=now + _VALID,
        data={"form": bound.form, "language": bound.language},
        hmac_secret=_key(secret),
    )
    return json.dumps(challenge.to_dict())


def take_proof(
    connection: Connection, secret: str, given: str, bound: Bound, now: dt.datetime
) -> bool:
    """Return whether a proof is right, for this form, and comes for the first time."""
    if not given or len(given) > _LONGEST:
        return False
    try:
        payload = Payload.from_base64(given)
        parameters = payload.challenge.parameters
        if not _is_ours(parameters, bound):
            return False
        # The library asks its own clock whether it expired; ours is asked below.
        is_right = verify_solution(payload, _key(secret)).verified
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return False
    if not is_right:
        return False
    expires_at = dt.datetime.fromtimestamp(parameters.expires_at or 0, dt.UTC)
    if expires_at < now:
        return False
    return throttles.accept_proof(connection, str(payload.challenge.signature), expires_at)


def _is_ours(parameters: Any, bound: Bound) -> bool:
    """Return whether a challenge is as we make them, before any work is put into checking it."""
    data = parameters.data or {}
    return bool(
        parameters.algorithm == _ALGORITHM
        and (parameters.cost, parameters.key_prefix) in _PRICES
        and parameters.key_length == 32
        and (data.get("form"), data.get("language")) == (bound.form, bound.language)
    )


def _key(secret: str) -> str:
    return fingerprint(secret, "proof", "altcha")
