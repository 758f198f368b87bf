"""The ledger keeps who subscribes and what was sent to whom: nobody twice, nobody lost."""

import datetime as dt
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, insert, inspect, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from newsletter.errors import ConfigError
from newsletter.ledger import Ledger, migrations, open_ledger, people, planning, sends
from newsletter.ledger.open import HEAD
from newsletter.ledger.planning import Choice, NewSend
from newsletter.ledger.tables import batches, deliveries, editions, metadata
from newsletter.ledger.tables import sends as sends_table
from newsletter.model import Condition, Edition, Slot, Standing, State, Subscriber, Variant

NOW = "2026-12-15T08:00:00.000+00:00"
LAPPI = Condition("region", "Lappi")
FI, SV = Variant(language="fi"), Variant(language="sv")
BOTH = Choice(languages=("fi", "sv"), default_language="fi")
FINNISH = Choice(languages=("fi",), default_language="fi")
NEW = NewSend(
    key="0" * 32,
    scope="2026-12",
    issue_id="2026-12",
    issue_date=dt.date(2026, 12, 15),
    subject="Joulukuu",
    provider="outbox",
    tag="2026-12",
    sender=("Kirje", "kirje@example.org"),
    reply_to="toimitus@example.org",
    public_url="",
    digest="d" * 64,
    now=NOW,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "newsletter.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    opened = open_ledger(path)
    yield opened
    opened.close()


@pytest.fixture
def connection(ledger: Ledger) -> Iterator[Connection]:
    with ledger.write() as open_connection:
        yield open_connection


def person(
    name: str, *, language: str = "", region: str = "", standing: str = "active"
) -> Subscriber:
    """Return a subscriber whose address and key are made of their name."""
    return Subscriber(
        address=f"{name}@example.org",
        key=f"key-{name}",
        name=name.title(),
        language=language,
        attributes={"region": region} if region else {},
        standing=Standing(standing),
    )


def edition(variant: Variant) -> Edition:
    """Return a frozen edition for the readers of a variant."""
    return Edition(
        issue_id="2026-12",
        variant=str(variant),
        language=variant.language,
        subject="Joulukuu",
        html="<p>Hei</p>",
        text="Hei",
        slots=(Slot(marker="zq0z", name="name", fallback="sinä"),),
        digest="d" * 64,
    )


def add(connection: Connection, *persons: Subscriber) -> None:
    """Put people on the list."""
    people.add_subscribers(connection, persons, NOW)


def plan(connection: Connection, choice: Choice = FINNISH, *, batch_size: int = 100) -> int:
    """Plan a send to all it is for, as the pipeline does."""
    rendered = {v: edition(v) for v in planning.count_variants(connection, choice)}
    return planning.plan_send(connection, NEW, choice, rendered, batch_size=batch_size)


def planned(connection: Connection) -> list[tuple[str, str]]:
    """Return whom the ledger will mail, with the variant they get."""
    query = (
        select(deliveries.c.address, editions.c.variant)
        .join(batches, batches.c.id == deliveries.c.batch_id)
        .join(editions, editions.c.id == batches.c.edition_id)
        .order_by(deliveries.c.address)
    )
    return [(address.partition("@")[0], variant) for address, variant in connection.execute(query)]


# --- opening ------------------------------------------------------------------------------


def test_opening_makes_the_file_its_folder_and_all_tables(tmp_path: Path) -> None:
    path = tmp_path / "new" / "deep" / "newsletter.db"

    ledger = open_ledger(path)

    tables = set(inspect(ledger.engine).get_table_names())
    ledger.close()
    assert path.is_file()
    assert tables == {*metadata.tables, "alembic_version"}


def test_migrations_lead_to_exactly_the_tables_of_the_program(connection: Connection) -> None:
    context = MigrationContext.configure(connection, opts={"compare_type": True})

    assert compare_metadata(context, metadata) == []


def test_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))

    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_opening_again_changes_nothing(path: Path, ledger: Ledger) -> None:
    with ledger.write() as connection:
        add(connection, person("aino"))
    with sqlite3.connect(path) as raw:
        before = list(raw.iterdump())

    open_ledger(path).close()

    after = list(raw.iterdump())
    raw.close()
    assert after == before


@pytest.mark.parametrize("data", [b"x" * 4096, b"email,name\n"])
def test_a_file_that_is_no_database_is_a_fault_of_configuration(path: Path, data: bytes) -> None:
    path.write_bytes(data)

    with pytest.raises(ConfigError) as caught:
        open_ledger(path)

    assert str(path) in str(caught.value)
    assert path.read_bytes() == data


def test_a_folder_that_cannot_be_made_is_a_fault_of_configuration(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")

    with pytest.raises(ConfigError, match="cannot make the folder") as caught:
        open_ledger(tmp_path / "file" / "inner" / "newsletter.db")

    assert str(tmp_path / "file" / "inner") in str(caught.value)


def test_a_folder_in_place_of_the_file_is_a_fault_of_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        open_ledger(tmp_path)

    assert str(tmp_path) in str(caught.value)


@pytest.mark.parametrize("folder", ["työ kirje", "100%", "a#b", "a?b=c", "a%20b"])
def test_any_folder_name_will_do(tmp_path: Path, folder: str) -> None:
    path = tmp_path / folder / "newsletter.db"

    open_ledger(path).close()

    assert path.is_file()
    assert [entry.name for entry in tmp_path.iterdir()] == [folder]


# --- people -------------------------------------------------------------------------------


def test_a_person_is_read_back_as_written(connection: Connection) -> None:
    aino = person("aino", language="sv", region="Lappi", standing="pending")

    add(connection, aino)

    assert people.find_subscriber(connection, aino.address) == aino
    assert people.find_subscriber(connection, "bo@example.org") is None


def test_a_change_keeps_the_key(connection: Connection) -> None:
    aino = person("aino")
    add(connection, aino)

    people.change_subscribers(connection, [replace(aino, key="other", name="Aino Ek")], NOW)

    assert people.find_subscriber(connection, aino.address) == replace(aino, name="Aino Ek")


def test_more_people_are_found_than_fit_one_question(connection: Connection) -> None:
    crowd = [person(f"p{n}") for n in range(1201)]
    add(connection, *crowd)

    found = people.find_subscribers(connection, [p.address for p in crowd])

    assert found == {p.address: p for p in crowd}


def test_an_attribute_nobody_has_meets_no_condition(connection: Connection) -> None:
    add(connection, person("aino"), person("bo", region="Lappi"), person("eva", region="lappi"))

    listed = list(people.list_subscribers(connection, condition=LAPPI))

    assert [p.name for p in listed] == ["Bo"]


# --- choosing -----------------------------------------------------------------------------


def test_everybody_gets_their_language_or_that_of_the_newsletter(connection: Connection) -> None:
    add(
        connection,
        person("aino", language="fi"),
        person("bo", language="sv"),
        person("carl", language="de"),  # a language the issue does not have
        person("dora"),  # none said
    )

    counts = planning.count_variants(connection, BOTH)
    plan(connection, BOTH)

    assert counts == {FI: 3, SV: 1}
    assert planned(connection) == [("aino", "fi"), ("bo", "sv"), ("carl", "fi"), ("dora", "fi")]


def test_each_combination_of_conditions_is_an_edition_of_its_own(connection: Connection) -> None:
    choice = replace(FINNISH, conditions=(LAPPI, Condition("name", "Aino")))
    add(connection, person("aino", region="Lappi"), person("bo", region="Lappi"), person("carl"))

    counts = planning.count_variants(connection, choice)
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
    choice = replace(BOTH, segment=LAPPI, conditions=(Condition("name", "Aino"),))
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
    rendered = {v: edition(v) for v in planning.count_variants(connection, BOTH)}
    add(connection, person("bo", language="sv"))

    try:
        planning.plan_send(connection, NEW, BOTH, rendered, batch_size=10)
    except Exception:  # refusing is one way not to lose anybody
        return

    send = sends.find_send(connection, "2026-12")
    assert send is not None
    assert len(planned(connection)) + sum(send.left_out.values()) == 2


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

    with pytest.raises(IntegrityError), ledger.write() as connection:
        plan(connection)

    with ledger.read() as connection:
        assert planned(connection) == before
        assert len(connection.execute(select(sends_table)).all()) == 1
        assert len(connection.execute(select(editions)).all()) == 1


def test_nobody_has_two_deliveries_of_an_issue(connection: Connection) -> None:
    add(connection, person("aino"))
    plan(connection)
    row = dict(connection.execute(select(deliveries)).one()._mapping) | {"id": 99}

    with pytest.raises(IntegrityError, match="UNIQUE"):
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

    for batch in sends.list_batches_in(connection, send_id, State.QUEUED):
        language = sends.load_edition(connection, batch.edition_id).language
        found = sends.list_recipients(connection, batch.id, State.QUEUED)
        assert {r.subscriber.language for r in found if r.subscriber} == {language}
        assert len(found) <= 3


def test_every_batch_has_its_own_key(connection: Connection) -> None:
    add(connection, *(person(f"p{n}") for n in range(9)))

    plan(connection, batch_size=2)

    keys = connection.execute(select(batches.c.key)).scalars().all()
    assert len(set(keys)) == 5


# --- claiming -----------------------------------------------------------------------------


def test_a_claim_moves_a_batch_from_queued_to_sending(connection: Connection) -> None:
    add(connection, *(person(f"p{n}") for n in range(3)))
    send_id = plan(connection, batch_size=2)

    batch = sends.claim_batch(connection, send_id, worker="w", now=5.0)

    assert batch is not None
    assert (batch.worker, batch.attempt, batch.called_at) == ("w", 1, 5.0)
    assert sends.count_states(connection, send_id) == {State.SENDING: 2, State.QUEUED: 1}


def test_those_who_left_in_the_meantime_are_skipped_with_the_reason(
    connection: Connection,
) -> None:
    aino, bo, carl = person("aino"), person("bo"), person("carl")
    add(connection, aino, bo, carl)
    send_id = plan(connection)
    left = [
        replace(aino, standing=Standing.UNSUBSCRIBED),
        replace(bo, standing=Standing.COMPLAINED),
    ]
    people.change_subscribers(connection, left, NOW)

    batch = sends.claim_batch(connection, send_id, worker="w", now=0.0)

    assert batch is not None
    found = sends.list_recipients(connection, batch.id, State.SENDING)
    assert [recipient.subscriber for recipient in found] == [carl]
    skipped = sends.list_deliveries(connection, send_id, State.SKIPPED)
    assert [(address, reason) for address, _, _, reason in skipped] == [
        (aino.address, "unsubscribed"),
        (bo.address, "complained"),
    ]


def test_a_test_reaches_even_somebody_who_left(connection: Connection) -> None:
    me = person("me", standing="unsubscribed")
    add(connection, me)
    ids = people.find_ids(connection, [me.address])
    test = replace(NEW, scope="test:1")
    send_id = planning.plan_test(connection, test, [(me.address, ids[me.address], edition(FI))])

    sends.claim_batch(connection, send_id, worker="w", now=0.0)

    assert sends.count_states(connection, send_id) == {State.SENDING: 1}


def test_a_batch_whose_time_has_not_come_is_not_claimed(connection: Connection) -> None:
    add(connection, person("aino"))
    send_id = plan(connection)
    batch = sends.claim_batch(connection, send_id, worker="w", now=0.0)
    assert batch is not None

    sends.release_batch(connection, batch.id, not_before=60.0, attempt=1)

    assert sends.next_due(connection, send_id) == 60.0
    assert sends.claim_batch(connection, send_id, worker="w", now=59.0) is None
    again = sends.claim_batch(connection, send_id, worker="w", now=60.0)
    assert again is not None
    assert again.key != batch.key


def test_nothing_is_left_to_claim_in_the_end(connection: Connection) -> None:
    add(connection, person("aino"))
    send_id = plan(connection)
    sends.claim_batch(connection, send_id, worker="w", now=0.0)

    assert sends.claim_batch(connection, send_id, worker="w", now=0.0) is None
    assert sends.next_due(connection, send_id) is None


def claim_all(path: Path, send_id: int, worker: str) -> Sequence[int]:
    """Claim batches on a connection of one's own until there are none."""
    own = open_ledger(path)
    claimed: list[int] = []
    while True:
        with own.write() as connection:
            batch = sends.claim_batch(connection, send_id, worker=worker, now=0.0)
        if batch is None:
            own.close()
            return claimed
        claimed.append(batch.id)


def test_two_senders_never_claim_the_same_batch(path: Path, ledger: Ledger) -> None:
    with ledger.write() as connection:
        add(connection, *(person(f"p{n}") for n in range(60)))
        send_id = plan(connection, batch_size=1)

    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(claim_all, path, send_id, f"w{n}") for n in range(4)]
        claimed = [batch_id for job in jobs for batch_id in job.result()]

    assert len(claimed) == 60
    assert len(set(claimed)) == 60


# --- faults -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "again",
    [
        person("secret-aino"),  # the same address
        replace(person("bo"), key="key-secret-aino"),  # the same key
    ],
)
def test_no_error_of_the_ledger_holds_an_address(connection: Connection, again: Subscriber) -> None:
    add(connection, person("secret-aino"))

    with pytest.raises(DBAPIError) as caught:
        add(connection, again, person("secret-eva"))

    assert "secret" not in str(caught.value)
    assert "example.org" not in str(caught.value)


def test_an_error_takes_back_the_whole_change(ledger: Ledger) -> None:
    def write() -> None:
        with ledger.write() as connection:
            add(connection, person("aino"))
            add(connection, person("aino"))

    with pytest.raises(IntegrityError):
        write()

    with ledger.read() as connection:
        assert people.count_by_standing(connection) == {}


def test_a_ledger_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "newsletter.db"
    open_ledger(path).close()
    with sqlite3.connect(path) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()

    with pytest.raises(ConfigError, match="newer version"):
        open_ledger(path)
