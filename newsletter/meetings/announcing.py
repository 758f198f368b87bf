"""Tells those who registered what changed of a meeting, or that it does not take place."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from newsletter.ledger import Ledger, registrations, told_meetings
from newsletter.meetings.changing import take_off
from newsletter.meetings.moving_up import Hall, entered
from newsletter.model.meeting import (
    Attending,
    Meeting,
    MeetingMail,
    Registration,
    RegistrationState,
    ToldMeeting,
)

_TOLD = ("start", "end", "zone", "place", "address", "link")
_WHERE = frozenset({"place", "address"})  # which other languages say in words of their own


def changes_of(told: ToldMeeting | None, meeting: Meeting) -> Mapping[str, tuple[str, str]]:
    """Return which facts some people were told otherwise: before and now; of the link only that.

    Where it is may be another in one language alone, when a file was mended.
    """
    found: dict[str, tuple[str, str]] = {}
    for tongue in meeting.texts:
        found = {**changes_in(told, meeting, tongue), **found}
    return {name: found[name] for name in _TOLD if name in found}


def changes_in(
    told: ToldMeeting | None, meeting: Meeting, language: str
) -> Mapping[str, tuple[str, str]]:
    """Return the same, for those who read of it in a language (BCP 47)."""
    if told is None:
        return {}
    tongue = (meeting.written or meeting).tongue_for(language)
    is_known = tongue in _others(told.told) and tongue in _others(_facts(meeting))
    before, now = (
        {**facts, **(_others(facts)[tongue] if is_known else {})}
        for facts in (told.told, _facts(meeting))
    )
    pairs = {name: (str(before.get(name, "")), str(now[name])) for name in _TOLD}
    changed = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    return {n: ("", "") if n == "link" else pair for n, pair in changed.items()}


def stale_in(told: ToldMeeting | None, meeting: Meeting) -> Mapping[str, str]:
    """Return what other languages still say of where it is, as only the own one was mended."""
    own = changes_in(told, meeting, "").keys() & _WHERE
    if not own:
        return {}
    now = _facts(meeting)
    return {
        tongue: ", ".join(filter(None, theirs.values()))
        for tongue, theirs in _others(now).items()
        if own - changes_in(told, meeting, tongue).keys()
        and any(theirs[name] != now[name] for name in own)
    }


def tell_changes(
    ledger: Ledger, meeting: Meeting, now: dt.datetime, *, link_to_all: bool = False
) -> int:
    """Let everybody who comes or waits be mailed what changed for them; return how many are.

    Who comes on site has the link only if it goes to all. A meeting that is cancelled is told so
    once, and nobody is registered any more; what a stranger never confirmed is deleted.
    """
    with entered(ledger, meeting, now) as hall:
        if meeting.is_cancelled:
            return _call_off(hall)
        if not changes_of(hall.told, meeting):
            return 0
        touched = touched_by(hall.told, meeting, hall.live(), link_to_all=link_to_all)
        registrations.raise_sequences(hall.connection, [one.id for one in touched])
        for one in touched:
            changes = changes_in(hall.told, meeting, one.language)
            hall.mail(one, MeetingMail.CHANGED, changes={n: list(p) for n, p in changes.items()})
        _note(hall, sequence=hall.told.sequence + 1)
        return _count_mailed(touched)


def touched_by(
    told: ToldMeeting | None,
    meeting: Meeting,
    people: Sequence[Registration],
    *,
    link_to_all: bool = False,
) -> Sequence[Registration]:
    """Return those of these people who know something otherwise; of the link, who has it."""
    return [
        one
        for one in people
        if changes_in(told, meeting, one.language).keys()
        - (set() if _has_link(one, to_all=link_to_all) else {"link"})
    ]


def _has_link(one: Registration, *, to_all: bool) -> bool:
    is_in = one.state is RegistrationState.REGISTERED
    return is_in and (to_all or one.attending is Attending.REMOTE)


def _count_mailed(people: Sequence[Registration]) -> int:
    return sum(bool(one.address) for one in people)


def _call_off(hall: Hall) -> int:
    asked = registrations.list_registrations(hall.connection, hall.meeting.id)
    live = [one for one in asked if one.is_live]
    for one in asked:
        registrations.delete_wish(hall.connection, one.id)  # nobody knows whose it was
    for one in live:
        take_off(hall, one, MeetingMail.CALLED_OFF)
    if hall.told.called_off_at is None:
        _note(hall, sequence=hall.told.sequence + 1, called_off_at=hall.now)
    return _count_mailed(live)


def _note(hall: Hall, **values: Any) -> None:
    facts = dict(_facts(hall.meeting))
    told_meetings.change_told(hall.connection, hall.meeting.id, told=facts, **values)


def _facts(meeting: Meeting) -> Mapping[str, Any]:
    """Return what people are told of it; what is still to be translated is told to nobody."""
    return (meeting.written or meeting).facts


def _others(facts: Mapping[str, Any]) -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = facts.get("others", {})
    return found
