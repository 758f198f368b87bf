"""Workers are known by name, and how long ago each was seen by the database's clock."""

import time

import pytest
from sqlalchemy import Connection

from newsletter.ledger import workers
from newsletter.ledger.tables import workers as workers_table


def test_a_worker_is_known_until_it_leaves(connection: Connection) -> None:
    workers.enroll(connection, "a", host="machine", is_serving=True)
    workers.enroll(connection, "b", host="machine", is_serving=False)

    found = workers.find_worker(connection, "a")
    assert found
    assert (found.name, found.host, found.is_serving) == ("a", "machine", True)
    workers.leave(connection, "a")

    assert workers.find_worker(connection, "a") is None
    assert [w.name for w in workers.list_workers(connection)] == ["b"]


def test_the_clock_is_the_databases_and_runs(connection: Connection) -> None:
    workers.enroll(connection, "a", host="machine", is_serving=True)
    seen = connection.execute(workers_table.select()).one().seen_at

    assert seen == pytest.approx(time.time(), abs=60)
    time.sleep(0.3)
    found = workers.find_worker(connection, "a")
    assert found
    assert 0.2 < found.age < 30


def test_enrolling_again_renews_the_lease(connection: Connection) -> None:
    workers.enroll(connection, "a", host="machine", is_serving=True)
    connection.execute(workers_table.update().values(seen_at=0.0))

    workers.enroll(connection, "a", host="machine", is_serving=True)

    (found,) = workers.list_workers(connection)
    assert found.age < 30


def test_a_worker_that_died_is_forgotten_after_a_day(connection: Connection) -> None:
    workers.enroll(connection, "dead", host="machine", is_serving=True)
    connection.execute(workers_table.update().values(seen_at=workers_table.c.seen_at - 90_000))

    workers.enroll(connection, "new", host="machine", is_serving=True)

    assert [w.name for w in workers.list_workers(connection)] == ["new"]


def test_nobody_who_is_unknown_is_noted_as_living(connection: Connection) -> None:
    assert not workers.note_living(connection, "a")
    assert workers.list_workers(connection) == []
