"""Figures claim no more than is known."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model import Figures
from newsletter.stats import OpenRate, open_rate, wilson_interval

counts = st.integers(0, 2_000_000)
maybe = st.none() | counts
some_figures = st.builds(
    Figures,
    sent=maybe,
    delivered=maybe,
    opens_unique=maybe,
    opens_human=maybe,
    opens_machine=maybe,
)


# --- rates --------------------------------------------------------------------------------


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


def test_the_open_rate_lies_between_people_and_all() -> None:
    rate = open_rate(Figures(delivered=100, opens_unique=40, opens_human=20))

    assert (rate.low, rate.high) == (0.2, 0.4)
    assert rate.interval is not None
    assert rate.interval == pytest.approx((0.133, 0.498), abs=0.001)


def test_the_lower_bound_is_unknown_where_nobody_tells_people_from_machines() -> None:
    rate = open_rate(Figures(delivered=100, opens_unique=40))

    assert (rate.low, rate.high) == (None, 0.4)


@pytest.mark.parametrize(
    "figures",
    [
        Figures(),  # nothing is known
        Figures(sent=100, opens_unique=40),  # the denominator is not known
        Figures(delivered=100),  # opens are not known
        Figures(delivered=0, opens_unique=0),  # nobody got it
        Figures(delivered=10, opens_unique=11),  # more opened than got it
    ],
)
def test_a_rate_that_cannot_be_told_is_unknown(figures: Figures) -> None:
    assert open_rate(figures) == OpenRate(low=None, high=None, interval=None)


@given(some_figures)
def test_bounds_are_ordered_shares_whatever_a_provider_says(figures: Figures) -> None:
    rate = open_rate(figures)

    least, most = rate.interval or (0.0, 1.0)
    known = [least, *(bound for bound in (rate.low, rate.high) if bound is not None), most]
    assert all(0 <= bound <= 1 for bound in known)
    assert all(a <= b + 1e-9 for a, b in pairwise(known))
