"""Examines meetings to come: what their editor must decide."""

import datetime as dt
from collections.abc import Iterator

from newsletter import meetings
from newsletter.agenda import meetings_of
from newsletter.checkup.diagnoses import Diagnosis, doubtful
from newsletter.language import say
from newsletter.ledger import Ledger, told_meetings
from newsletter.settings import Settings

_PART = "meetings"


def look_at_gatherings(
    settings: Settings, ledger: Ledger, *, now: dt.datetime
) -> Iterator[Diagnosis]:
    """Tell of each meeting to come whose people were told something else, or that is overfull."""
    known, _ = meetings_of(settings)
    for meeting in known:
        if meeting.ends_at > now:
            yield from _decisions(ledger, meeting, now)


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
        if seats.surplus:
            more = say("{meeting}: more people than seats {way}", meeting=meeting.id, way=way.words)
            yield doubtful(_PART, more, cure)
