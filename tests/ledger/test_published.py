"""What anybody may read: issues that somebody has, in the editions that are for everybody."""

import datetime as dt
from dataclasses import replace

from sqlalchemy import Connection

from newsletter.ledger import (
    batches,
    list_public_editions,
    list_published,
    list_regional_editions,
    planning,
    sends,
)
from newsletter.model import Segment, State
from tests.ledger.examples import (
    FI,
    FINNISH,
    LAPPI,
    LATER,
    NEW,
    NOW,
    add,
    begin,
    claim,
    edition,
    outcomes,
    person,
    plan,
)

_SOON = LATER - dt.timedelta(minutes=1)


def _carry_out(connection: Connection, send_id: int, *states: State) -> None:
    claimed = claim(connection, send_id)
    batches.record_outcomes(connection, claimed.batch, outcomes(claimed, *states), now=NOW)


def _shown(connection: Connection, now: dt.datetime = LATER) -> list[str]:
    return [one.send.issue_id for one in list_published(connection, now)]


def test_an_issue_is_published_once_somebody_has_it(connection: Connection) -> None:
    send_id = begin(connection, 2)
    before = _shown(connection)

    _carry_out(connection, send_id, State.REJECTED)

    assert (before, _shown(connection)) == ([], ["2026-12"])


def test_an_issue_that_nobody_got_is_not_published(connection: Connection) -> None:
    send_id = begin(connection, 1)

    _carry_out(connection, send_id, State.REJECTED)

    assert _shown(connection) == []


def test_what_the_provider_holds_is_published_when_it_is_due(connection: Connection) -> None:
    add(connection, person("aino"))
    held = replace(NEW, scheduled_at=LATER, by_provider=True)
    send_id = planning.plan_send(
        connection, held, FINNISH, {FI: edition(FI)}, batch_sizes={FI: 100}
    )
    assert sends.begin_sending(connection, send_id)
    _carry_out(connection, send_id)

    assert (_shown(connection, _SOON), _shown(connection, LATER)) == ([], ["2026-12"])


def test_rehearsals_and_tests_are_never_published(connection: Connection) -> None:
    add(connection, person("aino"))
    rehearsal = replace(NEW, scope="rehearsal:2026-12")
    send_id = planning.plan_send(
        connection, rehearsal, FINNISH, {FI: edition(FI)}, batch_sizes={FI: 100}
    )
    assert sends.begin_sending(connection, send_id)
    _carry_out(connection, send_id)

    assert _shown(connection) == []


def test_editions_for_some_are_no_public_ones(
    connection: Connection,
) -> None:
    add(connection, person("aino", region="Lappi"), person("eino"))
    choice = replace(FINNISH, conditions=(LAPPI,))
    send_id = plan(connection, choice)
    assert sends.begin_sending(connection, send_id)
    _carry_out(connection, send_id)

    found = list_public_editions(connection, send_id)
    [published] = list_published(connection, LATER)

    assert [one.variant for one in found] == ["fi"]
    assert not published.is_for_some


def test_an_issue_for_a_segment_is_for_some(connection: Connection) -> None:
    add(connection, person("aino", region="Lappi"))
    send_id = plan(connection, replace(FINNISH, segment=LAPPI))
    assert sends.begin_sending(connection, send_id)
    _carry_out(connection, send_id)

    [published] = list_published(connection, LATER)

    assert published.is_for_some


def test_a_block_for_a_region_is_told_by_two_editions_that_differ_by_it(
    connection: Connection,
) -> None:
    other = replace(person("other"), name="Aino")
    add(connection, person("aino", region="Lappi"), person("eino"), other)
    choice = replace(FINNISH, conditions=(LAPPI, Segment.of("name", "Aino")))
    send_id = plan(connection, choice)
    send = sends.find_by_id(connection, send_id)
    assert send

    [found] = list_regional_editions(connection, send)

    assert (found.segment, found.without.variant) == (LAPPI, "fi+name=Aino")
    assert found.with_it.variant == "fi+name=Aino+region=Lappi"
