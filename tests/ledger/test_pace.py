"""All who send through a provider share one pace: its rate, its caps, and what it asks for."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Connection, select

from newsletter.ledger import Claim, Later, Ledger, batches, claims
from newsletter.ledger.tables import paces
from newsletter.model import Limits, State
from tests.ledger.examples import FREELY, NOW, at, begin, claim, outcomes

HOUR, DAY = 3600.0, 86400.0


def ask(
    connection: Connection, send_id: int, now: float, limits: Limits = FREELY
) -> Claim | Later | None:
    """Ask for a batch at some time."""
    return claims.claim_batch(connection, send_id, worker="w/0", now=at(now), limits=limits)


def gap_of(connection: Connection) -> float:
    """Return the seconds between two calls that the provider's refusals ask for."""
    return float(connection.execute(select(paces.c.gap)).scalar_one())


def test_a_rate_spaces_calls_by_their_recipients(connection: Connection) -> None:
    send_id = begin(connection, 25, batch_size=10)
    limits = Limits(provider="outbox", rate=5.0)

    assert isinstance(ask(connection, send_id, 100.0, limits), Claim)
    assert ask(connection, send_id, 101.0, limits) == Later(1.0)
    assert isinstance(ask(connection, send_id, 102.0, limits), Claim)


def test_no_wait_is_told_when_nothing_is_left(connection: Connection) -> None:
    send_id = begin(connection, 10, batch_size=10)
    limits = Limits(provider="outbox", rate=5.0)
    ask(connection, send_id, 100.0, limits)

    assert ask(connection, send_id, 100.5, limits) is None


def test_a_rate_holds_for_all_workers_together(ledger: Ledger) -> None:
    with ledger.write() as connection:
        send_id = begin(connection, 80, batch_size=10)
    limits = Limits(provider="outbox", rate=10.0)

    def attempt(_number: int) -> bool:
        with ledger.write() as connection:
            return isinstance(ask(connection, send_id, 100.0, limits), Claim)

    with ThreadPoolExecutor(8) as pool:
        claimed = list(pool.map(attempt, range(8)))

    assert claimed.count(True) == 1


@pytest.mark.parametrize(
    ("limits", "span", "word"),
    [
        (Limits(provider="outbox", hourly=25), HOUR, "hour"),
        (Limits(provider="outbox", daily=25), DAY, "day"),
        (Limits(provider="outbox", hourly=25, daily=1000), HOUR, "hour"),
    ],
)
def test_a_cap_is_never_exceeded_and_frees_up_with_time(
    connection: Connection, limits: Limits, span: float, word: str
) -> None:
    send_id = begin(connection, 40, batch_size=10)
    start = 1e9

    assert isinstance(ask(connection, send_id, start, limits), Claim)
    assert isinstance(ask(connection, send_id, start + 10, limits), Claim)
    full = ask(connection, send_id, start + 20, limits)
    assert full == Later(span - 20, f"20 in this {word} are sent")
    assert isinstance(ask(connection, send_id, start + span, limits), Claim)


def test_a_cap_smaller_than_a_batch_does_not_stop_it_for_ever(connection: Connection) -> None:
    send_id = begin(connection, 10, batch_size=10)

    assert isinstance(ask(connection, send_id, 1e9, replace(FREELY, hourly=5)), Claim)


def test_what_was_refused_does_not_count(connection: Connection) -> None:
    send_id = begin(connection, 20, batch_size=10)
    limits = Limits(provider="outbox", hourly=10)
    batch = claim(connection, send_id, now=1e9).batch
    assert isinstance(ask(connection, send_id, 1e9 + 1, limits), Later)

    batches.release_batch(connection, batch.id, key=batch.key, not_before=at(0.0), attempt=1)

    assert isinstance(ask(connection, send_id, 1e9 + 2, limits), Claim)


def test_those_refused_for_now_count_when_they_are_called_again(connection: Connection) -> None:
    send_id = begin(connection, 10, batch_size=10)
    claimed = claim(connection, send_id, now=1e9)
    told = outcomes(claimed, *[State.QUEUED] * 4)
    batches.record_outcomes(connection, claimed.batch, told, now=NOW)

    full = ask(connection, send_id, 1e9 + 1, Limits(provider="outbox", hourly=9))

    assert full == Later(HOUR - 1, "6 in this hour are sent")


def test_nobody_calls_before_the_wait_that_a_provider_asks_for(connection: Connection) -> None:
    send_id = begin(connection, 10, batch_size=5)

    claims.slow_down(connection, "outbox", now=at(100.0), wait=30.0)

    assert ask(connection, send_id, 110.0) == Later(20.0)
    assert isinstance(ask(connection, send_id, 130.0), Claim)


def test_another_provider_is_not_slowed_down(connection: Connection) -> None:
    send_id = begin(connection, 10)

    claims.slow_down(connection, "brevo", now=at(100.0), wait=30.0)

    assert isinstance(ask(connection, send_id, 110.0), Claim)


def test_the_gap_doubles_with_each_such_answer_up_to_a_minute(connection: Connection) -> None:
    gaps = [
        claims.slow_down(connection, "outbox", now=at(100.0 * n), wait=1.0) for n in range(1, 13)
    ]

    assert gaps[:4] == [0.1, 0.2, 0.4, 0.8]
    assert gaps[-1] == 60.0


def test_an_answer_that_is_noted_twice_slows_down_once(connection: Connection) -> None:
    for _ in range(2):
        claims.slow_down(connection, "outbox", now=at(100.0), wait=1.0)

    assert gap_of(connection) == 0.1


def test_the_gap_spaces_calls_and_shrinks_to_nothing_with_calls_that_go_well(
    connection: Connection,
) -> None:
    send_id = begin(connection, 20, batch_size=5)
    claims.slow_down(connection, "outbox", now=at(100.0), wait=1.0)
    assert isinstance(ask(connection, send_id, 102.0), Claim)
    later = ask(connection, send_id, 102.0)
    assert isinstance(later, Later)
    assert later.seconds == pytest.approx(0.1)

    claims.speed_up(connection, "outbox")
    assert gap_of(connection) == pytest.approx(0.09)
    for _ in range(30):
        claims.speed_up(connection, "outbox")

    assert gap_of(connection) == 0.0


def test_a_pace_shorter_than_the_wait_asked_for_does_not_end_it(connection: Connection) -> None:
    claims.slow_down(connection, "outbox", now=at(100.0), wait=60.0)
    claims.slow_down(connection, "outbox", now=at(101.0), wait=1.0)

    assert connection.execute(select(paces.c.next_at)).scalar_one() == at(160.0)


# --- a clock that was set back ------------------------------------------------------------


@pytest.mark.parametrize("limits", [Limits(provider="outbox", rate=5.0), FREELY])
def test_a_clock_that_was_days_ahead_and_set_right_makes_nobody_wait(
    connection: Connection, limits: Limits
) -> None:
    send_id = begin(connection, 30, batch_size=10)
    ask(connection, send_id, 100.0 + 3 * DAY, limits)
    claims.slow_down(connection, "outbox", now=at(100.0 + 3 * DAY), wait=30.0)

    assert isinstance(ask(connection, send_id, 100.0, limits), Claim)
    told = ask(connection, send_id, 100.05, limits)
    assert isinstance(told, Later)
    assert told.seconds <= 2.0


def test_a_batch_put_off_by_a_clock_that_was_ahead_is_tried_at_once(
    connection: Connection,
) -> None:
    send_id = begin(connection, 10, batch_size=10)
    claim = ask(connection, send_id, 100.0 + 3 * DAY)
    assert isinstance(claim, Claim)
    late = 130.0 + 3 * DAY
    batches.release_batch(connection, claim.batch.id, not_before=at(late), attempt=1)

    assert isinstance(ask(connection, send_id, 100.0), Claim)


def test_a_cap_counts_calls_of_a_clock_that_was_ahead_for_its_span_and_no_longer(
    connection: Connection,
) -> None:
    send_id = begin(connection, 30, batch_size=10)
    limits = Limits(provider="outbox", hourly=10)
    claimed = ask(connection, send_id, 100.0 + 3 * DAY, limits)
    assert isinstance(claimed, Claim)
    batches.record_outcomes(connection, claimed.batch, outcomes(claimed), now=NOW)

    assert ask(connection, send_id, 100.0, limits) == Later(HOUR, "10 in this hour are sent")
    assert isinstance(ask(connection, send_id, 101.0 + HOUR, limits), Claim)


def test_a_long_wait_that_a_rate_explains_says_so(connection: Connection) -> None:
    send_id = begin(connection, 2, batch_size=1)
    limits = Limits(provider="outbox", rate=1 / 360)
    ask(connection, send_id, 100.0, limits)

    assert ask(connection, send_id, 101.0, limits) == Later(
        359.0, "at most 0.00278 people a second"
    )
