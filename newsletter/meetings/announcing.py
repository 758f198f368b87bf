"""Tells those who registered what changed of a meeting, or that it does not take place."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from newsletter.ledger import Ledger, registrations, told_meetings
from newsletter.meetings.changing import take_off
from newsletter.meetings.moving_up import Hall, entered
from newsletter.model.meeting import Meeting, MeetingMail, ToldMeeting

_TOLD = ("start", "end", "zone", "place", "address", "link")


def changes_of(told: ToldMeeting | None, meeting: Meeting) -> Mapping[str, tuple[str, str]]:
    """Return which facts people were told otherwise: before and now; of the link only that."""
    if told is None:
        return {}
    now = meeting.facts
    before = {name: str(told.told.get(name, "")) for name in _TOLD}
    changed = {n: (before[n], str(now[n])) for n in _TOLD if before[n] != str(now[n])}
    return {n: ("", "") if n == "link" else pair for n, pair in changed.items()}


def tell_changes(ledger: Ledger, meeting: Meeting, now: dt.datetime) -> int:
    """Let everybody who comes or waits be mailed what changed; return how many.

    A meeting that is cancelled is told so once, and nobody is registered any more; what a stranger
    never confirmed is deleted.
    """
    with entered(ledger, meeting, now) as hall:
        if meeting.is_cancelled:
            return _call_off(hall)
        changes: dict[str, Any] = {n: list(p) for n, p in changes_of(hall.told, meeting).items()}
        if not changes:
            return 0
        live = hall.live()
        registrations.raise_sequences(hall.connection, [one.id for one in live])
        for one in live:
            hall.mail(one, MeetingMail.CHANGED, changes=changes)
        _note(hall, sequence=hall.told.sequence + 1)
        return len(live)


def _call_off(hall: Hall) -> int:
    asked = registrations.list_registrations(hall.connection, hall.meeting.id)
    live = [one for one in asked if one.is_live]
    for one in asked:
        registrations.delete_wish(hall.connection, one.id)  # nobody knows whose it was
    for one in live:
        take_off(hall, one, MeetingMail.CALLED_OFF)
    if hall.told.called_off_at is None:
        _note(hall, sequence=hall.told.sequence + 1, called_off_at=hall.now)
    return len(live)


def _note(hall: Hall, **values: Any) -> None:
    facts = dict(hall.meeting.facts)
    told_meetings.change_told(hall.connection, hall.meeting.id, told=facts, **values)
