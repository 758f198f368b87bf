"""Which questions are shown and must be answered follows from all answers at once."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from newsletter.model import Answer, Answers, QuestionKind
from newsletter.surveys import (
    find_missing,
    keep_asked,
    pages_for,
    questions_for,
    questions_on,
)
from tests.surveys.questions import CHAIN, ONE, TEXT, options, question, survey

YES, NO = Answer(chosen=("on",)), Answer(chosen=("ei",))
THREE, NAMES = Answer(number=3), Answer(text="Aino, Eino ja Väinö")


def ids(found: object) -> list[str]:
    """Return the ids of questions or pages."""
    return [one.id for one in found]  # type: ignore[attr-defined]


def test_what_an_earlier_answer_hides_is_neither_shown_nor_required() -> None:
    """Elsewhere a hidden question still blocked (QuizandSurveyMaster/quiz_master_next#993)."""
    assert ids(questions_for(CHAIN, {"lapsia": NO})) == ["lapsia", "muuta"]
    assert find_missing(CHAIN, {"lapsia": NO}) == ()
    assert ids(find_missing(CHAIN, {"lapsia": YES})) == ["maara"]
    assert ids(pages_for(CHAIN, {"lapsia": NO})) == ["page-1", "page-3"]


def test_what_is_hidden_is_dropped_with_all_that_depends_on_it() -> None:
    """“Children: no, number: 3” (surveyjs/survey-library#817, nested #589)."""
    before = {"lapsia": YES, "maara": THREE, "nimet": NAMES}

    assert keep_asked(CHAIN, before) == before
    assert keep_asked(CHAIN, {**before, "lapsia": NO}) == {"lapsia": NO}


def test_what_depends_on_the_same_page_is_shown_to_all_and_counts_for_some() -> None:
    both = survey(
        (question("a", ONE, "x", "y"), question("b", TEXT, show_if="a=x", is_required=True))
    )
    [page] = both.pages

    assert ids(questions_on(both, page, {})) == ["a", "b"]
    assert ids(find_missing(both, {"a": Answer(chosen=("x",))})) == ["b"]
    assert find_missing(both, {"a": Answer(chosen=("y",))}) == ()
    assert list(keep_asked(both, {"a": Answer(chosen=("y",)), "b": NAMES})) == ["a"]


def test_a_table_that_must_be_answered_is_answered_in_each_row() -> None:
    table = question("t", QuestionKind.MATRIX, "a", "b", rows=options("r1", "r2"), is_required=True)
    one = survey((table,))

    assert ids(find_missing(one, {"t": Answer(rows={"r1": "a"})})) == ["t"]
    assert find_missing(one, {"t": Answer(rows={"r1": "a", "r2": "b"})}) == ()


SOME = st.fixed_dictionaries(
    {},
    optional={
        "lapsia": st.sampled_from([YES, NO]),
        "maara": st.builds(lambda n: Answer(number=n), st.integers(1, 4)),
        "nimet": st.just(NAMES),
        "muuta": st.just(NAMES),
    },
)


@given(SOME)
def test_what_is_kept_asks_for_itself_alone(answers: Answers) -> None:
    kept = keep_asked(CHAIN, answers)

    assert keep_asked(CHAIN, kept) == kept
    assert questions_for(CHAIN, kept) == questions_for(CHAIN, answers)
    assert set(kept) <= {one.id for one in questions_for(CHAIN, kept)}


@given(SOME)
def test_a_survey_without_conditions_drops_nothing(answers: Answers) -> None:
    plain = replace(
        CHAIN,
        pages=tuple(
            replace(page, questions=tuple(replace(q, show_if="") for q in page.questions))
            for page in CHAIN.pages
        ),
    )

    assert keep_asked(plain, answers) == answers
