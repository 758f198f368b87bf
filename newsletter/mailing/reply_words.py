"""What mails to people say that answer what they asked for on our pages.

Nothing that anybody typed stands in them: whoever fills in a form with somebody else's address
sends them our words alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from newsletter.consent import Mail, Reply
from newsletter.language import Wording, say
from newsletter.model import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The addresses that a mail may lead to."""

    confirm: str
    refuse: str
    leave: str
    prefer: str
    latest: str = ""  # the newest issue
    survey: str = ""  # which they answer by it


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A mail in words; of a link its name and its address, and what stands before it.

    What is no Wording, such as the title of a survey, stands in every language as it is.
    """

    subject: str
    heading: str
    paragraphs: tuple[str, ...]
    facts: tuple[tuple[Wording, str], ...] = ()  # a label, and what it is; an address is a link
    body: str = ""  # Markdown, in the words of the editor
    act: tuple[Wording, str] | None = None
    # What a phone reads: words, and the address it leads to, of which the picture ends in “.png”.
    code: tuple[Wording, str] | None = None
    rest: tuple[Wording | tuple[Wording, Wording, str], ...] = ()


def say_reply(reply: Reply, places: Places, *, title: str, contact: str) -> Said:
    """Return what a mail says."""
    return _SAID[reply.mail](_About(reply=reply, places=places, title=title, contact=contact))


@dataclass(frozen=True, slots=True, kw_only=True)
class _About:
    reply: Reply
    places: Places
    title: str
    contact: str


def _confirm(about: _About) -> Said:
    return Said(
        subject=say("{title}: please confirm your subscription", title=about.title),
        heading=say("Do you want {title}?", title=about.title),
        paragraphs=(
            say(
                "Somebody, hopefully you, asked for {title} to be sent to this address. If you "
                "want it, press the button, and once more on the page that opens.",
                title=about.title,
            ),
        ),
        act=(say("Confirm the subscription"), about.places.confirm),
        rest=(
            say("The link works for 7 days. If you do not confirm, you are not on the list."),
            (
                say("Was it not you? You need not do anything. If you want no more such mail:"),
                say("It was not me"),
                about.places.refuse,
            ),
        ),
    )


def _known(about: _About) -> Said:
    person = about.reply.person
    is_paused = person is not None and person.standing is Standing.PAUSED
    now = say("You get it already, so nothing has changed.")
    paused = say("You are on the list, but you get no mail at present: it is paused.")
    return Said(
        subject=say("{title}: you are on the list already", title=about.title),
        heading=say("You are on the list already"),
        paragraphs=(
            say(
                "Somebody, hopefully you, asked for {title} to be sent to this address.",
                title=about.title,
            ),
            paused if is_paused else now,
        ),
        act=(say("See my preferences"), about.places.prefer),
        rest=(_way_out(about),),
    )


def _welcome(about: _About) -> Said:
    latest = about.places.latest
    act = (say("Read the latest issue"), latest) if latest else None
    return Said(
        subject=say("Welcome to {title}", title=about.title),
        heading=say("Welcome to {title}", title=about.title),
        paragraphs=(
            say("Thank you. You get the next issue as soon as it is published."),
            say("You can change what you get, pause it or leave whenever you want."),
        ),
        act=act,
        rest=(
            (say("Your choices:"), say("See my preferences"), about.places.prefer),
            _way_out(about),
        ),
    )


def _links(about: _About) -> Said:
    return Said(
        subject=say("{title}: your own links", title=about.title),
        heading=say("Your own links"),
        paragraphs=(
            say(
                "Somebody, hopefully you, asked on our page for the links by which you change what "
                "you get of {title}, or leave.",
                title=about.title,
            ),
        ),
        act=(say("See my preferences"), about.places.prefer),
        rest=(_way_out(about),),
    )


def _survey(about: _About) -> Said:
    return Said(
        subject=say("{title}: your own link to the survey", title=about.title),
        heading=say("Your own link to the survey"),
        paragraphs=(
            say(
                "Somebody, hopefully you, followed a link of {title} to a survey whose answers "
                "carry names. By this link you answer it in yours.",
                title=about.title,
            ),
        ),
        act=(say("Answer the survey"), about.places.survey),
        rest=(
            say("The link is your own, so please do not pass this mail on."),
            say("If it was not you, you need not do anything: nothing changes."),
        ),
    )


def _data(about: _About) -> Said:
    return Said(
        subject=say("{title}: what is held on you", title=about.title),
        heading=say("What is held on you"),
        paragraphs=(
            say(
                "By this link you see all that {title} holds on you. There you can take it along, "
                "or have it erased.",
                title=about.title,
            ),
        ),
        act=(say("See what is held on me"), about.places.confirm),
        rest=(
            say("The link works for a day. Do not hand it on: it shows who you are."),
            say("If you did not ask for it, you need not do anything."),
        ),
    )


def _left(about: _About) -> Said:
    return Said(
        subject=say("{title}: you have left", title=about.title),
        heading=say("You have left"),
        paragraphs=(
            say("You get no more issues of {title} at this address.", title=about.title),
            say(
                "If it was not you, for instance somebody to whom you forwarded an issue, you can "
                "undo it:"
            ),
        ),
        act=(say("See how to undo it"), about.places.leave),
        rest=(say("Otherwise you need not do anything."),),
    )


def _move_from(about: _About) -> Said:
    return _asked_to_move(
        about,
        say("{title}: do you have a new address?", title=about.title),
        say("Do you have a new address?"),
        say(
            "Somebody, hopefully you, wants {title} to be sent to another address instead of "
            "this one. Both addresses are asked.",
            title=about.title,
        ),
    )


def _move_to(about: _About) -> Said:
    return _asked_to_move(
        about,
        say("{title}: is this your new address?", title=about.title),
        say("Is this your new address?"),
        say(
            "Somebody, hopefully you, wants {title} to be sent to this address instead of "
            "another one. Both addresses are asked.",
            title=about.title,
        ),
    )


def _asked_to_move(about: _About, subject: Wording, heading: Wording, why: Wording) -> Said:
    return Said(
        subject=subject,
        heading=heading,
        paragraphs=(why,),
        act=(say("Agree to the change"), about.places.confirm),
        rest=(say("If it was not you, you need not do anything: nothing changes."),),
    )


def _moved(about: _About) -> Said:
    return Said(
        subject=say("{title}: your address was changed", title=about.title),
        heading=say("Your address was changed"),
        paragraphs=(
            say(
                "From now on {title} goes to your new address, as both addresses agreed.",
                title=about.title,
            ),
            say("If it was not you, write to us: {address}", address=about.contact),
        ),
    )


def _way_out(about: _About) -> tuple[Wording, Wording, str]:
    return say("You do not want it any more?"), say("Unsubscribe"), about.places.leave


_SAID: Mapping[Mail, Callable[[_About], Said]] = {
    Mail.CONFIRM: _confirm,
    Mail.KNOWN: _known,
    Mail.WELCOME: _welcome,
    Mail.LINKS: _links,
    Mail.SURVEY: _survey,
    Mail.DATA: _data,
    Mail.LEFT: _left,
    Mail.MOVE_FROM: _move_from,
    Mail.MOVE_TO: _move_to,
    Mail.MOVED: _moved,
}
