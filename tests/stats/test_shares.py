"""Shares claim no more than is known, and differ only where chance does not explain it."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.intervals import difference, share, wilson_interval
from newsletter.model.figures import OpenRange, Share, Split
from newsletter.stats import open_range
from newsletter.stats.shares import mean_share, range_difference
from tests.stats.differing import differences_tried

groups = st.integers(1, 2_000_000) | st.integers(10**15, 10**18)
maybe = st.none() | st.integers(-3, 60)
splits = st.builds(Split, human=maybe, unknown=maybe, machine=maybe, hidden=maybe)


@st.composite
def shares(draw: st.DrawFn) -> Share:
    of = draw(groups)
    return share(draw(st.integers(0, of)), of)


def told(found: OpenRange | None) -> tuple[int | None, int | None, int]:
    """Return the three counts of a range."""
    assert found
    least, most = (part.count if part else None for part in (found.least, found.most))
    return least, most, found.outer.count


# --- a share ------------------------------------------------------------------------------


@given(shares())
def test_an_interval_holds_its_share_and_stays_between_0_and_1(some: Share) -> None:
    assert 0 <= some.low <= some.value <= some.high + 1e-15
    assert some.high <= 1


@given(groups)
def test_nobody_and_everybody_are_exact_bounds(of: int) -> None:
    assert share(0, of).low == 0
    assert share(of, of).high == 1


@given(shares())
def test_those_who_did_not_mirror_those_who_did(some: Share) -> None:
    others = share(some.of - some.count, some.of)

    assert others.low == pytest.approx(1 - some.high, abs=1e-15)


@given(st.integers(0, 40), st.integers(1, 40), st.integers(2, 1000))
def test_more_people_say_more(count: int, of: int, times: int) -> None:
    few, many = share(min(count, of), of), share(min(count, of) * times, of * times)

    assert few.low <= many.low <= many.high <= few.high


def test_few_of_a_billion_are_told_as_exactly_as_half_of_ten() -> None:
    assert share(3, 10**9).low == pytest.approx(
        1.02027072887687e-9, rel=1e-14
    )  # of the exact fractions


# --- the range of opens -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("openers", "clickers", "expected"),
    [
        # the example of docs/statistics.md
        (Split(human=21, unknown=12, machine=29, hidden=29), Split(human=8), (21, 33, 62)),
        # machines that hide nothing say nothing of readers
        (Split(human=21, unknown=12, machine=29, hidden=9), Split(), (21, 33, 42)),
        # it is not known which machines hide something: all may
        (Split(human=21, unknown=12, machine=29), Split(), (21, 33, 62)),
        # more people clicked than were seen to open it
        (Split(human=21, unknown=2, machine=0, hidden=0), Split(human=30), (30, 30, 30)),
        # nobody tells people from machines
        (Split(unknown=40), Split(), (None, None, 40)),
        (Split(unknown=40), Split(human=9), (9, None, 40)),
        # a provider tells some machines apart, and no people
        (Split(unknown=40, machine=10, hidden=10), Split(), (None, 40, 50)),
        # nobody opened it
        (Split(human=0, unknown=0, machine=0, hidden=0), Split(), (0, 0, 0)),
    ],
)
def test_a_range_goes_from_sure_people_to_whoever_may_have_read(
    openers: Split, clickers: Split, expected: tuple[int | None, int | None, int]
) -> None:
    assert told(open_range(openers, clickers, 100)) == expected


@pytest.mark.parametrize(
    ("openers", "of"),
    [
        (Split(human=1, unknown=1, machine=1), None),  # of how many is not known
        (Split(human=0, unknown=0, machine=0), 0),  # nobody got it
        (Split(), 100),  # nobody counts
        (Split(human=10), 100),  # of the rest nothing is known
        (Split(human=60, unknown=30, machine=11), 100),  # more than got it
        (Split(human=-1, unknown=30, machine=1), 100),  # no count at all
    ],
)
def test_what_cannot_be_known_is_no_range(openers: Split, of: int | None) -> None:
    assert open_range(openers, Split(), of) is None


@given(splits, splits, st.integers(0, 60))
def test_a_range_is_in_order_whatever_was_counted(openers: Split, clickers: Split, of: int) -> None:
    found = open_range(openers, clickers, of)

    known = [part for part in (found.least, found.most, found.outer) if part] if found else []
    assert all(a.count <= b.count and a.low <= b.low for a, b in pairwise(known))
    if found:
        first, last = found.bounds
        assert 0 <= first <= last <= 1


# --- differences --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [  # table II of Newcombe's paper, method 10
        ((56, 70), (48, 80), (0.0524, 0.3339)),
        ((9, 10), (3, 10), (0.1705, 0.8090)),
        ((6, 7), (2, 7), (0.0582, 0.8062)),
        ((5, 56), (0, 29), (-0.0381, 0.1926)),
        ((0, 10), (0, 20), (-0.1611, 0.2775)),
        ((0, 10), (0, 10), (-0.2775, 0.2775)),
        ((10, 10), (0, 20), (0.6791, 1.0000)),
        ((10, 10), (0, 10), (0.6075, 1.0000)),
    ],
)
def test_the_interval_of_a_difference_is_that_of_newcombe(
    a: tuple[int, int], b: tuple[int, int], expected: tuple[float, float]
) -> None:
    assert difference(share(*a), share(*b)) == pytest.approx(expected, abs=0.00005)


@given(shares(), shares())
def test_a_difference_the_other_way_round_is_its_mirror(a: Share, b: Share) -> None:
    low, high = difference(a, b)

    assert difference(b, a) == pytest.approx((-high, -low), abs=1e-12)
    assert -1 <= low <= a.value - b.value + 1e-12
    assert a.value - b.value - 1e-12 <= high <= 1


@given(shares())
def test_nothing_differs_from_itself(some: Share) -> None:
    low, high = difference(some, some)

    assert low <= 0 <= high


def test_equal_groups_seem_to_differ_by_chance_once_in_twenty() -> None:
    draw = random.Random(15)
    alike = [share(sum(draw.random() < 0.3 for _ in range(200)), 200) for _ in range(4000)]

    apart = [difference(a, b) for a, b in zip(alike[::2], alike[1::2], strict=True)]
    claimed = [low > 0 or high < 0 for low, high in apart]

    assert 0.03 < sum(claimed) / len(claimed) < 0.065


# --- differences of ranges ----------------------------------------------------------------


@st.composite
def ranges(draw: st.DrawFn) -> OpenRange:
    of = draw(st.integers(1, 3000))
    outer = draw(st.integers(0, of))
    most = draw(st.integers(0, outer))
    return range_of(draw(st.integers(0, most)), most, outer, of)


def range_of(least: int, most: int, outer: int, of: int) -> OpenRange:
    return OpenRange(least=share(least, of), most=share(most, of), outer=share(outer, of))


def test_a_difference_that_only_a_part_of_the_hidden_takes_away_is_none() -> None:
    """Where a quarter of the hidden ones have read, shares are widest, and chance explains it."""
    some, others = range_of(7, 10, 403, 500), range_of(0, 0, 369, 500)
    known = (some.least, others.least), (some.most, others.most), (some.outer, others.outer)
    corners = [difference(a, b) for a, b in known if a and b]

    told = range_difference([some], [others])

    assert all(low > 0 for low, _ in corners)
    assert told
    assert told[0] == pytest.approx(-0.0245, abs=0.0001)


@given(st.lists(ranges(), min_size=1, max_size=3), st.lists(ranges(), min_size=1, max_size=3))
def test_a_difference_of_ranges_reaches_as_far_as_any_part_of_them_does(
    some: list[OpenRange], others: list[OpenRange]
) -> None:
    tried = differences_tried(some, others)

    told = range_difference(some, others)

    assert told
    assert told[0] <= min(low for low, _ in tried) + 1e-6
    assert told[1] >= max(high for _, high in tried) - 1e-6
    assert told == pytest.approx(
        (min(low for low, _ in tried), max(high for _, high in tried)), abs=0.01
    )


@given(ranges(), ranges())
def test_a_difference_of_ranges_the_other_way_round_is_its_mirror(
    a: OpenRange, b: OpenRange
) -> None:
    there, back = range_difference([a], [b]), range_difference([b], [a])

    assert there
    assert back
    assert there == pytest.approx((-back[1], -back[0]), abs=1e-9)


def test_ranges_of_which_nothing_is_unsure_differ_as_shares_do() -> None:
    a, b = range_of(56, 56, 56, 70), range_of(48, 48, 48, 80)

    assert range_difference([a], [b]) == pytest.approx(difference(share(56, 70), share(48, 80)))


@pytest.mark.parametrize("known", [None, share(3, 20)], ids=["no least", "no most"])
def test_ranges_differ_by_nothing_known_where_people_are_not_told_from_machines(
    known: Share | None,
) -> None:
    whole = range_of(3, 5, 9, 20)
    half = OpenRange(least=known, most=None, outer=share(9, 20))

    assert range_difference([half], [whole]) is None
    assert range_difference([whole], [whole, half]) is None


@given(st.lists(shares(), min_size=1, max_size=5))
def test_the_mean_of_shares_is_of_all_of_them_and_as_unsure_as_one(parts: list[Share]) -> None:
    mean = mean_share(parts)

    assert (mean.count, mean.of) == (sum(p.count for p in parts), sum(p.of for p in parts))
    assert (mean.low, mean.high) == wilson_interval(mean.count / len(parts), mean.of / len(parts))
    assert mean.low <= mean.value <= mean.high + 1e-15
