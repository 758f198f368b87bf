"""What is done for meetings now and then: the line moved up, answers forgotten after their time."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from newsletter.ledger import Ledger, registrations, told_meetings
from newsletter.meetings.moving_up import entered
from newsletter.model.meeting import Meeting, Registration, ToldMeeting

NEEDS_DAYS = 7  # for which special needs are kept after a meeting
_UNCONFIRMED = dt.timedelta(days=7)
_DAY = dt.timedelta(days=1)
_MONTH = dt.timedelta(days=30.44)


def tend(ledger: Ledger, meetings: Sequence[Meeting], now: dt.datetime) -> None:
    """Move up whom no change moved up: offers that ended, more seats in a file.

    It is a net: each change does so itself.
    """
    with ledger.read() as connection:
        known = {told.id for told in told_meetings.list_told(connection)}
    for meeting in meetings:
        if meeting.id in known and now < meeting.ends_at:
            with entered(ledger, meeting, now):
                pass


def pause(ledger: Ledger, meeting: Meeting, now: dt.datetime) -> None:
    """Let nobody be offered a seat any more, until the editor lets it go on."""
    with entered(ledger, meeting, now) as hall:
        told_meetings.change_told(hall.connection, meeting.id, paused_at=now)


def go_on(ledger: Ledger, meeting: Meeting, now: dt.datetime) -> None:
    """Let those in line be moved up again."""
    with entered(ledger, meeting, now) as hall:
        told_meetings.change_told(hall.connection, meeting.id, paused_at=None)
    tend(ledger, [meeting], now)


def freeze_and_forget(
    ledger: Ledger,
    meetings: Sequence[Meeting],
    now: dt.datetime,
    *,
    unreadable: Collection[str] = (),
    months: int = 0,
) -> None:
    """Delete special needs and answers whose time is over, their sums kept.

    After so many months names go, too, and it stays how many came; 0: never. A meeting whose file
    is gone loses all answers when its needs go; where the file is there and cannot be read, they
    wait until it says how long each is kept.
    """
    over = _outlived(ledger, meetings, now, unreadable=unreadable, months=months)
    with ledger.write() as connection:
        registrations.delete_unconfirmed(connection, now - _UNCONFIRMED)
    for one in over:
        _forget(ledger, one)
        if one.names:
            with ledger.write() as connection:
                registrations.forget_names(connection, one.told.id)


def count_forgettable(
    ledger: Ledger,
    meetings: Sequence[Meeting],
    now: dt.datetime,
    *,
    unreadable: Collection[str] = (),
    months: int = 0,
) -> int:
    """Return of how many registrations something would be deleted by that, or all."""
    over = _outlived(ledger, meetings, now, unreadable=unreadable, months=months)
    with ledger.read() as connection:
        unconfirmed = registrations.count_unconfirmed(connection, now - _UNCONFIRMED)
        return unconfirmed + sum(
            one.is_about(person)
            for one in over
            for person in registrations.list_registrations(connection, one.told.id)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outlived:
    """What of a meeting's registrations is kept no longer."""

    told: ToldMeeting
    meeting: Meeting | None  # None: its file is gone, or cannot be read
    questions: Sequence[str]  # whose answers go
    needs: bool
    names: bool

    def is_about(self, one: Registration) -> bool:
        """Return whether something of a registration goes."""
        is_said = any(id in self.questions for id in one.answers) or (self.needs and one.needs)
        return bool(is_said or (self.names and one.name))


def _outlived(
    ledger: Ledger,
    meetings: Sequence[Meeting],
    now: dt.datetime,
    *,
    unreadable: Collection[str],
    months: int,
) -> list[_Outlived]:
    files = {meeting.id: meeting for meeting in meetings}
    found = []
    with ledger.read() as connection:
        for told in told_meetings.list_told(connection):
            meeting = files.get(told.id)
            # Its file may tell of another day, and nobody came by since.
            ends_at = meeting.ends_at if meeting else told.ends_at
            if ends_at < now:
                rows = registrations.list_registrations(connection, told.id)
                days = (now - ends_at) / _DAY
                keeps = told.id in unreadable
                one = _Outlived(
                    told=told,
                    meeting=meeting,
                    questions=[] if keeps else _questions_over(rows, meeting, days),
                    needs=days >= NEEDS_DAYS,
                    names=bool(months) and ends_at < now - months * _MONTH,
                )
                found.append(one)
    return found


def _forget(ledger: Ledger, one: _Outlived) -> None:
    """Delete needs and answers, their sums kept: the first ones stay, whoever did so before."""
    if not (one.questions or one.needs):
        return
    with ledger.write() as connection:
        sums = dict(told_meetings.lock_sums(connection, one.told.id))
        rows = registrations.list_registrations(connection, one.told.id)
        if one.needs and "needs" not in sums:
            sums["needs"] = sum(bool(each.needs) for each in rows)
        for id in one.questions:
            sums.setdefault(id, _sum_of(id, rows, one.meeting))
        told_meetings.change_told(connection, one.told.id, sums=sums)
        registrations.forget_answers(
            connection, one.told.id, questions=one.questions, needs=one.needs
        )


def _questions_over(
    rows: Sequence[Registration], meeting: Meeting | None, days: float
) -> Sequence[str]:
    if meeting is None:
        asked = {id for one in rows for id in one.answers}
        return sorted(asked) if days >= NEEDS_DAYS else []
    kept = {q.id: q.kept_days for q in meeting.questions}
    return [id for id, most in kept.items() if most is not None and days >= most]


def _sum_of(id: str, rows: Sequence[Registration], meeting: Meeting | None) -> Mapping[str, Any]:
    """Return how many answered, and of a choice how often each was made; no words of anybody."""
    answers = [one.answers[id] for one in rows if one.answers.get(id)]
    question = next((q for q in meeting.questions if q.id == id), None) if meeting else None
    kept = [words for words, _ in question.choices_in("")] if question else []
    chosen = Counter(answer for answer in answers if answer in kept)
    return {"answered": len(answers), **({"chosen": dict(chosen)} if kept else {})}
