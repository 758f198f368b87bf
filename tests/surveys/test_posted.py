"""A form that is posted becomes answers, or faults beside its fields; nothing else gets through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model import Answer, Answers
from newsletter.surveys import read_posted, write_fields
from tests.surveys.questions import ANSWERS, EVERY_KIND

QUESTIONS = tuple(EVERY_KIND.questions)

# What is posted, and the answer that is taken.
TAKEN = {
    "one": ({"q.yksi": ["a"]}, Answer(chosen=("a",))),
    "other with words": (
        {"q.yksi": ["muu"], "q.yksi.other": [" x  y "]},
        Answer(chosen=("muu",), other="x y"),
    ),
    "words alone choose other": ({"q.yksi.other": ["x"]}, Answer(chosen=("muu",), other="x")),
    "several, in the order of the file": ({"q.monta": ["c", "a"]}, Answer(chosen=("a", "c"))),
    "a scale at 0": ({"q.asteikko": ["0"]}, Answer(number=0)),
    "a number with blanks": ({"q.luku": [" 1\u00a0200 "]}, Answer(number=1200)),
    "a number below zero": ({"q.luku": ["\u22125"]}, Answer(number=-5)),
    "rows": ({"q.taulukko.r2": ["b"]}, Answer(rows={"r2": "b"})),
    "a line": ({"q.sana": ["a\nb\0\ud800"]}, Answer(text="a b")),
    "lines": ({"q.sanoja": ["a\r\nb\r\n"]}, Answer(text="a\nb")),
}

# What is posted, the field that is at fault, and words of what is said of it.
FAULTS = {
    "two of one": ({"q.yksi": ["a", "b"]}, "q.yksi", "choose one"),
    "words beside another answer": (
        {"q.yksi": ["a"], "q.yksi.other": ["x"]},
        "q.yksi.other",
        "or leave",
    ),
    "too many": ({"q.monta": ["a", "b", "c", "muu"]}, "q.monta", "at most 3"),
    "above the scale": ({"q.asteikko": ["11"]}, "q.asteikko", "from 0 to 10"),
    "words for a number": ({"q.luku": ["viisi"]}, "q.luku", "whole number"),
    "half a number": ({"q.luku": ["1,5"]}, "q.luku", "whole number"),
    "an endless number": ({"q.luku": ["9" * 5000]}, "q.luku", "whole number"),
    "two in a row": ({"q.taulukko.r1": ["a", "b"]}, "q.taulukko.r1", "choose one"),
    "endless words": ({"q.sana": ["x" * 4001]}, "q.sana", "at most 4000"),
    "endless words of another": ({"q.yksi.other": ["x" * 301]}, "q.yksi.other", "at most 300"),
}


@pytest.mark.parametrize("case", TAKEN)
def test_what_is_posted_is_taken(case: str) -> None:
    fields, answer = TAKEN[case]

    posted = read_posted(QUESTIONS, fields)

    assert (list(posted.answers.values()), posted.faults) == ([answer], {})


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_is_told_beside_its_field(case: str) -> None:
    fields, name, words = FAULTS[case]

    posted = read_posted(QUESTIONS, fields)

    assert posted.answers == {}
    assert list(posted.faults) == [name]
    assert words in posted.faults[name]


def test_what_the_form_does_not_ask_is_nothing() -> None:
    fields = {"q.yksi": ["z"], "q.taulukko.r9": ["a"], "q.muu": ["a"], "token": ["x"], "q.luku": []}

    posted = read_posted(QUESTIONS, fields)

    assert (posted.answers, posted.faults) == ({}, {})


@given(ANSWERS)
def test_answers_come_back_from_the_fields_of_a_form(answers: Answers) -> None:
    posted = read_posted(QUESTIONS, write_fields(QUESTIONS, answers))

    assert (posted.answers, posted.faults) == (answers, {})


@given(
    st.dictionaries(
        st.sampled_from([f"q.{q.id}{part}" for q in QUESTIONS for part in ("", ".other", ".r1")]),
        st.lists(st.text(max_size=20) | st.sampled_from(["a", "b", "muu", "7"]), max_size=3),
    )
)
def test_whatever_is_posted_is_an_answer_or_a_fault(fields: dict[str, list[str]]) -> None:
    posted = read_posted(QUESTIONS, fields)

    again = read_posted(QUESTIONS, write_fields(QUESTIONS, posted.answers))
    assert again.answers == posted.answers
    assert all("\0" not in answer.text + answer.other for answer in posted.answers.values())
