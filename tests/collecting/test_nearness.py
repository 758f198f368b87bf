"""What is near to past issues is told by the words that they share, and how rare these are."""

import math

import pytest

from newsletter.collecting.nearness import nearness


def as_it_is(word: str) -> str:
    """Return a word as its own basic form."""
    return word


def test_a_text_is_the_nearer_the_more_of_its_rare_words_past_issues_have() -> None:
    past = [["wage", "subsidy", "the", "coach"], ["coach", "the", "network"]]
    same, alike, far = nearness(
        [["wage", "subsidy"], ["the", "weather"], ["weather", "snow"]], past, as_it_is
    )

    assert same > alike > far == 0


def test_the_value_is_the_cosine_that_the_formula_gives() -> None:
    [found] = nearness([["law", "law", "new"]], [["law", "old"]], as_it_is)

    law, other = 1 + math.log(3 / 3), 1 + math.log(3 / 2)
    text = math.hypot(2 * law, other)
    past = math.hypot(law, other)
    assert found == pytest.approx(2 * law * law / (text * past))


def test_without_past_issues_or_words_nothing_is_near() -> None:
    assert nearness([["law"], []], [], as_it_is) == [0, 0]
    assert nearness([[], ["2026", "ab"]], [["law"], []], as_it_is) == [0, 0]
