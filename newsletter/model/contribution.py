"""The nouns of what people send in: news for an issue, and requests to the network."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from newsletter.language import Wording, say


class ContributionKind(StrEnum):
    """What somebody sent in."""

    NEWS = "news"  # offered for an issue
    REQUEST = "request"  # for a visiting expert or cooperation

    @property
    def words(self) -> Wording:
        """Return it as people read it."""
        return _KINDS[self]


_KINDS = {
    ContributionKind.NEWS: say("news for an issue"),
    ContributionKind.REQUEST: say("request for cooperation"),
}


class ContributionState(StrEnum):
    """How far the editor is with it."""

    NEW = "new"  # nothing was decided
    ACCEPTED = "accepted"  # news that became material of an issue
    ANSWERED = "answered"  # a request: the editor wrote to whoever asks
    AGREED = "agreed"  # a request: it was settled what is done, and when
    DONE = "done"  # a request: it took place
    DECLINED = "declined"

    @property
    def words(self) -> Wording:
        """Return it as people read it."""
        return _STATES[self]

    @property
    def is_over(self) -> bool:
        """Return whether nothing more is to be done about it."""
        return self in (self.ACCEPTED, self.DONE, self.DECLINED)


_STATES = {
    ContributionState.NEW: say("not decided"),
    ContributionState.ACCEPTED: say("accepted for an issue"),
    ContributionState.ANSWERED: say("answered"),
    ContributionState.AGREED: say("agreed upon"),
    ContributionState.DONE: say("dealt with"),
    ContributionState.DECLINED: say("declined"),
}
# What a request may be said to be, in the order of what happens.
REQUEST_STATES = (
    ContributionState.NEW,
    ContributionState.ANSWERED,
    ContributionState.AGREED,
    ContributionState.DONE,
)


class ContributionMail(StrEnum):
    """The mail to whoever sent something in, once it is decided."""

    NONE = ""
    THANKS = "thanks"
    REGRETS = "regrets"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What somebody sent in, as it was typed; nobody proved that the address is theirs."""

    id: int = 0  # 0: not in the ledger yet
    kind: ContributionKind
    state: ContributionState = ContributionState.NEW
    received_at: dt.datetime  # UTC
    name: str
    organisation: str = ""
    address: str  # where the editor answers; never shown to others
    language: str  # of the page it was sent from
    region: str = ""  # as it was chosen
    title: str  # of news; the topic of a request
    text: str  # plain; its lines end as "\n"
    link: str = ""
    dates: str = ""  # of a request: when, as typed
    place: str = ""  # of a request: where, as typed
    wording: str = ""  # digest of what they agreed to: that news may be published
    digest: str  # of all that was typed: what is posted twice is kept once
    picture_type: str = ""  # media type; empty: no picture, or it was deleted
    picture_bytes: int = 0
    picture_words: str = ""  # what the picture shows
    turn: int = 0  # how many came from the same network that day before it
    is_slow: bool = False  # came in a flood, and gave no proof of work
    note: str = ""  # the editor's own
    issue: str = ""  # id of the one it was accepted for
    decided_at: dt.datetime | None = None  # UTC; when its state changed last
    written_at: dt.datetime | None = None  # UTC; when it became material
    mail: ContributionMail = ContributionMail.NONE  # the mail that is due, or was written
    mailed_at: dt.datetime | None = None  # UTC; when that mail was written

    @property
    def mark(self) -> str:
        """Return what names it in files: its number comes again once it is deleted."""
        return f"{self.id}-{self.digest[:8]}"

    @property
    def sender(self) -> str:
        """Return who sent it in, as an issue names them."""
        return f"{self.name}, {self.organisation}" if self.organisation else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """Where news and requests are sent, and until when news reaches the issue after this one."""

    public_url: str = ""  # empty: there are no forms, so mail is written
    contact: str = ""  # address for answers
    until: dt.date | None = None


NO_APPEAL = Appeal()


def next_deadline(after: dt.date, *, day: int | None, once: dt.date | None) -> dt.date | None:
    """Return the first day after another one until which news reaches the next issue.

    `day` is that of each month, `once` one that counts before it, until it is past.
    """
    if once and once > after:
        return once
    if day is None:
        return None
    here = after.replace(day=day)
    if here > after or (here.year, here.month) == (dt.MAXYEAR, 12):
        return here if here > after else None
    return (here.replace(day=1) + dt.timedelta(days=31)).replace(day=day)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsAsked:
    """How a newsletter asks its readers for news."""

    has_forms: bool = False  # on its public service
    contact: str = ""  # address for answers
    deadline_day: int | None = None  # of each month, until which news reaches the next issue
    deadline: dt.date | None = None  # one that counts before it, until it is past

    def appeal_in(self, day: dt.date, public_url: str) -> Appeal:
        """Return what an issue of a day says."""
        return Appeal(
            public_url=public_url if self.has_forms else "",
            contact=self.contact,
            until=next_deadline(day, day=self.deadline_day, once=self.deadline),
        )


NO_NEWS = NewsAsked()
