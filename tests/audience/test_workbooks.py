"""What a sheet shows, and its file does not say cell by cell, never passes in silence."""

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.worksheet.cell_range import CellRange

from tests.audience.reading import asked, people_in
from tests.audience.test_sections import saved, standings_in


def _book(*rows: list[object], header: tuple[str, ...] = ("email", "name", "Perunut")) -> Workbook:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(list(header))
    for row in rows:
        sheet.append(row)
    return book


def _people(letters: str) -> list[list[object]]:
    return [[f"{letter}@saatio.fi", letter.upper(), None] for letter in letters]


def test_a_merged_value_is_that_of_each_row_it_covers() -> None:
    book = _book(*_people("abcd"))
    sheet = book.worksheets[0]
    sheet["C3"] = "x"
    sheet.merge_cells("C3:C4")

    found = standings_in(saved(book), "p.xlsx")

    assert found == {"a": "active", "b": "unsubscribed", "c": "unsubscribed", "d": "active"}


def test_a_value_merged_over_two_columns_stands_in_both() -> None:
    book = _book(*_people("ab"), header=("email", "Alue", "Perunut"))
    sheet = book.worksheets[0]
    sheet["B3"] = "x"
    sheet.merge_cells("B3:C3")

    assert standings_in(saved(book), "p.xlsx") == {"a": "active", "b": "unsubscribed"}


def test_a_merged_title_stays_one_and_a_merged_address_is_of_one_row() -> None:
    book = _book(*_people("ab"), ["Poistuneet"], *_people("cd"))
    sheet = book.worksheets[0]
    sheet.merge_cells("A4:C4")
    sheet["A6"] = None
    sheet.merge_cells("A5:A6")

    assert asked(saved(book), "p.xlsx") == ["title:Poistuneet"]
    rows = list(people_in(saved(book), "p.xlsx", answers={"title:Poistuneet": "left"}))
    assert [getattr(row, "standing", "refused") for row in rows] == [
        None, None, "unsubscribed", "refused",
    ]  # fmt: skip


def test_what_is_struck_through_in_merged_cells_is_so_in_each_row() -> None:
    book = _book(*_people("abc"), header=("email", "name", "Organisaatio"))
    sheet = book.worksheets[0]
    sheet["C3"] = "Säätiö"
    sheet["C3"].font = Font(strike=True)
    sheet.merge_cells("C3:C4")

    found = standings_in(saved(book), "p.xlsx", answers={"struck": "left"})

    assert found == {"a": "active", "b": "unsubscribed", "c": "unsubscribed"}


@pytest.mark.parametrize("header", ["Perunut", "Tila", "Markkinointilupa", "Unsubscribed at"])
@pytest.mark.parametrize("cell", ["#N/A", "#REF!", "#VALUE!", '=IF(1,"x","")'])
def test_an_error_or_a_formula_without_a_value_says_nothing_of_a_person(
    header: str, cell: str
) -> None:
    book = _book(*_people("a"), header=("email", "name", header))
    sheet = book.worksheets[0]
    sheet["C2"] = "1.2.2026" if header != "Tila" else "tilaaja"
    sheet.append(["b@saatio.fi", "B", cell])
    shown = "#FORMULA!" if cell[0] == "=" else cell

    assert asked(saved(book), "p.xlsx") == [f"value:{header}:{shown}"]


@pytest.mark.parametrize("shown", ["#N/A", "#PUUTTUU!", "#SAKNAS!", "#REF!"])
def test_an_error_in_a_text_file_is_asked_about_too(shown: str) -> None:
    assert asked(f"email;Perunut\na@saatio.fi;\nb@saatio.fi;{shown}\n") == [
        f"value:Perunut:{shown}"
    ]


def test_errors_elsewhere_are_empty_cells_and_a_row_of_nothing_else_is_none() -> None:
    book = _book(["a@saatio.fi", "#N/A", None], ["=A9", "=B9", None])

    (entry,) = people_in(saved(book), "p.xlsx")

    assert "#" not in "".join(getattr(entry, "values").values())  # noqa: B009


def test_comments_beside_cells_are_told_of_and_asked_about() -> None:
    book = _book(*_people("ab"))
    for row in range(2, 10):
        note = Comment(f"perunut {row}.2.\npuhelimitse", "Aino")
        book.worksheets[0].cell(row, 2).comment = note

    (question,) = people_in(saved(book), "p.xlsx").questions

    assert question.option == "--answer comments=ignore"
    assert "B2: perunut 2.2. puhelimitse; B3: perunut 3.2. puhelimitse" in question.text
    assert "; 3 more)" in question.text
    answers = {"comments": "ignore"}
    assert set(standings_in(saved(book), "p.xlsx", answers=answers)) == {"a", "b"}


def test_comments_of_another_sheet_are_not() -> None:
    book = _book(*_people("ab"))
    book.create_sheet("Muuta")["A1"].comment = Comment("perunut", "Aino")

    assert asked(saved(book), "p.xlsx") == []


@pytest.mark.parametrize("title", ["Peruneet", "Poistuneet 2026", "Unsubscribed", "Avslutade"])
@pytest.mark.parametrize("state", ["visible", "hidden", "veryHidden"])
def test_a_sheet_whose_title_speaks_of_leavers_and_is_not_read_is_asked_about(
    title: str, state: str
) -> None:
    book = _book(*_people("ab"))
    other = book.create_sheet(title)
    other.append(["Aino Aalto"])
    other.sheet_state = state

    assert asked(saved(book), "p.xlsx") == [f"sheet:{title}"]
    answers = {f"sheet:{title}": "ignore"}
    assert set(standings_in(saved(book), "p.xlsx", answers=answers)) == {"a", "b"}


def test_any_other_sheet_is_not() -> None:
    book = _book(*_people("ab"))
    book.create_sheet("Tilastot").append(["Aino Aalto"])

    assert asked(saved(book), "p.xlsx") == []


def test_merged_cells_without_end_cost_no_more_than_the_rows_they_cover() -> None:
    book = _book(*_people("ab"))
    sheet = book.worksheets[0]
    sheet["C2"] = "x"
    for end in range(1_000_000, 1_000_400):
        sheet.merged_cells.ranges.add(CellRange(f"C2:XFD{end}"))

    assert set(standings_in(saved(book), "p.xlsx").values()) == {"unsubscribed"}
