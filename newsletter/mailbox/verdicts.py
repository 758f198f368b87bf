"""The nouns of the way back by mail: what a mail says, and what tells whom it is about."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a mail says."""

    HARD = "hard"  # the mailbox is not there, and will not be
    SOFT = "soft"  # not taken this time, or for a reason nobody can tell
    ABOUT_US = "about_us"  # refused for who sends it or how; the reader has nothing to do with it
    COMPLAINED = "complained"  # the reader called it spam
    UNSUBSCRIBED = "unsubscribed"  # the reader leaves
    AUTO_REPLY = "auto_reply"  # a machine answers for a person: nothing to do
    REPORT = "report"  # a machine tells what changes nothing: delayed, delivered, not spam
    DECLINED = "declined"  # a calendar declines a meeting for its owner
    ACCEPTED = "accepted"  # a calendar answers anything else to an invitation: nothing to do
    REPLY = "reply"  # a person writes: for the editor to read
    UNREADABLE = "unreadable"  # no mail, as far as anyone can tell

    @property
    def is_bounce(self) -> bool:
        """Return whether it says that a mail did not arrive."""
        return self in (Kind.HARD, Kind.SOFT, Kind.ABOUT_US)

    @property
    def is_about_somebody(self) -> bool:
        """Return whether it changes what is known of a reader, if it is known of whom."""
        return self.is_bounce or self in (Kind.COMPLAINED, Kind.UNSUBSCRIBED)


class By(StrEnum):
    """By what it is known whom a mail is about, the surest first."""

    LEAVING_KEY = "leaving key"  # signed, of the subscriber
    DELIVERY_KEY = "delivery key"  # made for the delivery: its reference
    MESSAGE_ID = "message id"  # of the mail that came back
    ORIGINAL_RECIPIENT = "original recipient"  # the address that was written to
    RECEIVED_FOR = "received for"  # what servers on the way said whom it was for
    FINAL_RECIPIENT = "final recipient"  # may be where the reader has it forwarded to
    RETURNED_TO = "returned to"  # header To of the mail that came back
    PROSE = "prose"  # an address in words that machines write


@dataclass(frozen=True, slots=True)
class Clue:
    """One sign of whom a mail is about."""

    by: By
    value: str  # key of a subscriber, reference of a delivery, message id or address

    @property
    def is_address(self) -> bool:
        """Return whether it names an address, which counts only if it is exactly a reader's."""
        return self.by not in (By.LEAVING_KEY, By.DELIVERY_KEY, By.MESSAGE_ID)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one mail says, or says of one of those it names."""

    kind: Kind
    clues: tuple[Clue, ...] = ()  # whom it is about, the surest first
    status: str = ""  # enhanced status code, such as "5.1.1" (RFC 3463)
    text: str = ""  # what the server said, on one line, to be shown
    sender: str = ""  # address of header From
    subject: str = ""
    entry: str = ""  # of a calendar: what names the meeting there
    message_id: str = ""  # of this very mail, without angle brackets
    at: dt.datetime | None = None  # when it says it was written, UTC
    others: tuple["Verdict", ...] = ()  # of further recipients that the same report names

    @property
    def all(self) -> tuple["Verdict", ...]:
        """Return what is said of each recipient."""
        return (self, *self.others)

    def first(self, by: By) -> str:
        """Return the value of the first clue of a kind, "" if there is none."""
        return next((clue.value for clue in self.clues if clue.by is by), "")

    @property
    def reference(self) -> str:
        """Return the delivery that a key stands for; "" if there is none."""
        return self.first(By.DELIVERY_KEY)

    @property
    def subscriber(self) -> str:
        """Return the key of the subscriber that a key to leave by stands for."""
        return self.first(By.LEAVING_KEY)

    @property
    def original_id(self) -> str:
        """Return the Message-ID of the mail that it is about."""
        return self.first(By.MESSAGE_ID)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Return the addresses it may be about, the surest first."""
        return tuple(clue.value for clue in self.clues if clue.is_address)

    def person(self, find: Callable[[Clue], str]) -> str:
        """Return the first that any of its clues leads to, "" if none does: nobody is guessed."""
        return next(filter(None, map(find, self.clues)), "")
