"""A yes is a yes in Finnish, Swedish and English; whatever else is typed is a no."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.cli.answers import YES, is_yes


@pytest.mark.parametrize(
    "answer",
    [
        *sorted(YES),
        "Kyllä\n",
        "KYLLÄ",
        "kylla\u0308",
        " yes \r\n",
        "”kyllä”",
        "“yes”",
        "ja!",
        "Joo.",
    ],
)
def test_a_yes_is_heard_in_three_languages_and_as_it_is_typed(answer: str) -> None:
    assert is_yes(answer)


@given(answer=st.text(max_size=12))
@example(answer="")
@example(answer="\n")
@example(answer="ei")
@example(answer="nej")
@example(answer="n")
@example(answer="kyllä ei")
@example(answer="yes no")
@example(answer="no")
@example(answer="jos")
@example(answer="jag")
def test_whatever_is_no_such_word_is_a_no(answer: str) -> None:
    words = answer.casefold().split()

    assert not is_yes(answer) or len(words) == 1


@given(
    answer=st.sampled_from(sorted(YES)), more=st.text("abcdefghijklmnopqrstuvwxyzåäö", min_size=1)
)
def test_a_word_that_only_begins_like_a_yes_is_a_no(answer: str, more: str) -> None:
    assert not is_yes(answer + more) or answer + more in YES
