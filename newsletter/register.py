"""The list, one person at a time: who may be added, brought back, renamed and taken off."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from sqlalchemy import Connection

from newsletter.audience import clean_value, read_language
from newsletter.errors import UsageError
from newsletter.language import Wording, say
from newsletter.ledger import Ledger, events, history, people, suppressions, wishes
from newsletter.links import SuppressionMarks, new_keys
from newsletter.model import (
    Basis,
    By,
    ConsentWording,
    Happened,
    Record,
    Standing,
    Subscriber,
    valid_of,
)

WORDING = "wording"  # the key in a record's detail: the digest of what was agreed to


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What is known about a person; anything empty stays as it is."""

    name: str = ""
    language: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Why somebody may be mailed, as the editor says."""

    basis: Basis
    evidence: str = ""  # what shows it, in the editor's words
    agreed: dt.date | None = None  # when the person did

    @property
    def detail(self) -> Mapping[str, str]:
        """Return it as the detail of a record."""
        agreed = self.agreed.isoformat() if self.agreed else ""
        said = {"basis": self.basis, "evidence": self.evidence, "agreed": agreed}
        return {key: value for key, value in said.items() if value}


class Entered(Enum):
    """The result of entering a person."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"  # on the list already, with exactly the same details


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOff:
    """The result of taking people off the list."""

    left: tuple[Subscriber, ...]
    strangers: Mapping[str, Wording]  # address that is not on the list -> what is known about it


def enter_person(
    ledger: Ledger,
    address: str,
    details: Details,
    *,
    again: bool,
    now: dt.datetime,
    secret: str = "",
    ground: Ground | None = None,
) -> Entered:
    """Add a person, or change their details; `again` brings back somebody who left, at their wish.

    A ground is recorded once.

    Raise UsageError if they left, and nothing says that they want mail again.
    """
    with ledger.write() as connection:
        people.lock_people(connection)  # a person who unsubscribes in between is not overwritten
        before = people.find_subscriber(connection, address)
        if before is None:
            _verify_unsuppressed(connection, address, secret, again=again)
            if not again:
                _verify_stranger(connection, address)
            person = _changed(Subscriber(address=address, key=new_keys(1)[0]), details)
            people.add_subscribers(connection, [person], now)
            said = [Happened.RETURNED] if again else []
        else:
            if before.standing is not Standing.ACTIVE and not again:
                raise UsageError(
                    say(
                        "{address} is {standing}; only at their own wish, say --again to bring "
                        "them back",
                        address=address,
                        standing=before.standing.words,
                    )
                )
            person = replace(_changed(before, details), standing=Standing.ACTIVE)
            people.change_subscribers(connection, [person], now)
            is_same = replace(person, standing=before.standing) == before
            said = [Happened.RETURNED] if again else [] if is_same else [Happened.CHANGED]
        _note(connection, [person], said, now)
        is_grounded = ground is not None and _note_ground(connection, person, ground, now)
    if before is None:
        return Entered.ADDED
    return Entered.SAME if person == before and not is_grounded else Entered.CHANGED


def take_people_off(ledger: Ledger, addresses: Sequence[str], *, now: dt.datetime) -> TakenOff:
    """Stop mail to people; a later import does not bring them back."""
    with ledger.write() as connection:
        people.lock_people(connection)
        known = people.find_subscribers(connection, addresses)
        strangers = [address for address in addresses if address.lower() not in known]
        _note(connection, known.values(), [Happened.UNSUBSCRIBED], now)
        left = people.find_subscribers(connection, addresses).values()
        told = {a: _unknown(a, people.find_renamed(connection, a)) for a in strangers}
    return TakenOff(left=tuple(left), strangers=told)


def rename_person(ledger: Ledger, old: str, new: str, *, now: dt.datetime) -> Subscriber:
    """Correct an address; return who had it. Anybody who left stays away under both addresses.

    Raise UsageError if nobody has the old one, or somebody else has the new one.
    """
    with ledger.write() as connection:
        people.lock_people(connection)
        person = people.find_subscriber(connection, old)
        if person is None:
            raise UsageError(_unknown(old, people.find_renamed(connection, old)))
        other = people.find_subscriber(connection, new)
        if other and other.key != person.key:
            raise UsageError(
                say(
                    "{new} is on the list already ({standing}); “newsletter subscribers remove "
                    "{old}” takes the old address off",
                    new=new,
                    standing=other.standing.words,
                    old=old,
                )
            )
        people.rename_subscriber(connection, person, new, now)
        _note(connection, [person], [Happened.RENAMED], now)
        if person.standing.is_left and not other:
            [key] = new_keys(1)
            gone = Subscriber(address=person.address, key=key, standing=person.standing)
            people.add_subscribers(connection, [gone], now)
    return person


def find_person(ledger: Ledger, address: str) -> tuple[Subscriber, str]:
    """Return who has an address, or had it, and what there is to say about that.

    Raise UsageError for an unknown address.
    """
    with ledger.read() as connection:
        person = people.find_subscriber(connection, address)
        renamed = None if person else people.find_renamed(connection, address)
    if person:
        return person, ""
    if renamed is None:
        raise UsageError(_unknown(address, None))
    return renamed, _unknown(address, renamed)


def _note(
    connection: Connection,
    whose: Iterable[Subscriber],
    said: Sequence[Happened],
    now: dt.datetime,
) -> None:
    """Record what the editor did about people."""
    new = [Record(key=p.key, what=what, at=now, by=By.EDITOR) for p in whose for what in said]
    history.note(connection, new, now)


def _note_ground(
    connection: Connection, person: Subscriber, ground: Ground, now: dt.datetime
) -> bool:
    """Record why somebody may be mailed; return whether it was not recorded yet."""
    known = valid_of(history.find_records(connection, [person.key])[person.key])
    is_known = any(ground.detail.items() <= record.detail.items() for record in known)
    if is_known and person.basis is ground.basis:
        return False
    what, detail = Happened.GROUNDED, ground.detail
    record = Record(key=person.key, what=what, at=now, by=By.EDITOR, detail=detail)
    history.note(connection, [record], now)
    return True


def look_back(ledger: Ledger, person: Subscriber) -> tuple[list[Record], list[ConsentWording]]:
    """Return what happened to a person, in the order it was noted, and what they agreed to."""
    with ledger.read() as connection:
        known = history.find_records(connection, [person.key])[person.key]
        digests = {record.detail.get(WORDING, "") for record in known}
        return known, wishes.list_wordings(connection, digests)


def _changed(person: Subscriber, details: Details) -> Subscriber:
    return replace(
        person,
        name=clean_value(details.name) or person.name,
        language=read_language(details.language) or person.language,
        attributes={**person.attributes, **details.attributes},
    )


def _verify_unsuppressed(connection: Connection, address: str, secret: str, *, again: bool) -> None:
    """Raise UsageError if somebody asked for no mail, of whom nothing else is kept."""
    marks = SuppressionMarks(secret) if secret else None
    if not suppressions.verify_key(connection, marks) or marks is None:
        return
    mark = marks.of(address)
    if again:
        suppressions.lift(connection, mark)
    elif standing := suppressions.find(connection, mark):
        raise UsageError(
            say(
                "{address} is known as {standing}; only at their own wish, say --again to add them",
                address=address,
                standing=standing.words,
            )
        )


def _verify_stranger(connection: Connection, address: str) -> None:
    """Raise UsageError if an address that is not on the list belongs to somebody all the same."""
    if renamed := people.find_renamed(connection, address):
        raise UsageError(
            say(
                "{address} is now {renamed}; if it is somebody else's today, and they wish for "
                "mail, say --again to add them",
                address=address,
                renamed=renamed.address,
            )
        )
    if refused := events.list_refusers(connection).get(address.lower()):
        raise UsageError(
            say(
                "{address} is known as {standing}; only at their own wish, say --again to add them",
                address=address,
                standing=refused.words,
            )
        )


def _unknown(address: str, renamed: Subscriber | None) -> Wording:
    """Return what is known about an address that is not on the list."""
    if renamed:
        return say("{address} is now {renamed}", address=address, renamed=renamed.address)
    return say("{address} is not on the list", address=address)
