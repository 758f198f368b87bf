"""What mails about a meeting are made of: facts in the language of their reader."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from newsletter.language import Wording, say
from newsletter.language.timespans import format_moment, format_span
from newsletter.model import (
    Attending,
    DueMail,
    Meeting,
    Registration,
    RegistrationState,
    in_language,
)

MY_REGISTRATION = say("See, change or cancel my registration")
TAKE_PART = say("Take part remotely")


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingPlaces:
    """The addresses that such a mail may lead to; empty: there is none."""

    meeting: str = ""  # what anybody reads of it
    mine: str = ""  # one's own registration: to see, change and cancel it
    confirm: str = ""
    accept: str = ""
    decline: str = ""
    cancel: str = ""
    material: str = ""
    survey: str = ""
    remote: str = field(default="", repr=False)  # where to take part; only for who registered
    door: str = field(default="", repr=False)  # what the code leads to by which the door knows them


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a mail about a registration tells of; nothing that anybody typed into a form."""

    title: str  # of the meeting
    when: str
    where: str  # place and address
    is_remote: bool  # they take part remotely
    is_in: bool  # they are registered
    places: MeetingPlaces
    until: str = ""  # of an offer
    is_first_come: bool = False  # the seat is kept for nobody
    place_in_line: int | None = None
    may_be_remote: bool = False  # they could take part remotely instead
    was_in_line: bool = False  # they never had a seat
    # Whether the mail invites (True), or has a file to be added by hand (False); None: neither.
    invites: bool | None = None
    # Name of a fact of the meeting -> what it was, and is now.
    changes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    what: Sequence[str] = ()  # fields of the registration that changed
    subject: str = ""  # of the editor's own message,
    body: str = ""  # and its Markdown


def about_of(
    mail: DueMail,
    one: Registration,
    meeting: Meeting,
    *,
    language: str,
    places: MeetingPlaces,
    place_in_line: int | None,
    invites: bool | None,
) -> About:
    """Return what a mail tells of, in the words of a language; times by the meeting's clock."""
    detail, text = mail.detail, meeting.text_in(language)
    is_remote = detail.get("way", one.attending) == Attending.REMOTE
    has_remote = Attending.REMOTE in meeting.seats and meeting.seats[Attending.REMOTE] is None
    changes: Mapping[str, Sequence[str]] = detail.get("changes") or {}
    words = _own_words(detail, language)
    return About(
        title=text.title,
        when=format_span(
            meeting.start,
            meeting.end,
            language=language,
            zone=meeting.zone.key if is_remote else "",
        ),
        where=", ".join(filter(None, (text.place, text.address))),
        is_remote=is_remote,
        is_in=one.state is RegistrationState.REGISTERED,
        places=places,
        until=_local(detail.get("until"), meeting, language),
        is_first_come=bool(detail.get("first_come")),
        place_in_line=place_in_line,
        may_be_remote=has_remote and one.attending is Attending.ON_SITE,
        was_in_line=one.cancelled_from not in ("", RegistrationState.REGISTERED),
        invites=invites,
        changes={name: _changed(name, pair, meeting, language) for name, pair in changes.items()},
        what=tuple(detail.get("what", ())),
        subject=words.get("subject", ""),
        body=words.get("text", ""),
    )


def _own_words(detail: Mapping[str, Any], language: str) -> Mapping[str, str]:
    """Return the editor's own message in the language of its reader."""
    words: Mapping[str, Mapping[str, str]] = detail.get("words") or {}
    return in_language(words, language) if words else {}


def _local(moment: str | None, meeting: Meeting, language: str) -> str:
    """Return a moment with a zone as the meeting's clock shows it."""
    if not moment:
        return ""
    local = dt.datetime.fromisoformat(moment).astimezone(meeting.zone).replace(tzinfo=None)
    return format_moment(local, language=language)


def _changed(name: str, pair: Sequence[str], meeting: Meeting, language: str) -> tuple[str, str]:
    """Return what a fact was and is, as people read it."""
    before, now = pair
    if name in ("start", "end"):
        moments = [dt.datetime.fromisoformat(each) if each else None for each in pair]
        told = [format_moment(at, language=language) if at else "" for at in moments]
        return told[0], told[1]
    text = meeting.text_in(language)
    return before, {"place": text.place, "address": text.address}.get(name) or now


def facts_of(about: About, *, with_remote: bool = True) -> tuple[tuple[Wording, str], ...]:
    """Return when and where, and the link of who takes part remotely; it stands high in the mail.

    Outlook puts the text of the mail into the entry of the calendar, not that of the invitation.
    """
    where = say("remotely") if about.is_remote else about.where
    told = [(say("When"), about.when), (say("Where"), where)]
    if about.places.remote and with_remote:
        told.append((say("Link"), about.places.remote))
    return tuple((label, words) for label, words in told if words)


def calendar_words(about: About) -> tuple[Wording, ...]:
    """Return how the meeting gets into the calendar, if the mail has something for it."""
    if about.invites is None:
        return ()
    if about.invites and not about.places.mine:
        return (
            say(
                "The invitation in this mail puts the meeting into your calendar, and what changes "
                "later changes there, too. To decline it there does not cancel your registration."
            ),
        )
    if about.invites:
        return (
            say(
                "The invitation in this mail puts the meeting into your calendar, and what changes "
                "later changes there, too. To decline it there does not cancel your registration: "
                "that is done by the link below."
            ),
        )
    return (say("The attached file adds the meeting to your calendar."),)


def door_code(about: About) -> tuple[Wording, str] | None:
    """Return what the door reads, of who comes on site."""
    if about.is_remote or not about.places.door:
        return None
    return say("Show this code at the door"), about.places.door


def own_way(about: About) -> tuple[Wording | tuple[Wording, Wording, str], ...]:
    """Return the way to one's own registration; where no pages are that is an answer by mail."""
    if not about.places.mine:
        return (say("Something has changed, or you cannot come? Answer this mail."),)
    why = say("Something has changed, or you cannot come?")
    return ((why, MY_REGISTRATION, about.places.mine),)
