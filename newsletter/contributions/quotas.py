"""How much strangers can send in: what is over it waits for a proof of work, or for tomorrow.

The harm to guard against is the editor's evening and the disk. Nobody is mailed for a form, so what
is counted is what is kept. A flood raises the price; what came without a proof stands last, and the
line of those who only wait is short.
"""

import datetime as dt
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import Connection

from newsletter.consent import Filled, is_doubtful, price_of
from newsletter.ledger import contributions, throttles
from newsletter.links import fingerprint

_DAY = 24  # hours
_NEAR = 5  # times as much of a wide network as of one
_ALL, _SLOW = "contributions", "slow contributions"  # are counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotas:
    """How much is taken in."""

    network_hour: int = 5  # from one network without a proof of work,
    network_day: int = 20  # and at all
    site_hour: int = 30  # of all together without a proof of work
    slow_hour: int = 10  # of those beyond that who give no proof; without pictures
    waiting: int = 500  # that the editor has not dealt with
    picture_bytes: int = 100_000_000  # of all of these


class Admission(Enum):
    """What becomes of a form."""

    TAKEN = "taken"
    SECOND_STEP = "second step"  # a program may have filled it in: a button more
    PROOF = "proof"  # a proof of work, or patience
    LINE_FULL = "line full"  # a proof of work; no more can wait this hour
    TOMORROW = "tomorrow"  # that network sent in all it may today
    FULL = "full"  # the editor has more before them than they will read
    NO_PICTURES = "no pictures"  # there is no room for its picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A form, as far as it tells whether there is room for it."""

    filled: Filled
    picture_bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """What becomes of a form, and where it stands."""

    admission: Admission
    price: int = 0  # of a proof of work
    turn: int = 0  # how many came from its network today
    is_slow: bool = False


def weigh(
    connection: Connection, offered: Offered, quotas: Quotas, *, secret: str, now: dt.datetime
) -> Entrance:
    """Decide what becomes of a form; nothing is counted."""
    filled = offered.filled
    if is_doubtful(filled, secret, now):
        return Entrance(admission=Admission.SECOND_STEP)
    network, near = _keys(filled, secret)
    day = throttles.count_since(connection, {network: _DAY, near: _DAY}, now)
    if day[network] >= quotas.network_day or day[near] >= _NEAR * quotas.network_day:
        return Entrance(admission=Admission.TOMORROW)
    if fault := _lack_of_room(connection, offered, quotas):
        return Entrance(admission=fault)
    hour = throttles.count_since(connection, {network: 1, _ALL: 1, _SLOW: 1}, now)
    is_busy = hour[network] >= quotas.network_hour or hour[_ALL] >= quotas.site_hour
    is_slow = is_busy and not filled.is_proved
    if is_slow and not (filled.is_patient and hour[_SLOW] < quotas.slow_hour):
        shares = (hour[network], quotas.network_hour), (hour[_ALL], quotas.site_hour)
        admission = Admission.LINE_FULL if filled.is_patient else Admission.PROOF
        return Entrance(admission=admission, price=price_of(shares))
    if is_slow and offered.picture_bytes:
        return Entrance(admission=Admission.NO_PICTURES)
    return Entrance(admission=Admission.TAKEN, turn=day[network], is_slow=is_slow)


def count_in(
    connection: Connection, filled: Filled, *, is_slow: bool, secret: str, now: dt.datetime
) -> None:
    """Count a form that was taken in."""
    for key in (*_keys(filled, secret), _ALL, *([_SLOW] if is_slow else [])):
        throttles.count_one(connection, key, now)


def _lack_of_room(connection: Connection, offered: Offered, quotas: Quotas) -> Admission | None:
    waiting = contributions.count_waiting(connection)
    if waiting.count >= quotas.waiting:
        return Admission.FULL
    size = waiting.picture_bytes + offered.picture_bytes
    return Admission.NO_PICTURES if offered.picture_bytes and size > quotas.picture_bytes else None


def _keys(filled: Filled, secret: str) -> tuple[str, str]:
    """Return under what a form's network is counted, and the wider one around it."""
    near = filled.neighbourhood or filled.network
    return (
        fingerprint(secret, "throttle", f"contributions of {filled.network}"),
        fingerprint(secret, "throttle", f"contributions near {near}"),
    )
