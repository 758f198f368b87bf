"""Whether a form that somebody filled in is answered by mail: at once, later, or after more effort.

The harm to guard against is the mail to a stranger, not the row: so all that counts is counted
where mail is asked for, and nobody who is over a limit learns of it by another page.
"""

import datetime as dt
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import Connection

from newsletter.consent.spellings import folded
from newsletter.errors import TamperedLinkError
from newsletter.ledger import throttles
from newsletter.links import fingerprint, read_note, sign_note

_YOUNGEST = dt.timedelta(seconds=2)  # nobody types an address sooner
_OLDEST = dt.timedelta(hours=24)
_STAMP = "form"  # what its signature is for
_DAY = 24  # hours
TRAP = "kotisivu_2"  # the name of a field to be left empty; no browser knows what to fill in


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many mails strangers can cause by filling in forms."""

    mails_a_day: int = 2  # to one address
    network_hour: int = 20  # forms from one network without a proof of work,
    network_day: int = 100  # and at all
    site_hour: int = 100
    site_day: int = 2000
    slow_hour: int = 20  # of those over a limit who give no proof: mailed later


class Step(Enum):
    """Which form it was."""

    FIRST = "first"
    EMBEDDED = "embedded"  # on somebody's web site: as old as that page
    SECOND = "second"  # after the first one raised doubts; a person presses another button


class Gate(Enum):
    """What becomes of a form."""

    OPEN = "open"  # it is mailed at once
    SECOND_STEP = "second step"  # a button more
    PROOF = "proof"  # a proof of work, or patience
    SLOW = "slow"  # it is mailed later
    SHUT = "shut"  # it is not mailed, and nobody is told


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A form, as far as it tells a person from a program."""

    stamp: str  # as `stamp_form` wrote it
    trap: str = ""  # a field that people are told to leave empty
    address: str
    network: str  # as `network_of` says
    is_proved: bool = False  # a proof of work came with it, for the first time
    is_patient: bool = False  # who filled it in would rather wait than prove


def stamp_embedded(secret: str) -> str:
    """Return what a form on another web site carries; it may stand there for years."""
    return sign_note(secret, _STAMP, f"{Step.EMBEDDED.value}-0")


def stamp_form(secret: str, step: Step, now: dt.datetime) -> str:
    """Return what a form carries, so that its age is known without a cookie."""
    return sign_note(secret, _STAMP, f"{step.value}-{int(now.timestamp())}")


def pass_gate(
    connection: Connection, filled: Filled, limits: Limits, *, secret: str, now: dt.datetime
) -> Gate:
    """Decide what becomes of a form, and count it if mail comes of it."""
    if _is_doubtful(filled, secret, now):
        return Gate.SECOND_STEP
    network = fingerprint(secret, "throttle", f"network {filled.network}")
    address = fingerprint(secret, "throttle", f"form {folded(filled.address)}")
    site = "forms"
    day = throttles.count_since(connection, {network: _DAY, site: _DAY, address: _DAY}, now)
    hour = throttles.count_since(connection, {network: 1, site: 1, "slow": 1}, now)
    if day[network] >= limits.network_day or day[site] >= limits.site_day:
        return Gate.SHUT
    if day[address] >= 2 * limits.mails_a_day:  # those that were mailed, and some that waited
        return Gate.SHUT
    is_busy = hour[network] >= limits.network_hour or hour[site] >= limits.site_hour
    gate = Gate.OPEN
    if is_busy and not filled.is_proved:
        if not filled.is_patient:
            return Gate.PROOF
        if hour["slow"] >= limits.slow_hour:
            return Gate.SHUT
        gate = Gate.SLOW
        throttles.count_one(connection, "slow", now)
    for key in (network, site, address):
        throttles.count_one(connection, key, now)
    return gate


def is_flooded(connection: Connection, limits: Limits, now: dt.datetime) -> bool:
    """Return whether more forms come in than usual, so that a proof of work is asked for."""
    return throttles.count_since(connection, {"forms": 1}, now)["forms"] >= limits.site_hour


def may_mail(
    connection: Connection, what: str, most: int, *, secret: str, now: dt.datetime
) -> bool:
    """Return whether one more mail of a kind may go to an address today."""
    key = fingerprint(secret, "throttle", what)
    return throttles.count_since(connection, {key: _DAY}, now)[key] < most


def count_mail(connection: Connection, what: str, *, secret: str, now: dt.datetime) -> None:
    """Count a mail of a kind to an address."""
    throttles.count_one(connection, fingerprint(secret, "throttle", what), now)


def mark_of(secret: str, address: str) -> str:
    """Return what is kept of an address whose owner wants no confirmations."""
    return fingerprint(secret, "disowned", address.lower())


def _is_doubtful(filled: Filled, secret: str, now: dt.datetime) -> bool:
    """Return whether a program may have filled in a form; whoever went on from there has not."""
    try:
        step, _, issued = read_note(secret, _STAMP, filled.stamp).partition("-")
        age = now - dt.datetime.fromtimestamp(int(issued), dt.UTC)
    except (TamperedLinkError, ValueError, OverflowError):
        return True
    if age < dt.timedelta(0):
        return True
    match Step(step):
        case Step.EMBEDDED:
            return bool(filled.trap)
        case Step.SECOND:
            return age > _OLDEST
        case Step.FIRST:
            return bool(filled.trap) or not _YOUNGEST <= age <= _OLDEST
