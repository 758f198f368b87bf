"""Writes who comes to a meeting as CSV or as a workbook, in which no cell is a formula."""

import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from newsletter.audience.writing import open_rows
from newsletter.cli.common import Settings, in_words
from newsletter.cli.outputs import check_list, check_page, written
from newsletter.files import write_private
from newsletter.formulas import harmless
from newsletter.language import regions_of_finland
from newsletter.model.meeting import Meeting, Registration

_BOOK = ".xlsx"
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_OURS = b"\0newsletter"  # no workbook has it, so that none is overwritten


def check_export(settings: Settings, file: Path) -> None:
    """Raise UsageError for a file that no list of people may overwrite."""
    if file.suffix.lower() == _BOOK:
        check_page(settings, file, _BOOK, _OURS)
    else:
        check_list(settings, file)


def write_export(
    file: Path, meeting: Meeting, people: Sequence[Registration], *, for_excel: bool
) -> None:
    """Write a list of people, whole or not at all, for its owner alone."""
    rows = list(_rows(meeting, people))
    if file.suffix.lower() == _BOOK:
        write_private(file, _workbook(rows))
        return
    with written(file) as out:
        table = open_rows(out, for_excel=for_excel)
        for row in rows:
            table.writerow(row)


def _rows(meeting: Meeting, people: Sequence[Registration]) -> Iterator[list[str]]:
    asked = [question.id for question in meeting.questions]
    # What was asked before and stands in the file no more.
    asked += sorted({id for one in people for id in one.answers} - set(asked))
    first = (
        "email",
        "name",
        "badge",
        "organisation",
        "region",
        "attending",
        "state",
        "wanted_at",
        "came",
    )
    yield [*first, "late", "needs", *map(harmless, asked)]
    for one in people:
        at = one.wanted_at.astimezone(meeting.zone)
        cells = [
            one.address,
            one.name,
            one.badge or one.name,
            one.organisation,
            _region(one.region, meeting),
            in_words(one.attending.words),
            in_words(one.state.words),
            f"{at:%Y-%m-%d %H:%M}",
            in_words(one.came.words) if one.came else "",
            "x" if one.is_late else "",
            one.needs,
            *(one.answers.get(id, "") for id in asked),
        ]
        yield [harmless(cell) for cell in cells]


def _region(kept: str, meeting: Meeting) -> str:
    """Return the name of a region that is kept by its code, in the meeting's first language."""
    region = regions_of_finland().get(kept)
    return region.name_in(next(iter(meeting.texts))) if region else kept


def _workbook(rows: Sequence[Sequence[str]]) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415 - takes a quarter of a second, for this alone

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append([_NO_XML.sub("", cell) for cell in row])
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()
