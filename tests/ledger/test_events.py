"""Who complained or left is off the list as soon as it is known, until they come back."""

import datetime as dt
from dataclasses import replace
from importlib import import_module

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, insert, select, update

from newsletter.consent import returning
from newsletter.ledger import Import, Ledger, events, history, imports, people, planning
from newsletter.ledger.events import SAID_NO
from newsletter.ledger.tables import deliveries
from newsletter.ledger.tables import events as events_table
from newsletter.model import (
    By,
    Departure,
    Happened,
    Record,
    Return,
    ReturnKind,
    Standing,
    State,
)
from newsletter.moments import stamp
from tests.ledger.examples import FI, FINNISH, NEW, NOW, add, edition, now_stands, person
from tests.ledger.test_imports import BACK, row, standing_of, take

CAME_BACK = dt.datetime.fromisoformat("2027-01-04T12:00:00.000+00:00")
MUCH_LATER = dt.datetime.fromisoformat("2027-02-01T08:00:00.000+00:00")


def plan_issue(connection: Connection, issue: str) -> int:
    """Plan an issue to everybody on the list."""
    new = replace(NEW, key=issue.zfill(32), scope=issue, issue_id=issue, tag=issue)
    return planning.plan_send(connection, new, FINNISH, {FI: edition(FI)}, batch_sizes={FI: 10})


def hear(
    connection: Connection,
    send_id: int,
    kind: str,
    at: str = "2026-12-20T10:00:00Z",
    *,
    address: str = "aino@example.org",
) -> events.NewDepartures:
    """Note what a provider tells of somebody."""
    return events.note_departures(
        connection, send_id, [Departure(address, Standing(kind), at)], MUCH_LATER
    )


def come_back(connection: Connection, now: dt.datetime = CAME_BACK) -> None:
    """Bring Aino back at her own wish."""
    aino = people.find_subscriber(connection, "aino@example.org")
    assert aino
    back = Record(key=aino.key, what=Happened.RETURNED, at=now, by=By.EDITOR)
    history.note(connection, [back], now)


@pytest.fixture
def sent(connection: Connection) -> tuple[int, int]:
    """Two issues that went to Aino and Bo."""
    add(connection, person("aino"), person("bo"))
    return plan_issue(connection, "2026-12"), plan_issue(connection, "2027-01")


@pytest.mark.parametrize("kind", SAID_NO)
@pytest.mark.parametrize("before", ["active", "pending", "bounced", "unsubscribed"])
def test_who_said_no_is_off_the_list_by_the_time_it_is_noted(
    connection: Connection, sent: tuple[int, int], kind: Standing, before: str
) -> None:
    now_stands(connection, person("aino", standing=before))

    noted = hear(connection, sent[0], kind, address="Aino@Example.org")

    assert standing_of(connection, "aino") is kind.or_stricter(Standing(before))
    assert noted.taken_off == (before != kind)
    assert standing_of(connection, "bo") is Standing.ACTIVE
    assert not events.count_departed(connection)


def test_a_mailbox_that_bounced_waits_for_the_editor(
    connection: Connection, sent: tuple[int, int]
) -> None:
    assert hear(connection, sent[0], "bounced").taken_off == 0

    assert standing_of(connection, "aino") is Standing.ACTIVE
    assert events.count_departed(connection) == {Standing.BOUNCED: 1}
    assert events.take_off(connection, [Standing.BOUNCED], MUCH_LATER) == 1
    assert standing_of(connection, "aino") is Standing.BOUNCED


@pytest.mark.parametrize("first", ["bounced", "unsubscribed", "complained"])
@pytest.mark.parametrize("second", ["bounced", "unsubscribed", "complained"])
def test_of_two_departures_the_stronger_word_counts_whichever_came_first(
    connection: Connection, sent: tuple[int, int], first: str, second: str
) -> None:
    hear(connection, sent[0], first)
    events.take_off(connection, [Standing.BOUNCED], MUCH_LATER)
    hear(connection, sent[1], second)
    events.take_off(connection, [Standing.BOUNCED], MUCH_LATER)

    order = ["bounced", "unsubscribed", "complained"]
    assert standing_of(connection, "aino") == max(first, second, key=order.index)


def test_a_bounce_told_after_a_departure_that_nobody_acted_on_does_not_hide_it(
    connection: Connection, sent: tuple[int, int]
) -> None:
    hear(connection, sent[0], "unsubscribed")
    hear(connection, sent[1], "bounced")
    now_stands(connection, person("aino"))  # as an older version left it

    assert events.count_departed(connection) == {Standing.UNSUBSCRIBED: 1}
    events.take_off(connection, SAID_NO, MUCH_LATER)
    assert standing_of(connection, "aino") is Standing.UNSUBSCRIBED


@pytest.mark.parametrize(("comes_back", "standing"), [(False, "unsubscribed"), (True, "active")])
def test_who_was_known_to_have_left_is_taken_off_by_a_new_version(
    connection: Connection, *, comes_back: bool, standing: str
) -> None:
    add(connection, person("aino"))
    hear(connection, plan_issue(connection, "2026-12"), "unsubscribed")
    now_stands(connection, person("aino"))  # as an older version left it
    if comes_back:
        row = {"delivery_id": 1, "kind": "returned", "at": stamp(CAME_BACK), "detail": {}}
        connection.execute(insert(events_table), row)  # as an older version noted it

    with Operations.context(MigrationContext.configure(connection)):
        import_module("newsletter.ledger.migrations.versions.0008_said_no").upgrade()

    assert standing_of(connection, "aino") == standing
    now_stands(connection, person("aino", standing=standing))  # as a later migration does


# --- who came back ------------------------------------------------------------------------


@pytest.mark.parametrize("issue", [0, 1])
@pytest.mark.parametrize(
    ("at", "standing"),
    [
        ("2027-01-09", "unsubscribed"),
        ("2027-01-04T14:00:01+02:00", "unsubscribed"),
        ("1799100000", "unsubscribed"),
        ("2027-01-04T13:59:59+02:00", "active"),
        ("2026-12-20T10:00:00Z", "active"),
        ("1798000000.5", "active"),
        ("2026-12-20", "active"),
    ],
)
def test_who_came_back_is_gone_by_what_happened_since_and_by_nothing_older(
    connection: Connection, sent: tuple[int, int], issue: int, at: str, standing: str
) -> None:
    hear(connection, sent[0], "unsubscribed")
    come_back(connection)

    hear(connection, sent[issue], "unsubscribed", at)

    assert standing_of(connection, "aino") == standing


def test_who_came_back_is_not_thrown_out_by_the_same_news_however_often_it_is_told(
    connection: Connection, sent: tuple[int, int]
) -> None:
    for words in ("2027-01-04", "", "no time at all"):  # which may mean: after the return
        hear(connection, sent[0], "unsubscribed", words)
        come_back(connection)
        for _ in range(2):
            assert hear(connection, sent[0], "unsubscribed", words) == events.NewDepartures(0, 0)
        assert standing_of(connection, "aino") is Standing.ACTIVE


def test_a_departure_of_an_unknown_time_counts_when_it_is_first_heard_after_the_return(
    connection: Connection, sent: tuple[int, int]
) -> None:
    hear(connection, sent[0], "unsubscribed")
    come_back(connection)

    hear(connection, sent[1], "unsubscribed", "")

    assert standing_of(connection, "aino") is Standing.UNSUBSCRIBED


def test_news_count_once_though_the_clock_was_set_back_since_somebody_came_back(
    connection: Connection, sent: tuple[int, int]
) -> None:
    for days in (1, 2):
        come_back(connection, MUCH_LATER + dt.timedelta(days=days))

        heard = [hear(connection, sent[1], "complained", "2027-01-10").heard for _ in range(2)]

        assert heard == ([1, 0] if days == 1 else [0, 0])
    assert standing_of(connection, "aino") is Standing.ACTIVE


def test_who_left_is_gone_though_the_clock_was_set_back_since_they_came_back(
    connection: Connection, sent: tuple[int, int]
) -> None:
    come_back(connection, MUCH_LATER + dt.timedelta(days=1))

    hear(connection, sent[1], "complained", "2027-01-10")

    assert standing_of(connection, "aino") is Standing.COMPLAINED


def test_who_left_twice_can_come_back_twice(connection: Connection, sent: tuple[int, int]) -> None:
    for day in ("04", "14", "24"):
        hear(connection, sent[0], "complained", f"2027-01-{day}T09:00:00Z")
        assert standing_of(connection, "aino") is Standing.COMPLAINED
        come_back(connection, dt.datetime(2027, 1, int(day), 12, tzinfo=dt.UTC))
        hear(connection, sent[1], "complained", f"2027-01-{day}T09:00:00Z")
        assert standing_of(connection, "aino") is Standing.ACTIVE


def test_what_is_known_already_is_stored_once(
    connection: Connection, sent: tuple[int, int]
) -> None:
    for _ in range(3):
        hear(connection, sent[0], "unsubscribed", "2026-12-20T12:00:00+02:00")

    [at] = connection.execute(select(events_table.c.at)).scalars()
    assert at == "2026-12-20T10:00:00.000+00:00"


# --- imports that are taken back ----------------------------------------------------------


def taken_and_sent(connection: Connection) -> tuple[Import, int]:
    """Take a list of Aino in and send to her."""
    taken = take(connection, row(2, "aino"))
    return taken, plan_issue(connection, "2026-12")


def take_again(ledger: Ledger) -> None:
    """Take a list of Aino in once more."""
    with ledger.session() as session, session.write() as connection:
        take(
            connection,
            row(2, "aino"),
            now=dt.datetime.fromisoformat("2026-12-15T09:30:00.000002+00:00"),
        )


@pytest.mark.parametrize("is_heard_first", [False, True])
def test_who_said_no_stays_away_when_an_import_is_taken_back_and_done_again(
    ledger: Ledger, *, is_heard_first: bool
) -> None:
    with ledger.session() as session, session.write() as connection:
        taken, send_id = taken_and_sent(connection)
    with ledger.write() as connection:
        imports.undo_import(connection, taken, BACK, mail_again=True)
        if is_heard_first:
            assert hear(connection, send_id, "complained").heard == 1
            assert events.list_refusers(connection) == {"aino@example.org": Standing.COMPLAINED}
    take_again(ledger)
    with ledger.write() as connection:
        if not is_heard_first:
            hear(connection, send_id, "complained")

        aino = people.find_subscriber(connection, "aino@example.org")
        assert aino
        assert aino.standing is Standing.COMPLAINED
        assert not is_heard_first or aino.name == ""  # nothing is kept of who said no
        assert not events.list_refusers(connection)
        come_back(connection)
        hear(connection, send_id, "complained")
        assert standing_of(connection, "aino") is Standing.ACTIVE


@pytest.mark.parametrize("source", ["postmark", "mailbox"])
def test_who_said_no_by_a_webhook_after_an_import_was_taken_back_stays_away(
    ledger: Ledger, source: str
) -> None:
    with ledger.session() as session, session.write() as connection:
        taken, _ = taken_and_sent(connection)
    told = Return(kind=ReturnKind.COMPLAINED, source=source, address="Aino@example.org", at=BACK)
    with ledger.write() as connection:
        connection.execute(update(deliveries).values(state=State.ACCEPTED, message_id="m"))
        imports.undo_import(connection, taken, BACK, mail_again=True)
        returning.take_in(connection, [replace(told, message_id="m")], returning.Rules(), BACK)
        assert events.list_refusers(connection) == {"aino@example.org": Standing.COMPLAINED}

    take_again(ledger)

    with ledger.read() as connection:
        assert standing_of(connection, "aino") is Standing.COMPLAINED


def test_who_has_another_address_since_is_known_by_the_one_they_had(ledger: Ledger) -> None:
    with ledger.session() as session, session.write() as connection:
        taken, send_id = taken_and_sent(connection)
    with ledger.write() as connection:
        imports.undo_import(connection, taken, BACK, mail_again=True)
        add(connection, person("aino"))
        people.rename_subscriber(connection, person("aino"), "uusi@example.org", NOW)

        hear(connection, send_id, "complained")

        assert standing_of(connection, "uusi") is Standing.COMPLAINED


def test_a_bounce_of_somebody_who_went_keeps_nobody_off(ledger: Ledger) -> None:
    with ledger.session() as session, session.write() as connection:
        taken, send_id = taken_and_sent(connection)
    with ledger.write() as connection:
        imports.undo_import(connection, taken, BACK, mail_again=True)
        hear(connection, send_id, "bounced")
    take_again(ledger)

    with ledger.read() as connection:
        assert standing_of(connection, "aino") is Standing.ACTIVE
        assert events.count_departed(connection) == {Standing.BOUNCED: 1}
