"""Of two ledgers, one of which was moved to the other, one at most can ever be used."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.errors import ConfigError
from newsletter.ledger import HEAD, Handover, Ledger, Role, connect_ledger, handing
from tests.ledger.blank import open_blank
from tests.ledger.examples import NOW, add, person

MOVE = Handover(key="k", place="there", at=NOW)


@pytest.fixture
def origin(tmp_path: Path) -> Iterator[Ledger]:
    """A ledger in which no call may begin any more, as it is being moved."""
    ledger = open_blank(tmp_path / "origin.db")
    handing.begin_leaving(ledger, HEAD, MOVE)
    yield ledger
    ledger.close()


@pytest.fixture
def goal(tmp_path: Path) -> Iterator[Ledger]:
    """A ledger that is being filled."""
    ledger = connect_ledger(tmp_path / "goal.db")
    handing.begin_arrival(ledger, MOVE)
    yield ledger
    ledger.close()


def test_a_move_that_was_given_up_is_not_finished_by_a_run_that_goes_on(
    origin: Ledger, goal: Ledger
) -> None:
    assert handing.refuse_arrival(goal, MOVE.key)
    handing.reopen(origin, HEAD)

    assert not handing.finish_leaving(origin)
    with pytest.raises(ConfigError, match="given up"):
        handing.finish_arrival(goal)

    assert handing.look_at(goal).role is Role.GIVEN_UP
    with origin.write() as connection:
        add(connection, person("aino"))


def test_a_move_that_two_runs_finish_is_finished_once_and_not_given_up(
    origin: Ledger, goal: Ledger
) -> None:
    for _ in range(2):
        assert handing.finish_leaving(origin)
        handing.finish_arrival(goal)

    assert not handing.refuse_arrival(goal, MOVE.key)
    assert handing.look_at(goal).role is Role.IN_USE
