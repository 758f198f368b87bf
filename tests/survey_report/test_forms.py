"""Each form of results says the same; what is withheld, or for the editor, is in none of them."""

import csv
import datetime as dt
import io
import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from openpyxl import load_workbook

from newsletter.drawing import Chart
from newsletter.errors import UsageError
from newsletter.model import Answer, Answers, Option, Survey, SurveyResults
from newsletter.survey_report import (
    Telling,
    answer_rows,
    answers_as_xlsx,
    charts_of,
    codebook_as_csv,
    read_answers,
    results_as_csv,
    rows_as_csv,
    write_markdown,
    write_sav,
)
from newsletter.survey_report.answer_columns import LONGEST, columns_of
from newsletter.survey_report.balance_drawing import sides_of
from newsletter.survey_report.result_words import title_of
from newsletter.survey_report.told_parts import tables_of
from newsletter.surveys.crossings import tell_by
from newsletter.surveys.tallying import asked_in, tally_survey
from tests.surveys.asking import MANY, MATRIX, ONE, TEXT, answers_to, any_survey, question, survey

BOX = "{http://www.w3.org/2000/svg}rect"


def results_of(asked: Survey, answers: list[Answers]) -> SurveyResults:
    """Return results without groups."""
    return SurveyResults(
        survey=asked.id,
        titles=asked.titles,
        kind="anonymous",
        closed=dt.date(2027, 5, 31),
        answered=len(answers),
        invited=630,
        tallies=tally_survey(asked, answers),
    )


@pytest.fixture(scope="module")
def telling() -> Telling:
    """Return results with groups of which some numbers are withheld."""
    chance = random.Random(5)
    asked = any_survey(chance)
    answers = answers_to(asked, 160, chance)
    grouped = tell_by(asked, answers, "by tyo")
    assert any(count is None for one in grouped.crossings for line in one.counts for count in line)
    return Telling(
        results=results_of(asked, answers), grouped=[grouped], texts={"vapaa": ["salaisuus"]}
    )


def charts(telling: Telling) -> dict[str, Chart]:
    """Return the charts of a survey by question."""
    return {name: chart for name, chart in charts_of(telling.results, "fi") if chart}


def test_bars_are_as_long_as_shares_and_have_their_numbers(telling: Telling) -> None:
    chart = charts(telling)["tyo"]
    tally = telling.results.tally(("tyo", ""))
    assert tally is not None

    for picture in chart.pictures:
        boxes = list(etree.fromstring(picture).iter(BOX))
        track = float(boxes[0].get("width", ""))
        drawn = {
            int(b.get("data-count")): float(b.get("width")) for b in boxes if b.get("data-count")
        }
        for line in tally.lines:
            if line.count:
                assert drawn[line.count] == pytest.approx(track * line.count / tally.n, abs=0.01)


def test_a_matrix_has_a_row_for_each_of_its_own_with_all_counts(telling: Telling) -> None:
    chart = charts(telling)["vaittamat"]
    rows = [tally for tally in telling.results.tallies if tally.question == "vaittamat"]

    boxes = etree.fromstring(chart.pictures[0]).iter(BOX)

    drawn = sorted(int(one.get("data-count", "")) for one in boxes)
    assert drawn == sorted(line.count for row in rows for line in row.lines if line.count)


@pytest.mark.parametrize(
    ("ids", "neutral", "against", "toward", "beside"),
    [
        ("eri vali sama eos", "eos", (0,), (2,), (1, 3)),
        ("paljon eri sama tays", "", (0, 1), (2, 3), ()),
        ("ei kylla", "", (0,), (1,), ()),
    ],
)
def test_what_is_neither_for_nor_against_stands_apart(
    ids: str,
    neutral: str,
    against: tuple[int, ...],
    toward: tuple[int, ...],
    beside: tuple[int, ...],
) -> None:
    row = Option(id="r", words={"fi": "r"})
    asked = survey(question("m", MATRIX, ids, rows=(row,)))
    [tally] = tally_survey(asked, [{"m": Answer(rows={"r": ids.split(maxsplit=1)[0]})}])
    lines = [replace(line, is_neutral=line.id == neutral) for line in tally.lines]

    sides = sides_of(lines)

    assert (sides.against, sides.toward, sides.beside) == (against, toward, beside)


def test_every_picture_names_itself_and_says_what_it_shows(telling: Telling) -> None:
    for name, chart in charts(telling).items():
        for picture in chart.pictures:
            root = etree.fromstring(picture)
            assert root.get("role") == "img"
            assert root.get("aria-labelledby") == f"{name}-title {name}-words"
        assert "n = " in chart.alternative


def test_a_withheld_number_is_in_no_form(telling: Telling) -> None:
    [grouped] = telling.grouped
    cells = [
        cell
        for _, grid in tables_of(telling.results, grouped, "fi")
        for row in grid.rows
        for cell in row
    ]
    rows = list(
        csv.DictReader(io.StringIO(results_as_csv(telling, "fi").lstrip("\ufeff")), delimiter=";")
    )
    by_group = [row for row in rows if row["group"]]

    hidden = sum(
        count is None for one in grouped.crossings for line in one.counts for count in line
    )
    assert cells.count("withheld") == hidden
    assert sum(not row["count"] for row in by_group) == hidden
    assert all(not row["percent"] and not row["low"] for row in by_group if not row["count"])
    assert write_markdown(telling, "fi", {}).count("| peitetty") == hidden


def test_what_people_wrote_is_in_no_form_that_is_published(telling: Telling) -> None:
    assert "salaisuus" not in results_as_csv(telling, "fi")
    assert "salaisuus" not in write_markdown(telling, "fi", {})


def test_markdown_shows_words_as_they_are() -> None:
    asked = survey(question("a", ONE, "x y"))
    [hostile] = [replace(q, words={"fi": "# <b>*x*</b> | [a](b)"}) for q in asked.questions]
    results = results_of(survey(hostile), [{"a": Answer(chosen=("x",))}] * 5)

    written = write_markdown(Telling(results=results), "fi", {})

    assert r"### \# \<b\>\*x\*\</b\> \| \[a\](b)" in written


# --- answers in columns -------------------------------------------------------------------


@settings(max_examples=25)
@given(st.integers(0, 10**6))
def test_answers_are_read_back_from_what_was_written(seed: int) -> None:
    chance = random.Random(seed)
    asked = any_survey(chance)
    answers = answers_to(asked, 6, chance)

    written = rows_as_csv(*answer_rows(asked, answers, asked=asked_in(asked)))

    back = read_answers(asked, written.encode(), "fi")
    assert tally_survey(asked, back) == tally_survey(asked, answers)
    assert [one.get("vapaa") for one in back] == [one.get("vapaa") for one in answers]


def test_names_of_columns_are_short_and_each_has_its_own() -> None:
    long = "kuinka-usein-osallistut-teemapaivaan-verkossa"
    asked = survey(
        question(long, ONE, "a b"), question(f"{long}-2", ONE, "a b"), question("7-x", ONE, "a")
    )

    names = [column.name for column in columns_of(asked, "fi")]

    assert len(set(names)) == len(names)
    assert all(name.isascii() and name.isidentifier() and len(name) <= LONGEST for name in names)


def test_other_has_its_code_and_its_words_in_two_columns() -> None:
    other = Option(id="muu", words={"fi": "Muu"}, is_other=True)
    one = replace(question("tyo", ONE, "kunta"), options=(Option(id="kunta", words={}), other))
    asked = survey(one)
    answers: list[Answers] = [{"tyo": Answer(chosen=("muu",), other="Kela")}, {}]

    written = rows_as_csv(*answer_rows(asked, answers, asked=asked_in(asked)))

    assert written == "\ufefftyo;tyo_muu_text\r\n2;Kela\r\n-9;\r\n"
    assert read_answers(asked, written.encode(), "fi") == answers


def test_a_question_called_name_does_not_hide_whose_the_answers_are() -> None:
    asked = survey(question("name", TEXT), question("day", TEXT))

    names, _ = answer_rows(asked, [], asked=asked_in(asked))

    assert not set(names) & {"address", "name", "day"}


def test_who_was_not_asked_has_another_code_than_who_did_not_answer() -> None:
    first, second = (
        survey(question("a", ONE, "x y")),
        survey(question("b", ONE, "x", show_if="a=x")),
    )
    asked = replace(first, pages=(*first.pages, *second.pages))
    answers: list[Answers] = [{"a": Answer(chosen=("x",))}, {"a": Answer(chosen=("y",))}]

    written = rows_as_csv(*answer_rows(asked, answers, asked=asked_in(asked)))

    assert written.splitlines()[1:] == ["1;-9", "2;-8"]


def test_no_cell_is_run_by_a_spreadsheet_in_headings_neither() -> None:
    asked = survey(question("a", ONE, "x"), question("b", TEXT))
    hostile = replace(asked, pages=(replace(asked.pages[0], questions=tuple(
        replace(q, words={"fi": "=HYPERLINK(1)"}) for q in asked.questions)),))  # fmt: skip
    answers: list[Answers] = [{"a": Answer(chosen=("x",)), "b": Answer(text="=1+1")}] * 5

    written = rows_as_csv(*answer_rows(hostile, answers, asked=asked_in(hostile)))
    codes = codebook_as_csv(hostile, "fi")
    results = results_as_csv(Telling(results=results_of(hostile, answers)), "fi")
    book = load_workbook(
        io.BytesIO(answers_as_xlsx(hostile, answers, "fi", asked=asked_in(hostile)))
    )

    assert all(";=" not in text and "\n=" not in text for text in (written, codes, results))
    cells = [cell for sheet in book for row in sheet for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert read_answers(hostile, written.encode(), "fi")[0]["b"].text == "=1+1"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("b\r\n1\r\n", "no column “a”"),
        ("a\r\n7\r\n", "line 2"),
        ("a\r\nkunta\r\n", "line 2"),
    ],
)
def test_answers_that_mean_nothing_are_refused_with_their_line(text: str, fault: str) -> None:
    asked = survey(question("a", ONE, "x y"))

    with pytest.raises(UsageError, match=fault):
        read_answers(asked, text.encode(), "fi")


def test_a_file_of_spss_has_labels_and_tells_both_kinds_of_missing_apart(tmp_path: Path) -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
    first, second = (
        survey(question("a", ONE, "x y")),
        survey(question("b", MANY, "u v", show_if="a=x"), question("vapaa", TEXT)),
    )
    asked = replace(first, pages=(*first.pages, *second.pages))
    answers: list[Answers] = [
        {"a": Answer(chosen=("x",)), "b": Answer(chosen=("v",)), "vapaa": Answer(text="ä" * 400)},
        {"a": Answer(chosen=("x",))},
        {"a": Answer(chosen=("y",))},
    ]

    write_sav(tmp_path / "k.sav", asked, answers, "fi", asked=asked_in(asked))

    table, about = pyreadstat.read_sav(str(tmp_path / "k.sav"), user_missing=True)
    assert list(table["b_v"]) == [1, -9, -8]
    assert table["vapaa"][0] == "ä" * 400  # LimeSurvey cut words off
    assert about.column_names_to_labels["a"] == "Kysymys a"
    assert about.variable_value_labels["a"][1.0] == "X"
    ends = [(one["lo"], one["hi"]) for one in about.missing_ranges["b_v"]]
    assert ends == [(-9, -9), (-8, -8)]


def test_who_reads_a_regional_language_is_told_in_that_language() -> None:
    asked = replace(question("tyo", ONE), words={"fi": "Missä?", "sv": "Var?"})
    [tally] = tally_survey(survey(asked), [])

    assert title_of(tally, "sv-FI") == "Var?"
    assert title_of(tally, "de") == "Missä?"
