"""What is older than it is to be kept is gone after a round, and nothing else is."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from newsletter import consent
from newsletter.consent import Purged, Retention
from newsletter.ledger import Ledger, batches, notices, people, sends, suppressions, webhooks
from newsletter.ledger.frozen import ANSWERS
from newsletter.ledger.people_tables import suppressions as marks
from newsletter.ledger.people_tables import webhooks as webhooks_table
from newsletter.ledger.tables import deliveries, editions
from newsletter.links import SuppressionMarks
from newsletter.model import Return, ReturnKind, Standing, State
from tests.consent.people import (
    AINO,
    DAY,
    NOW,
    SECRET,
    answer,
    fill_in,
    find,
    is_listed,
    put,
    sign_up,
)
from tests.ledger.examples import FI, NEW, claim, edition, outcomes, states_of

KEPT = Retention(wishes=30, posted=30, returns=400, departed_months=24)
STRANGER = "stranger@example.org"


def _tidy(ledger: Ledger, tmp_path: Path, days: float) -> Purged:
    """Look at what is old some days from now, and have it deleted."""
    now = NOW + days * DAY
    foreseen = consent.count_old(ledger, KEPT, now)
    done = consent.purge(ledger, KEPT, SECRET, now, outbox=tmp_path)
    assert foreseen == done
    return done


def _answer(ledger: Ledger, *addresses: str) -> int:
    """Mail people an answer with their own links; return its send."""
    new = replace(NEW, scope=f"{ANSWERS}sign-up-1", now=NOW)
    with ledger.write() as connection:
        send = notices.plan_notice(connection, new, edition(FI), addresses, batch_size=10)
        claimed = claim(connection, send.id)
        batches.record_outcomes(connection, claimed.batch, outcomes(claimed), now=NOW)
    return send.id


def test_answers_are_forgotten_with_what_was_asked(ledger: Ledger, tmp_path: Path) -> None:
    """Of a stranger who never confirmed nothing is left, nor are links that open anything."""
    put(ledger, Standing.ACTIVE)
    send = _answer(ledger, STRANGER, AINO)
    bounced = Return(kind=ReturnKind.HARD, source="postmark", address=STRANGER, at=NOW)
    with ledger.write() as connection:
        taken = consent.take_in(connection, [bounced], consent.Rules(), NOW + DAY)
        assert (sum(taken.new.values()), taken.unassigned) == (1, 0)

    assert _tidy(ledger, tmp_path, 29).answers == 0
    assert _tidy(ledger, tmp_path, 31).answers == 2

    with ledger.read() as connection:
        known = connection.execute(select(deliveries.c.address)).scalars().all()
        assert {address.partition("@")[2] for address in known} == {"erased.invalid"}
        assert connection.execute(select(editions.c.html, editions.c.text)).all() == [("", "")]
        assert states_of(connection, send) == {State.ACCEPTED: 2}
    assert consent.gather(ledger, STRANGER) == {}
    assert "deliveries" not in consent.gather(ledger, AINO)
    assert _tidy(ledger, tmp_path, 32).answers == 0


def test_thousands_of_postings_are_deleted_a_few_at_a_time(ledger: Ledger, tmp_path: Path) -> None:
    """So that nobody who writes meanwhile waits long, as SQLite has one writer."""
    taken = {"provider": "brevo", "received_at": NOW, "headers": {}, "body": b"", "reason": ""}
    rows = [{**taken, "digest": f"{n}", "state": "taken"} for n in range(5_003)]
    with ledger.write() as connection:
        connection.execute(insert(webhooks_table), rows)
        at_once = webhooks.delete_old(connection, before=NOW + DAY)

    assert at_once == 5_000
    assert _tidy(ledger, tmp_path, 31).posted == 3


def test_what_was_not_confirmed_is_deleted_after_a_month(ledger: Ledger, tmp_path: Path) -> None:
    fill_in(ledger)
    [reply] = answer(ledger)

    early, late = (_tidy(ledger, tmp_path, days).wishes for days in (29, 31))

    assert (early, late) == (0, 1)
    assert consent.find_wish(ledger, reply.wish.key) is None


def test_an_issue_is_no_answer(ledger: Ledger, tmp_path: Path) -> None:
    with ledger.write() as connection:
        send = notices.plan_notice(
            connection, replace(NEW, scope="2026-12"), edition(FI), [AINO], batch_size=10
        )
        assert sends.find_by_id(connection, send.id)

    assert _tidy(ledger, tmp_path, 31).answers == 0


def test_who_left_long_ago_is_erased_with_their_mail(ledger: Ledger, tmp_path: Path) -> None:
    put(ledger, Standing.UNSUBSCRIBED)
    put(ledger, Standing.ACTIVE, "eino@example.org", "eino")
    mail = tmp_path / f"{AINO}.eml"
    mail.write_text(f"To: {AINO}\n\nHei")

    assert _tidy(ledger, tmp_path, 600).departed == 0
    assert mail.exists()
    assert _tidy(ledger, tmp_path, 700).departed == 1

    assert not is_listed(ledger)
    assert not mail.exists()
    files = Path(ledger.place).parent.glob("*") if not ledger.is_shared else ()
    assert not [
        file.name for file in files if file.is_file() and AINO.encode() in file.read_bytes()
    ]
    assert find(ledger, "eino@example.org").standing is Standing.ACTIVE
    with ledger.read() as connection:
        assert list(suppressions.list_all(connection)) == [SuppressionMarks(SECRET).of(AINO)]
        who_and_when = select(marks.c.source, marks.c.noted_at).where(marks.c.source != "key")
        assert connection.execute(who_and_when).all() == [("retention", NOW + 700 * DAY)]


def test_who_came_back_since_they_were_listed_is_not_erased(ledger: Ledger) -> None:
    put(ledger, Standing.UNSUBSCRIBED)
    before = NOW + DAY
    with ledger.read() as connection:
        assert people.list_departed(connection, before) == [AINO]
    sign_up(ledger)

    assert consent.forget(ledger, AINO, SECRET, before, "test", gone_before=before) == ()

    assert find(ledger).standing is Standing.ACTIVE


@pytest.mark.parametrize("ledger", ["sqlite"], indirect=True)
def test_without_the_secret_nobody_is_erased_and_the_rest_is_tidied(
    ledger: Ledger, tmp_path: Path
) -> None:
    put(ledger, Standing.UNSUBSCRIBED)
    _answer(ledger, STRANGER)

    done = consent.purge(ledger, KEPT, "", NOW + 900 * DAY, outbox=tmp_path)

    assert (done.answers, done.departed) == (1, 0)
    assert is_listed(ledger)
