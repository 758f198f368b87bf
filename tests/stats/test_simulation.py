"""What is told of opens holds the truth, of readers and machines of whom it is known."""

import pytest

from newsletter.stats.shares import wilson_interval
from tests.stats.simulation import (
    NEVER,
    NEWSLETTERS,
    PAGE,
    SEED,
    Outcome,
    block_in,
    simulate,
    tables_of,
)

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return simulate(SEED)


def test_the_range_that_is_told_holds_the_truth_of_a_thousand_issues(outcome: Outcome) -> None:
    print(f"\n\n{tables_of(outcome)}")

    assert len(outcome.issues) >= 1_000
    assert {one.by for one in outcome.issues} >= {"service", "sendgrid", "mailgun", "brevo", "ses"}
    assert outcome.share_of("told") >= 0.93
    # A rate of all that loaded pictures holds it in half of them, whatever its own interval says.
    assert outcome.share_of("naive") < 0.6
    # What is left of the range without what machines hide is not told, as it holds it less often.
    assert outcome.share_of("narrow") < 0.9


def test_the_mixes_of_readers_and_machines_are_no_two_alike(outcome: Outcome) -> None:
    """A rule that was made for one of them would fail at others."""
    truths = [one.truth for one in outcome.issues]
    naive = [one.naive - one.truth for one in outcome.issues]

    assert (min(truths) < 0.15, max(truths) > 0.6) == (True, True)
    assert (min(naive) < -0.02, max(naive) > 0.2) == (True, True)


def test_who_is_taken_for_a_person_mostly_is_one_and_a_machine_never_hides_many(
    outcome: Outcome,
) -> None:
    people, others = outcome.opened[3, True], outcome.opened[3, False]
    assert wilson_interval(others, people + others)[1] < 0.06
    machine = outcome.opened[0, True]
    assert machine < 0.002 * sum(n for (_, is_seen), n in outcome.opened.items() if is_seen)
    assert sum(outcome.opened.values()) == sum(outcome.clicked.values())
    assert outcome.clicked[NEVER, True] == 0


def test_the_page_tells_what_came_of_it(outcome: Outcome) -> None:
    """`python -m tests.stats.simulation` writes it."""
    assert block_in(PAGE.read_text(encoding="utf-8")) == tables_of(outcome)


def test_other_draws_come_to_the_same() -> None:
    other = simulate(SEED + 1, NEWSLETTERS // 6)

    assert other.share_of("told") >= 0.93
