"""Counts, shares and intervals of surveys are those of plain SQL and of statsmodels."""

import csv
import io
import random
import sqlite3

import pytest
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from newsletter.intervals import difference, margin_of_zero, share
from newsletter.model import Answer, Answers, QuestionKind, SurveyResults, Tally
from newsletter.surveys.comparing import chance_of, compare
from newsletter.surveys.tallying import tally_survey
from newsletter.surveys.told_results import results_as_json, results_from_json
from tests.surveys.asking import (
    MANY,
    MATRIX,
    NUMBER,
    ONE,
    SCALE,
    TEXT,
    answers_to,
    any_survey,
    question,
    survey,
)


def results_of(tallies: tuple[Tally, ...], answered: int = 46) -> SurveyResults:
    """Return results of a survey."""
    return SurveyResults(
        survey="kysely",
        titles={"fi": "Kysely"},
        kind="anonymous",
        answered=answered,
        tallies=tallies,
    )


def in_sqlite(answers: list[Answers]) -> sqlite3.Connection:
    """Return a table with a row for each thing that somebody answered, as read from a CSV."""
    out = io.StringIO()
    writer = csv.writer(out)
    for person, given in enumerate(answers):
        for id, answer in given.items():
            for chosen in answer.chosen:
                writer.writerow([person, id, "", chosen])
            if answer.number is not None:
                writer.writerow([person, id, "", answer.number])
            for row, chosen in answer.rows.items():
                writer.writerow([person, id, row, chosen])
            if answer.text:
                writer.writerow([person, id, "", answer.text])
    base = sqlite3.connect(":memory:")
    base.execute("create table answers (person, question, row, answer)")
    base.executemany(
        "insert into answers values (?, ?, ?, ?)", csv.reader(io.StringIO(out.getvalue()))
    )
    return base


@pytest.mark.parametrize("seed", range(50))
def test_results_are_those_of_sql_and_statsmodels_to_the_last_digit(seed: int) -> None:
    chance = random.Random(seed)
    asked = any_survey(chance)
    answers = answers_to(asked, chance.choice([5, 46, 200, 630]), chance)
    base = in_sqlite(answers)

    for tally in tally_survey(asked, answers):
        of = (tally.question, tally.row)
        [n] = base.execute(
            "select count(distinct person) from answers where question=? and row=?", of
        ).fetchone()
        assert tally.n == n
        for line in tally.lines:
            low, _, high = line.id.partition("–")
            within = (
                "cast(answer as integer) between ? and ?"
                if tally.kind is NUMBER
                else "answer in (?, ?)"
            )
            sql = f"select count(*) from answers where question=? and row=? and {within}"  # noqa: S608
            assert base.execute(sql, (*of, low, high or low)).fetchone() == (line.count,)
            if n and line.count is not None:
                told = share(line.count, n)
                expected = proportion_confint(line.count, n, method="wilson")
                # The last digit of a double may differ, as statsmodels adds up in another order.
                assert (told.low, told.high) == pytest.approx(expected, rel=1e-13, abs=1e-15)


def test_each_question_has_an_n_of_its_own() -> None:
    asked = survey(question("a", ONE, "x y"), question("b", MANY, "x y"), question("c", TEXT))
    answers: list[Answers] = [
        {"a": Answer(chosen=("x",)), "b": Answer(chosen=("x", "y"))},
        {"a": Answer(chosen=("y",))},
        {"c": Answer(text=" ")},
    ]

    a, b, c = tally_survey(asked, answers)

    assert (a.n, b.n, c.n) == (2, 1, 0)
    assert [line.count for line in b.lines] == [1, 1]
    assert (a.asked, c.asked) == (3, 3)


def test_who_was_not_asked_is_apart_from_who_did_not_answer() -> None:
    asked = survey(question("tilaa", ONE, "kylla ei"))
    later = survey(question("palvelee", ONE, "kylla ei", show_if="tilaa=kylla"))
    asked = survey(*asked.questions, id="kysely")
    two_pages = type(asked)(
        id="kysely", kind=asked.kind, titles=asked.titles, pages=(*asked.pages, *later.pages)
    )
    answers: list[Answers] = [
        {"tilaa": Answer(chosen=("kylla",)), "palvelee": Answer(chosen=("kylla",))},
        {"tilaa": Answer(chosen=("kylla",))},
        {"tilaa": Answer(chosen=("ei",))},
    ]

    _, tally = tally_survey(two_pages, answers)

    assert (tally.n, tally.asked, tally.is_conditional) == (1, 2, True)


def test_numbers_are_told_in_classes_of_round_widths() -> None:
    asked = survey(question("maara", NUMBER, low=0, high=500))
    answers: list[Answers] = [{"maara": Answer(number=n)} for n in (1, 4, 12, 12, 57, 103)]

    [tally] = tally_survey(asked, answers)

    assert [(line.id, line.count) for line in tally.lines] == [
        ("0–19", 4), ("20–39", 0), ("40–59", 1), ("60–79", 0), ("80–99", 0), ("100–119", 1)
    ]  # fmt: skip


def test_what_was_told_is_read_back_the_same() -> None:
    chance = random.Random(3)
    asked = any_survey(chance)
    results = results_of(tally_survey(asked, answers_to(asked, 46, chance)))

    assert results_from_json(results_as_json(results)) == results


# --- another year -------------------------------------------------------------------------


def year(counts: dict[str, list[int]]) -> SurveyResults:
    """Return results of questions with two answers each."""
    questions = [question(id, ONE, "kylla ei") for id in counts]
    answers: list[Answers] = []
    for id, (yes, no) in counts.items():
        answers += [{id: Answer(chosen=("kylla",))}] * yes + [{id: Answer(chosen=("ei",))}] * no
    return results_of(tally_survey(survey(*questions), answers))


@pytest.mark.parametrize("pair", [((17, 46), (27, 46)), ((0, 20), (9, 30)), ((46, 46), (41, 46))])
def test_a_difference_has_newcombes_interval(pair: tuple[tuple[int, int], tuple[int, int]]) -> None:
    now, before = pair

    low, high = difference(share(*now), share(*before))

    expected = confint_proportions_2indep(*now, *before, method="newcomb", compare="diff")
    assert (low, high) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("level", [0.2, 0.05, 0.01, 0.001])
def test_the_chance_of_a_difference_is_the_level_at_which_its_interval_begins_to_hold_0(
    level: float,
) -> None:
    ends = confint_proportions_2indep(33, 46, 21, 46, method="newcomb", compare="diff", alpha=level)
    [change, _] = compare(year({"a": [33, 13]}), year({"a": [21, 25]}))

    assert (chance_of(change) < level) is bool(ends[0] > 0)


def test_one_change_of_twenty_needs_more_than_one_alone() -> None:
    others = {f"q{n}": [23, 23] for n in range(19)}
    alone = compare(year({"a": [33, 13]}), year({"a": [22, 24]}))
    among = compare(year({"a": [33, 13], **others}), year({"a": [22, 24], **others}))

    assert [change.is_sure for change in alone] == [True, True]
    assert not any(change.is_sure for change in among)
    assert among[0].low > 0  # by itself it would have been one


def test_questions_that_changed_are_not_compared() -> None:
    now, before = year({"a": [30, 5], "b": [30, 5]}), year({"a": [5, 30], "c": [1, 1]})

    assert {change.question for change in compare(now, before)} == {"a"}


def test_words_and_numbers_are_not_compared() -> None:
    asked = any_survey(random.Random(2))
    results = results_of(tally_survey(asked, answers_to(asked, 46, random.Random(2))))

    compared = {change.question for change in compare(results, results)}

    kinds = {asked.question(id).kind for id in compared}  # type: ignore[union-attr]
    assert kinds == {ONE, MANY, SCALE, MATRIX}
    assert QuestionKind.TEXT not in kinds
    assert margin_of_zero((3, 10), (3, 10)) == pytest.approx(0)
