"""Figures claim no more than is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.intervals import wilson_interval

counts = st.integers(0, 2_000_000)


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        (12, 80, 0.088, 0.244),  # 15 %
        (210, 1000, 0.186, 0.236),  # 21 %
        (0, 10, 0.0, 0.278),  # nobody is not surely nobody
        (10, 10, 0.722, 1.0),  # nor everybody everybody
        (1, 1, 0.207, 1.0),  # one person says little
    ],
)
def test_the_interval_is_that_of_wilson(
    successes: int, trials: int, low: float, high: float
) -> None:
    assert wilson_interval(successes, trials) == pytest.approx((low, high), abs=0.0006)


@given(counts, st.integers(1, 2_000_000))
def test_the_interval_holds_the_share_and_stays_within_bounds(some: int, trials: int) -> None:
    successes = min(some, trials)

    low, high = wilson_interval(successes, trials)

    assert 0 <= low <= high <= 1
    assert low - 1e-9 <= successes / trials <= high + 1e-9
