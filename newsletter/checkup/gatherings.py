"""Examines meetings: what their editor must decide."""

import datetime as dt
from collections.abc import Collection, Iterator

from newsletter import meetings
from newsletter.agenda import meetings_of
from newsletter.checkup.diagnoses import Diagnosis, doubtful
from newsletter.language import say
from newsletter.ledger import Ledger, questionnaires, told_meetings
from newsletter.settings import Settings

_PART = "meetings"
_ASKED = dt.timedelta(days=30)  # after a meeting, in which people are thanked


def look_at_gatherings(
    settings: Settings, ledger: Ledger, *, now: dt.datetime
) -> Iterator[Diagnosis]:
    """Tell of meetings whose people were told something else, that are overfull or ask nobody."""
    agenda = meetings_of(settings)
    yield from _drafts(ledger, agenda.drafts, now)
    for meeting in agenda.meetings:
        if meeting.ends_at > now:
            yield from _decisions(ledger, meeting, now)
        elif meeting.survey and now < meeting.ends_at + _ASKED:
            thanked = meeting.thanked_at(settings.meetings.thanks_at)
            yield from _feedback(ledger, meeting, thanked, now)


def _drafts(ledger: Ledger, drafts: Collection[str], now: dt.datetime) -> Iterator[Diagnosis]:
    """Tell of meetings for which people registered, and whose mails wait for a mark to be gone."""
    with ledger.read() as connection:
        known = told_meetings.list_told(connection)
    for told in known:
        if told.id in drafts and now < told.ends_at + _ASKED:
            yield doubtful(
                _PART,
                say(
                    "{meeting}: its text is marked as still to be written, so its mails wait",
                    meeting=told.id,
                ),
                say("newsletter meetings show {meeting}", meeting=told.id),
            )


def _feedback(
    ledger: Ledger, meeting: meetings.Meeting, thanked: dt.datetime, now: dt.datetime
) -> Iterator[Diagnosis]:
    """Tell that the survey that asks how it was is not open, and that no thanks led to it."""
    with ledger.read() as connection:
        opened = questionnaires.find_survey(connection, meeting.survey)
        is_thanked = told_meetings.is_thanked(connection, meeting.id)
    cure = say("newsletter surveys open {survey}", survey=meeting.survey)
    if opened:
        was_asked = is_thanked and (opened.ends_at or now) > thanked
        if opened.is_open(now) or was_asked or is_thanked is None:
            return
        cure = say(
            "copy surveys/{survey}.md under another name, with a later day, name that in the "
            "meeting's file, and open it",
            survey=meeting.survey,
        )
    yield doubtful(
        _PART,
        say(
            "{meeting}: its survey “{survey}” is not open, so nobody is asked how it was",
            meeting=meeting.id,
            survey=meeting.survey,
        ),
        cure,
    )


def _decisions(ledger: Ledger, meeting: meetings.Meeting, now: dt.datetime) -> Iterator[Diagnosis]:
    with ledger.read() as connection:
        told = told_meetings.find_told(connection, meeting.id)
    if told is None:
        return
    cure = say("newsletter meetings show {meeting}", meeting=meeting.id)
    is_untold = meeting.is_cancelled and told.called_off_at is None
    if is_untold or meetings.changes_of(told, meeting):
        yield doubtful(
            _PART,
            say("{meeting}: those who registered were told something else", meeting=meeting.id),
            cure,
        )
    for way, seats in meetings.find_seating(ledger, meeting, now).ways.items():
        if seats.surplus and now < meeting.starts_at:
            more = say("{meeting}: more people than seats {way}", meeting=meeting.id, way=way.words)
            yield doubtful(_PART, more, cure)
