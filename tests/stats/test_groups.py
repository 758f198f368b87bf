"""No adding and subtracting of groups that are told of tells of fewer than ten readers."""

import itertools
import random
from collections.abc import Iterable, Iterator, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.stats import Groups, choose_groups

Reader = tuple[str, str, int]  # language, value, and a number of their own
Pairs = Mapping[tuple[str, str], int]

pairs_of_few = st.dictionaries(
    st.tuples(st.sampled_from(["fi", "sv", "en"]), st.sampled_from(["", *"ABCD"])),
    st.integers(0, 9) | st.integers(0, 60),
)


# --- who wants to know --------------------------------------------------------------------


def people(pairs: Pairs) -> frozenset[Reader]:
    """Return all readers, one by one."""
    return frozenset((*pair, n) for pair, number in pairs.items() for n in range(number))


def cells(readers: frozenset[Reader], names: Mapping[str, str], at: int) -> list[frozenset[Reader]]:
    """Return the groups that are told of, and everybody where none are."""
    told: dict[str, set[Reader]] = {}
    for reader in readers:
        told.setdefault(names[str(reader[at])] if names else "", set()).add(reader)
    return [frozenset(group) for group in told.values()]


def unions(groups: list[frozenset[Reader]]) -> Iterator[frozenset[Reader]]:
    """Yield whatever can be added up of groups that have nobody in common."""
    for n in range(len(groups) + 1):
        for chosen in itertools.combinations(groups, n):
            yield frozenset().union(*chosen)


def isolated(pairs: Pairs, groups: Groups) -> list[int]:
    """Return how many readers each difference of any two unions leaves, if too few."""
    readers = people(pairs)
    languages = list(unions(cells(readers, groups.languages, 0)))
    values = list(unions(cells(readers, groups.values, 1)))
    left = (len(a ^ b) for a in languages + values for b in languages + values)
    return [number for number in left if 0 < number < 10]


def named(names: Mapping[str, str]) -> set[str]:
    return set(names.values()) - {""}


# --- nobody gets at a few -----------------------------------------------------------------


@given(pairs_of_few)
def test_no_two_unions_of_groups_differ_by_fewer_than_ten(pairs: Pairs) -> None:
    groups = choose_groups(pairs)

    if sum(pairs.values()) >= 10:
        assert isolated(pairs, groups) == []
    else:
        assert groups == Groups()


@given(pairs_of_few, st.data())
def test_that_holds_for_parts_of_the_readers_too(pairs: Pairs, data: st.DataObject) -> None:
    """As for those who got the mail, of all whom it was sent to."""
    part = {pair: data.draw(st.integers(max(0, n - 9), n)) for pair, n in pairs.items()}

    groups = choose_groups(pairs, part)

    for base in (pairs, part):
        assert sum(base.values()) < 10 or isolated(base, groups) == []


@given(pairs_of_few)
def test_the_same_readers_twice_change_nothing(pairs: Pairs) -> None:
    assert choose_groups(pairs, pairs) == choose_groups(pairs)


@given(pairs_of_few, st.data())
def test_no_weighted_sum_of_groups_is_about_fewer_than_ten(
    pairs: Pairs, data: st.DataObject
) -> None:
    """Whoever weighs groups learns of those readers whose weights do not cancel out."""
    groups = choose_groups(pairs)
    weights = st.integers(-2, 2)
    of_language = {name: data.draw(weights) for name in sorted(set(groups.languages.values()))}
    of_value = {name: data.draw(weights) for name in sorted(set(groups.values.values()))}

    about = sum(
        number
        for (language, value), number in pairs.items()
        if of_language.get(groups.languages.get(language, ""), 0)
        + of_value.get(groups.values.get(value, ""), 0)
    )

    assert not 0 < about < 10


@given(pairs_of_few)
def test_no_value_more_could_be_told_of_by_name(pairs: Pairs) -> None:
    groups = choose_groups(pairs)
    values = {value for (_, value), number in pairs.items() if number}

    for value in values - named(groups.values) - {""}:
        kept = {v: v if v == value or v in named(groups.values) else "" for v in values}
        more = Groups(languages=groups.languages, values=kept)
        alone = len(set(kept.values())) == 1  # it would be everybody
        assert alone or isolated(pairs, more) != []


@given(pairs_of_few)
def test_languages_are_told_of_as_if_there_were_no_values(pairs: Pairs) -> None:
    merged: dict[tuple[str, str], int] = {}
    for (language, _), number in pairs.items():
        merged[language, ""] = merged.get((language, ""), 0) + number

    assert choose_groups(pairs).languages == choose_groups(merged).languages


@given(pairs_of_few, st.randoms())
def test_the_order_of_counting_decides_nothing(pairs: Pairs, chance: random.Random) -> None:
    shuffled = list(pairs.items())
    chance.shuffle(shuffled)

    assert choose_groups(dict(shuffled)) == choose_groups(pairs)


# --- what is told in such and such a case -------------------------------------------------


@pytest.mark.parametrize(
    ("pairs", "languages", "values"),
    [
        # everything is large enough
        ({("fi", "A"): 50, ("sv", "A"): 20, ("fi", "B"): 30}, {"fi", "sv"}, {"A", "B"}),
        # nobody at all, and too few for anything
        ({}, set(), set()),
        ({("fi", "A"): 9}, set(), set()),
        # one language and one region are everybody
        ({("fi", "A"): 50}, set(), set()),
        # six would be known if the others were told of
        ({("fi", ""): 50, ("sv", ""): 6}, set(), set()),
        # two small languages are enough together
        ({("fi", ""): 50, ("sv", ""): 6, ("en", ""): 5}, {"fi"}, set()),
        # the others are too few, so the next smallest joins them
        ({("fi", "A"): 50, ("fi", "B"): 30, ("fi", "C"): 12, ("fi", "D"): 4}, set(), {"A", "B"}),
        # readers of whom no value is known are among the others, however many they are
        ({("fi", "A"): 50, ("fi", ""): 90}, set(), {"A"}),
        # all of sv but three live in A: sv less A would be those three
        ({("fi", "B"): 50, ("sv", "A"): 20, ("sv", "B"): 3, ("fi", "C"): 40}, {"fi", "sv"}, {"B"}),
        # all of sv live in A, and nobody else: the same group twice tells nothing new
        ({("fi", "B"): 50, ("sv", "A"): 20, ("fi", "C"): 40}, {"fi", "sv"}, {"A", "B", "C"}),
    ],
    ids=[
        "large", "nobody", "nine", "one", "six", "two small", "others", "unknown", "three", "same",
    ],
)  # fmt: skip
def test_small_groups_go_together(
    pairs: Pairs, languages: Iterable[str], values: Iterable[str]
) -> None:
    groups = choose_groups(pairs)

    assert (named(groups.languages), named(groups.values)) == (languages, values)


def test_all_of_a_country_is_grouped_at_once() -> None:
    """Eight languages, and three hundred municipalities of all sizes."""
    chance = random.Random(15)
    spoken = ["fi"] * 90 + ["sv"] * 8 + ["en", "se", "so", "ru", "et", "ar", "uk", "fa"]
    pairs: dict[tuple[str, str], int] = {}
    for _ in range(100_000):
        pair = (chance.choice(spoken), f"K{int(chance.paretovariate(0.5)) % 300}")
        pairs[pair] = pairs.get(pair, 0) + 1

    groups = choose_groups(pairs)

    assert len(named(groups.languages)) == 8
    assert len(named(groups.values)) > 100
