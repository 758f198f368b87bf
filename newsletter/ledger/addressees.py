"""Whose a thing is that came back: the delivery it is about, and the person who got that."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, func, select

from newsletter.addresses import as_listed
from newsletter.ledger.bulk import in_chunks, is_storable
from newsletter.ledger.folding import fold
from newsletter.ledger.people import find_subscribers, map_renamed
from newsletter.ledger.tables import batches, deliveries, sends, subscribers
from newsletter.model import Return, ReturnKind, State

_REFERENCE = re.compile(r"([0-9a-f]{8})-([0-9]{1,15})")  # as `composing.compose` writes it
_BATCH = re.compile(r"([0-9a-f]{8})-b[0-9]{1,15}")
_BEGINNING = 8  # characters of a send's key in both
_NAMED_BY_ID = dt.timedelta(days=62)  # how old a mail may be that its message id names
_ANYBODY = "mailbox"  # a source to which anybody may write, who may know a reference, but no id


class Addressee(NamedTuple):
    """Whom something is about, as far as that is known."""

    delivery: int | None  # that it is about
    key: str  # the subscriber's; empty if none is on the list
    address: str  # that it was sent to
    is_current: bool  # whether the person still has that address
    by: str  # how it was found: "reference", "batch", "message", "address", "token"; "": not at all
    send: int | None = None  # whose delivery it is


NOBODY = Addressee(None, "", "", is_current=False, by="")


class _Delivery(NamedTuple):
    id: int
    send: int
    address: str
    subscriber: int | None
    message_id: str


class _Person(NamedTuple):
    key: str
    address: str


def find_addressees(
    connection: Connection,
    told: Sequence[Return],
    *,
    window: dt.timedelta,
    keys: Mapping[str, str],
    now: dt.datetime,
) -> list[Addressee]:
    """Whom are these about? Answered in their order; `keys` are those that signed tokens name.

    Our reference says it, else the batch and the address, the message id, or the address alone if
    it was mailed within a window before. A complaint by mail brings our mail back: who names an
    address alone may be anybody.
    """
    told = [replace(one, address="") if _is_hearsay(one) else one for one in told]
    found: list[tuple[_Delivery, str] | None] = [None] * len(told)
    ways: dict[str, Callable[..., list[_Delivery | None]]] = {
        "reference": _by_reference,
        "batch": _by_batch,
        "message": _by_message,
    }
    ways["address"] = partial(_by_address, window=window)
    for by, look in ways.items():
        rest = [place for place, row in enumerate(found) if row is None]
        rows = look(connection, [told[place] for place in rest], now=now)
        for place, row in zip(rest, rows, strict=True):
            if row and _may_be(told[place], row, by):
                found[place] = (row, by)
    people = _People(connection, [row[0] for row in found if row], told, keys.values())
    return [people.addressee(one, row, keys) for one, row in zip(told, found, strict=True)]


def _is_hearsay(one: Return) -> bool:
    return one.source == _ANYBODY and one.kind is ReturnKind.COMPLAINED


def _may_be(one: Return, row: _Delivery, by: str) -> bool:
    """Return whether who told it may know of this delivery.

    References count up, so a reader can guess those of others: a mail needs more than that.
    """
    if one.source != _ANYBODY or by == "message" or (by == "reference" and one.is_proven):
        return True
    is_named = bool(one.message_id) and one.message_id == row.message_id
    return is_named or fold(as_listed(one.address)) == fold(row.address)


def _by_reference(
    connection: Connection, told: Sequence[Return], *, now: dt.datetime
) -> list[_Delivery | None]:
    """Return the deliveries that our references name, however old they are."""
    del now
    wanted = [_REFERENCE.fullmatch(one.reference) for one in told]
    ids = {int(match[2]) for match in wanted if match}
    rows = {row.id: row for row in _rows(connection, deliveries.c.id, ids)}
    beginnings: dict[int, str] = {}
    for some in in_chunks({row.send for row in rows.values()}):
        query = select(sends.c.id, sends.c.key).where(sends.c.id.in_(some))
        beginnings |= {id: key[:_BEGINNING] for id, key in connection.execute(query)}
    named = [rows.get(int(match[2])) if match else None for match in wanted]
    return [
        row if match and row and beginnings[row.send] == match[1] else None
        for match, row in zip(wanted, named, strict=True)
    ]


def _by_batch(
    connection: Connection, told: Sequence[Return], *, now: dt.datetime
) -> list[_Delivery | None]:
    """Return the deliveries to their addresses of the sends that the tags of batches name."""
    del now
    wanted = [_BATCH.fullmatch(one.tag) if one.address else None for one in told]
    key = func.substr(sends.c.key, 1, _BEGINNING)
    ids: dict[str, int] = {}
    for some in in_chunks({match[1] for match in wanted if match}):
        rows = connection.execute(select(key, sends.c.id).where(key.in_(some)))
        ids |= {beginning: id for beginning, id in rows}
    addresses = [fold(as_listed(one.address)) for one in told]
    at = _at(connection, ids.values(), set(addresses))
    return [
        at.get((ids.get(match[1], 0), address)) if match else None
        for match, address in zip(wanted, addresses, strict=True)
    ]


def _by_message(
    connection: Connection, told: Sequence[Return], *, now: dt.datetime
) -> list[_Delivery | None]:
    """Return the recent deliveries that message ids name; where several share one, the address.

    They have no index: where ids are random, it takes SQLite five times as long to record what was
    accepted, and ten times the bytes. So a mail is looked for by its address, and by the id alone
    among all where none is told, or a mail of somebody tells another.
    """
    named = [one for one in told if one.message_id and is_storable(one.message_id)]
    if not named:
        return [None] * len(told)
    recent = select(sends.c.id).where(sends.c.planned_at > now - _NAMED_BY_ID)
    send_ids = list(connection.execute(recent).scalars())
    at = _at(connection, send_ids, {fold(as_listed(one.address)) for one in named})
    alike: dict[tuple[str, str], set[_Delivery]] = {}
    for row in at.values():
        alike.setdefault((row.message_id, fold(row.address)), set()).add(row)
    lost = {
        one.message_id
        for one in named
        if (one.source == _ANYBODY or not one.address)
        and (one.message_id, fold(as_listed(one.address))) not in alike
    }
    for row in _rows(connection, deliveries.c.message_id, lost, deliveries.c.send_id.in_(send_ids)):
        alike.setdefault((row.message_id, ""), set()).add(row)
    return [_only(alike, one) for one in told]


def _only(alike: Mapping[tuple[str, str], set[_Delivery]], one: Return) -> _Delivery | None:
    """Return the one delivery that has its id and address, or its id if no other has that."""
    theirs = alike.get((one.message_id, fold(as_listed(one.address)))) or alike.get(
        (one.message_id, ""), set()
    )
    return next(iter(theirs)) if len(theirs) == 1 else None


def _by_address(
    connection: Connection, told: Sequence[Return], *, window: dt.timedelta, now: dt.datetime
) -> list[_Delivery | None]:
    """Return the last mail to each address within a window before."""
    moments = [min(one.at or now, now) for one in told]
    if not any(one.address for one in told):
        return [None] * len(told)
    planned = sends.c.planned_at
    query = select(sends.c.id, planned).where(planned.between(min(moments) - window, max(moments)))
    sent = {id: at for id, at in connection.execute(query)}
    mailed: dict[str, list[_Delivery]] = {}
    at = _at(connection, sent, {fold(as_listed(one.address)) for one in told})
    for (_, address), row in at.items():
        mailed.setdefault(address, []).append(row)
    found: list[_Delivery | None] = []
    for one, moment in zip(told, moments, strict=True):
        theirs = mailed.get(fold(as_listed(one.address)), [])
        within = [row for row in theirs if moment - window <= sent[row.send] <= moment]
        found.append(max(within, key=lambda row: (sent[row.send], row.send), default=None))
    return found


def _at(
    connection: Connection, send_ids: Iterable[int], addresses: Iterable[str]
) -> dict[tuple[int, str], _Delivery]:
    """Return the deliveries of these sends to these addresses, folded."""
    found: dict[tuple[int, str], _Delivery] = {}
    storable = {address for address in addresses if address and is_storable(address)}
    if not storable:
        return found
    batched = select(batches.c.send_id).group_by(batches.c.send_id).having(func.count() == 1)
    for some in in_chunks(send_ids):
        # Mails to one each, such as confirmations, may be thousands: no address is looked for in
        # each of them, but among all that they went to.
        small = set(connection.execute(batched.where(batches.c.send_id.in_(some))).scalars())
        rows = _rows(connection, deliveries.c.send_id, small)
        large = deliveries.c.send_id.in_([id for id in some if id not in small])
        rows += _rows(connection, deliveries.c.address, storable, large)
        found |= {(r.send, fold(r.address)): r for r in rows if fold(r.address) in storable}
    return found


def _rows(
    connection: Connection,
    column: ColumnElement[object],
    values: Iterable[object],
    *also: ColumnElement[bool],
) -> list[_Delivery]:
    """Return the deliveries that were called, of which a column has one of these values."""
    table = deliveries.c
    query = select(
        table.id, table.send_id, table.address, table.subscriber_id, table.message_id
    ).where(table.state.not_in([State.SKIPPED, State.REJECTED]), *also)
    return [
        _Delivery(*row)
        for some in in_chunks(values)
        for row in connection.execute(query.where(column.in_(some)))
    ]


class _People:
    """Who those are, among all that came at once."""

    def __init__(
        self,
        connection: Connection,
        rows: Sequence[_Delivery],
        told: Sequence[Return],
        keys: Iterable[str],
    ) -> None:
        self._by_id: dict[int, _Person] = {}
        self._by_key: dict[str, _Person] = {}
        columns = (subscribers.c.id, subscribers.c.key, subscribers.c.address)
        for some in in_chunks({row.subscriber for row in rows if row.subscriber is not None}):
            query = select(*columns).where(subscribers.c.id.in_(some))
            self._by_id |= {id: _Person(*rest) for id, *rest in connection.execute(query)}
        for these in in_chunks(set(keys)):
            query = select(*columns).where(subscribers.c.key.in_(these))
            self._by_key |= {key: _Person(key, at) for _, key, at in connection.execute(query)}
        addresses = {row.address for row in rows if row.subscriber is None}
        addresses |= {as_listed(o.address) for o in told if o.address and is_storable(o.address)}
        known = {
            **map_renamed(connection, addresses),
            **find_subscribers(connection, addresses),
        }
        self._by_address = {fold(at): _Person(p.key, p.address) for at, p in known.items()}

    def addressee(
        self, one: Return, found: tuple[_Delivery, str] | None, keys: Mapping[str, str]
    ) -> Addressee:
        """Return whom a thing is about: the token's owner, the delivery's, or the address's."""
        row, by = found or (None, "address")
        person = self._by_key.get(keys.get(one.token, ""))
        if person:
            address, by = row.address if row else person.address, "token"
        elif row:
            person, address = self._owner(row), row.address
        else:
            address = as_listed(one.address)
            person = self._by_address.get(fold(address)) if address else None
        if person is None and row is None:
            return NOBODY
        return Addressee(
            row.id if row else None,
            person.key if person else "",
            address,
            person is not None and fold(person.address) == fold(address),
            by,
            row.send if row else None,
        )

    def _owner(self, row: _Delivery) -> _Person | None:
        if row.subscriber is not None:
            return self._by_id.get(row.subscriber)
        return self._by_address.get(fold(row.address))
