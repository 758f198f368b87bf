"""Lines on the terminal end where people can read on: never within a slot or before a unit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.cli.telling import wrap_words

TOGETHER = ["{{ language }}", '{{ name | default("you") }}', "95 %", "95\u00a0%", "2 MB", "600 px"]


@pytest.mark.parametrize("words", TOGETHER)
@given(before=st.integers(0, 60), width=st.integers(20, 60))
def test_no_line_ends_within_what_belongs_together(words: str, before: int, width: int) -> None:
    lines = wrap_words("x" * before + f" {words} and more of it", width)

    assert sum(words in line for line in lines) == 1


@given(text=st.lists(st.sampled_from([*TOGETHER, "a", "word,", "12", "3"])).map(" ".join))
def test_wrapping_changes_no_word(text: str) -> None:
    assert " ".join(wrap_words(text, 30)) == text
