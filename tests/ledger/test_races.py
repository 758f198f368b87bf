"""Two who change the list at once: the later one looks at what the earlier one left."""

import datetime as dt
import io
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import SimpleNamespace
from typing import cast

import pytest
from sqlalchemy import insert, select, text

from newsletter.audience.reading import open_people
from newsletter.errors import AudienceError
from newsletter.intake import import_list, open_intake, take_back
from newsletter.jobs import work
from newsletter.jobs.context import Context
from newsletter.ledger import (
    Import,
    Ledger,
    claims,
    events,
    figures,
    history,
    imports,
    people,
    sends,
)
from newsletter.ledger.tables import deliveries
from newsletter.ledger.tables import events as heard
from newsletter.model import Happened, Limits, Record, Standing
from newsletter.stats import update_figures
from tests.ledger.examples import add, at, claim, person, plan
from tests.ledger.test_imports import BACK, TAKEN
from tests.stats.sent import BEGUN, DAY, issue_goes_out, people_join

AINO = "email,name\naino@example.org,Aino\n"


def taken_in(ledger: Ledger, written: str = AINO) -> Import:
    """Take a list in as the command does."""
    with open_intake(ledger, open_people(io.BytesIO(written.encode()), "list.csv")) as intake:
        return import_list(intake, "list.csv", TAKEN)


def begun(pool: ThreadPoolExecutor, ledger: Ledger, change: Callable[[], object]) -> Future[object]:
    """Begin a change in another thread; return when it waits for somebody, or has ended."""
    running = pool.submit(change)
    while ledger.is_shared and not running.done():
        with ledger.engine.connect() as connection:
            waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if connection.execute(waits).scalar_one():
                break
    return running


def test_a_list_is_compared_with_what_another_process_is_just_writing(ledger: Ledger) -> None:
    listed = open_people(io.BytesIO(AINO.encode()), "list.csv")
    with open_intake(ledger, listed) as intake, ThreadPoolExecutor(1) as pool:
        with ledger.write() as connection:
            add(connection, person("aino", standing="unsubscribed"))
            taking = begun(pool, ledger, lambda: import_list(intake, "list.csv", TAKEN))
        with pytest.raises(AudienceError, match="changed while this one was looked at"):
            taking.result()

    with ledger.read() as connection:
        [found] = people.list_subscribers(connection)
        assert found.standing is Standing.UNSUBSCRIBED
        assert not imports.list_imports(connection)


def test_an_import_is_not_taken_back_under_the_hands_of_a_claim(ledger: Ledger) -> None:
    taken = taken_in(ledger)
    with ledger.write() as connection:
        send_id = plan(connection)
        sends.begin_sending(connection, send_id)
    with ledger.read() as connection:
        shown = imports.count_undo(connection, taken)

    def undo() -> None:
        take_back(ledger, taken, shown, BACK, mail_again=True)

    with ThreadPoolExecutor(1) as pool:
        with ledger.write() as connection:
            claimed = claim(connection, send_id)
            undoing = begun(pool, ledger, undo)
        with pytest.raises(AudienceError, match="nothing was taken back"):
            undoing.result()

    assert [r.address for r in claimed.recipients] == ["aino@example.org"]
    with ledger.read() as connection:
        assert people.find_subscriber(connection, "aino@example.org")
        assert imports.count_undo(connection, taken).under_way == 1


def test_nothing_is_claimed_while_an_import_is_taken_back(ledger: Ledger) -> None:
    if not ledger.is_shared:
        pytest.skip("one transaction at a time writes there")
    taken = taken_in(ledger)
    with ledger.write() as connection:
        send_id = plan(connection)
        sends.begin_sending(connection, send_id)

    with ledger.write() as undoing:
        imports.block_claims(undoing, taken)
        with ledger.write() as connection:
            limits = Limits(provider="outbox")
            later = claims.claim_batch(
                connection, send_id, worker="w/0", now=at(5.0), limits=limits
            )
        assert isinstance(later, claims.Later)
        imports.undo_import(undoing, taken, BACK, mail_again=True)

    with ledger.write() as connection:
        assert claim(connection, send_id).recipients == []


@pytest.mark.parametrize(("scope", "may_be"), [("2026-12", False), ("test:0", True)])
def test_who_is_gone_from_the_list_is_not_mailed_again_by_a_call_in_doubt(
    ledger: Ledger, scope: str, *, may_be: bool
) -> None:
    taken = taken_in(ledger)
    with ledger.write() as connection:
        send_id = plan(connection)
        sends.begin_sending(connection, send_id)
        connection.execute(text("UPDATE sends SET scope = :scope"), {"scope": scope})
        batch = claim(connection, send_id).batch
        imports.undo_import(connection, taken, BACK, mail_again=True)

        [recipient] = claims.list_recipients(connection, batch.id)

    assert recipient.may_be_mailed is may_be
    assert not recipient.has_moved


@pytest.mark.parametrize("change", ["a pause ends", "those who left are taken off"])
def test_who_leaves_while_standings_are_set_anew_stays_away(ledger: Ledger, change: str) -> None:
    aino = person("aino")
    until = (BACK - dt.timedelta(minutes=1)).isoformat()
    with ledger.write() as connection:
        add(connection, aino)
        plan(connection)
        if change == "a pause ends":
            begin = Record(key=aino.key, what=Happened.PAUSED, at=TAKEN, detail={"until": until})
            history.note(connection, [begin], TAKEN)
        else:
            row = {"kind": "unsubscribed", "at": "", "noted_at": TAKEN, "detail": {}}
            delivery = connection.execute(select(deliveries.c.id)).scalar_one()
            connection.execute(insert(heard), {**row, "delivery_id": delivery})

    def set_anew() -> None:
        if change == "a pause ends":
            clock = SimpleNamespace(now=lambda: BACK)
            work.end_pauses(cast(Context, SimpleNamespace(ledger=ledger, clock=clock)))
        else:
            with ledger.write() as connection:
                events.take_off(connection, events.SAID_NO, BACK)

    left = Record(key=aino.key, what=Happened.COMPLAINED, at=BACK)
    with ThreadPoolExecutor(1) as pool:
        with ledger.write() as connection:
            people.lock_people(connection)
            history.note(connection, [left], BACK)
            running = begun(pool, ledger, set_anew)
        running.result()

    with ledger.read() as connection:
        [found] = people.list_subscribers(connection)
    assert found.standing is Standing.COMPLAINED


@pytest.mark.parametrize(
    "other",
    [
        lambda ledger, _: update_figures(ledger, now=BEGUN + DAY),
        lambda ledger, send: note(ledger, [figures.LIST, send]),
    ],
    ids=["figures are computed", "both are noted"],
)
def test_news_of_a_send_and_of_the_list_wait_for_no_one_who_waits_for_them(
    ledger: Ledger, other: Callable[[Ledger, int], object]
) -> None:
    with ledger.write() as connection:
        people_join(connection, 1)
        send = issue_goes_out(connection)
    note(ledger, [figures.LIST])

    with ThreadPoolExecutor(1) as pool:
        with ledger.write() as connection:
            figures.note_news(connection, [send])
            running = begun(pool, ledger, lambda: other(ledger, send))
            figures.note_news(connection, [figures.LIST])
        running.result()


def note(ledger: Ledger, sends: list[int]) -> None:
    with ledger.write() as connection:
        figures.note_news(connection, sends)
