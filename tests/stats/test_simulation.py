"""What is told of opens holds the truth, of readers and machines of whom it is known."""

import math
import re
from collections.abc import Callable

import pytest

from newsletter.intervals import wilson_interval
from tests.stats.simulation import (
    NEVER,
    NEWSLETTERS,
    PAGE,
    SEED,
    Outcome,
    SimulatedIssue,
    block_in,
    simulate,
    tables_of,
)

pytestmark = pytest.mark.long
_BOUNDS: dict[str, Callable[[SimulatedIssue], float]] = {
    "least": lambda one: one.told.least.value if one.told.least else 0.0,
    "most": lambda one: one.told.most.value if one.told.most else 1.0,
    "outer": lambda one: one.told.outer.value,
}


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


def test_the_page_of_statistics_tells_no_other_figures_of_how_the_range_behaves(
    outcome: Outcome,
) -> None:
    page = (PAGE.parent / "statistics.md").read_text(encoding="utf-8")
    section = page.partition("### How it behaves\n")[2].partition("\n## ")[0]

    own = re.sub("“.*?”", "", " ".join(section.split()))  # without what one might say
    told = re.findall(r"[\d.]+ (?:%|points)", own)

    assert f"{len(outcome.issues):,} issues of {NEWSLETTERS} newsletters" in section
    assert set(told) - {"95 %"} == _figures_of(outcome)


def _figures_of(outcome: Outcome) -> set[str]:
    """Return how often each range holds the truth, what is won by leaving out, and who errs."""
    held = {outcome.share_of(k) for k in ("told", "naive", "bounds", "narrow", *_BOUNDS)}
    told = outcome.width_of("told")
    won = {told - outcome.width_of(kind) for kind in ("bounds", "narrow")}
    errors = {outcome.naive_error, *(_error_of(bound, outcome) for bound in _BOUNDS.values())}
    points = {told, outcome.width_of("bounds"), *won, *errors}
    places = [
        (one.truth - low) / (high - low)
        for one in outcome.issues
        for low, high in [one.told.bounds]
    ]
    shares = {f"{100 * share:.1f} %" for share in held}
    on_the_way = {f"{100 * place:.0f} %" for place in (min(places), max(places))}
    return shares | on_the_way | {f"{100 * width:.1f} points" for width in points}


def _error_of(bound: Callable[[SimulatedIssue], float], outcome: Outcome) -> float:
    errors = (abs(bound(one) - one.truth) for one in outcome.issues)
    return math.fsum(errors) / len(outcome.issues)


def test_other_draws_come_to_the_same() -> None:
    other = simulate(SEED + 1, NEWSLETTERS // 6)

    assert other.share_of("told") >= 0.93
