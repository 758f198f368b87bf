"""Leaving by the link in each mail, with one click or from a page; and undoing it there.

Undoing takes the act of leaving back as if it had not been: whoever had bounced before still has.
"""

import datetime as dt
import secrets
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from newsletter.consent.signing_up import ask, new_wish
from newsletter.ledger import Ledger, history, people
from newsletter.model import By, Happened, Purpose, Record, Standing, Subscriber, Way, Why

_ACT = "leaving:"
_GONE = (Standing.UNSUBSCRIBED, Standing.COMPLAINED, Standing.ERASED)
_UNDONE_WITHIN = dt.timedelta(days=30)  # later the form is the way back


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """How somebody stands, as the page of their link shows it."""

    person: Subscriber
    can_undo: bool  # they left of late, by this link, and not as often as only scripts do

    @property
    def is_gone(self) -> bool:
        """Return whether they left for good, as far as they say."""
        return self.person.standing in _GONE

    @property
    def is_mailed(self) -> bool:
        """Return whether they get mail."""
        return self.person.standing is Standing.ACTIVE


def look_up(ledger: Ledger, key: str, now: dt.datetime) -> Position | None:
    """Return how the subscriber with a key stands; None if nobody has it any more."""
    with ledger.read() as connection:
        person = people.find_by_key(connection, key)
        if person is None:
            return None
        can_undo = bool(_act_of(connection, person, now))
        can_undo = can_undo and not history.is_restless(connection, key, now)
        return Position(person=person, can_undo=can_undo)


def leave(ledger: Ledger, key: str, way: Way, now: dt.datetime) -> None:
    """Take somebody off the list by their own act; twice is as good as once.

    They are told by mail: whoever a mail was forwarded to can leave for them.
    """
    with ledger.write() as connection:
        people.lock_people(connection)
        person = people.find_by_key(connection, key)
        if person is None or person.standing in _GONE:
            return
        record = Record(
            key=key,
            what=Happened.UNSUBSCRIBED,
            at=now,
            by=By.PERSON,
            source=way,
            act=f"{_ACT}{now.isoformat()}/{secrets.token_hex(4)}",  # a clock may tell a time twice
        )
        history.note(connection, [record], now)
        told = new_wish(Purpose.LEFT, person.address, person.language, now)
        ask(connection, replace(told, subscriber_key=key), now)


def come_back(ledger: Ledger, key: str, now: dt.datetime) -> bool:
    """Undo that somebody left by their link; False if there is nothing to undo.

    Whoever leaves and comes back all day, as a script does, stays away until the next.
    """
    with ledger.write() as connection:
        people.lock_people(connection)
        person = people.find_by_key(connection, key)
        act = _act_of(connection, person, now) if person else ""
        if not act or history.is_restless(connection, key, now):
            return False
        undone = Record(
            key=key, what=Happened.UNDONE, at=now, by=By.PERSON, source=Way.PAGE, act=act
        )
        history.note(connection, [undone], now)
    return True


def say_why(ledger: Ledger, key: str, why: Why, now: dt.datetime) -> None:
    """Record why somebody left; it is asked once they have, and need not be answered."""
    with ledger.write() as connection:
        people.lock_people(connection)
        person = people.find_by_key(connection, key)
        act = _act_of(connection, person, now) if person else ""
        if act and not history.is_restless(connection, key, now):
            word = Record(
                key=key,
                what=Happened.EXPLAINED,
                at=now,
                by=By.PERSON,
                source=Way.PAGE,
                reason=why,
                act=act,
            )
            history.note(connection, [word], now)


def _act_of(connection: Connection, person: Subscriber, now: dt.datetime) -> str:
    """Return the act by which somebody left of late, if that is what keeps them off."""
    if person.standing is not Standing.UNSUBSCRIBED:
        return ""
    known = history.find_records(connection, [person.key])[person.key]
    undone = {record.act for record in known if record.what is Happened.UNDONE}
    left = [r for r in known if r.what is Happened.UNSUBSCRIBED and r.act not in undone]
    if not left or not left[-1].act.startswith(_ACT) or left[-1].at is None:
        return ""
    return left[-1].act if now - left[-1].at <= _UNDONE_WITHIN else ""
