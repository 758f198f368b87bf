"""Whether a form that somebody filled in is answered by mail: at once, later, or after more effort.

The harm to guard against is the mail to a stranger, not the row: so all that counts is counted
where mail is asked for, and nobody who is over a limit learns of it by another page.

A flood raises the price and makes forms wait, but shuts nobody out: where not all can be mailed,
those go first whose network asked for the least.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import Connection

from newsletter.consent.spellings import folded
from newsletter.errors import TamperedLinkError
from newsletter.ledger import throttles, wishes
from newsletter.links import fingerprint, read_note, sign_note

_YOUNGEST = dt.timedelta(seconds=2)  # nobody types an address sooner
_OLDEST = dt.timedelta(hours=24)
_STAMP = "form"  # what its signature is for
_DAY = 24  # hours
_HOUR = dt.timedelta(hours=1)
_NONE = dt.timedelta(0)
SLOW = dt.timedelta(minutes=30)  # how long mail waits for those who give no proof of work
_LONG = 24  # hours of mails to those who only wait; more need not be remembered of them
DEAREST = 4  # price of a proof of work: sixteen times the first
_FORMS, _SLOW = "forms", "slow"  # are counted
TRAP = "kotisivu_2"  # the name of a field to be left empty; no browser knows what to fill in


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many mails strangers can cause by filling in forms."""

    mails_a_day: int = 2  # to one address
    network_hour: int = 20  # forms from one network without a proof of work,
    network_day: int = 100  # and that are mailed as they come; then as many a day, one by one
    site_hour: int = 100  # forms of all together without a proof of work
    site_day: int = 2000  # mails to strangers as they come; then as many a day, one by one
    slow_hour: int = 20  # mails to those over a limit who give no proof


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
    SHUT = "shut"  # its address had its mails today: there is no other, and nobody is told


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A form, as far as it tells a person from a program."""

    stamp: str  # as `stamp_form` wrote it
    trap: str = ""  # a field that people are told to leave empty
    address: str
    network: str  # as `network_of` says
    neighbourhood: str = ""  # as `neighbourhood_of` says
    is_proved: bool = False  # a proof of work came with it, for the first time
    is_patient: bool = False  # who filled it in would rather wait than prove


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What becomes of a form, and when it is mailed."""

    gate: Gate
    due: dt.datetime
    price: int = 0  # of a proof of work: each is twice the one before
    turn: int = 0  # how far back it stands while not all can be mailed
    is_slow: bool = False  # no proof was given where one was asked for


def stamp_embedded(secret: str) -> str:
    """Return what a form on another web site carries; it may stand there for years."""
    return sign_note(secret, _STAMP, f"{Step.EMBEDDED.value}-0")


def stamp_form(secret: str, step: Step, now: dt.datetime) -> str:
    """Return what a form carries, so that its age is known without a cookie."""
    return sign_note(secret, _STAMP, f"{step.value}-{int(now.timestamp())}")


def pass_gate(
    connection: Connection, filled: Filled, limits: Limits, *, secret: str, now: dt.datetime
) -> Ticket:
    """Decide what becomes of a form, and count it if mail comes of it."""
    if is_doubtful(filled, secret, now):
        return Ticket(gate=Gate.SECOND_STEP, due=now)
    network = fingerprint(secret, "throttle", f"network {filled.network}")
    near = fingerprint(secret, "throttle", f"near {filled.neighbourhood or filled.network}")
    address = fingerprint(secret, "throttle", f"form {folded(filled.address)}")
    spans = {network: _DAY, near: _DAY, address: _DAY, _SLOW: _DAY}
    day = throttles.count_since(connection, spans, now)
    if day[address] >= 2 * limits.mails_a_day:  # those that were mailed, and some that waited
        return Ticket(gate=Gate.SHUT, due=now)
    hour = throttles.count_since(connection, {network: 1, _FORMS: 1}, now)
    is_busy = hour[network] >= limits.network_hour or hour[_FORMS] >= limits.site_hour
    is_slow = is_busy and not filled.is_proved
    turn = day[network] + day[near].bit_length()
    # The line of those who only wait costs nothing: once it is long, it takes in newcomers alone.
    is_long = day[_SLOW] >= _LONG * limits.slow_hour
    if is_slow and (not filled.is_patient or (is_long and turn)):
        of_network = hour[network], limits.network_hour
        price = price_of((of_network, (hour[_FORMS], limits.site_hour)))
        return Ticket(gate=Gate.PROOF, due=now, price=price)
    for key in (network, near, _FORMS, address, *([_SLOW] if is_slow else [])):
        throttles.count_one(connection, key, now)
    waiting = max(0, day[network] + 1 - limits.network_day)
    wait = max(SLOW if is_slow else _NONE, waiting * _DAY * _HOUR / _some(limits.network_day))
    gate = Gate.SLOW if wait else Gate.OPEN
    return Ticket(gate=gate, due=now + wait, turn=turn, is_slow=is_slow)


def is_flooded(connection: Connection, limits: Limits, now: dt.datetime) -> bool:
    """Return whether more forms come in than usual, so that a proof of work is asked for."""
    return throttles.count_since(connection, {_FORMS: 1}, now)[_FORMS] >= limits.site_hour


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


def is_unwanted(connection: Connection, address: str, secret: str) -> bool:
    """Return whether the owner of an address said that others type it, so that it gets no mail."""
    return bool(secret) and wishes.is_disowned(connection, mark_of(secret, address))


def price_of(shares: Sequence[tuple[int, int]]) -> int:
    """Return the price of a proof: one more whenever there are twice as many as a limit allows."""
    times = max(count // _some(limit) for count, limit in shares)
    return min(max(times.bit_length() - 1, 0), DEAREST)


def _some(limit: int) -> int:
    return max(limit, 1)


def is_doubtful(filled: Filled, secret: str, now: dt.datetime) -> bool:
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
