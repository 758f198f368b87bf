"""What only few were asked is in no form of results, as it tells of a group that nobody named."""

import json
import random
from dataclasses import replace

import pytest

from newsletter.model import Answer, Answers, Question, QuestionKind, Survey, SurveyResults, Tally
from newsletter.survey_report import Telling, charts_of, results_as_csv, write_markdown
from newsletter.surveys.small_cells import SMALL, SURE, is_small
from newsletter.surveys.tallying import results_of, tally_survey
from newsletter.surveys.told_results import results_as_json, results_from_json
from tests.surveys.asking import MANY, MATRIX, NUMBER, ONE, SCALE, TEXT, question, survey

ROWS = question("", ONE, "rivi toinen").options
KINDS = [
    question("jatko", ONE, "kylla ei joskus aina", show_if="alue=kela"),
    question("jatko", MANY, "kylla ei joskus aina", show_if="alue=kela"),
    question("jatko", SCALE, low=1, high=5, show_if="alue=kela"),
    question("jatko", NUMBER, low=0, high=500, show_if="alue=kela"),
    question("jatko", MATRIX, "kylla ei joskus aina", rows=ROWS, show_if="alue=kela"),
    question("jatko", TEXT, show_if="alue=kela"),
]


def asked_of(further: Question) -> Survey:
    """Return a survey of which one question is shown to some."""
    first = survey(question("alue", ONE, "kela muu"))
    return replace(first, pages=(*first.pages, *survey(further).pages))


def given_to(further: Question, place: int) -> Answer:
    """Return somebody's answer of the kind that a question has."""
    id = further.options[place].id if further.options else ""
    match further.kind:
        case QuestionKind.ONE | QuestionKind.MANY:
            return Answer(chosen=(id,))
        case QuestionKind.MATRIX:
            return Answer(rows={row.id: id for row in further.rows})
        case QuestionKind.TEXT:
            return Answer(text="vapaata")
    return Answer(number=1 + place)


def answers_of(further: Question, *counts: int) -> list[Answers]:
    """Return answers of which so many gave each further answer, and 60 of others."""
    some: list[Answers] = [
        {"alue": Answer(chosen=("kela",)), "jatko": given_to(further, place)}
        for place, count in enumerate(counts)
        for _ in range(count)
    ]
    return [*some, *({"alue": Answer(chosen=("muu",))} for _ in range(60))]


def told_of(further: Question, *counts: int) -> tuple[SurveyResults, list[Tally]]:
    """Return results, and what they tell of the further question."""
    results = results_of(asked_of(further), answers_of(further, *counts))
    return results, [one for one in results.tallies if one.question == "jatko"]


@pytest.mark.parametrize("further", KINDS, ids=lambda one: one.kind.value)
def test_what_fewer_than_ten_were_asked_is_in_no_form(further: Question) -> None:
    results, tallies = told_of(further, 2, 1)
    written = json.loads(json.dumps(results_as_json(results)))

    for tally in tallies:
        assert tally.is_withheld
        assert (tally.n, tally.asked) == (0, 0)
        assert all(line.count is None for line in tally.lines)
    assert results_from_json(written) == results
    for one in written["questions"][1:]:
        assert (one["n"], one["asked"]) == (None, None)
        assert all(line["count"] is line["percent"] is None for line in one["answers"])
    rows = results_as_csv(Telling(results=results), "fi").splitlines()
    assert all(row.endswith(";;;;;") for row in rows if row.startswith("jatko"))
    chart = dict(charts_of(results, "fi"))["jatko"]
    if chart:
        assert not chart.pictures
        assert "thin" not in [key.sign for key in chart.keys]  # no interval that it would explain
        assert not {"1", "2", "3"} & {cell for row in chart.grid.rows for cell in row[1:]}
    markdown = write_markdown(Telling(results=results), "fi", {})
    assert "n = 3" not in markdown


def test_an_answer_of_few_is_withheld_with_another_so_that_nobody_finds_it() -> None:
    results, [tally] = told_of(KINDS[0], 20, 2, 15, 12)

    assert (tally.n, tally.asked) == (49, 49)
    assert [line.count for line in tally.lines] == [20, None, 15, None]
    chart = dict(charts_of(results, "fi"))["jatko"]
    assert chart is not None
    assert [str(row[1]) for row in chart.grid.rows] == ["20", "withheld", "15", "withheld", "49"]
    assert all('data-count="2"' not in picture for picture in chart.pictures)


def test_one_that_everybody_was_asked_is_told_in_full() -> None:
    results, _ = told_of(KINDS[0], 2, 1)

    assert [line.count for line in results.tallies[0].lines] == [3, 60]


@pytest.mark.parametrize("seed", range(40))
def test_a_withheld_line_could_be_five_or_more_by_all_that_is_told(seed: int) -> None:
    chance = random.Random(seed)
    further = KINDS[chance.choice([0, 2, 4])]
    counts = [chance.choice([0, 1, 3, 6, 20]) for _ in range(4)]
    _, [tally, *_] = told_of(further, *counts)
    [whole] = [
        one
        for one in tally_survey(asked_of(further), answers_of(further, *counts))
        if (one.question, one.row) == tally.key
    ]

    hidden = [line for line in tally.lines if line.count is None]
    rest = tally.n - sum(line.count or 0 for line in tally.lines)

    assert tally.is_withheld == (whole.asked < SURE)
    if hidden and not tally.is_withheld:
        assert len(hidden) > 1
        assert rest >= SMALL
    assert not any(is_small(line.count, tally.n) for line in tally.lines if line.count is not None)
