"""Writes answers as files for programs of statistics, with a codebook; reads them back.

A CSV of Finland's spreadsheets: `;` between cells, UTF-8 with a mark, numbers as codes.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path

from openpyxl import Workbook

from newsletter.errors import ConfigError, UsageError
from newsletter.formulas import harmless
from newsletter.language import say
from newsletter.model import Answers, Survey
from newsletter.survey_report.answer_columns import (
    NOT_ANSWERED,
    NOT_ASKED,
    AnswerColumn,
    cells_of,
    columns_of,
    read_cells,
)

BOM = "\ufeff"
CODEBOOK = ("name", "question", "row", "option", "type", "label", "code", "meaning")  # its columns
_MOST = 100_000  # rows that are read
_MISSING = {NOT_ANSWERED: "asked, no answer", NOT_ASKED: "not asked"}

Asked = Callable[[Answers], Callable[[str], bool]]  # of somebody: of a question's id


def answer_rows(
    survey: Survey, answers: Sequence[Answers], *, asked: Asked
) -> tuple[list[str], list[list[int | str]]]:
    """Return the names of columns, and a row for each person: the one form of raw answers."""
    columns = columns_of(survey, "")
    rows = [list(cells_of(columns, one, asked(one))) for one in answers]
    return [column.name for column in columns], rows


def rows_as_csv(names: Sequence[str], rows: Iterable[Sequence[int | str]]) -> str:
    """Return rows of answers as CSV, in which no cell is a formula."""
    return _csv(names, rows)


def codebook_as_csv(survey: Survey, language: str) -> str:
    """Return what each column and each code means, a row for each code."""
    return _csv(CODEBOOK, _code_rows(columns_of(survey, language)))


def answers_as_xlsx(
    survey: Survey, answers: Sequence[Answers], language: str, *, asked: Asked
) -> bytes:
    """Return answers as a workbook, with the codebook on a second sheet."""
    names, rows = answer_rows(survey, answers, asked=asked)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("answers")
    sheet.append([harmless(name) for name in names])
    for row in rows:
        sheet.append([_safe(cell) for cell in row])
    codes = book.create_sheet("codebook")
    codes.append(CODEBOOK)
    for about in _code_rows(columns_of(survey, language)):
        codes.append([_safe(cell) for cell in about])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def write_sav(
    file: Path, survey: Survey, answers: Sequence[Answers], language: str, *, asked: Asked
) -> None:
    """Write answers as a file of SPSS; raise ConfigError without the extra that can."""
    try:
        pyreadstat, pandas = import_module("pyreadstat"), import_module("pandas")
    except ImportError as err:
        fault = say('a .sav file needs pyreadstat: pip install "./newsletter[spss]"')
        raise ConfigError(fault) from err
    columns = columns_of(survey, language)
    names, rows = answer_rows(survey, answers, asked=asked)
    numbers = {c.name: c for c in columns if not c.is_words}
    pyreadstat.write_sav(
        pandas.DataFrame(rows, columns=names),
        str(file),
        column_labels=[column.label[:255] for column in columns],
        variable_value_labels={
            name: {**_codes(column), **_MISSING} for name, column in numbers.items()
        },
        missing_ranges={name: [NOT_ANSWERED, NOT_ASKED] for name in numbers},
        variable_measure={name: "nominal" for name in names},
    )


def read_answers(survey: Survey, data: bytes, language: str) -> list[Answers]:
    """Return answers from a CSV as this program writes it; raise UsageError with the line."""
    columns = columns_of(survey, language)
    text = data.decode("utf-8-sig", "replace")
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    missing = [c.name for c in columns if c.name not in (reader.fieldnames or ())]
    if missing:
        raise UsageError(
            say("the answers have no column “{name}”; the first line names them", name=missing[0])
        )
    found: list[Answers] = []
    try:
        for row in reader:
            plain = {name: _plain(text or "") for name, text in row.items() if name is not None}
            found.append(read_cells(survey, columns, plain))
            if len(found) > _MOST:
                raise UsageError(say("the answers have more than {n:,} rows", n=_MOST))
    except (ValueError, csv.Error) as err:
        raise UsageError(
            say(
                "line {line} of the answers: “{fault}” means nothing",
                line=reader.line_num,
                fault=str(err),
            )
        ) from err
    return found


def _plain(cell: str) -> str:
    """Return a cell without the sign that keeps spreadsheets from running it."""
    return cell[1:] if cell.startswith("'") else cell


def _csv(heads: Sequence[str], rows: Iterable[Sequence[int | str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([harmless(head) for head in heads])
    for row in rows:
        writer.writerow([_safe(cell) for cell in row])
    return BOM + out.getvalue()


def _safe(cell: int | str) -> int | str:
    return harmless(cell) if isinstance(cell, str) else cell


def _codes(column: AnswerColumn) -> dict[int, str]:
    return {0: "no", 1: "yes"} if column.option else dict(column.codes)


def _code_rows(columns: Sequence[AnswerColumn]) -> Iterator[list[int | str]]:
    for column in columns:
        kind = "text" if column.is_words else "number"
        about: list[int | str] = [column.name, column.question, column.row, column.option]
        about += [kind, column.label]
        if column.is_words:
            yield [*about, "", ""]
            continue
        for code, meaning in {**_codes(column), **_MISSING}.items():
            yield [*about, code, meaning]
