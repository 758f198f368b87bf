"""The nouns of sending: what delivery hands to a provider, and what comes back."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    """How far a delivery has come."""

    QUEUED = "queued"  # planned, or to be tried again
    SENDING = "sending"  # claimed by a process that is calling the provider
    ACCEPTED = "accepted"  # the provider took it
    REJECTED = "rejected"  # the provider refused it
    UNKNOWN = "unknown"  # the provider may or may not have taken it
    SKIPPED = "skipped"  # must not be mailed any more, or was cancelled
    ABANDONED = "abandoned"  # was unknown; the editor let it be

    @property
    def is_open(self) -> bool:
        """Tell whether something may still come of it."""
        return self in (State.QUEUED, State.SENDING, State.UNKNOWN)


class SendState(StrEnum):
    """How far the mailing of an issue has come."""

    PLANNED = "planned"  # frozen; nobody has been mailed yet
    SCHEDULED = "scheduled"  # waits for its time
    SENDING = "sending"  # whoever can send may claim its batches
    PAUSED = "paused"  # by the editor, until they resume it
    STOPPED = "stopped"  # by the provider, or because deliveries are unknown
    CANCELLED = "cancelled"  # by the editor, for good
    DONE = "done"  # every delivery is decided


class NoticeKind(StrEnum):
    """What a mail is for that is no issue."""

    CONFIRMATION = "confirmation"  # of a wish somebody made, by a link that only they get
    REMINDER = "reminder"  # of something they signed up for
    REPORT = "report"  # to the editor, of what happened


class BatchState(StrEnum):
    """How far the deliveries of a call have come together."""

    QUEUED = "queued"  # to be claimed
    SENDING = "sending"  # claimed by a process that is calling the provider
    UNKNOWN = "unknown"  # the provider may or may not have taken it
    SETTLED = "settled"  # all its deliveries are decided


class End(StrEnum):
    """How a run of a send ended."""

    DONE = "done"  # every delivery is decided
    STOPPED = "stopped"  # by the provider, or as everybody was refused
    UNKNOWN = "unknown"  # all that is left is in doubt
    CANARY = "canary"  # the canary is out; the rest is held
    INTERRUPTED = "interrupted"  # asked to stop, or the ledger was away
    ELSEWHERE = "elsewhere"  # the rest is in the hands of another process
    WATCHED = "watched"  # workers go on, and nobody looks on any more
    SCHEDULED = "scheduled"  # waits for its time
    PAUSED = "paused"  # by the editor, until they resume it
    CANCELLED = "cancelled"  # by the editor, for good


class WhenUnknown(StrEnum):
    """What the editor decides about deliveries that nobody knows the outcome of."""

    RESEND = "resend"  # they are queued again, and may come twice
    SKIP = "skip"  # they are let be, and may never come


# --- what goes out ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Stationery:
    """What every copy of a send carries besides its edition."""

    key: str  # of the send, 32 hexadecimal digits: what its messages are known by begins with it
    folder: str  # where a local outbox puts the copies: the id, or its test folder
    sender: tuple[str, str]  # display name, address in ASCII
    reply_to: str  # address in ASCII
    tag: str  # of the issue
    list_id: str  # what readers' filters know it by; empty for a notice, which is no mail of a list
    public_url: str = ""
    secret: str = field(default="", repr=False)  # signs the links below the public URL
    scheduled_at: dt.datetime | None = None  # UTC; when the provider is to send

    @property
    def is_of_list(self) -> bool:
        """Tell whether its readers can leave the list they got it by; nobody is rid of a notice."""
        return bool(self.list_id)

    @property
    def beginning(self) -> str:
        """Return what all references of the send begin with: opaque."""
        return self.key[:8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """An edition as a provider's adapter writes it down, once for all its readers.

    Marks stand where something differs from reader to reader or from call to call: words of
    letters and digits that pass through JSON and MIME untouched and occur nowhere else.
    """

    subject: str  # these three hold marks; for a merging provider, its own placeholders
    html: str = field(repr=False)
    text: str = field(repr=False)
    sender: tuple[str, str]  # display name, address
    reply_to: str
    headers: Mapping[str, str]  # the same for everybody
    own_headers: Mapping[str, str]  # with marks; they come before those of the same name
    params: Mapping[str, str]  # for a merging provider: placeholder's name -> mark of its value
    tag: str  # of the issue
    send: str  # what the references of all its messages begin with: opaque, of this send alone
    batch: str  # mark of the batch's own tag, unique for each call
    key: str  # mark of the call's UUID
    address: str  # mark of the reader's address
    reference: str  # mark of the delivery's id at the provider: opaque, ASCII
    recipients: str  # mark of the place in a body where the readers' parts stand
    is_of_list: bool = True  # False: a notice, which goes to whom it names whoever left the list
    scheduled_at: dt.datetime | None = None  # UTC; when the provider is to send


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a call's body, with marks."""

    text: str
    repeated: bool = False  # once for each reader, with `separator` between them
    separator: str = ","
    is_json: bool = True  # values are escaped as they stand in a JSON string


@dataclass(frozen=True, slots=True)
class Form:
    """The body of a call, as a provider wants it."""

    parts: tuple[Part, ...]
    content_type: str = "application/json"


# Of these two there is one for each recipient of a million: tuples take half the time.


class Message(NamedTuple):
    """One recipient's share of a call."""

    delivery: int  # id of the ledger row
    address: str  # in ASCII
    mime: bytes = b""  # a whole RFC 5322 message, for SMTP and files


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of a provider: a batch of messages of one edition."""

    key: str  # UUID; the same for every repeat of the same call
    tags: tuple[str, str]  # the issue's, and the batch's own
    folder: str  # where a local outbox puts it: the issue id, or its test folder
    sender: tuple[str, str]  # display name, address
    messages: tuple[Message, ...]
    body: bytes = field(default=b"", repr=False)  # the provider's form, filled
    content_type: str = ""
    is_scheduled: bool = False  # whether the provider is to send it later


# --- what comes back ----------------------------------------------------------------------


class Outcome(NamedTuple):
    """What became of one message of a call."""

    delivery: int
    state: State  # ACCEPTED, REJECTED, UNKNOWN, or QUEUED: not taken for now, to be tried again
    message_id: str = ""  # the provider's id, without angle brackets
    reason: str = ""
    # REJECTED, but another day the provider may take it; QUEUED, because the reader's own server
    # puts it off: it is tried again in minutes, not in seconds
    transient: bool = False


class Departure(NamedTuple):
    """A reader who is gone, as the provider tells."""

    address: str
    kind: str  # "bounced" for good, "complained" or "unsubscribed": a standing
    at: str  # when, in the provider's words; empty where it does not tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What is known about one issue after it was sent; None means not known."""

    sent: int | None = None
    delivered: int | None = None
    bounced_hard: int | None = None
    bounced_soft: int | None = None
    opens_total: int | None = None
    opens_unique: int | None = None
    opens_human: int | None = None
    opens_unknown: int | None = None
    opens_machine: int | None = None
    clicks_total: int | None = None
    clicks_unique: int | None = None
    unsubscribed: int | None = None
    complained: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How fast a provider may be called by all who send through it; 0 means no limit."""

    provider: str
    rate: float = 0  # recipients a second
    hourly: int = 0  # recipients an hour
    daily: int = 0  # recipients a day
