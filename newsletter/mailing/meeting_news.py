"""What mails say about a meeting itself to those who registered: reminders, changes, thanks."""

from collections.abc import Callable, Mapping

from newsletter.language import Wording, say, say_list
from newsletter.mailing.registration_facts import (
    TAKE_PART,
    About,
    calendar_words,
    door_code,
    facts_of,
    own_way,
)
from newsletter.mailing.reply_words import Said
from newsletter.model.meeting import MeetingMail

_FACTS = {
    "start": say("Beginning"),
    "end": say("End"),
    "zone": say("Time zone"),
    "place": say("Venue"),
    "address": say("Address"),
}


def _changed(about: About) -> Said:
    told = [
        (_FACTS[name], say("{now} (before: {before})", now=now, before=before) if before else now)
        for name, (before, now) in about.changes.items()
        if name in _FACTS and now
    ]
    paragraphs = [say("Something has changed about {meeting}.", meeting=about.title)]
    if "link" in about.changes and about.places.remote:
        paragraphs.append(say("The link to take part remotely is another: use the one below."))
    shown = facts_of(about)
    return Said(
        subject=say("{meeting}: a change", meeting=about.title),
        heading=say("Something has changed"),
        paragraphs=tuple(paragraphs),
        facts=(*told, *(fact for fact in shown if _is_further(fact, about))),
        rest=(*calendar_words(about), *own_way(about)),
    )


def _is_further(fact: tuple[Wording, str], about: About) -> bool:
    """Return whether a fact is told besides those that changed: when it is, and the link."""
    return fact[1] in (about.when, about.places.remote)


def _called_off(about: About) -> Said:
    more: tuple[Wording, ...] = (say("You need not do anything."),)
    if about.invites:
        more = (say("This mail takes it out of your calendar. You need not do anything."),)
    return Said(
        subject=say("{meeting} is called off", meeting=about.title),
        heading=say("The meeting is called off"),
        paragraphs=(
            say("{meeting} does not take place. We are sorry.", meeting=about.title),
            *more,
        ),
        facts=facts_of(about, with_remote=False),
    )


def _week(about: About) -> Said:
    return _reminder(
        about,
        say("{meeting}: in a week", meeting=about.title),
        say("See you in a week"),
        say("You are registered for {meeting}, which is in a week.", meeting=about.title),
    )


def _day(about: About) -> Said:
    return _reminder(
        about,
        say("{meeting}: tomorrow", meeting=about.title),
        say("See you tomorrow"),
        say("You are registered for {meeting}, which is tomorrow.", meeting=about.title),
    )


def _reminder(about: About, subject: Wording, heading: Wording, what: Wording) -> Said:
    told = [what]
    if about.is_remote and not about.places.remote:
        told.append(say("The link to take part comes by mail on the day of the meeting."))
    if not about.is_remote:
        told.append(say("If you cannot come, cancel, so that somebody else gets the seat."))
    return Said(
        subject=subject,
        heading=heading,
        paragraphs=tuple(told),
        facts=facts_of(about),
        code=door_code(about),
        rest=own_way(about),
    )


def _link(about: About) -> Said:
    return Said(
        subject=say("{meeting}: the link for today", meeting=about.title),
        heading=say("Take part here today"),
        paragraphs=(
            say("{meeting} is today.", meeting=about.title),
            say("The link is for those who registered: do not hand it on."),
        ),
        facts=facts_of(about),
        act=(TAKE_PART, about.places.remote),
        rest=own_way(about),
    )


def _thanks(about: About) -> Said:
    material, survey = about.places.material, about.places.survey
    ways: list[tuple[Wording, str]] = []
    if material:
        ways.append((say("See the material"), material))
    if survey:
        ways.append((say("Tell us how it was"), survey))
    rest = [(say("A few questions, so that the next one is better:"), *way) for way in ways[1:]]
    told = [say("Thank you to everybody who took part in {meeting}.", meeting=about.title)]
    if material:
        told.append(say("The material is on the web now."))
    if survey and not material:
        told.append(say("A few questions, so that the next one is better:"))
    return Said(
        subject=say("{meeting}: thank you", meeting=about.title),
        heading=say("Thank you"),
        paragraphs=tuple(told),
        act=ways[0] if ways else None,
        rest=tuple(rest),
    )


def _message(about: About) -> Said:
    subject = say_list([about.subject])
    return Said(
        subject=subject,
        heading=subject,
        paragraphs=(),
        body=about.body,
        facts=(),
        rest=(
            say("You get this mail as you registered for {meeting}.", meeting=about.title),
            *own_way(about),
        ),
    )


SAID: Mapping[MeetingMail, Callable[[About], Said]] = {
    MeetingMail.CHANGED: _changed,
    MeetingMail.CALLED_OFF: _called_off,
    MeetingMail.REMINDER_WEEK: _week,
    MeetingMail.REMINDER_DAY: _day,
    MeetingMail.LINK: _link,
    MeetingMail.THANKS: _thanks,
    MeetingMail.MESSAGE: _message,
}
