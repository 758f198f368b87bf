"""What is hidden in a table cannot be found from its sums, however they are added up."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from newsletter.surveys.small_cells import SMALL, Cell, Stratum, are_safe, hide, is_small

Counts = list[list[int]]
tables = st.integers(2, 5).flatmap(
    lambda wide: st.lists(
        st.lists(st.sampled_from([0, 1, 2, 4, 5, 6, 9, 14, 30, 60]), min_size=wide, max_size=wide),
        min_size=2,
        max_size=5,
    )
)


def range_of(counts: Counts, hidden: frozenset[Cell], cell: Cell) -> tuple[float, float]:
    """Return between which numbers a hidden cell lies, for somebody who solves linear programs."""
    array = np.array(counts)
    places = np.arange(array.size).reshape(array.shape)
    sums = [line for line in (*places, *places.T)]
    rules: dict[str, Any] = {
        "A_eq": np.array([np.isin(places.ravel(), line).astype(float) for line in sums]),
        "b_eq": [*array.sum(axis=1), *array.sum(axis=0)],
        "bounds": [
            (0, None) if at in hidden else (count, count) for at, count in np.ndenumerate(array)
        ],
    }
    goal = (places.ravel() == places[cell]).astype(float)
    low, high = linprog(goal, **rules), linprog(-goal, **rules)
    assert low.status == high.status == 0
    return low.fun, -high.fun


@settings(max_examples=60)
@given(tables)
def test_no_hidden_number_is_found_or_known_to_be_small(counts: Counts) -> None:
    hidden = hide([Stratum(counts=counts)])

    for i, j in hidden or ():
        low, high = range_of(counts, hidden or frozenset(), (i, j))
        line, group = sum(counts[i]), sum(row[j] for row in counts)
        least, most = max(0, line + group - sum(map(sum, counts))), min(line, group)
        assert high >= min(SMALL, most) - 1e-6
        assert high - low >= min(SMALL, most - least) - 1e-6


@settings(max_examples=60)
@given(tables)
def test_every_small_number_is_hidden_and_at_most_half_of_all(counts: Counts) -> None:
    hidden = hide([Stratum(counts=counts)])

    sizes = [sum(group) for group in zip(*counts, strict=True)]
    cells = [(i, j) for i, line in enumerate(counts) if any(line) for j in range(len(sizes))]
    if hidden is not None:
        small = {(i, j) for i, j in cells if is_small(counts[i][j], sizes[j])}
        assert small <= hidden <= set(cells)
        assert 2 * len(hidden) <= len(cells)


@settings(max_examples=30)
@given(tables, st.data())
def test_what_must_stay_in_strata_is_hidden_all_the_more(
    counts: Counts, data: st.DataObject
) -> None:
    some = [[data.draw(st.integers(0, count)) for count in line] for line in counts]
    rest = [
        [a - b for a, b in zip(*lines, strict=True)] for lines in zip(counts, some, strict=True)
    ]
    hidden = hide([Stratum(counts=some), Stratum(counts=rest)])

    if hidden is not None:
        assert are_safe([Stratum(counts=counts)], hidden)


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        # Both corners of a block are small: its other corners would tell them.
        ([[1, 20, 30], [20, 2, 30], [40, 40, 40]], {(0, 0), (0, 1), (1, 0), (1, 1)}),
        # Nothing is small.
        ([[10, 20], [30, 40]], set()),
        # Nobody of many is no secret; nobody of fewer than ten is.
        ([[0, 25, 40], [30, 25, 40]], set()),
    ],
)
def test_the_cheapest_numbers_are_hidden_beside_small_ones(
    counts: Sequence[Sequence[int]], hidden: set[Cell]
) -> None:
    assert set(hide([Stratum(counts=counts)]) or ()) == hidden


def test_thin_margins_are_no_protection() -> None:
    """A block of 1, 1, 1 and 2 cannot be solved, yet everybody sees that each is below 5."""
    counts = [[1, 1, 20], [1, 2, 20], [30, 30, 30]]

    assert not are_safe([Stratum(counts=counts)], frozenset({(0, 0), (0, 1), (1, 0), (1, 1)}))


def test_a_number_that_joins_two_blocks_is_found_and_so_not_enough() -> None:
    """Each line and group has two hidden numbers, and one of them is the sum of all others."""
    counts = [[9] * 5 for _ in range(5)]
    blocks = {(i, j) for i in (0, 1) for j in (0, 1)} | {(i, j) for i in (2, 3) for j in (3, 4)}
    hidden = frozenset(blocks | {(0, 3)})

    assert range_of(counts, hidden, (0, 3)) == pytest.approx((9, 9))
    assert not are_safe([Stratum(counts=counts)], hidden)


def test_the_same_table_is_always_hidden_alike() -> None:
    counts = [[3, 12, 12], [12, 12, 12], [12, 12, 12], [30, 30, 30]]

    assert {hide([Stratum(counts=counts)]) for _ in range(5)} == {
        frozenset({(0, 0), (0, 1), (1, 0), (1, 1)})
    }
