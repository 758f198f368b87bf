"""Queries and changes of subscribers."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    case,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    text,
    true,
    update,
)

from newsletter.ledger import history, orphans
from newsletter.ledger.bulk import count, in_chunks, is_storable, streamed, tally
from newsletter.ledger.folding import fold
from newsletter.ledger.members import meets
from newsletter.ledger.tables import former, subscribers
from newsletter.model import (
    LIFTS,
    Basis,
    By,
    Happened,
    Record,
    Segment,
    Standing,
    Subscriber,
    Tracking,
)

# What begins somebody's history; one of these must be known of everybody.
_ANY_ZONE = ZoneInfo("UTC")
_BEGIN = {Happened.FOUND, Happened.JOINED, Happened.ASKED, *LIFTS}


def may_be_mailed() -> ColumnElement[bool]:
    """Return the SQL for whether a subscriber may be mailed."""
    return subscribers.c.standing == Standing.ACTIVE


def rank_of(standing: ColumnElement[str]) -> ColumnElement[int]:
    """Return the SQL of a standing's place in the order from more mail to less."""
    return case({word.value: word.rank for word in Standing}, value=standing)


def standing_of(rank: ColumnElement[int]) -> ColumnElement[str]:
    """Return the SQL of the standing at a place in that order."""
    return case({word.rank: word.value for word in Standing}, value=rank)


def lock_people(connection: Connection) -> None:
    """Lock the list against other changes until this transaction ends; SQLite always does."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"LOCK TABLE {subscribers} IN SHARE ROW EXCLUSIVE MODE"))


def find_subscriber(connection: Connection, address: str) -> Subscriber | None:
    """Who has this address?"""
    if not is_storable(address):
        return None
    row = connection.execute(
        select(subscribers).where(subscribers.c.address == address)
    ).one_or_none()
    return subscriber_from(row) if row else None


def find_by_key(connection: Connection, key: str) -> Subscriber | None:
    """Which subscriber has this key?"""
    if not is_storable(key):
        return None
    row = connection.execute(select(subscribers).where(subscribers.c.key == key)).one_or_none()
    return subscriber_from(row) if row else None


def find_renamed(connection: Connection, address: str) -> Subscriber | None:
    """Who had this address, which is free now, before they got another?"""
    if not is_storable(address):
        return None
    return map_renamed(connection, [address]).get(fold(address))


def map_renamed(connection: Connection, addresses: Iterable[str]) -> Mapping[str, Subscriber]:
    """Who had these addresses, those that are free now, by the address folded?"""
    others = subscribers.alias()
    is_taken = exists().where(others.c.address == former.c.address)
    query = select(subscribers, former.c.address.label("before")).where(~is_taken)
    query = query.join_from(former, subscribers, former.c.subscriber_key == subscribers.c.key)
    found: dict[str, Subscriber] = {}
    for some in in_chunks(addresses):
        rows = connection.execute(query.where(former.c.address.in_(some)))
        found |= {fold(row.before): subscriber_from(row) for row in rows}
    return found


def find_subscribers(connection: Connection, addresses: Iterable[str]) -> Mapping[str, Subscriber]:
    """Which of these people are known, by address in lower case?"""
    found: dict[str, Subscriber] = {}
    for some in in_chunks(addresses):
        rows = connection.execute(select(subscribers).where(subscribers.c.address.in_(some)))
        found |= {row.address.lower(): subscriber_from(row) for row in rows}
    return found


def find_ids(connection: Connection, addresses: Iterable[str]) -> Mapping[str, int]:
    """What are the row ids of these few addresses, by address in lower case?"""
    query = select(subscribers.c.address, subscribers.c.id)
    rows = connection.execute(query.where(subscribers.c.address.in_(list(addresses))))
    return {address.lower(): id for address, id in rows}


def list_subscribers(
    connection: Connection,
    *,
    standing: Standing | None = None,
    segment: Segment | None = None,
    zone: ZoneInfo = _ANY_ZONE,
) -> Iterator[Subscriber]:
    """Who is on the list, sorted by address, with this standing and in this segment?"""
    query = select(subscribers).order_by(subscribers.c.address.asc())
    if standing:
        query = query.where(subscribers.c.standing == standing)
    if segment:
        query = query.where(meets(segment, zone))
    for row in streamed(connection, query):
        yield subscriber_from(row)


def find_mailed(connection: Connection) -> set[str]:
    """Who may be mailed, by their keys?"""
    return set(connection.execute(select(subscribers.c.key).where(may_be_mailed())).scalars())


def list_departed(connection: Connection, before: dt.datetime) -> list[str]:
    """Who left, bounced or complained before this moment, and nothing is new of them since?

    And who is to be erased, but a mail to them was on its way.
    """
    query = select(subscribers.c.address).where(_departed(before)).order_by(subscribers.c.id)
    return list(connection.execute(query).scalars())


def has_departed(connection: Connection, address: str, before: dt.datetime) -> bool:
    """Is whoever has this address one of those?"""
    is_theirs = subscribers.c.address == address
    return count(connection, subscribers, _departed(before), is_theirs) > 0


def _departed(before: dt.datetime) -> ColumnElement[bool]:
    gone = [word for word in Standing if word.is_left]
    is_old = subscribers.c.standing.in_(gone) & (subscribers.c.changed_at < before)
    return is_old | (subscribers.c.standing == Standing.ERASED)


def search_subscribers(connection: Connection, letters: str, *, most: int = 20) -> list[Subscriber]:
    """Which subscribers have these letters in their address, name, first or last name?"""
    if not is_storable(letters):
        return []
    # SQLite knows only ASCII capitals, so each spelling of the letters is looked for.
    written = {letters, letters.lower(), letters.upper(), letters.title()}
    names = (
        subscribers.c.name,
        *(subscribers.c.attributes[key].as_string() for key in ("first_name", "last_name")),
    )
    found = or_(
        subscribers.c.address.icontains(letters, autoescape=True),
        *(name.icontains(way, autoescape=True) for name in names for way in sorted(written)),
    )
    query = select(subscribers).where(found, subscribers.c.standing != Standing.ERASED)
    query = query.order_by(subscribers.c.address.asc()).limit(most)
    return [subscriber_from(row) for row in connection.execute(query)]


def began_at(connection: Connection) -> dt.datetime | None:
    """When did the first of those on the list join it here? Empty for an empty list."""
    first: dt.datetime | None
    first = connection.execute(select(func.min(subscribers.c.joined_at))).scalar_one()
    return first


def count_by_standing(connection: Connection) -> dict[str, int]:
    """How many people are there of each standing?"""
    return tally(connection, subscribers.c.standing)


def add_subscribers(connection: Connection, people: Iterable[Subscriber], now: dt.datetime) -> None:
    """Write new subscribers, and record that the editor brought them in, unless it is known how."""
    new = list(people)
    known = history.find_records(connection, [person.key for person in new])
    joined = [p for p in new if _BEGIN.isdisjoint(record.what for record in known[p.key])]
    history.note(connection, [_joined(person, now) for person in joined], now)
    rows = [_joining(person, now) for person in new]
    if rows:
        connection.execute(insert(subscribers), rows)
    history.settle(connection, [key for key, records in known.items() if records], now)
    addresses = [row["address"] for row in rows]
    _forget_former(connection, addresses)
    orphans.adopt_at(connection, addresses)


def change_subscribers(
    connection: Connection, people: Iterable[Subscriber], now: dt.datetime
) -> None:
    """Overwrite details of subscribers, found by their address; key and standing stay."""
    for person in people:
        these = subscribers.c.address == person.address
        values = {**_details(person), "changed_at": now}
        connection.execute(update(subscribers).where(these).values(values))


def rename_subscriber(
    connection: Connection, person: Subscriber, address: str, now: dt.datetime
) -> None:
    """Give a subscriber another address, which must be free; everything else stays.

    The old one is remembered: a list that still has it means the same person.
    """
    _forget_former(connection, [address, person.address])
    if person.address.lower() != address.lower():
        old = {"address": person.address, "subscriber_key": person.key}
        connection.execute(insert(former), old)
    connection.execute(
        update(subscribers)
        .where(subscribers.c.key == person.key)
        .values(address=address, changed_at=now)
    )
    orphans.adopt_at(connection, [address])


def _forget_former(connection: Connection, addresses: Sequence[str]) -> None:
    """Remove addresses from the former ones: they are in use again, or are written anew."""
    for some in in_chunks(addresses):
        connection.execute(delete(former).where(former.c.address.in_(some)))


def empty_values(
    connection: Connection, names: Iterable[str], segment: Segment | None, zone: ZoneInfo
) -> dict[str, int]:
    """How many people who would be mailed have no value for each of these names?"""
    mailed = _mailed_in(segment, zone)
    return {
        name: count(connection, subscribers, mailed, meets(Segment.of(name, ""), zone))
        for name in names
    }


def attribute_names(connection: Connection) -> set[str]:
    """Which attributes does anybody have?"""
    keys = func.json_each(subscribers.c.attributes).table_valued("key")
    query = select(keys.c.key).select_from(subscribers).join(keys, true()).distinct()
    return set(connection.execute(query).scalars())


def values_of(connection: Connection, name: str) -> list[str]:
    """Which values of an attribute does anybody have?"""
    value = subscribers.c.attributes[name].as_string()
    query = select(value).distinct().where(func.coalesce(value, "") != "")
    return sorted(connection.execute(query).scalars())


def is_anybody_known(connection: Connection) -> bool:
    """Is anybody on the list?"""
    return connection.execute(select(subscribers.c.id).limit(1)).first() is not None


def count_members(connection: Connection, segment: Segment | None, zone: ZoneInfo) -> int:
    """How many who may be mailed are in a segment, or on the list?"""
    return count(connection, subscribers, _mailed_in(segment, zone))


def longest_values(connection: Connection, names: Iterable[str]) -> dict[str, str]:
    """What is the longest value of each of these names?"""
    found = {}
    for name in names:
        column = {"name": subscribers.c.name, "email": subscribers.c.address}.get(name)
        value = subscribers.c.attributes[name].as_string() if column is None else column
        length = func.coalesce(func.length(value), 0)
        query = select(value).order_by(length.desc()).limit(1)
        found[name] = connection.execute(query).scalar() or ""
    return found


def count_odd_names(connection: Connection, segment: Segment | None, zone: ZoneInfo) -> int:
    """How many who would be mailed have a name in capitals, or one with digits or an address?"""
    name = subscribers.c.name
    capitals = (name == func.upper(name)) & (name != func.lower(name)) & (func.length(name) > 3)
    signs = or_(*(name.contains(sign) for sign in "@0123456789"))
    return count(connection, subscribers, _mailed_in(segment, zone), capitals | signs)


def _mailed_in(segment: Segment | None, zone: ZoneInfo) -> ColumnElement[bool]:
    return may_be_mailed() & meets(segment, zone) if segment else may_be_mailed()


def subscriber_from(row: Row[Any]) -> Subscriber:
    """Turn a row of the subscribers table into a subscriber."""
    return Subscriber(
        address=row.address,
        key=row.key,
        name=row.name,
        language=row.language,
        attributes=row.attributes,
        standing=Standing(row.standing),
        basis=Basis(row.basis),
        tracking=Tracking(row.tracking),
        paused_until=row.paused_until,
        joined_at=row.joined_at,
    )


def _joining(person: Subscriber, now: dt.datetime) -> dict[str, Any]:
    return {
        **_details(person),
        "address": person.address,
        "key": person.key,
        "standing": person.standing,
        "joined_at": now,
        "changed_at": now,
    }


def _details(person: Subscriber) -> dict[str, Any]:
    return {
        "name": person.name,
        "language": person.language,
        "attributes": dict(person.attributes),
    }


def _joined(person: Subscriber, now: dt.datetime) -> Record:
    detail = {} if person.standing is Standing.ACTIVE else {"standing": str(person.standing)}
    return Record(key=person.key, what=Happened.JOINED, at=now, by=By.EDITOR, detail=detail)
