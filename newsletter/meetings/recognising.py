"""Tells by a tool's report who of the registered took part remotely: addresses are sure, names not.

rows --joined to people--> minutes within the meeting --> sure | proposed | unknown
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from unicodedata import normalize

from newsletter.model.meeting import Meeting, Registration
from newsletter.model.presence import Presence

_WORD = re.compile(r"[^\W_]+")
_EARLY, _LATE = dt.timedelta(minutes=30), dt.timedelta(minutes=120)  # around what was announced
_MINUTE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """Somebody in a report, with all times that they joined."""

    name: str
    address: str
    minutes: float | None  # within the meeting; None: the report does not say

    @property
    def stayed(self) -> int | None:
        """Return for how many minutes, whole ones."""
        return None if self.minutes is None else round(self.minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """What a report comes to; nothing is written down by it."""

    sure: tuple[tuple[Registration, Participant], ...]  # by address
    proposed: tuple[tuple[Registration, Participant], ...]  # by name alone: the editor confirms
    unknown: tuple[Participant, ...]  # not registered, or by a name that several have
    is_shifted: bool  # its times lie outside the meeting, so that durations alone were taken

    def split(
        self, minutes: int
    ) -> tuple["Recognised", Sequence[tuple[Registration, Participant]]]:
        """Return it without who was there for less, and who those were."""
        both = (*self.sure, *self.proposed)
        brief = [(one, who) for one, who in both if who.stayed is not None and who.stayed < minutes]
        sure = tuple(pair for pair in self.sure if pair not in brief)
        proposed = tuple(pair for pair in self.proposed if pair not in brief)
        return replace(self, sure=sure, proposed=proposed), brief


def recognise(
    rows: Sequence[Presence], registered: Sequence[Registration], meeting: Meeting
) -> Recognised:
    """Return who took part by a report; each registration at most once."""
    people, is_shifted = _participants(rows, registered, meeting)
    by_address = {one.address.casefold(): one for one in registered if one.address}
    sure = {
        by_address[who.address.casefold()].id: (by_address[who.address.casefold()], who)
        for who in people
        if who.address.casefold() in by_address
    }
    left = [who for who in people if who.address.casefold() not in by_address]
    names = _unique_names(one for one in registered if one.id not in sure)
    proposed: dict[int, tuple[Registration, Participant]] = {}
    unknown = []
    for who in left:
        one = names.get(_name_of(who.name))
        if one is None or one.id in proposed:
            unknown.append(who)
        else:
            proposed[one.id] = (one, who)
    return Recognised(
        sure=tuple(sure.values()),
        proposed=tuple(proposed.values()),
        unknown=tuple(unknown),
        is_shifted=is_shifted,
    )


def meant_by(who: str, people: Sequence[Registration]) -> list[Registration]:
    """Return whom an address, a name in whatever order, or a number of a registration means."""
    typed = who.strip().casefold()
    of_address = [one for one in people if typed and one.address.casefold() == typed]
    if of_address or typed.isdecimal():
        return of_address or [one for one in people if str(one.id) == typed]
    same = [one for one in people if typed and one.name.strip().casefold() == typed]
    if same:
        return same
    name = _name_of(who)
    named = [one for one in people if name and _name_of(one.name) == name]
    return named or [one for one in people if name and _name_of(one.badge) == name]


def _participants(
    rows: Sequence[Presence], registered: Sequence[Registration], meeting: Meeting
) -> tuple[list[Participant], bool]:
    """Return each person once, and whether times could not be used."""
    spans = [_around(*span, meeting) for row in rows if (span := _span_of(row))]
    is_shifted = bool(spans) and not any(map(_length, spans))
    people = [
        Participant(
            name=next((row.name for row in of_one if row.name), ""),
            address=of_one[0].address,
            minutes=_stay(of_one, None if is_shifted else meeting),
        )
        for of_one in _by_person(rows, registered)
    ]
    return people, is_shifted


def _by_person(
    rows: Sequence[Presence], registered: Sequence[Registration]
) -> list[list[Presence]]:
    """Return the rows of each; of somebody's who joined with their address and without it, too."""
    grouped: dict[str, list[Presence]] = {}
    for row in rows:
        grouped.setdefault(row.address.casefold() or _name_of(row.name) or row.name, []).append(row)
    for name, one in _unique_names(registered).items():
        own = grouped.get(one.address.casefold())
        if one.address and own and name in grouped:
            own.extend(grouped.pop(name))
    return list(grouped.values())


def _stay(rows: Sequence[Presence], meeting: Meeting | None) -> float | None:
    """Return for how many minutes somebody was there: once where two devices were at a time."""
    timed = [row for row in rows if _span_of(row)]
    minutes = [_minutes(row, meeting) for row in rows]
    known = [each for each in minutes if each is not None]
    if not known:
        return None
    apart = sum(_minutes(row, meeting) or 0.0 for row in timed)
    return sum(known) - apart + min(apart, _merged(timed, meeting))


def _merged(timed: Sequence[Presence], meeting: Meeting | None) -> float:
    """Return the minutes that are in any of these stays."""
    spans = [span for row in timed if (span := _span_of(row))]
    if meeting is not None:
        spans = [_around(*span, meeting) for span in spans]
    total, until = 0.0, dt.datetime.min  # noqa: DTZ901 - as all times of a report
    for begun, ended in sorted(spans):
        total += _length((max(begun, until), ended))
        until = max(until, ended)
    return total


def _minutes(row: Presence, meeting: Meeting | None) -> float | None:
    """Return for how long somebody was there at a time: never longer than the report says."""
    span = _span_of(row)
    if meeting is None or span is None:
        return row.minutes
    within = _length(_around(*span, meeting))
    return within if row.minutes is None else min(within, row.minutes)


def _span_of(row: Presence) -> tuple[dt.datetime, dt.datetime] | None:
    return (row.joined, row.left) if row.joined and row.left else None


def _around(
    joined: dt.datetime, left: dt.datetime, meeting: Meeting
) -> tuple[dt.datetime, dt.datetime]:
    """Return what of a stay lies around the meeting, by the clock of its place."""
    return max(joined, meeting.start - _EARLY), min(left, meeting.end + _LATE)


def _length(span: tuple[dt.datetime, dt.datetime]) -> float:
    return max((span[1] - span[0]).total_seconds() / _MINUTE, 0.0)


def _unique_names(registered: Iterable[Registration]) -> dict[str, Registration]:
    found: dict[str, list[Registration]] = {}
    for one in registered:
        for name in {_name_of(one.name), _name_of(one.badge)} - {""}:
            found.setdefault(name, []).append(one)
    return {name: those[0] for name, those in found.items() if len(those) == 1}


def _name_of(name: str) -> str:
    """Return a name in the one form that is compared: its words in order of the alphabet."""
    return " ".join(sorted(_WORD.findall(normalize("NFC", name).casefold())))
