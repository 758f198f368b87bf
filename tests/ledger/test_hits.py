"""Opens and clicks: counted of whom it is allowed, added up, and never of a test."""

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event

import pytest
from sqlalchemy import Connection, select, update

from newsletter.errors import LedgerError
from newsletter.ledger import Gathering, Ledger, hits, planning
from newsletter.ledger.people_tables import hits as hits_table
from newsletter.ledger.people_tables import visits
from newsletter.ledger.tables import deliveries, sends, subscribers
from newsletter.model import Counting, Hit, HitKind, Visitor
from tests.ledger.examples import FI, FINNISH, NEW, NOW, add, edition, person, plan
from tests.waiting import PATIENCE

SEEN = Hit(
    send=1,
    kind=HitKind.OPENED,
    hour="2026-12-15T08",
    visitor=Visitor.HUMAN,
    reason="gmail-proxy",
    rules="2026-11-29",
)
HOUR = dt.timedelta(hours=1)
BEYOND = dt.datetime(2027, 2, 1, 1, 30, tzinfo=dt.UTC)  # when nobody clicks any more
URLS = ("https://www.example.org/", "https://www.example.net/")


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


def summed(connection: Connection) -> dict[tuple[object, ...], int]:
    columns = [column for column in visits.c if column.name != "source"]
    return {tuple(key): count for *key, count in connection.execute(select(*columns))}


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


def test_after_some_time_it_is_not_known_any_more_whose_hits_they_were(
    connection: Connection,
) -> None:
    add(connection, person("yes"))
    plan(connection)
    allow(connection, "yes", "granted")
    mine = replace(SEEN, delivery=deliveries_of(connection)["yes"])
    hits.add_hits(connection, [mine, replace(mine, hour="2026-12-15T07")])

    hits.sum_up(connection, NOW + 2 * HOUR, forgotten=NOW)

    assert kept(connection) == {mine.delivery: 1}
    assert summed(connection) == {(1, "opened", 0, "2026-12-15T07", "human", "gmail-proxy"): 1}
    assert hits.count_hits(connection, 1) == {(HitKind.OPENED, Visitor.HUMAN): 2}


def test_hits_are_summed_up_by_the_hour_for_three_days_and_then_by_the_day(
    connection: Connection,
) -> None:
    add(connection, person("aino"))
    send = plan(connection)
    connection.execute(update(sends).where(sends.c.id == send).values(done_at=NOW))
    clicked = replace(SEEN, send=send, kind=HitKind.CLICKED, link=2)
    hours = ["2026-12-15T08", "2026-12-18T08", "2026-12-18T09", "2026-12-18T10", "2027-02-01T00"]
    seen = [replace(clicked, hour=hour) for hour in hours]
    open_hour = replace(SEEN, send=send, hour="2027-02-01T01")

    for _ in range(2):  # what comes after it was summed up is added
        hits.add_hits(connection, [*seen, *seen])
        assert hits.sum_up(connection, BEYOND, forgotten=NOW)
    hits.add_hits(connection, [open_hour])

    assert hits.sum_up(connection, BEYOND, forgotten=NOW) is None
    assert kept(connection) == {None: 1}
    whens = Counter({key[3]: count for key, count in summed(connection).items()})
    hourly = {"2026-12-15T08": 4, "2026-12-18T08": 4}
    assert whens == {**hourly, "2026-12-18": 8, "2027-02-01": 4}


def test_nothing_is_lost_or_counted_twice_while_hits_are_written_and_summed_up(
    ledger: Ledger,
) -> None:
    rounds, is_done = 60, Event()

    def write() -> None:
        for _ in range(rounds):
            with ledger.write() as connection:
                hits.add_hits(connection, [SEEN, SEEN, replace(SEEN, kind=HitKind.CLICKED, link=1)])

    def sum_all() -> None:
        while not is_done.is_set():
            with ledger.write() as connection:
                hits.sum_up(connection, BEYOND, forgotten=NOW)

    with ThreadPoolExecutor() as pool:
        summing = [pool.submit(sum_all) for _ in range(2)]
        writing = [pool.submit(write) for _ in range(2)]
        for one in writing:
            one.result()
        is_done.set()
        for other in summing:
            other.result()

    with ledger.read() as connection:
        counts = hits.count_hits(connection, SEEN.send)
    opened, clicked = (HitKind.OPENED, Visitor.HUMAN), (HitKind.CLICKED, Visitor.HUMAN)
    assert counts == {opened: 4 * rounds, clicked: 2 * rounds}


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
    assert hits.count_hits(connection, 1) == {
        (HitKind.OPENED, Visitor.HUMAN): 501,
        (HitKind.CLICKED, Visitor.MACHINE): 20,
    }


def test_links_keep_their_numbers_as_more_come(connection: Connection) -> None:
    add(connection, person("aino"))
    new = replace(NEW, counting=Counting.AGGREGATE)
    rendered = {FI: replace(edition(FI), links=URLS)}
    send = planning.plan_send(connection, new, FINNISH, rendered, batch_sizes={FI: 1})

    hits.keep_links(connection, send, ["https://www.example.com/", *URLS])

    found = hits.find_destinations(connection, send)
    assert found
    assert found.urls == {1: URLS[0], 2: URLS[1], 3: "https://www.example.com/"}
    assert found.is_counted
    assert hits.find_destinations(connection, send + 1) is None


@pytest.mark.parametrize("scope", ["rehearsal:2026-12", "test:abc", "notice:report:x"])
def test_nothing_but_an_issue_to_its_readers_is_counted(connection: Connection, scope: str) -> None:
    send = planning.insert_send(connection, replace(NEW, scope=scope), {})

    found = hits.find_destinations(connection, send)

    assert found
    assert not found.is_counted


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
