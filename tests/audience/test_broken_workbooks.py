"""Whatever is wrong inside an Excel file, it is read or refused in words."""

import datetime as dt
import io
import re
import zipfile
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from newsletter.audience.workbooks import read_workbook
from newsletter.errors import AudienceError
from tests.audience.reading import people_in

# Values and names that stand where others should.
ODD = [
    *(b"", b"0", b"-1", b"1A", b"A0", b"A1:", b"x", b"s", b"d", b"e", b"inlineStr", b"rId99"),
    *(b"999999999999", b"1e999", b"nan", b"1048577", b"XFE1", b"../x", b"\xc3\xa4", b"row", b"c"),
    b"2026-13-45T99:99:99",
]
_SPOT = re.compile(rb'(?<==")[^"]*(?=")|(?<=>)[^<>]+(?=<)|(?<=<)\w+|<[^<>]*>')


def parts_of_a_book() -> dict[str, bytes]:
    """Return the parts of a workbook with dates, merged cells, a formula and a second sheet.

    It has more rows than are read to find the header, so that what reads on meets faults first.
    """
    book = Workbook()
    sheet = book.active
    assert sheet
    sheet.append(["email", "nimi", "pvm"])
    for n in range(36):
        sheet.append([f"a{n}@example.org", f"Nimi {n}", dt.date(2026, 1, 1) + dt.timedelta(n)])
    sheet.merge_cells("A40:B40")
    sheet["C41"] = "=A1"
    sheet["B41"] = True
    sheet.row_dimensions[36].height = 20
    sheet.column_dimensions["C"].hidden = True
    book.create_sheet("toinen")
    out = io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(out) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def packed_of(parts: dict[str, bytes]) -> bytes:
    """Return a workbook of parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
    return out.getvalue()


PARTS = parts_of_a_book()


@given(
    changes=st.lists(
        st.tuples(
            st.sampled_from(sorted(PARTS)),
            st.integers(0, 400),
            st.one_of(st.none(), st.sampled_from(ODD)),
        ),
        min_size=1,
        max_size=3,
    )
)
@settings(max_examples=60)
def test_a_workbook_with_anything_in_any_place_is_read_or_refused_in_words(
    changes: list[tuple[str, int, bytes | None]],
) -> None:
    parts = dict(PARTS)
    for name, at, odd in changes:
        spots = list(_SPOT.finditer(parts[name]))
        if spots:
            spot = spots[at % len(spots)]
            rest = b"" if odd is None else parts[name][spot.end() :]  # none: it ends there
            parts[name] = parts[name][: spot.start()] + (odd or b"") + rest

    told = ""
    try:
        told = f"p.xlsx: {len(list(people_in(packed_of(parts), 'p.xlsx')))} rows"
    except AudienceError as err:
        told = str(err)

    assert told.startswith("p.xlsx:")


SHEET = "xl/worksheets/sheet1.xml"
BELOW = {
    "cut": (b'<row r="35".*', b""),
    "odd-row": (b'<row r="35"', b'<row r="x"'),
    "odd-height": (b'<row r="35"', b'<row r="35" ht="tall"'),
    "odd-formula": (b'r="C41"', b'r="C999999999999999999"'),
    "odd-merge": (b'ref="A40:B40"', b'ref="A0:x"'),
    "odd-columns": (b"<sheetData>", b'<cols><col min="x" max="2" hidden="1"/></cols><sheetData>'),
}


@pytest.mark.parametrize(("found", "written"), BELOW.values(), ids=BELOW)
def test_what_is_broken_below_the_rows_that_are_looked_at_first_is_refused_in_words(
    found: bytes, written: bytes
) -> None:
    broken = re.sub(found, written, PARTS[SHEET], flags=re.DOTALL)
    assert broken != PARTS[SHEET]

    with pytest.raises(AudienceError, match="broken as an Excel file"):
        list(people_in(packed_of({**PARTS, SHEET: broken}), "p.xlsx"))


def test_a_fault_of_our_own_is_not_blamed_on_the_file() -> None:
    out = io.BytesIO(packed_of(PARTS))

    with pytest.raises(TypeError):
        read_workbook(out, "p.xlsx", partial(int, "x"))
