"""Takes over which addresses people have by now, and had, from a ledger that went on."""

import datetime as dt
from collections.abc import Collection, Mapping

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
    before = [person for key in going if (person := people.find_by_key(here, key))]
    for person in before:  # to where nobody is, so that two can swap their addresses
        this = update(subscribers).where(subscribers.c.key == person.key)
        here.execute(this.values(address=f"{person.key}:moving"))
    for person in before:
        people.rename_subscriber(here, person, going[person.key], now)
    given_up = (gone_since.pending(key, now) for key in sorted(moved.keys() - going.keys()))
    history.note(here, given_up, now)


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
