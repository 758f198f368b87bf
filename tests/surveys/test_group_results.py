"""Nobody who has all tables of a survey finds what somebody in a small group answered."""

import random
from contextlib import suppress
from itertools import combinations, product

import numpy as np
import pytest

from newsletter.errors import UsageError
from newsletter.model import Answer, Answers, GroupedResults, Survey
from newsletter.surveys.crossings import tell_by
from newsletter.surveys.small_cells import SMALL
from newsletter.surveys.tallying import chosen_of, tally_survey
from tests.surveys.adversary import Adversary
from tests.surveys.asking import ONE, answers_to, any_survey, question, survey

WAYS = (
    "by alue",
    "by tyo",
    "by mieli",
    "where alue = lappi",
    "where tyo = kunta or hyoty in (1, 2)",
)


def tell_some(asked: Survey, answers: list[Answers], chance: random.Random) -> list[GroupedResults]:
    """Return what an editor is told who asks for results in three ways, one after the other."""
    told: list[GroupedResults] = []
    for by in chance.sample(WAYS, 3):
        try:
            told.append(tell_by(asked, answers, by, told))
        except UsageError:
            continue
    return told[:2]


@pytest.mark.parametrize("seed", range(12))
def test_no_hidden_number_is_found_from_all_tables_together(seed: int) -> None:
    chance = random.Random(seed)
    asked = any_survey(chance)
    answers = answers_to(asked, chance.choice([46, 80, 200]), chance)
    told = tell_some(asked, answers, chance)

    ranges = Adversary(asked, tally_survey(asked, answers), told).ranges() if told else ()

    for name, low, high, least, most in ranges:
        assert high >= min(SMALL, most) - 1e-6, name
        assert high - low >= min(SMALL, most - least) - 1e-6, name


SEQUENCES = [
    "where alue = lappi",
    "where alue = kainuu",
    "where alue in (lappi, kainuu)",
    "where alue in (lappi, uusimaa)",
    "where alue in (uusimaa, pohjanmaa)",
    "where tyo = kunta",
    "where alue = lappi or tyo = kunta",
]


@pytest.mark.parametrize("seed", range(20))
def test_nothing_that_a_sequence_of_tables_adds_up_to_is_of_few_people(seed: int) -> None:
    """Whoever adds and subtracts any number of tables finds none, or ten; or five of an answer."""
    chance = random.Random(seed)
    asked = survey(*any_survey(chance).pages[0].questions[:3])
    answers = answers_to(asked, chance.choice([46, 200, 630]), chance)
    told: list[GroupedResults] = []
    for by in chance.sample(SEQUENCES, len(SEQUENCES)):
        with suppress(UsageError):
            told.append(tell_by(asked, answers, by, told))
    filters = np.array(
        [[1] * len(answers), *([chosen(way.by, n) for n in answers] for way in told)]
    )

    factors = np.array(list(product((-1, 0, 1), repeat=len(filters))))
    people = np.count_nonzero(factors @ filters, axis=1)

    assert told
    assert not set(people) & set(range(1, 10)), [way.by for way in told]


def chosen(by: str, given: Answers) -> bool:
    """Return whether a filter chooses somebody, found otherwise than the program does."""
    alue, tyo = (next(iter(given.get(id, Answer()).chosen), "-") for id in ("alue", "tyo"))
    return alue in by or ("tyo" in by and tyo == "kunta")


@pytest.mark.parametrize("seed", range(12))
def test_differences_of_what_is_told_never_tell_of_few_people(seed: int) -> None:
    """Groups of one way less groups of another are many people, and many of each answer."""
    chance = random.Random(seed)
    asked = any_survey(chance)
    answers = answers_to(asked, chance.choice([46, 80, 200]), chance)
    told = tell_some(asked, answers, chance)
    counted = {(way.by, one.key): one for way in told for one in way.crossings}

    for some, others in combinations(told, 2):
        for key in {key for _, key in counted}:
            if {(some.by, key), (others.by, key)} <= set(counted):
                a, b = counted[some.by, key], counted[others.by, key]
                apart = {
                    abs(x - y)
                    for n in range(len(a.lines))
                    for i, x in enumerate(a.counts[n])
                    for j, y in enumerate(b.counts[n])
                    if x is not None
                    and y is not None
                    and is_within(asked, answers, (some, i), (others, j))
                }
                assert not apart & set(range(1, SMALL)), (some.by, others.by, key)


def is_within(
    asked: Survey,
    answers: list[Answers],
    one: tuple[GroupedResults, int],
    other: tuple[GroupedResults, int],
) -> bool:
    """Return whether one group lies within another."""
    a, b = (
        {n for n, given in enumerate(answers) if group_of(asked, given, way) == place}
        for way, place in (one, other)
    )
    return a != b and (a <= b or b <= a)


def group_of(asked: Survey, given: Answers, way: GroupedResults) -> int:
    """Return the place of somebody's group, found otherwise than the program does."""
    ids = [group.id for group in way.groups]
    if way.by.startswith("where alue"):
        return int(given.get("alue", Answer()).chosen != ("lappi",))
    if way.by.startswith("where"):
        tyo, hyoty = given.get("tyo", Answer()).chosen, given.get("hyoty", Answer()).number
        return int(not (tyo == ("kunta",) or hyoty in (1, 2)))
    by = asked.question(way.names[0])
    assert by is not None
    chosen = next(iter(chosen_of(by, given.get(by.id))), "")
    return ids.index(chosen if chosen in ids else "")


def test_filters_that_differ_by_one_person_are_not_both_told() -> None:
    asked = survey(
        question("alue", ONE, "lappi kainuu"),
        question("tyo", ONE, "kunta muu"),
        question("mieli", ONE, "kylla ei"),
    )
    answers = [
        {"alue": Answer(chosen=("lappi" if n < 41 else "kainuu",)),
         "tyo": Answer(chosen=("muu" if n == 40 else "kunta",)),
         "mieli": Answer(chosen=("kylla" if n % 2 else "ei",))}
        for n in range(80)
    ]  # fmt: skip
    first = tell_by(asked, answers, "where alue = lappi")

    with pytest.raises(UsageError, match="were told before"):
        tell_by(asked, answers, "where alue = lappi and tyo = kunta", [first])


REGIONS = survey(question("alue", ONE, "a b c d"), question("mieli", ONE, "kylla ei"))


def of_regions(**sizes: int) -> list[Answers]:
    """Return answers of so many people of each region."""
    places = [id for id, size in sizes.items() for _ in range(size)]
    return [
        {"alue": Answer(chosen=(id,)), "mieli": Answer(chosen=("kylla" if n % 2 else "ei",))}
        for n, id in enumerate(places)
    ]


def tell_all(asked: Survey, answers: list[Answers], *ways: str) -> list[GroupedResults]:
    """Return what is told by ways that are asked for one after the other."""
    told: list[GroupedResults] = []
    for by in ways:
        told.append(tell_by(asked, answers, by, told))
    return told


@pytest.mark.parametrize(
    "ways",
    [
        # The third less the first and the second is c.
        ("where alue = a", "where alue = b", "where alue in (a, b, c)"),
        # The first and the second less the third are c twice.
        ("where alue in (a, c)", "where alue in (b, c)", "where alue in (a, b)"),
        # The fourth less the second and the third is c, as the first knows.
        ("where alue in (a, b)", "where alue = a", "where alue = b", "where alue in (a, c)"),
    ],
)
def test_several_tables_together_never_tell_of_fewer_than_ten(ways: tuple[str, ...]) -> None:
    answers = of_regions(a=40, b=40, c=3, d=40)
    told = tell_all(REGIONS, answers, *ways[:-1])

    with pytest.raises(UsageError, match="were told before"):
        tell_by(REGIONS, answers, ways[-1], told)


def test_several_tables_together_never_tell_of_few_answers_of_many() -> None:
    """What two filters leave of a third is c: twelve people, of whom two agree."""
    answers = of_regions(a=40, b=40, c=12, d=40)
    answers[80:90] = [{**one, "mieli": Answer(chosen=("ei",))} for one in answers[80:90]]
    answers[90:92] = [{**one, "mieli": Answer(chosen=("kylla",))} for one in answers[90:92]]
    told = tell_all(REGIONS, answers, "where alue = a", "where alue = b")

    third = tell_by(REGIONS, answers, "where alue in (a, b, c)", told)

    assert not third.crossings
    assert third.untold == (("mieli", ""),)


def test_a_third_and_a_fourth_table_of_many_people_are_told() -> None:
    answers = of_regions(a=40, b=40, c=20, d=40)

    told = tell_all(
        REGIONS,
        answers,
        "where alue = a",
        "where alue = b",
        "where alue in (a, b, c)",
        "where alue in (a, d)",
    )

    assert all(one.crossings for one in told)


def test_a_question_that_was_told_with_hidden_numbers_makes_no_groups() -> None:
    asked = survey(question("alue", ONE, "a b c"), question("tyo", ONE, "x y z"))
    pairs = [("a", "x", 2), ("a", "y", 20), ("a", "z", 20), ("b", "x", 20), ("b", "y", 20)]
    pairs += [("b", "z", 20), ("c", "x", 20), ("c", "y", 20), ("c", "z", 20)]
    answers = [
        {"alue": Answer(chosen=(alue,)), "tyo": Answer(chosen=(tyo,))}
        for alue, tyo, times in pairs
        for _ in range(times)
    ]
    first = tell_by(asked, answers, "by alue")

    assert any(count is None for one in first.crossings for line in one.counts for count in line)
    with pytest.raises(UsageError, match="were told before"):
        tell_by(asked, answers, "by tyo", [first])


def test_groups_of_fewer_than_ten_are_told_together() -> None:
    asked = survey(question("alue", ONE, "a b c d"), question("mieli", ONE, "kylla ei"))
    places = ["a"] * 20 + ["b"] * 15 + ["c"] * 6 + ["d"] * 5
    answers = [
        {"alue": Answer(chosen=(place,)), "mieli": Answer(chosen=("kylla" if n % 2 else "ei",))}
        for n, place in enumerate(places)
    ]

    told = tell_by(asked, answers, "by alue")

    assert [(group.id, group.size) for group in told.groups] == [("a", 20), ("b", 15), ("", 11)]
    assert told.crossings[0].n == (20, 15, 11)


def test_too_few_make_no_groups() -> None:
    asked = survey(question("alue", ONE, "a b"), question("mieli", ONE, "kylla ei"))
    answers: list[Answers] = [{"alue": Answer(chosen=("a" if n else "b",))} for n in range(12)]

    with pytest.raises(UsageError, match="too few answered"):
        tell_by(asked, answers, "by alue")


@pytest.mark.parametrize(
    ("by", "fault"),
    [
        ("by alu", "did you mean “alue”"),
        ("by toiveet", "makes no groups"),
        ("where alu = lappi", "did you mean “alue”"),
        ("where alue =", "line 1"),
    ],
)
def test_what_makes_no_groups_is_said(by: str, fault: str) -> None:
    asked = any_survey(random.Random(1))

    with pytest.raises(UsageError, match=fault):
        tell_by(asked, answers_to(asked, 60, random.Random(1)), by)
