"""Migrations lead from nothing, and from every older ledger, to the tables of the program."""

import datetime as dt
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import JSON, Connection, Engine, column, create_engine, event, insert, table, text
from sqlalchemy.exc import IntegrityError

from newsletter.ledger import Ledger, batches, events, migrations, open_ledger, people, sends, sums
from newsletter.ledger.instants import as_text
from newsletter.ledger.open import HEAD
from newsletter.ledger.tables import metadata
from newsletter.model import BatchState, SendState, Standing, State
from newsletter.model.figures import Split
from newsletter.stats import read_report
from tests.ledger.examples import NOW, astray, at, batch_rows, claim, outcomes, states_of
from tests.servers.postgres import PostgresServer
from tests.stats.sent import DAY, FRAME, HOUR
from tests.waiting import join

SECOND = dt.timedelta(seconds=1)


def test_migrations_lead_to_exactly_the_tables_of_the_program(connection: Connection) -> None:
    def is_ours(name: str | None, _kind: str, _parents: object) -> bool:
        return "procrastinate" not in (name or "")

    options = {"compare_type": True, "include_name": is_ours}
    context = MigrationContext.configure(connection, opts=options)

    differences = compare_metadata(context, metadata)

    if connection.dialect.name == "postgresql":  # has an index in place of a constraint
        named = {(words[0], words[1].name) for words in differences}
        unique = ("uq_subscribers_address", "uq_deliveries_send_id")
        assert named == {(w, n) for w in ("add_constraint", "remove_index") for n in unique}
    else:
        assert differences == []


# --- from the first version ---------------------------------------------------------------


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path | str]:
    """Where a ledger of the first version is, with deliveries in every state."""
    place: Path | str = tmp_path / "newsletter.db"
    engine = create_engine(f"sqlite:///{place}")
    if request.param == "sqlite":
        event.listen(engine, "connect", lambda c, _: c.execute("PRAGMA foreign_keys = ON"))
    else:
        server: PostgresServer = request.getfixturevalue("postgres")
        place = server.create_database(f"old{threading.get_native_id()}{id(request)}")
        engine = create_engine(place)
    _fill(engine)
    yield place
    engine.dispose()


OLD = {  # batch -> address, state, reason
    1: [("a", "accepted", ""), ("b", "rejected", "no such mailbox"), ("c", "skipped", "bounced")],
    2: [("d", "sending", ""), ("e", "accepted", "")],
    3: [("f", "unknown", "no answer"), ("g", "unknown", "no answer"), ("h", "abandoned", "?")],
    4: [("i", "queued", ""), ("j", "queued", "")],
    5: [("k", "unknown", "cut off"), ("l", "queued", "")],
}


def _fill(engine: Engine) -> None:
    with engine.begin() as connection:
        _upgrade(connection, "0001")
        everybody = [who for rows in OLD.values() for who, _, _ in rows]
        for n, who in enumerate(everybody, 1):
            _insert(
                connection, "subscribers", id=n, address=f"{who}@example.org", key=who, name=who,
                language="fi", attributes={}, standing="active", joined_at=NOW, changed_at=NOW,
            )  # fmt: skip
        _insert(
            connection, "sends", id=1, key="k", scope="2026-12", issue_id="2026-12",
            issue_date="2026-12-15", subject="S", provider="outbox", tag="t",
            sender=["N", "n@example.org"], reply_to="r@example.org", public_url="", digest="d",
            state="stopped", reason="why", left_out={}, planned_at=NOW,
        )  # fmt: skip
        _insert(
            connection, "editions", id=1, send_id=1, variant="fi", language="fi", subject="S",
            html="", text="", slots=[], pictures=[], digest="d",
        )  # fmt: skip
        for batch_id, rows in OLD.items():
            _insert(
                connection, "batches", id=batch_id, send_id=1, edition_id=1, key=f"key{batch_id}",
                worker="w" if batch_id == 2 else "", attempt=1, not_before=0.0,
                called_at=None if batch_id == 4 else 5.0,
            )  # fmt: skip
            for who, state, reason in rows:
                number = everybody.index(who) + 1
                _insert(
                    connection, "deliveries", id=number, send_id=1, scope="2026-12",
                    batch_id=batch_id, subscriber_id=number, address=f"{who}@example.org",
                    state=state, message_id="", reason=reason, changed_at=NOW,
                )  # fmt: skip


def _upgrade(connection: Connection, to: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _insert(connection: Connection, into: str, /, **values: object) -> None:
    columns = [
        column(name, JSON) if isinstance(value, list | dict) else column(name)
        for name, value in values.items()
    ]
    connection.execute(insert(table(into, *columns)), values)


def test_a_ledger_of_the_first_version_keeps_everybody_where_they_are(old: Path | str) -> None:
    ledger = open_ledger(old)

    with ledger.read() as connection:
        shown = {
            address.partition("@")[0]: (state, reason)
            for address, state, _, reason in sends.list_deliveries(connection, 1)
        }
        found = batch_rows(connection)
    ledger.close()
    before = {who: (State(state), why) for rows in OLD.values() for who, state, why in rows}
    # In doubt together with others: what was queued in the same batch waits for the same answer.
    assert shown == before | {"l": (State.UNKNOWN, "cut off")}
    assert [batch.state for batch in found] == [
        BatchState.SETTLED, State.SENDING, State.UNKNOWN, State.QUEUED, State.UNKNOWN,
    ]  # fmt: skip
    assert [batch.size for batch in found] == [3, 2, 3, 2, 2]
    assert (found[1].worker, found[1].key, found[1].called_at) == ("w", "key2", at(5.0))


def test_a_send_of_the_first_version_goes_on(old: Path | str) -> None:
    ledger = open_ledger(old)

    with ledger.write() as connection:
        assert sends.list_sends(connection) == []  # through the outbox: nobody was mailed
        send = sends.find_rehearsal(connection, "2026-12")
        assert send
        assert (send.state, send.is_held, send.by_provider) == (SendState.STOPPED, False, False)
        assert sends.begin_sending(connection, 1)
        claimed = claim(connection, 1)
        batches.record_outcomes(connection, claimed.batch, outcomes(claimed), now=NOW)
        counts = states_of(connection, 1)
    ledger.close()
    assert [r.address for r in claimed.recipients] == ["i@example.org", "j@example.org"]
    assert (counts[State.ACCEPTED], counts.get(State.QUEUED)) == (4, None)


def test_addresses_stay_one_however_they_are_written(old: Path | str) -> None:
    ledger = open_ledger(old)
    again = (
        "INSERT INTO deliveries (id, send_id, batch_id, address, state, message_id, reason,"
        " transient, changed_at) VALUES (99, 1, 1, 'A@EXAMPLE.ORG', 'open', '', '', false, '')"
    )
    with ledger.read() as connection:
        assert people.find_subscriber(connection, "A@EXAMPLE.ORG")

    with pytest.raises(IntegrityError), ledger.write() as connection:
        connection.execute(text(again))
    ledger.close()


def test_who_went_with_an_import_and_came_back_has_what_was_sent(old: Path | str) -> None:
    engine = create_engine(old if isinstance(old, str) else f"sqlite:///{old}")
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0008")
        connection.execute(text("UPDATE deliveries SET subscriber_id = NULL WHERE id IN (1, 2, 3)"))
        connection.execute(text("UPDATE subscribers SET address = 'A@example.org' WHERE id = 1"))
        connection.execute(text("UPDATE subscribers SET address = 'new@b.fi' WHERE id = 2"))
        _insert(connection, "former", id=1, address="B@example.org", subscriber_key="b")
        connection.execute(text("UPDATE subscribers SET address = 'other@c.fi' WHERE id = 3"))
    engine.dispose()

    ledger = open_ledger(old)

    with ledger.read() as connection:
        whose = connection.execute(
            text("SELECT id, subscriber_id FROM deliveries WHERE id <= 4 ORDER BY id")
        ).all()
    ledger.close()
    assert whose == [(1, 1), (2, 2), (3, None), (4, 4)]


def test_what_was_told_before_somebody_came_back_does_not_count_in_a_new_version(
    old: Path | str,
) -> None:
    engine = create_engine(old if isinstance(old, str) else f"sqlite:///{old}")
    back = at(10.0).isoformat(timespec="milliseconds")
    with engine.begin() as connection:
        _upgrade(connection, "0012")
        told = [(1, "complained", ""), (1, "returned", back), (2, "complained", "")]
        for delivery, kind, moment in told:
            _insert(connection, "events", delivery_id=delivery, kind=kind, at=moment, detail={})
    engine.dispose()
    ledger = open_ledger(old)

    with ledger.write() as connection:
        assert events.take_off(connection, events.SAID_NO, NOW) == 1
        stands = {p.key: p.standing for p in people.list_subscribers(connection)}
        assert astray(connection) == {}
    ledger.close()
    assert (stands["a"], stands["b"]) == (Standing.ACTIVE, Standing.COMPLAINED)


def test_who_opened_or_clicked_is_forgotten_but_not_that_their_mail_arrived(
    old: Path | str,
) -> None:
    """It was kept of each person for more than a year, and shown nowhere."""
    engine = create_engine(old if isinstance(old, str) else f"sqlite:///{old}")
    told = {
        1: ["opened"],
        2: ["soft", "opened", "clicked"],
        3: ["soft"],
        4: ["clicked", "hard"],
    }
    with engine.begin() as connection:
        _upgrade(connection, "0013")
        for delivery, kinds in told.items():
            for kind in kinds:
                _insert(
                    connection, "returns", digest=f"{delivery}-{kind}", source="brevo", kind=kind,
                    at=NOW, noted_at=NOW, address="a@example.org", delivery_id=delivery, status="",
                    text="", state="idle", detail={"word": kind},
                )  # fmt: skip
    engine.dispose()

    ledger = open_ledger(old)

    with ledger.read() as connection:
        rows = connection.execute(text("SELECT delivery_id, kind, detail FROM returns")).all()
    ledger.close()
    kept = {(delivery, kind) for delivery, kind, _ in rows}
    assert kept == {(2, "soft"), (2, "delivered"), (3, "soft"), (4, "hard")}
    assert "opened" not in repr(rows)


def test_a_ledger_of_the_version_before_has_the_right_figures(old: Path | str) -> None:
    """Twelve allow that they are counted, one of them after the mail left; one refuses later."""
    _is_of_schema_13(old)
    ledger = open_ledger(old)

    [issue] = read_report(ledger, FRAME, now=NOW + 10 * DAY).issues
    with ledger.read() as connection:
        visits = sums.list_times(connection, 1)
    ledger.close()

    assert (issue.delivered.sent, issue.delivered.bounced_soft, issue.shown.counted) == (12, 1, 10)
    assert issue.shown.openers == Split(human=2, unknown=0, machine=1, hidden=1)
    assert issue.shown.clickers == Split(human=1, unknown=0, machine=0, hidden=0)
    assert issue.shown.opens == Split(human=9, unknown=0, machine=6, hidden=6)
    assert [row.number for row in visits if row.hides and not row.rules] == [5]


def test_of_old_issues_of_a_version_before_nobody_says_that_nobody_opened_them(
    old: Path | str,
) -> None:
    _is_of_schema_13(old, "DELETE FROM hits")  # they were summed up, and nobody's, after a month
    ledger = open_ledger(old)

    for days in (40, 50):
        [issue] = read_report(ledger, FRAME, now=NOW + days * DAY).issues
        assert (issue.shown.openers, issue.shown.clickers) == (Split(), Split())
        assert issue.shown.opens == Split(human=7, unknown=0, machine=5, hidden=5)
        assert issue.hidden_because
        assert issue.open_range is None
    ledger.close()


def _is_of_schema_13(old: Path | str, *changes: str) -> None:
    """Let the ledger be of the version before, with an issue that counted those who allowed it."""
    engine = create_engine(old if isinstance(old, str) else f"sqlite:///{old}")
    with engine.begin() as connection:
        _upgrade(connection, "0013")
        _allow(connection)
        _went_out(connection, NOW + dt.timedelta(minutes=1))
        _was_seen(connection, NOW + HOUR)
        for change in changes:
            connection.execute(text(change))
    engine.dispose()


def _allow(connection: Connection) -> None:
    for n, who in enumerate("abcdefghijkl", 1):
        chosen = {"granted": NOW + (HOUR if who == "a" else -HOUR)}
        chosen |= {"refused": NOW + DAY} if who == "b" else {}
        for tracking, moment in chosen.items():
            _insert(
                connection, "records", subscriber_key=who, what="tracked", by="person",
                at=as_text(moment), noted_at=as_text(moment), source="page", act="", reason="",
                detail={"tracking": tracking},
            )  # fmt: skip
        newest = text("UPDATE subscribers SET tracking = :chosen WHERE id = :id")
        connection.execute(newest, {"chosen": [*chosen][-1], "id": n})


def _went_out(connection: Connection, called: dt.datetime) -> None:
    """Let all have got it; of one batch some were accepted before it was called again."""
    values = {
        "called": called.timestamp(),
        "again": (called + DAY).timestamp(),
        "accepted": as_text(called + SECOND),
    }
    for change in (
        "UPDATE sends SET scope = '2026-12', provider = 'brevo', counting = 'consented',"
        " state = 'done'",
        "UPDATE batches SET called_at = :called, state = 'settled'",
        "UPDATE deliveries SET state = 'accepted', changed_at = :accepted",
        "UPDATE batches SET called_at = :again WHERE id = 1",
    ):
        connection.execute(text(change), values)


def _was_seen(connection: Connection, moment: dt.datetime) -> None:
    seen = [("human", "browser", 3), ("human", "browser", 4), ("machine", "apple-proxy", 5)]
    for verdict, reason, delivery in seen:
        _insert(
            connection, "hits", send_id=1, kind="opened", link=None, hour="2026-12-15T10",
            verdict=verdict, reason=reason, rules="2026-11-29", delivery_id=delivery, count=1,
        )  # fmt: skip
    _insert(
        connection, "hits", send_id=1, kind="clicked", link=1, hour="2026-12-15T10",
        verdict="human", reason="navigation", rules="2026-11-29", delivery_id=3, count=1,
    )  # fmt: skip
    for verdict, reason, count in (("human", "browser", 7), ("machine", "apple-proxy", 5)):
        _insert(
            connection, "visits", send_id=1, kind="opened", link=0, hour="2026-12-15T11",
            verdict=verdict, reason=reason, count=count,
        )  # fmt: skip
    for delivery, kind in ((6, "soft"), (6, "opened"), (6, "clicked")):
        _insert(
            connection, "returns", digest=f"{delivery}-{kind}", source="brevo", kind=kind,
            at=as_text(moment), noted_at=as_text(moment), address="a@example.org",
            delivery_id=delivery, send_id=1, status="", text="", state="idle", detail={"a": kind},
        )  # fmt: skip


def test_of_processes_that_migrate_at_once_one_does(old: Path | str) -> None:
    opened: list[Ledger] = []
    threads = [threading.Thread(target=lambda: opened.append(open_ledger(old))) for _ in range(4)]

    for thread in threads:
        thread.start()
    for thread in threads:
        join(thread)

    assert len(opened) == 4
    with opened[0].read() as connection:
        versions = connection.execute(text("SELECT version_num FROM alembic_version")).scalars()
        assert list(versions) == [HEAD]
    for ledger in opened:
        ledger.close()


def test_of_processes_that_make_a_ledger_at_once_one_does(postgres: PostgresServer) -> None:
    url = postgres.create_database("fresh")
    opened: list[Ledger] = []
    threads = [threading.Thread(target=lambda: opened.append(open_ledger(url))) for _ in range(4)]

    for thread in threads:
        thread.start()
    for thread in threads:
        join(thread)

    assert len(opened) == 4
    for ledger in opened:
        ledger.close()


def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "newsletter.db"
    engine = create_engine(f"sqlite:///{path}")
    _fill(engine)
    engine.dispose()
    with sqlite3.connect(path) as raw:
        raw.execute("CREATE TABLE paces (x)")  # in the way of the next migration
        before = list(raw.iterdump())
    raw.close()

    with pytest.raises(Exception, match="paces"):
        open_ledger(path)

    with sqlite3.connect(path) as raw:
        assert list(raw.iterdump()) == before
    raw.close()
