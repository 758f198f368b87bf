"""Who is erased or refuses keeps nothing of what they read, and the counts stay what they were."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import event, select, update

from newsletter import consent
from newsletter.consent import Preferences, prefer
from newsletter.ledger import Ledger, fates, hits, letting_go, summing, sums
from newsletter.ledger.figure_tables import readers
from newsletter.ledger.tables import subscribers
from newsletter.model import Counting, HitKind, ReturnKind, Source, Tracking, Visitor
from newsletter.stats import update_figures
from tests.ledger.test_hits import SEEN, allow
from tests.stats.sent import (
    BEGUN,
    DAY,
    HOUR,
    copies_of,
    is_told,
    issue_goes_out,
    leaves,
    people_join,
)

FINAL = BEGUN + 9 * DAY
SECRET = "x" * 32
WHO = "fi0@example.org"


@pytest.fixture
def read(ledger: Ledger) -> Ledger:
    """An issue that two people got, who allowed it and opened it, and clicked."""
    with ledger.write() as connection:
        people_join(connection, 2)
        send = issue_goes_out(connection, counting=Counting.CONSENTED)
        for name in ("fi0", "fi1"):
            allow(connection, name, Tracking.GRANTED)
        hour = BEGUN.isoformat()[:13]
        seen = [
            replace(SEEN, send=send, delivery=1, hour=hour),
            replace(SEEN, send=send, delivery=1, hour=hour, kind=HitKind.CLICKED, link=1),
            replace(SEEN, send=send, delivery=2, hour=hour, visitor=Visitor.UNKNOWN),
        ]
        hits.add_hits(connection, seen)
    return ledger


def copies(ledger: Ledger) -> set[int]:
    """Return whose copies are known, and the numbers of those that are nobody's."""
    with ledger.read() as connection:
        return set(connection.execute(select(readers.c.delivery_id)).scalars())


def ranks(ledger: Ledger) -> set[sums.Ranks]:
    with ledger.read() as connection:
        return set(sums.rank_copies(connection, 1, Source.SERVICE, is_early=True))


def let_go(ledger: Ledger) -> int:
    with ledger.write() as connection:
        return letting_go.let_go(connection)


def erase(ledger: Ledger) -> None:
    consent.forget(ledger, WHO, SECRET, BEGUN + HOUR, source="forget")


def refuse(ledger: Ledger) -> None:
    prefer(ledger, "key-fi0", Preferences(tracking=Tracking.DENIED), BEGUN + HOUR)


@pytest.mark.parametrize("leave", [erase, refuse], ids=["erased", "refused"])
def test_a_copy_is_nobodys_once_the_figures_are_final_and_counts_all_the_same(
    read: Ledger, leave: object
) -> None:
    assert callable(leave)
    leave(read)
    update_figures(read, now=BEGUN + 2 * HOUR)
    before = ranks(read)
    assert (let_go(read), copies(read)) == (0, {1, 2})

    update_figures(read, now=FINAL)

    assert (let_go(read), let_go(read)) == (1, 0)
    assert copies(read) == {-1, 2}
    assert ranks(read) == before == {sums.Ranks(3, 3, 1), sums.Ranks(2, None, 1)}
    assert "readers" not in consent.gather(read, WHO)


@pytest.mark.parametrize("leave", [erase, refuse], ids=["erased", "refused"])
def test_nothing_more_is_seen_of_whoever_left(read: Ledger, leave: object) -> None:
    assert callable(leave)
    leave(read)

    with read.write() as connection:
        hits.add_hits(connection, [replace(SEEN, delivery=1, kind=HitKind.CLICKED, link=2)])
    summing.sum_up(read, BEGUN + 2 * HOUR)

    with read.read() as connection:
        query = select(readers.c.link).where(readers.c.delivery_id == 1)
        assert set(connection.execute(query).scalars()) == {0, 1}


def test_each_copy_that_is_let_go_is_told_apart(read: Ledger) -> None:
    refuse(read)
    prefer(read, "key-fi1", Preferences(tracking=Tracking.DENIED), BEGUN + HOUR)
    update_figures(read, now=FINAL)

    assert let_go(read) == 2
    assert copies(read) == {-1, -2}


def test_many_copies_are_let_go_in_as_many_statements_as_one(read: Ledger) -> None:
    with read.write() as connection:
        hour = BEGUN.isoformat()[:13]
        people_join(connection, 40, "sv")
        send = issue_goes_out(connection, "2027-01", counting=Counting.CONSENTED)
        for name in (f"sv{n}" for n in range(40)):
            allow(connection, name, Tracking.GRANTED)
        theirs = copies_of(connection, send)[2:]
        hits.add_hits(
            connection, [replace(SEEN, send=send, delivery=one, hour=hour) for one in theirs]
        )
    refuse(read)
    update_figures(read, now=FINAL)
    with statements(read) as of_one:
        assert let_go(read) == 1
    with read.write() as connection:
        connection.execute(update(subscribers).values(tracking=Tracking.DENIED))

    with statements(read) as of_many:
        assert let_go(read) == 1 + 40

    assert len(of_many) == len(of_one)
    assert len({number for number in copies(read) if number < 0}) == 40


@contextmanager
def statements(ledger: Ledger) -> Iterator[list[str]]:
    """Collect the SQL that is executed."""
    found: list[str] = []

    def note(*told: object) -> None:
        found.append(str(told[2]))

    with ledger.read() as connection:
        engine = connection.engine
    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


def test_how_one_person_left_is_looked_up_among_what_is_theirs(ledger: Ledger) -> None:
    with ledger.write() as connection:
        people_join(connection, 3)
        send = issue_goes_out(connection)
        first, second, third = copies_of(connection, send)
        leaves(connection, "key-fi0", BEGUN + HOUR)
        is_told(connection, [(second, ReturnKind.UNSUBSCRIBED)], at=BEGUN + DAY)
        leaves(connection, "key-fi1", BEGUN + DAY)
        leaves(connection, "key-fi2", BEGUN + HOUR)

        everybody = fates.list_leaving(connection, BEGUN)
        each = [
            one
            for key, copy in (("key-fi0", first), ("key-fi1", second), ("key-fi2", third))
            for one in fates.list_leaving(connection, BEGUN, who=(key, [copy]))
        ]

    assert each == everybody
    assert [one.send for one in each] == [None, send, None]


def test_it_is_forgotten_in_the_end_though_figures_cannot_be_computed(read: Ledger) -> None:
    summing.sum_up(read, BEGUN + HOUR)

    with read.write() as connection:
        assert summing.forget_readers(connection, before=BEGUN + 30 * DAY) == 0
        assert summing.forget_readers(connection, before=BEGUN + 31 * DAY) == 4
