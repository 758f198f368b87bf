"""What mails say to somebody about their registration for a meeting.

To an address that nobody confirmed goes nothing that was typed into a form (`About` has nothing of
it): else the form would mail strangers whatever anybody wants them to read.
"""

from collections.abc import Callable, Mapping

from newsletter.language import Wording, say, say_list
from newsletter.mailing.registration_facts import (
    About,
    calendar_words,
    door_code,
    facts_of,
    own_way,
)
from newsletter.mailing.reply_words import Said
from newsletter.model.meeting import MeetingMail

_WHAT = {
    "name": say("your name"),
    "badge": say("the name on your badge"),
    "organisation": say("your organisation"),
    "region": say("your region"),
    "language": say("your language"),
    "needs": say("what you need"),
    "answers": say("your answers"),
    "attending": say("how you take part"),
    "line_at": say("your place in line"),
}


def _confirm(about: About) -> Said:
    return Said(
        subject=say("{meeting}: please confirm that you come", meeting=about.title),
        heading=say("Do you want to take part?"),
        paragraphs=(
            say(
                "Somebody, hopefully you, registered this address for {meeting}. If you want to "
                "take part, press the button, and once more on the page that opens.",
                meeting=about.title,
            ),
        ),
        facts=facts_of(about, with_remote=False),
        act=(say("Confirm that I take part"), about.places.confirm),
        rest=(
            say("Until you confirm, no seat is taken. The link works for 7 days."),
            say("Was it not you? You need not do anything."),
        ),
    )


def _confirmed(about: About) -> Said:
    return Said(
        subject=say("{meeting}: you are registered", meeting=about.title),
        heading=say("You are registered"),
        paragraphs=(say("Thank you, and welcome to {meeting}.", meeting=about.title), _how(about)),
        facts=facts_of(about),
        code=door_code(about),
        rest=(*calendar_words(about), *own_way(about)),
    )


def _moved_up(about: About) -> Said:
    return Said(
        subject=say("{meeting}: you have a seat", meeting=about.title),
        heading=say("You have a seat"),
        paragraphs=(say("You were in line. Now you are registered."), _how(about)),
        facts=facts_of(about),
        code=door_code(about),
        rest=(*calendar_words(about), *own_way(about)),
    )


def _how(about: About) -> Wording:
    if not about.is_remote:
        return say("You come on site, and a seat is kept for you.")
    if about.places.remote:
        return say("You take part remotely, by the link below. It is yours: do not hand it on.")
    return say("You take part remotely. The link comes by mail on the day of the meeting.")


def _waiting(about: About) -> Said:
    place, paragraphs = about.place_in_line, [say("All seats are taken at present.")]
    if place:
        paragraphs.append(say("You are in line: your place is {place}.", place=place))
    paragraphs.append(
        say("As soon as a seat is free for you, you get a mail. You need not do anything.")
    )
    if about.may_be_remote:
        paragraphs.append(say("There is room to take part remotely: you can change to that."))
    return Said(
        subject=say("{meeting}: you are in line", meeting=about.title),
        heading=say("You are in line for a seat"),
        paragraphs=tuple(paragraphs),
        facts=facts_of(about, with_remote=False),
        rest=own_way(about),
    )


def _offer(about: About) -> Said:
    kept = (
        say("A seat is free. Whoever takes it first gets it, as the meeting is near.")
        if about.is_first_come
        else say("A seat is free for you. It is kept until {until}.", until=about.until)
    )
    further: list[Wording | tuple[Wording, Wording, str]] = []
    if not about.is_first_come:
        further.append(say("If you do not answer by then, the next in line gets it."))
        why, name = say("You do not want it? Then others can have it:"), say("Decline the seat")
        further.append((why, name, about.places.decline))
    return Said(
        subject=say("{meeting}: a seat is free", meeting=about.title),
        heading=say("A seat is free"),
        paragraphs=(kept,),
        facts=facts_of(about, with_remote=False),
        act=(say("Take the seat"), about.places.accept),
        rest=tuple(further),
    )


def _offer_ended(about: About) -> Said:
    over = say("You did not answer in time, so the seat went to the next in line.")
    if about.is_in:
        more = say("Your registration stays as it is: you take part remotely.")
    else:
        more = say("You are no longer in line. If you still want to come, register once more.")
    again = (say("To the page of the meeting"), about.places.meeting)
    return Said(
        subject=say("{meeting}: the seat is no longer kept for you", meeting=about.title),
        heading=say("The seat is no longer kept for you"),
        paragraphs=(over, more),
        facts=facts_of(about) if about.is_in else (),
        act=None if about.is_in else again,
        rest=own_way(about) if about.is_in else (),
    )


def _changed(about: About) -> Said:
    told = [say("Changed: {what}.", what=say_list([_WHAT[each] for each in about.what]))]
    if "attending" in about.what and about.is_in:
        told.append(_how(about))
    if "line_at" in about.what and about.place_in_line:
        told.append(say("You are in line: your place is {place}.", place=about.place_in_line))
    return Said(
        subject=say("{meeting}: your registration was changed", meeting=about.title),
        heading=say("Your registration was changed"),
        paragraphs=tuple(told),
        facts=facts_of(about),
        rest=(*calendar_words(about), *own_way(about)),
    )


def _cancelled(about: About) -> Said:
    gone = say("You are no longer registered. Your seat goes to somebody else.")
    if about.was_in_line:
        gone = say("You are no longer in line.")
    back = say(
        "Was it not you, or a mistake? For an hour you can take it back, as long as the seat is "
        "free:"
    )
    mine = about.places.mine
    return Said(
        subject=say("{meeting}: your registration is cancelled", meeting=about.title),
        heading=say("Your registration is cancelled"),
        paragraphs=(gone, *_taken_out(about)),
        facts=facts_of(about, with_remote=False),
        rest=((back, say("See my registration"), mine),) if mine else (),
    )


def _taken_out(about: About) -> tuple[Wording, ...]:
    if about.invites:
        return (say("This mail takes the meeting out of your calendar."),)
    if about.was_in_line:
        return ()
    return (say("If you added the meeting to your calendar, delete it there."),)


def _declined(about: About) -> Said:
    return Said(
        subject=say("{meeting}: do you want to cancel?", meeting=about.title),
        heading=say("Do you want to cancel?"),
        paragraphs=(
            say("You declined {meeting} in your calendar.", meeting=about.title),
            _still_yours(about),
        ),
        facts=facts_of(about),
        act=(say("Cancel my registration"), about.places.cancel),
        rest=(say("If you come all the same, you need not do anything."),),
    )


def _still_yours(about: About) -> Wording:
    if about.places.cancel:
        return say(
            "That does not cancel your registration, as calendars also decline by mistake: your "
            "seat is still yours. If you cannot come, cancel here, so that somebody else gets it."
        )
    return say(
        "That does not cancel your registration, as calendars also decline by mistake: your seat "
        "is still yours. If you cannot come, answer this mail, so that somebody else gets it."
    )


def _my_page(about: About) -> Said:
    return Said(
        subject=say("{meeting}: the link to your registration", meeting=about.title),
        heading=say("The link to your registration"),
        paragraphs=(
            say(
                "Somebody, hopefully you, asked on our page for the link to this registration, or "
                "registered once more. Nothing has changed."
            ),
        ),
        facts=facts_of(about, with_remote=False),
        act=(say("See my registration"), about.places.mine),
        rest=(say("If it was not you, you need not do anything."),),
    )


SAID: Mapping[MeetingMail, Callable[[About], Said]] = {
    MeetingMail.CONFIRM: _confirm,
    MeetingMail.CONFIRMED: _confirmed,
    MeetingMail.MOVED_UP: _moved_up,
    MeetingMail.WAITING: _waiting,
    MeetingMail.OFFER: _offer,
    MeetingMail.OFFER_ENDED: _offer_ended,
    MeetingMail.CHANGED: _changed,
    MeetingMail.CANCELLED: _cancelled,
    MeetingMail.DECLINED: _declined,
    MeetingMail.MY_PAGE: _my_page,
}
