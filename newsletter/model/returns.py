"""What comes back about a mail: told by a provider, or read in a mailbox, in one shape."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from newsletter.language import Wording, say


class ReturnKind(StrEnum):
    """What is told of a mail."""

    DELIVERED = "delivered"  # the reader's server took it
    HARD = "hard"  # the mailbox does not exist: RFC 3463, 5.1.x and 5.2.1
    SOFT = "soft"  # not now: full, busy, given up after retries, or for no known reason
    ABOUT_US = "about-us"  # refused because of the sender, 5.7.x: no fault of the reader's
    COMPLAINED = "complained"  # marked as spam
    UNSUBSCRIBED = "unsubscribed"
    SUPPRESSED = "suppressed"  # the provider does not send to this address any more
    OPENED = "opened"
    CLICKED = "clicked"
    UNKNOWN = "unknown"  # a kind that nobody here knows: kept and shown, without effect

    @property
    def words(self) -> Wording:
        """Return it as people read it."""
        return _KINDS[self]

    @property
    def is_visit(self) -> bool:
        """Return whether it tells what a reader did with a mail."""
        return self in (ReturnKind.OPENED, ReturnKind.CLICKED)


_KINDS = {
    ReturnKind.DELIVERED: say("delivered"),
    ReturnKind.HARD: say("the mailbox does not exist"),
    ReturnKind.SOFT: say("not delivered this time"),
    ReturnKind.ABOUT_US: say("refused because of the sender"),
    ReturnKind.COMPLAINED: say("marked as spam"),
    ReturnKind.UNSUBSCRIBED: say("left"),
    ReturnKind.SUPPRESSED: say("suppressed by the provider"),
    ReturnKind.OPENED: say("opened"),
    ReturnKind.CLICKED: say("clicked"),
    ReturnKind.UNKNOWN: say("of an unknown kind"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """One thing told of one mail; what is not told is empty."""

    kind: ReturnKind
    source: str  # who told it: a provider's name, or "mailbox"
    address: str = ""  # the one it was sent to, as told
    at: dt.datetime | None = None  # UTC; when it happened
    message_id: str = ""  # the provider's, without angle brackets
    reference: str = ""  # ours of the delivery, as it was given along
    is_proven: bool = False  # whether a key that only we could make stands for that reference
    tag: str = ""  # ours of the issue, or of the batch
    token: str = ""  # of the subscriber's link to leave, as it was signed
    status: str = ""  # enhanced status code, such as 5.1.1: RFC 3463
    text: str = ""  # what the reader's server said, on one line
    word: str = ""  # the kind in the words of whoever told it
    event_id: str = ""  # theirs
    url: str = ""  # of a click
    is_machine: bool | None = None  # of an open or click, as far as the provider says
    # Of an open or click: the name of the program and the address that it came from, as told. They
    # are looked at to tell people from machines, and kept nowhere.
    agent: str = ""
    network: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)
