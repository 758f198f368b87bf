"""What happened to deliveries later: who bounced, complained or left, as the provider reports."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Select,
    exists,
    func,
    insert,
    select,
    true,
    union_all,
    update,
)

from newsletter.addresses import as_listed
from newsletter.ledger.bulk import count, in_chunks
from newsletter.ledger.folding import fold
from newsletter.ledger.people import (
    find_subscribers,
    lock_people,
    map_renamed,
    may_be_mailed,
    rank_of,
)
from newsletter.ledger.tables import deliveries, events, former, sends, subscribers
from newsletter.model import Departure, Standing, State
from newsletter.moments import latest, stamp

RETURNED = "returned"  # the person asked to come back: earlier events do not count
# Anybody who said no is never mailed again; the editor decides about mailboxes that bounced.
SAID_NO = (Standing.COMPLAINED, Standing.UNSUBSCRIBED)
_REPORTED = (*SAID_NO, Standing.BOUNCED)  # by providers

_NEWEST = select(func.max(events.c.id))  # asked for with every claim, so built once
_Whose = TypeVar("_Whose", bound=Hashable)


class NewDepartures(NamedTuple):
    """What was recorded of a provider's report."""

    heard: int  # not known before
    taken_off: int  # people who were on the list until then


class _StoredEvent(NamedTuple):
    """A piece of news about somebody."""

    id: int  # increases in the order of storing
    kind: str
    at: str  # when it happened; empty if that is unknown


def note_departures(
    connection: Connection, send_id: int, said: Iterable[Departure], now: dt.datetime
) -> NewDepartures:
    """Store which recipients of a send are gone, and take those who said no off the list.

    What is known already is stored only once.
    """
    lock_people(connection)  # so nobody joins, or comes back, in between
    told = {(fold(as_listed(d.address)), d.kind, latest(d.at)) for d in said}
    addresses = sorted({address for address, _, _ in told})
    rows: list[dict[str, Any]] = []
    for some in in_chunks(addresses):
        ids = _deliveries_to(connection, send_id, some)
        known = _known(connection, ids.values())
        rows += [
            {"delivery_id": ids[address], "kind": kind, "at": at, "detail": {}}
            for address, kind, at in sorted(told)
            if address in ids and (ids[address], kind, at) not in known
        ]
    if rows:
        connection.execute(insert(events), rows)
    return NewDepartures(heard=len(rows), taken_off=take_off(connection, SAID_NO, now))


def count_departed(connection: Connection) -> dict[Standing, int]:
    """How many active subscribers are known to have bounced, complained or left?"""
    return dict(Counter(_departed(connection, may_be_mailed()).values()))


def newest_event(connection: Connection) -> int:
    """Which event was stored last? 0 if there is none."""
    return connection.execute(_NEWEST).scalar_one() or 0


def take_off(connection: Connection, standings: Iterable[Standing], now: dt.datetime) -> int:
    """Stop mail to those known to be gone in one of these ways; return how many."""
    wanted = set(standings)
    gone = _departed(connection, true())
    count = 0
    for standing in wanted:
        ids = [id for id, its in gone.items() if its is standing]
        is_milder = rank_of(subscribers.c.standing) < standing.rank
        for some in in_chunks(ids):
            these = subscribers.c.id.in_(some) & is_milder
            values = {"standing": standing, "changed_at": now}
            count += connection.execute(update(subscribers).where(these).values(values)).rowcount
    return count


def list_refusers(connection: Connection) -> Mapping[str, Standing]:
    """Which addresses said no, but are no longer on the list because an import was taken back?"""
    known = exists().where(subscribers.c.address == deliveries.c.address)
    query = select(deliveries.c.address, events.c.id, events.c.kind, events.c.at)
    query = query.select_from(events).join(deliveries, deliveries.c.id == events.c.delivery_id)
    rows = connection.execute(query.where(deliveries.c.subscriber_id.is_(None), ~known))
    heard = [(fold(address), _StoredEvent(*news)) for address, *news in rows]
    returned = _newest(heard)
    gone = _strongest((whose, news) for whose, news in heard if _counts(news, returned.get(whose)))
    return {address: standing for address, standing in gone.items() if standing in SAID_NO}


def find_complained(connection: Connection, strangers: Collection[str]) -> list[str]:
    """Which of these, whose deliveries name no subscriber, are known to have marked mail as spam?

    An import that brought them was taken back, they have another address today, or they joined, or
    were reported, after the delivery was planned.
    """
    if not strangers:
        return []
    said = {
        **list_refusers(connection),
        **{old: person.standing for old, person in map_renamed(connection, strangers).items()},
        **{fold(p.address): p.standing for p in find_subscribers(connection, strangers).values()},
    }
    return [address for address in strangers if said.get(fold(address)) is Standing.COMPLAINED]


def note_return(connection: Connection, address: str, now: dt.datetime) -> None:
    """Record that a person came back at their own wish."""
    theirs = _of_people(
        select(deliveries.c.id).select_from(deliveries), subscribers.c.address == address
    ).subquery()
    last = connection.execute(select(func.max(theirs.c.id))).scalar()
    if last is not None:
        row = {"delivery_id": last, "kind": RETURNED, "at": stamp(now), "detail": {}}
        connection.execute(insert(events), row)


def count_refused(connection: Connection) -> int:
    """How many active people were refused for good when the last issue was sent?"""
    return count(connection, subscribers, subscribers.c.id.in_(_refused()), may_be_mailed())


def take_off_refused(connection: Connection, now: dt.datetime) -> None:
    """Stop mail to those who were refused for good when the last issue was sent."""
    these = subscribers.c.id.in_(_refused()) & may_be_mailed()
    values = {"standing": Standing.BOUNCED, "changed_at": now}
    connection.execute(update(subscribers).where(these).values(values))


# --- what was reported --------------------------------------------------------------------


def _deliveries_to(
    connection: Connection, send_id: int, addresses: Sequence[str]
) -> Mapping[str, int]:
    """Which deliveries of a send went to these addresses, by address in lower case?"""
    query = select(deliveries.c.id, deliveries.c.address)
    theirs = (deliveries.c.send_id == send_id) & deliveries.c.address.in_(addresses)
    return {fold(address): id for id, address in connection.execute(query.where(theirs))}


def _known(connection: Connection, ids: Collection[int]) -> set[tuple[int, str, str]]:
    """What was reported of these deliveries: which one, which kind, and when it happened?

    Events at an unknown time are reported once of each kind.
    """
    query = select(events.c.delivery_id, events.c.kind, events.c.at)
    rows = connection.execute(query.where(events.c.delivery_id.in_(list(ids))))
    return {(id, kind, time) for id, kind, at in rows for time in ("", latest(at))}


def _departed(connection: Connection, who: ColumnElement[bool]) -> dict[int, Standing]:
    """Which of these are known to be gone, though their standing allows more mail, and how?"""
    columns = (events.c.id, events.c.kind, events.c.at)
    query = select(*columns).select_from(events)
    query = query.join(deliveries, deliveries.c.id == events.c.delivery_id)
    is_news = (rank_of(subscribers.c.standing) < rank_of(events.c.kind)) | (
        events.c.kind == RETURNED
    )
    rows = connection.execute(_of_people(query.where(is_news), who))
    heard = [(person, _StoredEvent(*news)) for *news, person in rows]
    returned = _newest(heard)
    return _strongest((whose, news) for whose, news in heard if _counts(news, returned.get(whose)))


def _newest(heard: Iterable[tuple[_Whose, _StoredEvent]]) -> dict[_Whose, _StoredEvent]:
    """Return when each of those who came back did so last."""
    found: dict[_Whose, _StoredEvent] = {}
    for whose, news in heard:
        if news.kind == RETURNED and (whose not in found or found[whose].id < news.id):
            found[whose] = news
    return found


def _counts(news: _StoredEvent, returned: _StoredEvent | None) -> bool:
    """Return whether somebody is gone by this: events before they came back do not count.

    Nor does an event from before that which is reported later, as of another issue; a departure at
    an unknown time does, which means less mail.
    """
    if news.kind not in _REPORTED:
        return False
    if returned is None:
        return True
    at = latest(news.at)
    return news.id > returned.id and (not at or at > latest(returned.at))


def _strongest(heard: Iterable[tuple[_Whose, _StoredEvent]]) -> dict[_Whose, Standing]:
    """Return how each is gone: a refusal counts even if a bounce came later."""
    found: dict[_Whose, Standing] = {}
    for whose, news in heard:
        standing = Standing(news.kind)
        found[whose] = standing.or_stricter(found.get(whose, standing))
    return found


def _of_people(query: Select[Any], who: ColumnElement[bool]) -> CompoundSelect[Any]:
    """Query these people's deliveries, with the people's ids in a last column.

    A delivery whose subscriber was removed when an import was taken back belongs to whoever has, or
    had, its address.
    """
    query = query.add_columns(subscribers.c.id.label("person")).where(who)
    alone = query.where(deliveries.c.subscriber_id.is_(None))
    is_theirs = former.c.subscriber_key == subscribers.c.key
    return union_all(
        query.join(subscribers, subscribers.c.id == deliveries.c.subscriber_id),
        alone.join(subscribers, subscribers.c.address == deliveries.c.address),
        alone.join(former, former.c.address == deliveries.c.address).join(subscribers, is_theirs),
    )


def _refused() -> Select[Any]:
    """Return the SQL of who was refused for good when the last issue was sent."""
    last = select(sends.c.id).where(sends.c.scope == sends.c.issue_id)
    last = last.order_by(sends.c.planned_at.desc()).limit(1)
    return select(deliveries.c.subscriber_id).where(
        deliveries.c.send_id == last.scalar_subquery(),
        deliveries.c.state == State.REJECTED,
        ~deliveries.c.transient,
        deliveries.c.subscriber_id.is_not(None),
    )
