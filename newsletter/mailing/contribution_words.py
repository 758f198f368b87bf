"""What is mailed about what people send in: to the editor what came, to senders what became of it.

Of what a stranger typed a mail to them has the title alone, and only once the editor accepted it:
nobody proved that the address is theirs.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from newsletter.language import Wording, say, say_in, say_many, spoken_language
from newsletter.language.phrases import format_day
from newsletter.mailing.reply_page import Sheet, write_html, write_text
from newsletter.model import Contribution, ContributionKind, ContributionMail

_MOST = 15  # that are told one by one
_Tell = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """Who writes, and how it looks."""

    language: str  # one that is spoken here
    title: str  # of the newsletter
    sender: str
    contact: str  # the address for answers
    button: str
    on_button: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail as it is written."""

    subject: str
    html: str
    text: str
    language: str


def spoken(language: str) -> str:
    """Return the language in which somebody is written to."""
    return spoken_language(language)


def write_parting(contribution: Contribution, head: Letterhead) -> Letter:
    """Return the mail to whoever sent something in, once it is decided."""
    tell = partial(say_in, head.language)
    is_thanks = contribution.mail is ContributionMail.THANKS
    subject, heading, paragraphs = _thanks(contribution, head) if is_thanks else _regrets(head)
    return _letter(head, tell(subject), tell(heading), [tell(words) for words in paragraphs])


def write_digest(
    new: Sequence[Contribution], waiting: int, deadline: dt.date | None, head: Letterhead
) -> Letter:
    """Return the mail to the editor about what came in since the last one."""
    tell = partial(say_in, head.language)
    subject = say_many(
        "{title}: {n:,} new contribution or request",
        "{title}: {n:,} new contributions and requests",
        n=len(new),
        title=head.title,
    )
    heading = say_many("This came in:", "These came in:", n=len(new))
    paragraphs = [*_items(new, tell), *(tell(words) for words in _rest(new, waiting))]
    if deadline:
        day = format_day(deadline, "long", head.language)
        paragraphs.append(tell(say("News for the next issue comes in until {day}.", day=day)))
    return _letter(head, tell(subject), tell(heading), paragraphs)


def _thanks(contribution: Contribution, head: Letterhead) -> tuple[Wording, Wording, list[Wording]]:
    return (
        say("{title}: your news is accepted", title=head.title),
        say("Thank you for your news!"),
        [
            say(
                "The editor takes “{news}” into the next issue. It may be shortened there, and "
                "its language mended.",
                news=contribution.title,
            ),
            say(
                "If it is not from you, or you changed your mind, write to {address} soon.",
                address=head.contact,
            ),
        ],
    )


def _regrets(head: Letterhead) -> tuple[Wording, Wording, list[Wording]]:
    return (
        say("{title}: what you sent us", title=head.title),
        say("Thank you for writing to us"),
        [
            say(
                "This time we cannot take up what you sent us. We are glad that you thought of us."
            ),
            say("If you have a question about it, write to {address}.", address=head.contact),
        ],
    )


def _items(new: Sequence[Contribution], tell: _Tell) -> Iterator[str]:
    for one in [one for one in new if not one.is_slow][:_MOST]:
        kind = tell(one.kind.words)
        region = f" ({one.region})" if one.region else ""
        # Without a name: it would stay in what was mailed when the person is forgotten.
        shown = f"{kind[:1].upper()}{kind[1:]}: {one.title}{region}"
        extras = [say("with a picture")] if one.picture_bytes else []
        extras += [say("with a link")] if one.link else []
        if one.kind is ContributionKind.REQUEST:
            shown += "".join(f", {part}" for part in (one.dates, one.place) if part)
        yield ", ".join([shown, *(tell(extra) for extra in extras)])


def _rest(new: Sequence[Contribution], waiting: int) -> Iterator[Wording]:
    slow = sum(one.is_slow for one in new)
    if more := max(0, len(new) - slow - _MOST):
        yield say_many("And {n:,} more.", "And {n:,} more.", n=more)
    if slow:
        yield say_many(
            "{n:,} came while very much was sent in, without a proof of work; it stands last.",
            "{n:,} came while very much was sent in, without a proof of work; they stand last.",
            n=slow,
        )
    yield say_many(
        "{n:,} waits for you. “newsletter contributions list” shows it.",
        "{n:,} wait for you. “newsletter contributions list” shows them.",
        n=waiting,
    )


def _letter(head: Letterhead, subject: str, heading: str, paragraphs: Sequence[str]) -> Letter:
    sheet = Sheet(
        language=head.language,
        subject=subject,
        title=head.title,
        heading=heading,
        paragraphs=paragraphs,
        closing=[head.title, head.sender],
        button=head.button,
        on_button=head.on_button,
    )
    html, text = write_html(sheet), write_text(sheet)
    return Letter(subject=subject, html=html, text=text, language=head.language)
