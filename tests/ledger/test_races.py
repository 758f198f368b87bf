"""Two who change the list at once: the later one looks at what the earlier one left."""

import io
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from sqlalchemy import text

from newsletter.audience.reading import open_people
from newsletter.errors import AudienceError
from newsletter.intake import import_list, open_intake, take_back
from newsletter.ledger import Import, Ledger, claims, imports, people, sends
from newsletter.model import Limits, Standing
from tests.ledger.examples import add, at, claim, person, plan
from tests.ledger.test_imports import BACK, TAKEN

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
