"""The nouns of sending: what delivery gives to a provider, and what comes back."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import NamedTuple

from newsletter.language import Wording, say
from newsletter.model.counting import Counted
from newsletter.model.enclosures import Enclosure
from newsletter.model.people import Standing


class State(StrEnum):
    """How far a delivery has come."""

    QUEUED = "queued"  # planned, or to be retried
    SENDING = "sending"  # claimed by a process that is calling the provider
    ACCEPTED = "accepted"  # the provider accepted it
    REJECTED = "rejected"  # the provider refused it
    UNKNOWN = "unknown"  # the provider may or may not have accepted it
    SKIPPED = "skipped"  # must not be mailed any more, or was cancelled
    ABANDONED = "abandoned"  # was unknown; the editor gave it up

    @property
    def words(self) -> Wording:
        """Return the state as people read it."""
        return _STATES[self]

    @property
    def is_open(self) -> bool:
        """Return whether it is not decided yet."""
        return self in (State.QUEUED, State.SENDING, State.UNKNOWN)


_STATES = {
    State.QUEUED: say("queued"),
    State.SENDING: say("sending"),
    State.ACCEPTED: say("accepted"),
    State.REJECTED: say("rejected"),
    State.UNKNOWN: say("unknown"),
    State.SKIPPED: say("skipped"),
    State.ABANDONED: say("abandoned"),
}


class SendState(StrEnum):
    """How far the mailing of an issue has come."""

    PLANNED = "planned"  # frozen; nobody has been mailed yet
    SCHEDULED = "scheduled"  # waits for its time
    SENDING = "sending"  # any sender may claim its batches
    PAUSED = "paused"  # by the editor, until they resume it
    STOPPED = "stopped"  # by the provider, or because deliveries are unknown
    CANCELLED = "cancelled"  # by the editor, for good
    DONE = "done"  # every delivery is decided

    @property
    def words(self) -> Wording:
        """Return the state as people read it."""
        return _SEND_STATES[self]


_SEND_STATES = {
    SendState.PLANNED: say("planned"),
    SendState.SCHEDULED: say("scheduled"),
    SendState.SENDING: say("sending"),
    SendState.PAUSED: say("paused"),
    SendState.STOPPED: say("stopped"),
    SendState.CANCELLED: say("cancelled"),
    SendState.DONE: say("done"),
}


class IssueState(StrEnum):
    """How far an issue has come that is not being sent."""

    DRAFT = "draft"
    ERRORS = "errors"  # as it is now, it must not be sent
    CHECKED = "checked"  # as it is now, it has no errors
    REHEARSED = "rehearsed"  # sent to the local outbox
    SENT = "sent"

    @property
    def words(self) -> Wording:
        """Return the state as people read it."""
        return _ISSUE_STATES[self]


_ISSUE_STATES = {
    IssueState.DRAFT: say("draft"),
    IssueState.ERRORS: say("errors"),
    IssueState.CHECKED: say("checked"),
    IssueState.REHEARSED: say("rehearsed"),
    IssueState.SENT: say("sent"),
}


class NoticeKind(StrEnum):
    """The purpose of a mail that is not an issue."""

    CONFIRMATION = "confirmation"  # of a person's own request, by a link that only they get
    ANSWER = "answer"  # to what somebody asked for on our pages, even if they once complained
    REMINDER = "reminder"  # of something they signed up for
    INVITATION = "invitation"  # to those on the list, who can leave it by it as by an issue
    REPORT = "report"  # to the editor, of what happened

    @property
    def words(self) -> Wording:
        """Return the purpose as people read it."""
        return _NOTICE_KINDS[self]


_NOTICE_KINDS = {
    NoticeKind.CONFIRMATION: say("confirmation"),
    NoticeKind.ANSWER: say("requested mail"),
    NoticeKind.REMINDER: say("reminder"),
    NoticeKind.INVITATION: say("invitation"),
    NoticeKind.REPORT: say("report"),
}


def say_issue(issue_id: str) -> str:
    """Return what a mail is called by: the id of an issue, or the purpose of a notice."""
    kind = issue_id.removeprefix("notice-")
    return NoticeKind(kind).words if kind != issue_id and kind in set(NoticeKind) else issue_id


class BatchState(StrEnum):
    """The common state of the deliveries of a call."""

    QUEUED = "queued"  # to be claimed
    SENDING = "sending"  # claimed by a process that is calling the provider
    UNKNOWN = "unknown"  # the provider may or may not have accepted it
    SETTLED = "settled"  # all its deliveries are decided


class End(StrEnum):
    """How a run of a send ended."""

    DONE = "done"  # every delivery is decided
    STOPPED = "stopped"  # by the provider, or because everybody was refused
    UNKNOWN = "unknown"  # everything left is in doubt
    CANARY = "canary"  # the canary was sent; the rest is held
    INTERRUPTED = "interrupted"  # asked to stop, or the ledger was away
    ELSEWHERE = "elsewhere"  # another process is sending the rest
    WATCHED = "watched"  # workers continue, unwatched
    SCHEDULED = "scheduled"  # waits for its time
    PAUSED = "paused"  # by the editor, until they resume it
    CANCELLED = "cancelled"  # by the editor, for good


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How a run ended."""

    state: End
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """When an issue is sent, and who waits for that time."""

    at: dt.datetime | None = None  # UTC; None means at once
    by_provider: bool = False  # the provider holds the mail until then; else a worker waits


AT_ONCE = Timing()


class WhenUnknown(StrEnum):
    """What the editor decides about deliveries with an unknown outcome."""

    RESEND = "resend"  # they are queued again, and may arrive twice
    SKIP = "skip"  # they are given up, and may never arrive


# --- what goes out ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Stationery:
    """What every copy of a send carries besides its edition."""

    key: str  # of the send, 32 hexadecimal digits: prefix of the ids of its messages
    folder: str  # where a local outbox puts the copies: the issue's id, or its test folder
    sender: tuple[str, str]  # display name, address in ASCII
    reply_to: str  # address in ASCII
    tag: str  # of the issue
    list_id: str  # the id that readers' filters know; empty for a notice, which is not list mail
    public_url: str = ""
    # Where mails that unsubscribe go, with a star for the reader's key; empty: where answers go.
    leave_to: str = ""
    return_to: str = ""  # where bounces go, with a star for the key of the delivery; SMTP alone
    # Signs the links below the public URL, and the keys to leave by.
    secret: str = field(default="", repr=False)
    scheduled_at: dt.datetime | None = None  # UTC; when the provider is to send
    counted: Counted | None = None  # None: the public service counts nothing of it
    # Whether links to pages of meetings and surveys say who reads: not in copies that are examined.
    names_readers: bool = False

    @property
    def has_own_way_out(self) -> bool:
        """Return whether each reader has a way to unsubscribe of their own."""
        return bool(self.public_url or self.leave_to)

    @property
    def is_of_list(self) -> bool:
        """Return whether its readers can leave the list they got it by; notices have none."""
        return bool(self.list_id)

    @property
    def beginning(self) -> str:
        """Return the prefix of all references of the send; opaque."""
        return self.key[:8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """An edition as a provider's adapter writes it, once for all its readers.

    Marks replace what differs from reader to reader or from call to call: words of letters and
    digits that pass through JSON and MIME untouched and do not occur elsewhere.
    """

    subject: str  # these three contain marks; for a merging provider, its own placeholders
    html: str = field(repr=False)
    text: str = field(repr=False)
    sender: tuple[str, str]  # display name, address
    reply_to: str
    headers: Mapping[str, str]  # the same for everybody
    own_headers: Mapping[str, str]  # with marks; they come before those of the same name
    params: Mapping[str, str]  # for a merging provider: placeholder's name -> mark of its value
    tag: str  # of the issue
    send: str  # prefix of the references of all its messages: opaque, of this send alone
    batch: str  # mark of the batch's own tag, unique for each call
    key: str  # mark of the call's UUID
    address: str  # mark of the reader's address
    reference: str  # mark of the delivery's id at the provider: opaque, ASCII
    recipients: str  # mark of the place in a body for the readers' parts
    is_of_list: bool = True  # False: a notice, which goes to whom it names whoever left the list
    enclosures: tuple[Enclosure, ...] = field(default=(), repr=False)
    scheduled_at: dt.datetime | None = None  # UTC; when the provider is to send


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a call's body, with marks."""

    text: str
    repeated: bool = False  # repeated for each reader, with `separator` in between
    separator: str = ","
    is_json: bool = True  # values are escaped for a JSON string


@dataclass(frozen=True, slots=True)
class Form:
    """The body of a call, as a provider wants it."""

    parts: tuple[Part, ...]
    content_type: str = "application/json"


# There is one of each of these two for each of a million recipients: tuples take half the time.


class Message(NamedTuple):
    """One recipient's share of a call."""

    delivery: int  # id of the ledger row
    address: str  # in ASCII
    mime: bytes = b""  # a whole RFC 5322 message, for SMTP and files
    may_have_dots: bool = True  # a line of it may begin with a dot; False: certainly none does
    returns: str = ""  # where its bounces go, over SMTP; empty: to the sender


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call to a provider: a batch of messages of one edition."""

    key: str  # UUID; the same for every repeat of the same call
    tags: tuple[str, str]  # the issue's, and the batch's own
    folder: str  # where a local outbox puts it: the issue id, or its test folder
    sender: tuple[str, str]  # display name, address
    messages: tuple[Message, ...]
    body: bytes = field(default=b"", repr=False)  # the provider's form, filled in
    content_type: str = ""
    is_scheduled: bool = False  # whether the provider is to send it later

    def reference(self, message: Message) -> str:
        """Return the id that a delivery has at the provider: opaque, ASCII."""
        return f"{self.tags[1].rpartition('-')[0]}-{message.delivery}"


# --- what comes back ----------------------------------------------------------------------


class Outcome(NamedTuple):
    """The outcome of one message of a call."""

    delivery: int
    state: State  # ACCEPTED, REJECTED, UNKNOWN, or QUEUED: refused for now, to be retried
    message_id: str = ""  # the provider's id, without angle brackets
    reason: str = ""
    # REJECTED, but the provider may accept it another day; QUEUED, because the reader's own server
    # deferred it: it is retried in minutes, not in seconds
    transient: bool = False


class Departure(NamedTuple):
    """A reader who is gone, as reported by the provider."""

    address: str
    kind: Standing  # bounced for good, complained or unsubscribed
    at: str  # when, in the provider's words; empty if it does not say


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a provider reports about a send, in sums; None means not known.

    Opens and clicks by class are of copies, each once, by the best that was seen of it.
    """

    sent: int | None = None
    delivered: int | None = None
    bounced_hard: int | None = None
    bounced_soft: int | None = None
    opens_total: int | None = None
    opens_unique: int | None = None
    opens_human: int | None = None
    opens_unknown: int | None = None
    opens_machine: int | None = None
    opens_hidden: int | None = None  # of those by machines, whose reading would not be seen
    clicks_total: int | None = None
    clicks_unique: int | None = None
    clicks_unknown: int | None = None
    clicks_machine: int | None = None
    unsubscribed: int | None = None
    complained: int | None = None

    def believed(self, readers: int) -> "Figures":
        """Return them without sums of more people than there are readers: they tell nothing."""
        counted = ((field.name, getattr(self, field.name)) for field in fields(self))
        beyond = [name for name, n in counted if n is not None and n > readers]
        return replace(self, **dict.fromkeys(name for name in beyond if name not in _NOT_OF_PEOPLE))


# How often something happened; and what is bounded where it is read.
_NOT_OF_PEOPLE = {"opens_total", "clicks_total", "sent", "delivered"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How fast a provider may be called by all who send through it; 0 means no limit."""

    provider: str
    rate: float = 0  # recipients a second
    hourly: int = 0  # recipients an hour
    daily: int = 0  # recipients a day
