"""The nouns of gatherings: a meeting as its file tells it, and somebody's place in it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from zoneinfo import ZoneInfo

from newsletter.language import Wording, say


class Attending(StrEnum):
    """How somebody takes part."""

    ON_SITE = "on-site"
    REMOTE = "remote"

    @property
    def words(self) -> Wording:
        """Return it as people read it."""
        return _ATTENDING[self]


_ATTENDING = {
    Attending.ON_SITE: say("on site"),
    Attending.REMOTE: say("remotely"),
}


class RegistrationState(StrEnum):
    """How far somebody's registration has come."""

    WANTED = "wanted"  # asked for by a form; its mail is not confirmed yet, so no seat is taken
    REGISTERED = "registered"
    WAITING = "waiting"  # in line for a seat
    OFFERED = "offered"  # a seat is kept until `offer_until`; in line until then
    CANCELLED = "cancelled"

    @property
    def words(self) -> Wording:
        """Return it as people read it."""
        return _STATES[self]

    @property
    def has_seat(self) -> bool:
        """Return whether it takes a seat; an offer does while it lasts."""
        return self in (RegistrationState.REGISTERED, RegistrationState.OFFERED)


_STATES = {
    RegistrationState.WANTED: say("not confirmed"),
    RegistrationState.REGISTERED: say("signed up"),
    RegistrationState.WAITING: say("in line for a seat"),
    RegistrationState.OFFERED: say("a seat is offered"),
    RegistrationState.CANCELLED: say("no longer coming"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedQuestion:
    """One more thing that the form of a meeting asks."""

    id: str  # letters, digits and hyphens; by which answers are kept
    labels: Mapping[str, str]  # by language
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by language; none: text
    is_required: bool = False
    kept_days: int | None = None  # after the meeting, then the answer is deleted; None: as the rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One line of a programme."""

    start: str  # as written, such as "9.30"
    title: str
    who: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingText:
    """What a meeting says in one language."""

    title: str
    body: str = ""  # Markdown
    place: str = ""
    address: str = ""
    programme: tuple[Session, ...] = ()
    line: int = 1  # of its file, where the body begins


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A theme day or another gathering, as meetings/ID.md tells it."""

    id: str
    texts: Mapping[str, MeetingText]  # by language; the newsletter's own first
    start: dt.datetime  # local time in `zone`, so without a zone of its own
    end: dt.datetime
    zone: ZoneInfo
    # Seats by way of attending: None means as many as come; what is not in it is not offered.
    seats: Mapping[Attending, int | None]
    deadline: dt.datetime | None = None  # local time; a day without a time ends at 23.59
    remote_link: str = field(default="", repr=False)  # only the registered ever see it
    organisers: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    region: str = ""  # code of the region whose own meeting it is; empty: the network's
    asks_organisation: bool = False
    asks_region: bool = False
    asks_needs: bool = False  # accessibility, diet; deleted a week after the meeting
    questions: tuple[AskedQuestion, ...] = ()
    issues: tuple[str, ...] = ()  # ids of issues that invite to it; found where they name it
    survey: str = ""  # id of the survey that asks how it was
    material: str = ""  # address where its material lies, for the mail of thanks
    is_cancelled: bool = False  # it will not take place
    lines: Mapping[str, int] = field(default_factory=dict)  # of each key of its file

    @property
    def starts_at(self) -> dt.datetime:
        """Return the moment at which it begins, UTC."""
        return self.start.replace(tzinfo=self.zone).astimezone(dt.UTC)

    @property
    def ends_at(self) -> dt.datetime:
        """Return the moment at which it ends, UTC."""
        return self.end.replace(tzinfo=self.zone).astimezone(dt.UTC)

    @property
    def closes_at(self) -> dt.datetime:
        """Return the moment until which people may register, UTC."""
        if self.deadline is None:
            return self.starts_at
        return self.deadline.replace(tzinfo=self.zone).astimezone(dt.UTC)

    def text_in(self, language: str) -> MeetingText:
        """Return what it says in a language (BCP 47), or else in the newsletter's."""
        primary = language.partition("-")[0]
        found = self.texts.get(language) or self.texts.get(primary)
        return found or next(iter(self.texts.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """Somebody's place in a meeting: one person, one address, one row."""

    id: int
    key: str  # random; names it in links and in calendars; a new one after registering anew
    meeting: str  # id
    address: str  # empty: somebody whom the editor entered without one
    name: str
    badge: str = ""  # the name one wants on the badge; empty: `name`
    organisation: str = ""
    region: str = ""  # code
    language: str = ""
    attending: Attending
    state: RegistrationState
    wanted_at: dt.datetime  # UTC; the order of the line: when the wish was confirmed
    # Registered remotely, and in line for a seat on site since then.
    line_at: dt.datetime | None = None
    offer_until: dt.datetime | None = None  # UTC; of an offer
    answers: Mapping[str, str] = field(default_factory=dict)  # by the question's id
    needs: str = ""  # accessibility, diet
    is_late: bool = False  # changed after the deadline
    sequence: int = 0  # of its entry in the person's calendar (RFC 5545, 3.8.7.4): only raised
    subscriber_key: str = ""  # empty: not on the list when they registered
    came: Attending | None = None  # how they took part
    came_at: dt.datetime | None = None  # UTC
    came_by: str = ""  # how that is known: "door", "code", "list", "report", "editor"
