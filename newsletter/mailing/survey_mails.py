"""Invites people on the list to a survey, and reminds once those who have not answered.

Each language is a notice in which the reader's own link is a slot. Who gets it is decided when it
is frozen; who leaves, complains or is erased before their mail is written gets none.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from newsletter.face import face_of
from newsletter.language import Wording, say
from newsletter.ledger import Ledger, people, survey_people
from newsletter.links import SURVEY_SLOT, survey_url
from newsletter.mailing.notices import Notice, notice_of, scope_of_notice
from newsletter.mailing.reply_sheets import lay_out
from newsletter.mailing.survey_words import say_invitation
from newsletter.model import NoticeKind, Slot, Standing, Subscriber, Survey
from newsletter.segments import parse_segment
from newsletter.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """Who would be mailed about a survey."""

    survey: Survey
    is_reminder: bool
    addresses: Mapping[str, Sequence[str]]  # by language
    left_out: Mapping[Wording, int]  # reason -> how many people

    @property
    def count(self) -> int:
        """Return how many people would be mailed."""
        return sum(map(len, self.addresses.values()))


def plan_invitations(
    settings: Settings, ledger: Ledger, survey: Survey, *, is_reminder: bool
) -> Invited:
    """Return who would be invited, or reminded; nothing is written.

    Each person is invited once. Reminded is, once, who was invited and has not answered.
    """
    segment = parse_segment(survey.segment) if survey.segment else None
    invite, remind = (_beginning(settings, survey, is_reminder=each) for each in (False, True))
    with ledger.read() as connection:
        asked = list(
            people.list_subscribers(
                connection, standing=Standing.ACTIVE, segment=segment, zone=settings.zone
            )
        )
        answered = survey_people.find_answered(connection, survey.id)
        invited = survey_people.find_invited(connection, invite)
        reminded = survey_people.find_invited(connection, remind)
    chosen: dict[str, list[str]] = {}
    left_out: Counter[Wording] = Counter()
    for person in asked:
        why = _why_not(person, answered, invited, reminded if is_reminder else None)
        if why:
            left_out[why] += 1
        else:
            chosen.setdefault(_language(person, survey), []).append(person.address)
    return Invited(survey=survey, is_reminder=is_reminder, addresses=chosen, left_out=left_out)


def _why_not(
    person: Subscriber, answered: set[str], invited: set[str], reminded: set[str] | None
) -> Wording | None:
    """Return why somebody is not mailed; `reminded` is None for an invitation."""
    if person.key in answered:
        return say("have answered")
    if reminded is None:
        return say("were invited before") if person.key in invited else None
    if person.key not in invited:
        return say("were not invited")
    return say("were reminded before") if person.key in reminded else None


def count_invited(settings: Settings, ledger: Ledger, survey: Survey) -> int:
    """Return how many people were invited to a survey by mail."""
    with ledger.read() as connection:
        beginning = _beginning(settings, survey, is_reminder=False)
        return len(survey_people.find_invited(connection, beginning))


def invitation_notices(
    settings: Settings, planned: Invited
) -> Iterator[tuple[Notice, Sequence[str]]]:
    """Yield the notices that are mailed, each with the addresses it goes to."""
    face = face_of(settings)
    url = settings.newsletter.public_url or ""
    survey, is_reminder = planned.survey, planned.is_reminder
    for language, addresses in planned.addresses.items():
        mark = f"z{hashlib.sha256(survey.id.encode()).hexdigest()[:12]}"
        own = Slot(marker=f"{mark}mz", name=f"{SURVEY_SLOT}{survey.id}")
        leave = Slot(marker=f"{mark}uz", name="unsubscribe_url")
        said = say_invitation(
            survey,
            language,
            answer=survey_url(url, survey.id, language, token=own.marker),
            leave=leave.marker,
            is_reminder=is_reminder,
        )
        key = f"{_key(survey, is_reminder=is_reminder)}{language}"
        sheet = lay_out(said, language, face)
        notice = notice_of(sheet, NoticeKind.INVITATION, key, slots=(own, leave))
        # Whoever joins later may get it in other words, which take a key of their own.
        words = hashlib.sha256(f"{notice.subject}\0{notice.html}".encode()).hexdigest()[:8]
        yield replace(notice, key=f"{key}-{words}"), addresses


def _language(person: Subscriber, survey: Survey) -> str:
    """Return the language in which somebody is asked: their own, if the survey has it."""
    own, primary = person.language, person.language.partition("-")[0]
    return next(
        (code for code in (own, primary) if code in survey.titles), next(iter(survey.titles))
    )


def _beginning(settings: Settings, survey: Survey, *, is_reminder: bool) -> str:
    key = _key(survey, is_reminder=is_reminder)
    return scope_of_notice(settings, NoticeKind.INVITATION, key)


def _key(survey: Survey, *, is_reminder: bool) -> str:
    return f"{survey.id}-{'remind' if is_reminder else 'invite'}:"
