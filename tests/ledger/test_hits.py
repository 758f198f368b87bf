"""Opens and clicks: kept of whom it is allowed, and once however often they are told."""

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from threading import Event

import pytest
from sqlalchemy import Connection, select, update

from newsletter.errors import LedgerError
from newsletter.ledger import EPOCH, Gathering, Ledger, hits
from newsletter.ledger.people_tables import hits as hits_table
from newsletter.ledger.tables import OPEN, batches, deliveries, subscribers
from newsletter.model import Hit, HitKind, Judgement, State, Visitor
from tests.ledger.examples import add, person, plan
from tests.waiting import PATIENCE

SEEN = Hit(
    send=1,
    kind=HitKind.OPENED,
    hour="2026-12-15T08",
    visitor=Visitor.HUMAN,
    reason="gmail-proxy",
    rules="2026-11-29",
)


def allow(connection: Connection, name: str, tracking: str) -> None:
    this = update(subscribers).where(subscribers.c.key == f"key-{name}")
    connection.execute(this.values(tracking=tracking))


def deliveries_of(connection: Connection) -> dict[str, int]:
    query = select(deliveries.c.address, deliveries.c.id)
    return {address.partition("@")[0]: id for address, id in connection.execute(query)}


def kept(connection: Connection) -> Counter[int | None]:
    query = select(hits_table.c.delivery_id, hits_table.c.count)
    found = Counter[int | None]()
    for delivery, count in connection.execute(query):
        found[delivery] += count
    return found


def test_a_hit_of_a_person_is_kept_only_while_they_allow_it(connection: Connection) -> None:
    add(connection, *map(person, ("yes", "no", "unasked")))
    plan(connection)
    allow(connection, "yes", "granted")
    allow(connection, "no", "denied")
    ids = deliveries_of(connection)

    hits.add_hits(connection, [replace(SEEN, delivery=id) for id in (*ids.values(), 4711)])
    assert kept(connection) == {ids["yes"]: 1}

    allow(connection, "yes", "denied")
    hits.add_hits(connection, [replace(SEEN, delivery=ids["yes"])])
    assert kept(connection) == {ids["yes"]: 1}


@pytest.mark.parametrize(
    ("state", "seconds", "reason"),
    [
        (State.ACCEPTED, 1.0, "at-once"),
        (State.ACCEPTED, 30.0, "soon"),
        (State.ACCEPTED, 90.0, "gmail-proxy"),
        (State.ACCEPTED, -59.0, "at-once"),  # the answer is noted after its first mails left
        (State.ACCEPTED, -90.0, "gmail-proxy"),
        (OPEN, 1.0, "at-once"),  # it is called, and no answer is there yet
        (OPEN, 90.0, "gmail-proxy"),
    ],
)
def test_who_it_was_is_decided_by_how_soon_it_was(
    connection: Connection, state: str, seconds: float, reason: str
) -> None:
    add(connection, person("yes"))
    plan(connection)
    allow(connection, "yes", "granted")
    moment = dt.datetime(2026, 12, 15, 8, tzinfo=dt.UTC)
    late = moment if state is State.ACCEPTED else moment + dt.timedelta(days=9)
    connection.execute(update(deliveries).values(state=state, changed_at=late))
    connection.execute(update(batches).values(called_at=moment))
    soon, at_once = (
        Judgement(visitor=Visitor.MACHINE, reason=reason, rules="1")
        for reason in ("soon", "at-once")
    )

    seen = replace(
        SEEN,
        delivery=deliveries_of(connection)["yes"],
        at=moment + dt.timedelta(seconds=seconds),
        by_time=((5.0, at_once), (60.0, soon)),
    )
    hits.add_hits(connection, [seen])

    assert connection.execute(select(hits_table.c.reason)).scalars().all() == [reason]


def test_what_was_nobodys_in_particular_is_never_called_soon(connection: Connection) -> None:
    at_once = Judgement(visitor=Visitor.MACHINE, reason="at-once", rules="1")

    hits.add_hits(connection, [replace(SEEN, at=EPOCH, by_time=((5.0, at_once),))])

    assert connection.execute(select(hits_table.c.reason)).scalars().all() == ["gmail-proxy"]


def test_a_delivery_of_another_send_is_not_counted(connection: Connection) -> None:
    add(connection, person("yes"))
    plan(connection)
    allow(connection, "yes", "granted")

    hits.add_hits(connection, [replace(SEEN, send=2, delivery=deliveries_of(connection)["yes"])])

    assert kept(connection) == {}


def test_hits_of_nobody_in_particular_are_added_up(connection: Connection) -> None:
    clicked = replace(SEEN, kind=HitKind.CLICKED, link=2, visitor=Visitor.MACHINE)

    hits.add_hits(connection, [SEEN] * 500 + [clicked] * 20)
    hits.add_hits(connection, [SEEN])

    assert kept(connection) == {None: 521}
    rows = select(hits_table.c.kind, hits_table.c.verdict, hits_table.c.count)
    found = sorted((HitKind(kind), Visitor(who), n) for kind, who, n in connection.execute(rows))
    assert found == [
        (HitKind.CLICKED, Visitor.MACHINE, 20),
        (HitKind.OPENED, Visitor.HUMAN, 1),
        (HitKind.OPENED, Visitor.HUMAN, 500),
    ]


# --- many at once -------------------------------------------------------------------------


def test_what_was_answered_is_stored_and_stored_once(ledger: Ledger) -> None:
    async def store_all() -> None:
        gathering = Gathering[Hit](ledger, hits.add_hits)
        await asyncio.gather(*(gathering.store(SEEN) for _ in range(3_000)))

    asyncio.run(store_all())

    with ledger.read() as connection:
        assert kept(connection) == {None: 3_000}


def test_whoever_waits_hears_that_nothing_was_stored(sqlite: Ledger) -> None:
    def fail(_connection: Connection, _things: Sequence[int]) -> None:
        raise ValueError("of the test")

    async def store_some() -> list[BaseException | None]:
        gathering = Gathering[int](sqlite, fail)
        return await asyncio.gather(*map(gathering.store, range(3)), return_exceptions=True)

    assert {type(fault) for fault in asyncio.run(store_some())} == {ValueError}


@pytest.mark.parametrize(("comes_again", "stored"), [(True, [1, 3]), (False, [1, 2, 3])])
def test_what_comes_again_is_not_held_for_those_who_wait_no_longer(
    sqlite: Ledger, *, comes_again: bool, stored: list[int]
) -> None:
    written: list[int] = []
    is_begun, may_end = Event(), Event()

    def write(_connection: Connection, things: Sequence[int]) -> None:
        is_begun.set()
        may_end.wait(PATIENCE)
        written.extend(things)

    async def store_three() -> None:
        gathering = Gathering[int](sqlite, write, comes_again=comes_again)
        first = asyncio.create_task(gathering.store(1))
        await asyncio.to_thread(is_begun.wait, PATIENCE)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(gathering.store(2), 0.01)
        may_end.set()
        await asyncio.gather(first, gathering.store(3))

    asyncio.run(store_three())

    assert written == stored


def test_a_queue_that_only_grows_is_refused(
    sqlite: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter.ledger.storing._WAITING", 0)

    with pytest.raises(LedgerError):
        asyncio.run(Gathering[Hit](sqlite, hits.add_hits).store(SEEN))
