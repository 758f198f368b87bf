"""Takes over which addresses people have by now, and had, from a ledger that went on."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import replace

from sqlalchemy import Connection, select, update

from newsletter.ledger import bulk, folding, gone_since, history, people, tables

former, subscribers = tables.former, tables.subscribers


def addresses_of(connection: Connection, keys: Collection[str]) -> Mapping[str, str]:
    """Which addresses do those of these people have who are on a list?"""
    query = select(subscribers.c.key, subscribers.c.address)
    rows = connection.execute(query.where(subscribers.c.key.in_(list(keys))))
    return {key: address for key, address in rows}


def move(here: Connection, moved: Mapping[str, str], now: dt.datetime) -> None:
    """Give people the addresses they have by now; two may have swapped theirs.

    Where somebody else has one here, who does not move, neither address gets their mail.
    """
    found = people.find_subscribers(here, moved.values())
    holders = {folding.fold(person.address): person.key for person in found.values()}
    going = dict(moved)
    while stuck := [
        key for key, at in going.items() if holders.get(folding.fold(at), key) not in going
    ]:
        for key in stuck:
            del going[key]
    for key in going:
        this = update(subscribers).where(subscribers.c.key == key)
        before = addresses_of(here, [key])[key]
        here.execute(this.values(address=f"{before}:moving"))
    for key, address in going.items():
        _settle_at(here, key, address, now)
    given_up = (gone_since.pending(key, now) for key in sorted(moved.keys() - going.keys()))
    history.note(here, given_up, now)


def _holder(holders: Mapping[str, str], address: str, otherwise: str) -> str:
    return holders.get(folding.fold(address), otherwise)


def _settle_at(here: Connection, key: str, address: str, now: dt.datetime) -> None:
    person = people.find_by_key(here, key)
    assert person is not None  # noqa: S101 - it was compared a moment ago
    before = replace(person, address=person.address.removesuffix(":moving"))
    people.rename_subscriber(here, before, address, now)


def keep_former(there: Connection, here: Connection) -> None:
    """Remember which addresses people had, where nobody has those today."""
    query = select(former.c.address, former.c.subscriber_key).order_by(former.c.id)
    for some in bulk.in_chunks(bulk.streamed(there, query)):
        addresses, keys = zip(*some, strict=True)
        known = addresses_of(here, keys)
        used = {*people.find_subscribers(here, addresses), *people.map_renamed(here, addresses)}
        taken = {folding.fold(address) for address in used}
        rows = [
            {"address": address, "subscriber_key": key}
            for address, key in some
            if key in known and folding.fold(address) not in taken
        ]
        if rows:
            here.execute(bulk.insert_of(here)(former), rows)
