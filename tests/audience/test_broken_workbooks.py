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
    """Return the parts of a workbook with dates, merged cells, a formula and a second sheet."""
    book = Workbook()
    sheet = book.active
    assert sheet
    sheet.append(["email", "nimi", "pvm"])
    for n in range(4):
        sheet.append([f"a{n}@example.org", f"Nimi {n}", dt.date(2026, 1, n + 1)])
    sheet.merge_cells("A8:B8")
    sheet["C9"] = "=A1"
    sheet["B9"] = True
    book.create_sheet("toinen")
    out = io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(out) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


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
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, data in parts.items():
            packed.writestr(name, data)

    told = ""
    try:
        told = f"p.xlsx: {len(list(people_in(out.getvalue(), 'p.xlsx')))} rows"
    except AudienceError as err:
        told = str(err)

    assert told.startswith("p.xlsx:")


def test_a_fault_of_our_own_is_not_blamed_on_the_file() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, data in PARTS.items():
            packed.writestr(name, data)

    with pytest.raises(TypeError):
        read_workbook(out, "p.xlsx", partial(int, "x"))
