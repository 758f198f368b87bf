"""Planning chooses who gets an issue and freezes it: each reader once, nobody lost silently."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from newsletter.errors import StalePlanError
from newsletter.language import choose_language
from newsletter.ledger import (
    Ledger,
    choosing,
    claims,
    doubts,
    planning,
    readers,
    sends,
)
from newsletter.ledger.tables import batches, deliveries, editions, subscribers
from newsletter.ledger.tables import sends as sends_table
from newsletter.model import BatchState, Segment, Standing, State, Variant
from tests.ledger.examples import (
    BOTH,
    FI,
    FINNISH,
    LAPPI,
    NEW,
    SV,
    add,
    batch_rows,
    edition,
    now_stands,
    person,
    plan,
    planned,
    states_of,
)


def test_everybody_gets_their_language_or_that_of_the_newsletter(connection: Connection) -> None:
    add(
        connection,
        person("aino", language="fi"),
        person("bo", language="sv"),
        person("carl", language="de"),  # a language the issue does not have
        person("dora"),  # none said
    )

    counts = readers.count_variants(connection, BOTH)
    plan(connection, BOTH)

    assert counts == {FI: 3, SV: 1}
    assert planned(connection) == [("aino", "fi"), ("bo", "sv"), ("carl", "fi"), ("dora", "fi")]


def test_variants_stand_by_language_whoever_joined_first(connection: Connection) -> None:
    choice = choosing.Choice(languages=tuple("abcdefgh"), default_language="a")
    add(connection, *(person(name, language=name) for name in "hcgafbed"))
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL enable_sort = off")  # as of many: it groups by hash

    counts = readers.count_variants(connection, choice)

    assert [variant.language for variant in counts] == list("abcdefgh")


@pytest.mark.parametrize(
    ("written", "got"),
    [
        *((word, "sv") for word in ("sv", "SV", "swe", "se", "sv-SE", "sv_SE", "Svenska")),
        ("sv-FI", "sv-FI"),
        ("sv_fi", "sv-FI"),
        *((word, "en-GB") for word in ("en", "eng", "en-US", "en-gb", "english")),
        *((word, "fi") for word in ("fi", "fin", "suomi", "", "de", "x-y", "svamp")),
    ],
)
def test_a_language_is_understood_however_it_is_written(
    written: str, got: str, connection: Connection
) -> None:
    languages = ("fi", "sv", "sv-FI", "en-GB")
    choice = choosing.Choice(languages=languages, default_language="fi")
    add(connection, person("aino", language=written))

    assert readers.count_variants(connection, choice) == {Variant(language=got): 1}
    assert choose_language(written, languages, otherwise="fi") == got


def test_those_without_a_file_in_their_language_are_counted(connection: Connection) -> None:
    words = ("swe", "sv-FI", "fi", "de", "")
    add(connection, *(person(f"p{n}", language=word) for n, word in enumerate(words)))

    assert planning.count_strangers(connection, FINNISH) == {"": 1, "de": 1, "sv": 2}


@pytest.mark.parametrize("needs", [(), (frozenset({LAPPI}),), (frozenset({LAPPI}), frozenset())])
def test_those_for_whom_nothing_is_written_are_left_out_and_told(
    needs: tuple[frozenset[Segment], ...], connection: Connection
) -> None:
    choice = replace(BOTH, conditions=(LAPPI,), needs={"fi": needs})
    add(
        connection,
        person("aino", region="Lappi"),
        person("bo"),
        person("carl", region="Lappi", language="sv"),
        person("dora", language="sv"),
    )

    left_out = planning.count_left_out(connection, choice)
    plan(connection, choice, canary=1)

    missed = {"aino", "bo"} if not needs else {"bo"} if frozenset() not in needs else set()
    assert left_out == ({choosing.NO_TEXT: len(missed)} if missed else {})
    assert {name for name, _ in planned(connection)} == {"aino", "bo", "carl", "dora"} - missed


def test_each_combination_of_conditions_is_an_edition_of_its_own(connection: Connection) -> None:
    choice = replace(FINNISH, conditions=(LAPPI, Segment.of("name", "Aino")))
    add(connection, person("aino", region="Lappi"), person("bo", region="Lappi"), person("carl"))

    counts = readers.count_variants(connection, choice)
    plan(connection, choice)

    assert {str(variant): n for variant, n in counts.items()} == {
        "fi+name=Aino+region=Lappi": 1,
        "fi+region=Lappi": 1,
        "fi": 1,
    }
    assert planned(connection) == [
        ("aino", "fi+name=Aino+region=Lappi"),
        ("bo", "fi+region=Lappi"),
        ("carl", "fi"),
    ]


def test_a_segment_leaves_the_others_out_and_says_so(connection: Connection) -> None:
    choice = replace(FINNISH, segment=LAPPI)
    add(connection, person("aino", region="Lappi"), person("bo", region="Uusimaa"), person("carl"))

    left_out = planning.count_left_out(connection, choice)
    plan(connection, choice)

    assert left_out == {"not region=Lappi": 2}
    assert planned(connection) == [("aino", "fi")]


def test_nobody_but_active_people_is_planned_and_the_reason_is_counted(
    connection: Connection,
) -> None:
    add(connection, *(person(standing, standing=standing) for standing in Standing))

    left_out = planning.count_left_out(connection, FINNISH)
    plan(connection)

    assert planned(connection) == [("active", "fi")]
    assert left_out == {standing.value: 1 for standing in Standing if standing != "active"}


def test_everybody_is_either_planned_or_left_out(connection: Connection) -> None:
    choice = replace(BOTH, segment=LAPPI, conditions=(Segment.of("name", "Aino"),))
    crowd = [
        person(
            f"{standing}-{language}-{region}", language=language, region=region, standing=standing
        )
        for standing in Standing
        for language in ("", "fi", "sv", "en")
        for region in ("", "Lappi")
    ]
    add(connection, *crowd)

    plan(connection, choice)

    left_out = planning.count_left_out(connection, choice)
    assert len(planned(connection)) + sum(left_out.values()) == len(crowd)


def test_a_reader_whose_edition_was_not_rendered_is_not_lost_silently(
    connection: Connection,
) -> None:
    """Somebody may join while the editor reads the plan."""
    add(connection, person("aino", language="fi"))
    rendered = {v: edition(v) for v in readers.count_variants(connection, BOTH)}
    add(connection, person("bo", language="sv"))

    with pytest.raises(StalePlanError):
        planning.plan_send(connection, NEW, BOTH, rendered, batch_sizes={FI: 10})

    assert sends.find_send(connection, "2026-12") is None
    planning.plan_send(  # it is the missing edition alone that kept them from being mailed
        connection, NEW, BOTH, {**rendered, SV: edition(SV)}, batch_sizes={FI: 10, SV: 10}
    )
    assert len(planned(connection)) == 2


# --- planning -----------------------------------------------------------------------------


def test_a_send_is_read_back_as_planned(connection: Connection) -> None:
    add(connection, person("aino"), person("bo", standing="bounced"))

    send_id = plan(connection)

    send = sends.find_send(connection, "2026-12")
    assert send is not None
    assert (send.id, send.state, send.is_test) == (send_id, "planned", False)
    assert (send.sender, send.left_out) == (("Kirje", "kirje@example.org"), {"bounced": 1})
    assert sends.list_sends(connection) == [send]


def test_an_edition_is_frozen_as_it_was_rendered(connection: Connection) -> None:
    add(connection, person("aino"))

    plan(connection)

    (edition_id,) = connection.execute(select(editions.c.id)).scalars()
    assert sends.load_edition(connection, edition_id) == edition(FI)


def test_planning_an_issue_twice_doubles_nothing(ledger: Ledger) -> None:
    with ledger.write() as connection:
        add(connection, person("aino"), person("bo"))
        plan(connection)
        before = planned(connection)

    with pytest.raises(StalePlanError), ledger.write() as connection:
        plan(connection)

    with ledger.read() as connection:
        assert planned(connection) == before
        assert len(connection.execute(select(sends_table)).all()) == 1
        assert len(connection.execute(select(editions)).all()) == 1


def test_nobody_has_two_deliveries_of_an_issue(connection: Connection) -> None:
    add(connection, person("aino"))
    plan(connection)
    row = dict(connection.execute(select(deliveries)).one()._mapping) | {"id": 99}

    row["address"] = row["address"].upper()

    with pytest.raises(IntegrityError, match=r"uq_deliveries_send_id|UNIQUE"):
        connection.execute(insert(deliveries), row)


def test_tests_are_sends_of_their_own(connection: Connection) -> None:
    test = replace(NEW, key="1" * 32, scope="test:1")
    planning.plan_test(connection, test, [("me@example.org", None, edition(FI))])
    add(connection, person("me"))

    plan(connection)

    assert [send.scope for send in sends.list_sends(connection)] == ["2026-12"]
    assert planned(connection) == [("me", "fi"), ("me", "fi")]


@pytest.mark.parametrize(
    ("readers", "batch_size", "sizes"),
    [
        (1, 1, [1]),  # one person
        (5, 2, [2, 2, 1]),  # the last is smaller
        (6, 3, [3, 3]),  # nothing is left over
        (3, 100, [3]),  # all fit into one
    ],
)
def test_batches_have_the_size_the_provider_takes(
    connection: Connection, readers: int, batch_size: int, sizes: list[int]
) -> None:
    add(connection, *(person(f"p{n}") for n in range(readers)))

    plan(connection, batch_size=batch_size)

    found = Counter(connection.execute(select(deliveries.c.batch_id)).scalars())
    assert [found[batch_id] for batch_id in sorted(found)] == sizes
    assert len(connection.execute(select(batches)).all()) == len(sizes)


def test_each_batch_holds_readers_of_one_edition(connection: Connection) -> None:
    add(connection, *(person(f"p{n}", language=("fi", "sv")[n % 2]) for n in range(10)))

    send_id = plan(connection, BOTH, batch_size=3)

    for batch in doubts.list_batches(connection, send_id, BatchState.QUEUED):
        language = sends.load_edition(connection, batch.edition_id).language
        found = claims.list_recipients(connection, batch.id)
        assert {recipient.language for recipient in found} == {language}
        assert len(found) == batch.size <= 3


def test_every_batch_has_its_own_key(connection: Connection) -> None:
    add(connection, *(person(f"p{n}") for n in range(9)))

    plan(connection, batch_size=2)

    keys = connection.execute(select(batches.c.key)).scalars().all()
    assert len(set(keys)) == 5


def test_batches_take_people_in_the_order_they_joined(connection: Connection) -> None:
    add(connection, *(person(f"p{n}") for n in (3, 1, 4, 0, 2)))

    plan(connection, batch_size=2)

    calls = [
        [r.key for r in claims.list_recipients(connection, batch.id)]
        for batch in batch_rows(connection)
    ]
    assert calls == [["key-p3", "key-p1"], ["key-p4", "key-p0"], ["key-p2"]]


@pytest.mark.parametrize(
    ("ids", "runs"),
    [
        ([], []),
        ([7], [(7, 0, 1)]),
        ([7, 8, 9], [(7, 0, 3)]),
        ([7, 9, 10], [(7, 0, 1), (9, 1, 3)]),  # another process took 8
        ([7, 9, 11], [(7, 0, 1), (9, 1, 2), (11, 2, 3)]),
    ],
)
def test_ids_between_which_another_process_got_some_are_used_as_they_are(
    ids: Sequence[int], runs: list[tuple[int, int, int]]
) -> None:
    assert list(planning._runs(ids)) == runs


def test_a_canary_is_drawn_from_the_readers_and_is_in_batches_of_its_own(
    connection: Connection,
) -> None:
    add(connection, *(person(f"p{n}") for n in range(20)))
    add(connection, person("gone", standing="unsubscribed"))

    send_id = plan(connection, batch_size=4, canary=6)

    sizes = Counter({True: 0, False: 0})
    for batch in batch_rows(connection):
        sizes[batch.is_canary] += batch.size
    assert sizes == {True: 6, False: 14}
    assert len({address for address, _ in planned(connection)}) == 20
    assert sends.count_canary(connection, send_id) == {State.QUEUED: 6}


def test_a_canary_larger_than_the_list_is_the_list(connection: Connection) -> None:
    add(connection, person("aino"), person("bo"))

    send_id = plan(connection, canary=50)

    assert sends.count_canary(connection, send_id) == {State.QUEUED: 2}
    assert states_of(connection, send_id) == {State.QUEUED: 2}


def test_of_two_processes_that_plan_an_issue_one_does(ledger: Ledger) -> None:
    """The other is told, and finds the send when it asks again."""
    with ledger.write() as connection:
        add(connection, *(person(f"p{n}") for n in range(50)))

    def attempt(_number: int) -> str:
        try:
            with ledger.write() as connection:
                plan(connection)
        except StalePlanError:
            return "stale"
        return "planned"

    with ThreadPoolExecutor(6) as pool:
        said = Counter(pool.map(attempt, range(6)))

    assert said == {"planned": 1, "stale": 5}
    with ledger.read() as connection:
        assert len(planned(connection)) == 50


@pytest.mark.long
def test_nobody_joins_or_leaves_in_the_middle_of_a_plan(ledger: Ledger) -> None:
    """Counts and deliveries are of one list, whoever changes it at the same time."""
    crowd = [person(f"p{n}") for n in range(80)]
    with ledger.write() as connection:
        add(connection, *crowd[:40])

    def change() -> None:
        for joins, leaves in zip(crowd[40:], crowd, strict=False):
            with ledger.write() as connection:
                add(connection, joins)
                gone = replace(leaves, standing=Standing.UNSUBSCRIBED)
                now_stands(connection, gone, now=NEW.now)

    with ThreadPoolExecutor(1) as pool:
        changing = pool.submit(change)
        while not changing.done():
            with ledger.write() as connection:
                plan(connection, batch_size=7)
                found = Counter(connection.execute(select(deliveries.c.batch_id)).scalars())
                assert found == {batch.id: batch.size for batch in batch_rows(connection)}
                for table in (deliveries, batches, editions, sends_table):
                    connection.execute(table.delete())
        changing.result()


def test_the_send_is_frozen_whatever_becomes_of_the_list(connection: Connection) -> None:
    add(connection, person("aino"))
    plan(connection)

    connection.execute(update(subscribers).values(address="other@example.org"))

    assert planned(connection) == [("aino", "fi")]
