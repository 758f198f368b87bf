"""A ledger knows until when issues were sent, here or where its list came from."""

import datetime as dt
from dataclasses import replace

from sqlalchemy import Connection

from newsletter.ledger import batches, origins, planning, sends
from tests.ledger.examples import (
    FI,
    FINNISH,
    LATER,
    NEW,
    NOW,
    add,
    begin,
    claim,
    edition,
    now_stands,
    outcomes,
    person,
)

AGAIN = LATER + dt.timedelta(days=30)


def test_a_ledger_that_sent_nothing_knows_nothing(connection: Connection) -> None:
    begin_test(connection)
    rehearsal = replace(NEW, key="1" * 32, scope="rehearsal:2026-12")
    planning.plan_send(connection, rehearsal, FINNISH, {FI: edition(FI)}, batch_sizes={FI: 1})

    assert origins.sent_until(connection) == ""


def test_an_issue_that_is_under_way_counts_as_sent(connection: Connection) -> None:
    begin(connection, 1)

    assert origins.sent_until(connection) == "2026-12-15"
    assert origins.sent_elsewhere_until(connection) == ""


def test_an_issue_that_reached_nobody_does_not(connection: Connection) -> None:
    send_id = begin(connection, 1)
    now_stands(connection, person("p0", standing="unsubscribed"))
    claimed = claim(connection, send_id)
    batches.record_outcomes(connection, claimed.batch, outcomes(claimed), now=NOW)

    assert origins.sent_until(connection) == ""
    assert sends.count_states(connection, send_id) == {"skipped": 1}


def test_of_all_origins_the_newest_day_counts_and_one_that_is_taken_back_does_not(
    connection: Connection,
) -> None:
    origins.note_origin(connection, "2026-11-15", NOW)
    origins.note_origin(connection, "2026-10-15", LATER)  # no news
    origins.note_origin(connection, "2027-01-15", AGAIN)

    assert origins.sent_until(connection) == "2027-01-15"
    origins.forget_origin(connection, AGAIN)
    assert origins.sent_elsewhere_until(connection) == "2026-11-15"


def test_an_origin_counts_as_long_as_anybody_is_here_who_came_by_it(connection: Connection) -> None:
    add(connection, person("aino"))
    origins.note_origin(connection, "2026-11-15", NOW)

    origins.forget_origin(connection, NOW)

    assert origins.sent_elsewhere_until(connection) == "2026-11-15"


def begin_test(connection: Connection) -> None:
    add(connection, person("aino"))
    test = replace(NEW, scope="test:1")
    planning.plan_test(connection, test, [("me@example.org", None, edition(FI))])
