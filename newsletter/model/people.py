"""Who subscribes, and whether they may be mailed."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import compress
from typing import NamedTuple

from newsletter.language import Wording, say

_NOT_THERE = say("no longer on the list")  # why somebody is not mailed


class Standing(StrEnum):
    """Whether an address may be mailed, from more mail to less; the later of two standings wins.

    So a bounce, which the editor may overrule, never hides a person's own word.
    """

    ACTIVE = "active"  # may be mailed
    PENDING = "pending"  # has not confirmed yet
    PAUSED = "paused"  # no mail for a while: at their wish, or as their mailbox took none lately
    BOUNCED = "bounced"  # the address no longer exists
    UNSUBSCRIBED = "unsubscribed"  # left by their own wish
    COMPLAINED = "complained"  # marked a mail as spam
    ERASED = "erased"  # asked to be forgotten; only a fingerprint is kept

    @property
    def words(self) -> Wording:
        """Return the standing as people read it."""
        return _STANDINGS[self]

    @property
    def rank(self) -> int:
        """Return the place in that order."""
        return list(type(self)).index(self)

    @property
    def is_left(self) -> bool:
        """Return whether no list can put somebody back on; only their own wish can."""
        return self.rank >= Standing.BOUNCED.rank

    def or_stricter(self, other: "Standing") -> "Standing":
        """Return which of two standings means less mail."""
        return max(self, other, key=lambda standing: standing.rank)


_STANDINGS = {
    Standing.ACTIVE: say("active"),
    Standing.PENDING: say("pending"),
    Standing.PAUSED: say("paused"),
    Standing.BOUNCED: say("bounced"),
    Standing.UNSUBSCRIBED: say("unsubscribed"),
    Standing.COMPLAINED: say("complained"),
    Standing.ERASED: say("erased"),
}


class Basis(StrEnum):
    """Why somebody may be mailed: GDPR, articles 6 and 7; in Finland act 917/2014, 200 to 202."""

    UNKNOWN = "unknown"  # nobody has said
    CONSENT = "consent"  # the person agreed, and there is a record of it
    ORGANISATION = "organisation"  # an organisation's own address, about its work
    MEMBERSHIP = "membership"  # a member, about what they are a member of

    @property
    def words(self) -> Wording:
        """Return it as people read it."""
        return _BASES[self]


_BASES = {
    Basis.UNKNOWN: say("not stated"),
    Basis.CONSENT: say("consent"),
    Basis.ORGANISATION: say("address of an organisation"),
    Basis.MEMBERSHIP: say("membership"),
}


class Tracking(StrEnum):
    """Whether opens and clicks may be counted for somebody; not known means no."""

    UNKNOWN = "unknown"
    GRANTED = "granted"
    DENIED = "denied"

    @property
    def words(self) -> Wording:
        """Return it as people read it."""
        return _TRACKINGS[self]


_TRACKINGS = {
    Tracking.UNKNOWN: say("not asked"),
    Tracking.GRANTED: say("allowed"),
    Tracking.DENIED: say("refused"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """A person on the list."""

    address: str  # e-mail address, trimmed, domain in lower case
    key: str  # opaque random id, the only one used in links
    name: str = ""
    language: str = ""  # BCP 47 tag such as "fi"; empty means the newsletter's language
    attributes: Mapping[str, str] = field(default_factory=dict)  # region, organisation, ...
    standing: Standing = Standing.ACTIVE
    basis: Basis = Basis.UNKNOWN
    tracking: Tracking = Tracking.UNKNOWN
    paused_until: dt.datetime | None = None  # UTC; None: not paused, or until they resume
    joined_at: dt.datetime | None = field(default=None, compare=False)  # UTC; None: not known


class Proof(NamedTuple):
    """What shows that somebody agreed to get mail."""

    text: str  # word for word, such as “Suostumuspäivä: 1.2.2026; Lähde: messut”
    day: str  # on which they did, such as “2026-02-01”; empty: not known


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """People as a list names them, column by column."""

    lines: Sequence[int]  # where the row of each begins, counted from 1
    addresses: Sequence[str]
    # By name: name, language, attributes; "" where there is none.
    values: Mapping[str, Sequence[str]]
    standings: Sequence[Standing | None]  # None: no reason not to mail them
    evidence: Sequence[str]  # what the list says about it, such as "status=subscribed"
    proofs: Sequence[Proof | None] = ()  # that they agreed; empty: the list has none

    def where(self, chosen: Sequence[bool]) -> "Crowd":
        """Return the people at the chosen indexes."""
        return Crowd(
            lines=list(compress(self.lines, chosen)),
            addresses=list(compress(self.addresses, chosen)),
            values={name: list(compress(cells, chosen)) for name, cells in self.values.items()},
            standings=list(compress(self.standings, chosen)),
            evidence=list(compress(self.evidence, chosen)),
            proofs=list(compress(self.proofs, chosen)),
        )


class Refusal(NamedTuple):
    """A row of a list that is refused, and why."""

    line: int
    text: str  # the address as written, or else the row
    reason: str
    cells: Sequence[str] = ()  # of the row, as written


class Recipient(NamedTuple):
    """An open delivery and what is known about the person; a test may go to a stranger.

    A tuple, as there are many and a row becomes one quickly.
    """

    delivery: int
    address: str
    key: str  # the subscriber's; empty for a stranger
    name: str
    language: str
    attributes_json: str  # read only for letters with slots for attributes
    standing: str  # empty for a stranger
    current: str = ""  # the person's address today; empty for a stranger
    is_test: bool = False  # it goes to the address it names, whatever is known about the person
    is_notice: bool = False  # so does this, but never to anybody who complained,
    is_answer: bool = False  # except to those who asked for it since
    tracking: str = ""  # a Tracking: the person's consent; empty for a stranger

    @property
    def attributes(self) -> dict[str, str]:
        """Return the values of the further columns of the list."""
        return json.loads(self.attributes_json) if self.attributes_json else {}

    @property
    def may_be_mailed(self) -> bool:
        """Return whether the person is on the list, and has not left."""
        return not self.why_gone

    @property
    def why_gone(self) -> str:
        """Return why the person is no longer mailed, or ""; strangers have no key."""
        if self.is_test or self.is_answer or self.standing == Standing.ACTIVE:
            return ""
        if self.is_notice:
            return Standing.COMPLAINED.words if self.standing == Standing.COMPLAINED else ""
        return Standing(self.standing).words if self.key else _NOT_THERE

    @property
    def has_moved(self) -> bool:
        """Return whether the person's address has changed since."""
        return not (self.is_test or self.is_notice) and self.current not in ("", self.address)
