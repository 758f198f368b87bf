"""What mails about a meeting are made of: facts in the language of their reader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from newsletter.language import Wording, say

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
