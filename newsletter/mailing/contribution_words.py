"""What is mailed about what people send in: to the editor what came, to senders what became of it.

Of what a stranger typed a mail to them has the title alone, and only once the editor accepted it:
nobody proved that the address is theirs.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from newsletter.language import Wording, say, say_in, say_list, say_many
from newsletter.language.phrases import format_day
from newsletter.mailing.reply_words import Said
from newsletter.meetings import LateChanges
from newsletter.model import Contribution, ContributionKind, ContributionMail

_MOST = 15  # that are told one by one


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What the editor is to be told by one mail."""

    name: str  # of that mail; empty: there is nothing to tell
    new: Sequence[Contribution]
    waiting: int  # in all
    late: Sequence[LateChanges]  # of meetings to come


def say_parting(contribution: Contribution, *, title: str, contact: str) -> Said:
    """Return what the mail says to whoever sent something in, once it is decided.

    `title` is that of the newsletter, `contact` its address for answers.
    """
    if contribution.mail is ContributionMail.THANKS:
        return _thanks(contribution, title, contact)
    return _regrets(title, contact)


def say_digest(news: News, deadline: dt.date | None, *, title: str, language: str) -> Said:
    """Return what the mail says to the editor about what came in since the last one."""
    paragraphs: list[str] = [_late(one, language) for one in news.late]
    if not news.new:
        return Said(
            subject=say("{title}: changes after a deadline", title=title),
            heading=say("Changed after the deadline:"),
            paragraphs=tuple(paragraphs),
        )
    paragraphs = [*_items(news.new, language), *_rest(news.new, news.waiting), *paragraphs]
    if deadline:
        day = format_day(deadline, "long", language)
        paragraphs.append(say("News for the next issue comes in until {day}.", day=day))
    return Said(
        subject=say_many(
            "{title}: {n:,} new contribution or request",
            "{title}: {n:,} new contributions and requests",
            n=len(news.new),
            title=title,
        ),
        heading=say_many("This came in:", "These came in:", n=len(news.new)),
        paragraphs=tuple(paragraphs),
    )


def _late(one: LateChanges, language: str) -> Wording:
    """Return what changed after the deadline of a meeting; who it was stands in no mail."""
    counted = (
        (one.registered, say_many("{n:,} registered", "{n:,} registered", n=one.registered)),
        (one.cancelled, say_many("{n:,} cancelled", "{n:,} cancelled", n=one.cancelled)),
        (one.moved_up, say_many("{n:,} has a seat now", "{n:,} have a seat now", n=one.moved_up)),
        (one.needs, say("what they need: {n:,}", n=one.needs)),
        (one.attending, say("how they take part: {n:,}", n=one.attending)),
        (one.answers, say("their answers: {n:,}", n=one.answers)),
    )
    return say(
        "{meeting}, {day}, changed after the deadline: {what}. “newsletter meetings show {id}” "
        "tells who.",
        meeting=one.meeting.text_in(language).title,
        day=format_day(one.meeting.start.date(), "long", language),
        what=say_list([words for count, words in counted if count]),
        id=one.meeting.id,
    )


def _thanks(contribution: Contribution, title: str, contact: str) -> Said:
    return Said(
        subject=say("{title}: your news is accepted", title=title),
        heading=say("Thank you for your news!"),
        paragraphs=(
            say(
                "The editor takes “{news}” into the next issue. It may be shortened there, and "
                "its language mended.",
                news=contribution.title,
            ),
            say(
                "If it is not from you, or you changed your mind, write to {address} soon.",
                address=contact,
            ),
        ),
    )


def _regrets(title: str, contact: str) -> Said:
    return Said(
        subject=say("{title}: what you sent us", title=title),
        heading=say("Thank you for writing to us"),
        paragraphs=(
            say(
                "This time we cannot take up what you sent us. We are glad that you thought of us."
            ),
            say("If you have a question about it, write to {address}.", address=contact),
        ),
    )


def _items(new: Sequence[Contribution], language: str) -> Iterator[str]:
    tell = partial(say_in, language)
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
