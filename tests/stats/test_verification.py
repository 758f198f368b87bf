"""Figures computed anew by other people's code agree to the last digit."""

import random
from collections.abc import Iterator

import pytest
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from newsletter.model.figures import Share
from newsletter.stats import difference, share

LOGS = 50


def drawn_shares(seed: int) -> Iterator[Share]:
    chance = random.Random(seed)
    for _ in range(40):
        of = chance.choice([1, 9, 46, 630, 10_000, 3_000_000])
        yield share(chance.choice([0, of, chance.randint(0, of)]), of)


@pytest.mark.parametrize("seed", range(LOGS))
def test_intervals_are_those_of_statsmodels(seed: int) -> None:
    shares = list(drawn_shares(seed))

    for part in shares:
        expected = proportion_confint(part.count, part.of, method="wilson")
        assert (part.low, part.high) == pytest.approx(expected, abs=1e-12)
    for a, b in zip(shares, reversed(shares), strict=True):
        counts = (a.count, a.of, b.count, b.of)
        expected = confint_proportions_2indep(*counts, compare="diff", method="newcomb")
        assert difference(a, b) == pytest.approx(expected, abs=1e-12)
