"""The nouns of gatherings: a meeting as its file tells it, and somebody's place in it."""

import datetime as dt
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Self, TypeVar
from zoneinfo import ZoneInfo

from newsletter.language import Wording, is_unwritten, say
from newsletter.model.tongues import in_language

T = TypeVar("T")


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


_STATES = {
    RegistrationState.WANTED: say("not confirmed"),
    RegistrationState.REGISTERED: say("signed up"),
    RegistrationState.WAITING: say("in line for a seat"),
    RegistrationState.OFFERED: say("a seat is offered"),
    RegistrationState.CANCELLED: say("no longer coming"),
}


def _without(texts: Mapping[str, T], languages: Collection[str]) -> Mapping[str, T]:
    return {tongue: text for tongue, text in texts.items() if tongue not in languages}


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedQuestion:
    """One more thing that the form of a meeting asks."""

    id: str  # letters, digits and hyphens; by which answers are kept
    labels: Mapping[str, str]  # by language
    # By language, in the same order in each; none: text. Kept are the words of the first language.
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    is_required: bool = False
    kept_days: int | None = None  # after the meeting, then the answer is deleted; None: as the rest

    def label_in(self, language: str) -> str:
        """Return what is asked, in a language (BCP 47) or else in the newsletter's."""
        return in_language(self.labels, language)

    def choices_in(self, language: str) -> tuple[tuple[str, str], ...]:
        """Return each choice as it is kept, and as it is shown in a language."""
        kept = next(iter(self.choices.values()), ())
        return tuple(zip(kept, in_language(self.choices, language), strict=True) if kept else ())

    def is_draft_in(self, language: str) -> bool:
        """Return whether what it says in just this language is still to be written."""
        return any(
            map(is_unwritten, (self.labels.get(language, ""), *self.choices.get(language, ())))
        )

    def without(self, languages: Collection[str]) -> Self:
        """Return it without what it says in some languages."""
        return replace(
            self,
            labels=_without(self.labels, languages),
            choices=_without(self.choices, languages),
        )


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
    programme: tuple[Session, ...] = ()  # it stands in the body, too
    line: int = 1  # of its file, where the body begins

    @property
    def is_draft(self) -> bool:
        """Return whether some of it is still to be written or translated."""
        return any(map(is_unwritten, (self.title, self.body, self.place, self.address)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A theme day or another gathering, as meetings/ID.md tells it."""

    id: str
    path: str = ""  # of its file in the newsletter's language, as the editor knows it
    texts: Mapping[str, MeetingText]  # by language; the newsletter's own first
    start: dt.datetime  # local time in `zone`, so without a zone of its own
    end: dt.datetime
    zone: ZoneInfo
    # Seats by way of attending: None means as many as come; what is not in it is not offered.
    seats: Mapping[Attending, int | None]
    deadline: dt.datetime | None = None  # local time; a day without a time ends at 23.59.59
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
    has_pages: bool = True  # where people register, and answer when a seat is offered
    lines: Mapping[str, int] = field(default_factory=dict)  # of each key of its file

    @property
    def starts_at(self) -> dt.datetime:
        """Return the moment at which it begins, UTC."""
        return self.start.replace(tzinfo=self.zone).astimezone(dt.UTC)

    @property
    def ends_at(self) -> dt.datetime:
        """Return the moment at which it ends, UTC."""
        return self.end.replace(tzinfo=self.zone).astimezone(dt.UTC)

    def thanked_at(self, time: dt.time) -> dt.datetime:
        """Return the moment at which those who came are thanked: a time of the next day, UTC."""
        day = self.end + dt.timedelta(days=1)
        return dt.datetime.combine(day, time, tzinfo=self.zone).astimezone(dt.UTC)

    @property
    def closes_at(self) -> dt.datetime:
        """Return the moment until which people may register, UTC."""
        if self.deadline is None:
            return self.starts_at
        return self.deadline.replace(tzinfo=self.zone).astimezone(dt.UTC)

    @property
    def facts(self) -> Mapping[str, Any]:
        """Return what people who registered must be told when it changes.

        It is kept in the ledger; of the link only by what it is recognized. Where it is stands
        there in each other language, too, as its file may say so in words of its own.
        """
        first = next(iter(self.texts.values()))
        link = self.remote_link
        return {
            "title": first.title,
            "start": self.start.isoformat(timespec="minutes"),
            "end": self.end.isoformat(timespec="minutes"),
            "zone": self.zone.key,
            "place": first.place,
            "address": first.address,
            "link": hashlib.sha256(link.encode()).hexdigest() if link else "",
            "others": {
                tongue: {"place": text.place, "address": text.address}
                for tongue, text in list(self.texts.items())[1:]
            },
        }

    @property
    def drafts(self) -> tuple[str, ...]:
        """Return the languages in which something is still to be written or translated."""
        return tuple(
            tongue
            for tongue, text in self.texts.items()
            if text.is_draft or any(question.is_draft_in(tongue) for question in self.questions)
        )

    @property
    def written(self) -> Self | None:
        """Return it in the languages that are written; None while the newsletter's own is not."""
        drafts = self.drafts
        if not drafts:
            return self
        if next(iter(self.texts)) in drafts:
            return None
        return replace(
            self,
            texts=_without(self.texts, drafts),
            questions=tuple(question.without(drafts) for question in self.questions),
        )

    def tongue_for(self, language: str) -> str:
        """Return the language in which somebody reads of it who reads this one (BCP 47)."""
        return in_language({tongue: tongue for tongue in self.texts}, language)

    def text_in(self, language: str) -> MeetingText:
        """Return what it says in a language (BCP 47), or else in the newsletter's."""
        return in_language(self.texts, language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """Somebody's place in a meeting: one person, one address, one row."""

    id: int = 0  # 0: not in the ledger yet
    key: str  # random; in the links of its mails
    uid: str  # names it in calendars; a new one after registering anew
    meeting: str  # id
    address: str = ""  # empty: somebody whom the editor entered without one, or who is erased
    subscriber_key: str = ""  # empty: not on the list
    name: str = ""
    badge: str = ""  # the name one wants on the badge; empty: `name`
    organisation: str = ""
    region: str = ""  # code
    language: str = ""
    attending: Attending
    state: RegistrationState
    # Numbers of the seats that it takes, or that an offer keeps for it.
    on_site_seat: int | None = None
    remote_seat: int | None = None
    wanted_at: dt.datetime  # UTC; when the wish was confirmed
    line_at: dt.datetime | None = None  # UTC; the order of the line, in which it is since then
    offer_until: dt.datetime | None = None  # UTC; of an offer
    answers: Mapping[str, str] = field(default_factory=dict)  # by the question's id
    needs: str = ""  # accessibility, diet
    is_late: bool = False  # changed after the deadline
    sequence: int = 0  # of its entry in the person's calendar (RFC 5545, 3.8.7.4): only raised
    changed_at: dt.datetime
    cancelled_at: dt.datetime | None = None
    cancelled_from: str = ""  # the state before; empty: not cancelled
    came: Attending | None = None  # how they took part
    came_at: dt.datetime | None = None  # UTC
    came_by: str = ""  # how that is known: "door", "code", "list", "report", "editor"

    @property
    def line(self) -> Attending | None:
        """Return for which way it is in line, an offer or not; None: it is not.

        Whoever waits is; so is who takes part remotely, and would rather come.
        """
        if self.state in (RegistrationState.WAITING, RegistrationState.OFFERED):
            return self.attending
        if self.state is RegistrationState.REGISTERED and self.line_at is not None:
            return Attending.ON_SITE
        return None

    @property
    def is_live(self) -> bool:
        """Return whether somebody comes, or would like to."""
        return self.state not in (RegistrationState.WANTED, RegistrationState.CANCELLED)

    def seat(self, way: Attending) -> int | None:
        """Return the number of the seat that it takes, or that is kept for it."""
        return self.on_site_seat if way is Attending.ON_SITE else self.remote_seat


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What somebody fills in to register."""

    attending: Attending
    name: str
    badge: str = ""
    organisation: str = ""
    region: str = ""
    language: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)  # by the question's id
    needs: str = ""
    # Of somebody who takes part remotely: would rather come, so that they are in line for a seat.
    wants_on_site: bool = False


class Refused(StrEnum):
    """Why a registration cannot be made or changed now."""

    CLOSED = "closed"  # the deadline has passed
    OVER = "over"  # the meeting has begun
    TOO_EARLY = "too-early"  # to say who came: it is not about its day
    CALLED_OFF = "called-off"
    NOT_OFFERED = "not-offered"  # there is no such way of attending
    FULL = "full"  # a change of the way: what one has stays
    UNKNOWN = "unknown"  # there is no such registration
    NO_OFFER = "no-offer"  # it ended, or somebody was faster
    TOO_LATE = "too-late"  # to undo a cancellation: the hour is over, or the seat is gone

    @property
    def words(self) -> Wording:
        """Return it as people read it."""
        return _REFUSED[self]


_REFUSED = {
    Refused.CLOSED: say("registration is closed"),
    Refused.OVER: say("the meeting has already begun"),
    Refused.TOO_EARLY: say("who comes is marked from the day before the meeting"),
    Refused.CALLED_OFF: say("the meeting does not take place"),
    Refused.NOT_OFFERED: say(
        "nobody can take part in this way: choose another one, or add seats for it in the file"
    ),
    Refused.FULL: say("all these seats are taken"),
    Refused.UNKNOWN: say("there is no such registration"),
    Refused.NO_OFFER: say("this seat is no longer free"),
    Refused.TOO_LATE: say("this cannot be undone any more"),
}


class MeetingMail(StrEnum):
    """What is mailed to people about their registrations."""

    CONFIRM = "confirm"  # to a stranger: press the link, else nothing happens
    CONFIRMED = "confirmed"
    WAITING = "waiting"  # in line, with the place
    OFFER = "offer"  # a seat is kept until a time; or it is free, for who comes first
    OFFER_ENDED = "offer-ended"
    MOVED_UP = "moved-up"  # somebody who was in line has a seat
    CHANGED = "changed"  # the registration, or facts of the meeting
    CANCELLED = "cancelled"  # the registration
    CALLED_OFF = "called-off"  # the meeting
    MY_PAGE = "my-page"  # the link to one's registration, as it was asked for
    REMINDER_WEEK = "reminder-week"
    REMINDER_DAY = "reminder-day"
    LINK = "link"  # where to take part remotely, on the day
    THANKS = "thanks"
    MESSAGE = "message"  # the editor's own words
    DECLINED = "declined"  # in their calendar: the link to cancel, as that cancels nothing


class MailState(StrEnum):
    """What became of such a mail."""

    DUE = "due"
    SENT = "sent"  # handed to the notices, which deliver it
    SKIPPED = "skipped"  # it was no longer true, or its time had passed


@dataclass(frozen=True, slots=True, kw_only=True)
class DueMail:
    """One mail about a registration."""

    id: int
    registration_id: int
    meeting: str
    kind: MeetingMail
    number: int  # from 1
    due_at: dt.datetime  # UTC
    state: MailState
    reason: str = ""  # why it was skipped
    # What it tells of: “until” of an offer, “first_come”, “changes” of facts, “what” changed.
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldMeeting:
    """What the ledger holds of a meeting itself."""

    id: str
    starts_at: dt.datetime  # UTC, as its file said last
    ends_at: dt.datetime
    told: Mapping[str, Any]  # facts that people know
    sequence: int  # of it in public calendars: only raised
    paused_at: dt.datetime | None = None  # since when nobody is moved up
    called_off_at: dt.datetime | None = None
    late_told_at: dt.datetime | None = None  # until when the editor knows what changed too late
    late_until: dt.datetime | None = None  # the same, of a mail that is under way
    sums: Mapping[str, Any] = field(default_factory=dict)  # of answers that are deleted
