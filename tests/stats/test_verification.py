"""Figures computed anew by other people's code agree to the last digit."""

import random
from collections.abc import Iterator
from types import ModuleType

import pytest

from newsletter.intervals import difference, share
from newsletter.model.figures import Share

LOGS = 50


def drawn_shares(seed: int) -> Iterator[Share]:
    chance = random.Random(seed)
    for _ in range(40):
        of = chance.choice([1, 9, 46, 630, 10_000, 3_000_000])
        yield share(chance.choice([0, of, chance.randint(0, of)]), of)


@pytest.fixture(scope="module")
def proportion() -> ModuleType:
    """A part of statsmodels: slow to load, by each worker that collects the tests."""
    from statsmodels.stats import proportion  # noqa: PLC0415

    return proportion  # type: ignore[no-any-return]


@pytest.mark.parametrize("seed", range(LOGS))
def test_intervals_are_those_of_statsmodels(seed: int, proportion: ModuleType) -> None:
    shares = list(drawn_shares(seed))

    for part in shares:
        expected = proportion.proportion_confint(part.count, part.of, method="wilson")
        assert (part.low, part.high) == pytest.approx(expected, abs=1e-12)
    for a, b in zip(shares, reversed(shares), strict=True):
        counts = (a.count, a.of, b.count, b.of)
        expected = proportion.confint_proportions_2indep(*counts, compare="diff", method="newcomb")
        assert difference(a, b) == pytest.approx(expected, abs=1e-12)
