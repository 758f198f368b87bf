"""What happened to deliveries later: who bounced, complained or left, as the provider reports."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Join,
    Select,
    exists,
    func,
    insert,
    select,
    true,
    union_all,
)

from newsletter.addresses import as_listed
from newsletter.ledger import figures, history, people
from newsletter.ledger.bulk import count, in_chunks
from newsletter.ledger.folding import fold
from newsletter.ledger.instants import from_text
from newsletter.ledger.people_tables import returns
from newsletter.ledger.tables import deliveries, events, former, sends, subscribers
from newsletter.model import By, Departure, Happened, Record, Standing, State
from newsletter.moments import latest

# Anybody who said no is never mailed again; the editor decides about mailboxes that bounced.
SAID_NO = (Standing.COMPLAINED, Standing.UNSUBSCRIBED)
# What providers report, and what it means to a person.
_RECORDED = {
    Standing.COMPLAINED: Happened.COMPLAINED,
    Standing.UNSUBSCRIBED: Happened.UNSUBSCRIBED,
    Standing.BOUNCED: Happened.BOUNCED,
}
_AT_LAST = dt.datetime.max.replace(tzinfo=dt.UTC)  # when what has no time counts as noted
_NEWS = (events.c.kind, events.c.at, events.c.noted_at, sends.c.provider)

_NEWEST = select(func.max(events.c.id))  # asked for with every claim, so built once


class NewDepartures(NamedTuple):
    """What was recorded of a provider's report."""

    heard: int  # not known before
    taken_off: int  # people who were on the list until then


class _StoredEvent(NamedTuple):
    """A piece of news about somebody."""

    kind: str
    at: str  # when it happened; empty if that is unknown
    noted_at: dt.datetime | None  # when it became known
    provider: str  # who told it

    def record(self, key: str) -> Record:
        """Return it as something that happened to the person with this key."""
        return Record(
            key=key,
            what=_RECORDED[Standing(self.kind)],
            at=from_text(self.at) if self.at else None,
            noted_at=self.noted_at,
            by=By.PROVIDER,
            source=self.provider,
        )


def note_departures(
    connection: Connection, send_id: int, said: Iterable[Departure], now: dt.datetime
) -> NewDepartures:
    """Store which recipients of a send are gone, and take those who said no off the list.

    What is known already is stored only once.
    """
    people.lock_people(connection)  # so nobody joins, or comes back, in between
    told = {(fold(as_listed(d.address)), d.kind, latest(d.at)) for d in said}
    addresses = sorted({address for address, _, _ in told})
    noted_at = _after_all(connection, addresses, now)
    if history.was_set_back(now, noted_at):
        # No time that is told can be compared with what is known.
        told = {(address, kind, "") for address, kind, _ in told}
    rows: list[dict[str, Any]] = []
    for some in in_chunks(addresses):
        ids = _deliveries_to(connection, send_id, some)
        known = _known(connection, ids.values())
        rows += [
            {
                "delivery_id": ids[address],
                "kind": kind,
                "at": at,
                "noted_at": noted_at,
                "detail": {},
            }
            for address, kind, at in sorted(told)
            if address in ids and (ids[address], kind, at) not in known
        ]
    if rows:
        connection.execute(insert(events), rows)
        figures.note_news(connection, [send_id])
    return NewDepartures(heard=len(rows), taken_off=take_off(connection, SAID_NO, now))


def count_departed(connection: Connection) -> dict[Standing, int]:
    """How many active subscribers are known to have bounced, complained or left?"""
    return dict(Counter(_standings(_departed(connection, people.may_be_mailed())).values()))


def newest_event(connection: Connection) -> int:
    """Which event was stored last? 0 if there is none."""
    return connection.execute(_NEWEST).scalar_one() or 0


def take_off(connection: Connection, standings: Iterable[Standing], now: dt.datetime) -> int:
    """Stop mail to those known to be gone in one of these ways; return how many."""
    people.lock_people(connection)  # so nobody comes back in between
    wanted = set(standings)
    said = [
        strongest.record(key)
        for key, strongest in _departed(connection, true()).items()
        if strongest.kind in wanted
    ]
    return len(history.note(connection, said, now))


def list_refusers(connection: Connection) -> Mapping[str, Standing]:
    """Which addresses said no, but are no longer on the list because an import was taken back?

    Whoever told it: a provider that was asked, or one that posted it, or a mail.
    """
    known = exists().where(subscribers.c.address == deliveries.c.address)
    query = select(deliveries.c.address, *_NEWS).select_from(_told())
    rows = connection.execute(query.where(deliveries.c.subscriber_id.is_(None), ~known))
    gone = _strongest((fold(address), _StoredEvent(*news)) for address, *news in rows)
    said = [(a, standing) for a, standing in _standings(gone).items() if standing in SAID_NO]
    said += _said_by_strangers(connection)
    return dict(sorted(said, key=lambda one: one[1].rank))  # the strictest counts


def find_complained(connection: Connection, strangers: Collection[str]) -> list[str]:
    """Which of these, whose deliveries name no subscriber, are known to have marked mail as spam?

    An import that brought them was taken back, they have another address today, or they joined, or
    were reported, after the delivery was planned.
    """
    if not strangers:
        return []
    said = {
        **list_refusers(connection),
        **{
            old: person.standing
            for old, person in people.map_renamed(connection, strangers).items()
        },
        **{
            fold(p.address): p.standing
            for p in people.find_subscribers(connection, strangers).values()
        },
    }
    return [address for address in strangers if said.get(fold(address)) is Standing.COMPLAINED]


def count_refused(connection: Connection) -> int:
    """How many active people were refused for good when the last issue was sent?"""
    return count(connection, subscribers, subscribers.c.id.in_(_refused()), people.may_be_mailed())


def take_off_refused(connection: Connection, now: dt.datetime) -> None:
    """Stop mail to those who were refused for good when the last issue was sent."""
    people.lock_people(connection)
    query = select(subscribers.c.key, deliveries.c.reason, sends.c.provider)
    query = query.join_from(deliveries, subscribers, subscribers.c.id == deliveries.c.subscriber_id)
    query = query.join(sends, sends.c.id == deliveries.c.send_id)
    rows = connection.execute(query.where(_is_refused(), people.may_be_mailed()))
    said = [
        Record(key=key, what=Happened.BOUNCED, at=now, by=By.EDITOR, source=provider, reason=reason)
        for key, reason, provider in rows
    ]
    history.note(connection, said, now)


# --- what was reported --------------------------------------------------------------------


def _after_all(connection: Connection, addresses: Iterable[str], now: dt.datetime) -> dt.datetime:
    """Return a moment after all that is known of people: now, unless the clock was set back."""
    moments = [
        history.after_all(
            connection, select(subscribers.c.key).where(subscribers.c.address.in_(some)), now
        )
        for some in in_chunks(addresses)
    ]
    return max(moments, default=now)


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


def _departed(connection: Connection, who: ColumnElement[bool]) -> dict[str, _StoredEvent]:
    """Which of these are known to be gone, though their standing allows more mail, and how?

    By their keys. What happened before they came back does not count; a departure at an unknown
    time counts if it became known after that, which means less mail.
    """
    is_news = people.rank_of(subscribers.c.standing) < people.rank_of(events.c.kind)
    query = select(*_NEWS).select_from(_told())
    rows = connection.execute(_of_people(query.where(is_news), who))
    heard = [(key, _StoredEvent(*news)) for *news, key in rows]
    lifts = history.find_lifts(connection, {key for key, _ in heard}, _AT_LAST)
    return _strongest(
        (key, news)
        for key, news in heard
        if news.kind in _RECORDED
        and (key not in lifts or news.record(key).moment(_AT_LAST) > lifts[key])
    )


def _said_by_strangers(connection: Connection) -> list[tuple[str, Standing]]:
    """Which addresses that nobody on the list has said no, by what came back about mails?

    Anybody may write to our mailbox, so a mail counts only if it is about one of ours.
    """
    known = exists().where(subscribers.c.address == returns.c.address)
    is_proved = returns.c.delivery_id.is_not(None) | (returns.c.source != "mailbox")
    query = select(returns.c.address, returns.c.kind).distinct()
    query = query.where(returns.c.kind.in_(SAID_NO), returns.c.subscriber_key.is_(None))
    rows = connection.execute(query.where(returns.c.address != "", is_proved, ~known))
    return [(fold(address), Standing(kind)) for address, kind in rows]


def _strongest(heard: Iterable[tuple[str, _StoredEvent]]) -> dict[str, _StoredEvent]:
    """Return how each is gone: a refusal counts even if a bounce came later."""
    found: dict[str, _StoredEvent] = {}
    for whose, news in heard:
        if news.kind in _RECORDED and (whose not in found or _rank(found[whose]) < _rank(news)):
            found[whose] = news
    return found


def _rank(news: _StoredEvent) -> int:
    return Standing(news.kind).rank


def _standings(gone: Mapping[str, _StoredEvent]) -> dict[str, Standing]:
    return {whose: Standing(news.kind) for whose, news in gone.items()}


def _told() -> Join:
    """Return the SQL of what was told, with the delivery and the send that it is about."""
    theirs = events.join(deliveries, deliveries.c.id == events.c.delivery_id)
    return theirs.join(sends, sends.c.id == deliveries.c.send_id)


def _of_people(query: Select[Any], who: ColumnElement[bool]) -> CompoundSelect[Any]:
    """Query these people's deliveries, with the people's keys in a last column.

    A delivery whose subscriber was removed when an import was taken back belongs to whoever has, or
    had, its address.
    """
    query = query.add_columns(subscribers.c.key.label("person")).where(who)
    alone = query.where(deliveries.c.subscriber_id.is_(None))
    is_theirs = former.c.subscriber_key == subscribers.c.key
    return union_all(
        query.join(subscribers, subscribers.c.id == deliveries.c.subscriber_id),
        alone.join(subscribers, subscribers.c.address == deliveries.c.address),
        alone.join(former, former.c.address == deliveries.c.address).join(subscribers, is_theirs),
    )


def _refused() -> Select[Any]:
    """Return the SQL of who was refused for good when the last issue was sent."""
    return select(deliveries.c.subscriber_id).where(
        _is_refused(), deliveries.c.subscriber_id.is_not(None)
    )


def _is_refused() -> ColumnElement[bool]:
    """Return the SQL for whether a delivery was refused for good when the last issue was sent."""
    last = select(sends.c.id).where(sends.c.scope == sends.c.issue_id)
    last = last.order_by(sends.c.planned_at.desc()).limit(1)
    this = deliveries.c.send_id == last.scalar_subquery()
    return this & (deliveries.c.state == State.REJECTED) & ~deliveries.c.transient
