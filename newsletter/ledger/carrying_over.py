"""Takes over what happened to people after a backup, from the ledger that the backup replaces.

Nobody who left, complained, was erased or moved meanwhile is mailed again because of it. What is
taken over only ever means less mail, but for people's own word that they want it.
"""

import datetime as dt
import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection

from newsletter.errors import LedgerError
from newsletter.ledger import (
    bulk,
    events,
    folding,
    gone_since,
    history,
    moved_since,
    people,
    restorations,
    roles,
    suppressions,
)
from newsletter.ledger.open import HEAD, Ledger
from newsletter.model import TOLD_AS, Record, Standing, Subscriber

_LEAVING = "leaving:"  # acts that have names of their own; others by a row of their own ledger
_ELSEWHERE = "@"  # between an act and when it was taken over


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedOver:
    """What another ledger knew that a backup did not."""

    gone: int = 0  # people who would get mail by the backup, and get none
    erased: int = 0  # of those, who were erased
    joined: int = 0  # people whom only the other one mails: they are not taken over
    is_whole: bool = False  # it went on from the backup, so nothing happened that it does not know


@dataclass(slots=True)
class _Known:
    """What is known of people by their keys, in both ledgers."""

    shared: int = 0  # people of both
    is_later: bool = True  # what the backup knows of them the other one knows, too
    moved: dict[str, str] = field(default_factory=dict)  # key -> address by now
    news: list[Record] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """From what it may be known what happened after a backup."""

    lost: Ledger | None = None  # the ledger that went on from it
    marks: suppressions.Marks | None = None  # which find those of whom a keyed hash alone is kept


def catch_up(here: Connection, sources: Sources, now: dt.datetime) -> CarriedOver | None:
    """Take over from the ledger that a backup replaces, if there is one that can be read.

    Unless it knows all that happened since, nothing is sent before that is known.
    """
    carried = None
    if lost := sources.lost:
        with suppress(LedgerError), here.begin_nested(), lost.read() as there:
            if _is_ours(there):
                carried = carry_over(there, here, sources.marks, now)
    if carried and carried.is_whole:
        restorations.note_caught_up(here, now)
    else:
        restorations.hold_all(here, now)
    return carried


def can_tell(lost: Ledger) -> bool:
    """Return whether a ledger can be taken over from; raise LedgerError if it does not answer."""
    with lost.read() as there:
        return _is_ours(there)


def _is_ours(there: Connection) -> bool:
    return roles.find_version(there) in ((roles.Role.IN_USE, HEAD), (roles.Role.MOVED, HEAD))


def carry_over(
    there: Connection, here: Connection, marks: suppressions.Marks | None, now: dt.datetime
) -> CarriedOver:
    """Take over who left, complained, bounced, was erased or moved, from another ledger.

    `here` is a backup that becomes a ledger; `marks` find those of whom a keyed hash alone is kept.
    """
    people.lock_people(here)
    mailed = people.find_mailed(here)
    known = _compare(there, here, now)
    moved_since.move(here, known.moved, now)
    history.note(here, known.news, now)
    joined = _take_by_address(there, here, now)
    moved_since.keep_former(there, here)
    _keep_refusers(there, here, now)
    is_later = known.is_later and bool(known.shared or not mailed)
    rest = gone_since.take_over(there, here, marks, now, is_later=is_later)
    return CarriedOver(
        gone=len(mailed - people.find_mailed(here)),
        erased=rest.erased,
        joined=joined,
        is_whole=is_later and rest.is_known and restorations.find_absence(there) is None,
    )


# --- by key -------------------------------------------------------------------------------


def _compare(there: Connection, here: Connection, now: dt.datetime) -> _Known:
    found = _Known()
    for some in bulk.in_chunks(people.list_subscribers(there)):
        addresses = moved_since.addresses_of(here, [person.key for person in some])
        both = [person for person in some if person.key in addresses]
        keys = [person.key for person in both]
        known, ours = history.find_records(there, keys), history.find_records(here, keys)
        found.shared += len(both)
        for person in both:
            theirs, mine = known[person.key], ours[person.key]
            found.news += _news(theirs, mine, now)
            found.is_later &= {*map(_essence, mine)} <= {*map(_essence, theirs)}
            if folding.fold(addresses[person.key]) != folding.fold(person.address):
                found.moved[person.key] = person.address
    return found


def _news(theirs: Iterable[Record], mine: Iterable[Record], now: dt.datetime) -> list[Record]:
    """Return what one ledger knows of somebody and the other does not.

    Acts are named by rows of the ledger that did them: here the same name would be another act.
    """
    known = list(mine)
    have, acts = {*map(_essence, known)}, {record.act for record in known}

    def named(act: str) -> str:
        is_same = not act or act in acts or act.startswith(_LEAVING) or _ELSEWHERE in act
        return act if is_same else f"{act}{_ELSEWHERE}{now.isoformat()}"

    new = (record for record in theirs if _essence(record) not in have)
    return [replace(record, act=named(record.act)) for record in new]


def _essence(record: Record) -> tuple[Any, ...]:
    moments = record.at, record.noted_at
    act = record.act if record.act.startswith(_LEAVING) else record.act.partition(_ELSEWHERE)[0]
    said = record.what, record.by, record.source, act
    return (*moments, *said, repr(sorted(record.detail.items())))


# --- by address ---------------------------------------------------------------------------


def _take_by_address(there: Connection, here: Connection, now: dt.datetime) -> int:
    """Take over who is kept off under another key, or joined and left since.

    Return how many are mailed who joined since.
    """
    joined = 0
    for some in bulk.in_chunks(people.list_subscribers(there)):
        mine = moved_since.addresses_of(here, [person.key for person in some])
        holders = people.find_subscribers(here, [person.address for person in some])
        said: list[Record] = []
        new: list[Subscriber] = []
        for person in some:
            holder = holders.get(person.address.lower())
            if holder and holder.key != person.key:
                said += _said_of(holder.key, person, now)
            elif holder is None and person.key not in mine:
                new.append(person)
        history.note(here, said, now)
        gone = [person for person in new if person.standing is not Standing.ACTIVE]
        _take_whole(there, here, gone, now)
        joined += len(new) - len(gone)
    return joined


def _take_whole(
    there: Connection, here: Connection, gone: Sequence[Subscriber], now: dt.datetime
) -> None:
    known = history.find_records(there, [person.key for person in gone])
    history.note(here, [one for theirs in known.values() for one in _news(theirs, [], now)], now)
    people.add_subscribers(here, gone, now)


def _said_of(key: str, person: Subscriber, now: dt.datetime) -> list[Record]:
    """Return what keeps somebody off who has the same address under another key."""
    if person.standing is Standing.ACTIVE:
        return []
    detail = {"until": person.paused_until.isoformat()} if person.paused_until else {}
    what = TOLD_AS[person.standing]
    return [Record(key=key, what=what, at=now, source=gone_since.SOURCE, detail=detail)]


def _keep_refusers(there: Connection, here: Connection, now: dt.datetime) -> None:
    """Keep those off who said no, and whom no list has any more."""
    told, known = events.list_refusers(there), events.list_refusers(here)
    news = {address: told[address] for address in told.keys() - known.keys()}
    mine = {folding.fold(p.address): p for p in people.find_subscribers(here, news).values()}
    gone = [
        Subscriber(address=address, key=secrets.token_urlsafe(12), standing=standing)
        for address, standing in sorted(news.items())
    ]
    listed = [(mine[person.address].key, person) for person in gone if person.address in mine]
    history.note(here, [one for key, person in listed for one in _said_of(key, person, now)], now)
    people.add_subscribers(here, [p for p in gone if p.address not in mine], now)
