"""A list is read from whatever file it comes in; what is not sure is asked, the broken told."""

import codecs
import datetime as dt
import io
import zipfile
from collections.abc import Callable, Sequence

import pytest
from openpyxl import Workbook

from newsletter.errors import AudienceError
from tests.audience.reading import asked, entries_in, fault_of, people_in

DAY = dt.datetime(2026, 12, 1)  # noqa: DTZ001 (cells have no zone)
LIST = "email;name\naino@saatio.fi;Äinö\nbo@saatio.fi;Bo – B\n"


def names_in(data: str | bytes, name: str = "people.csv", **wishes: object) -> list[str]:
    """Return the names on a list."""
    return [entry.values["name"] for entry in entries_in(data, name, **wishes)]


def workbook(*sheets: Sequence[Sequence[object]], form: str = "General") -> bytes:
    """Return an Excel file with these sheets."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for number, rows in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"S{number}")
        for row in rows:
            sheet.append(list(row))
        for cells in sheet.iter_rows():
            for cell in cells:
                if isinstance(cell.value, int | float):
                    cell.number_format = form
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(book: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """Return a workbook in which a part says something else."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as source, zipfile.ZipFile(out, "w", 8) as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, data.replace(old, new) if name == part else data)
    return out.getvalue()


# --- encodings ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        LIST.encode(),
        codecs.BOM_UTF8 + LIST.encode(),
        codecs.BOM_UTF8 * 2 + LIST.encode(),  # marked by two programs in turn
        LIST.encode("utf-16"),
        codecs.BOM_UTF16_BE + LIST.encode("utf-16-be"),
        LIST.encode("utf-16-le"),  # as Excel's “Unicode text”, without its mark
        LIST.encode("utf-16-be"),
        LIST.encode("utf-32"),
        LIST.replace("\n", "\r\n").encode(),
        LIST.replace("\n", "\r").encode(),
        ("sep=;\r\n" + LIST).encode("utf-16"),
    ],
)  # fmt: skip
def test_unicode_in_any_form_is_read(data: bytes) -> None:
    assert names_in(data) == ["Äinö", "Bo – B"]


def test_what_is_not_utf8_is_asked_about_with_its_letters() -> None:
    people = people_in(LIST.encode("cp1252"))

    (question,) = people.questions
    assert (question.id, question.lines) == ("encoding", (2, 3))
    assert "“Äinö”" in question.choices["cp1252"]
    assert question.option == "--answer encoding=cp1252"


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
def test_the_answer_decides_how_it_is_read(encoding: str) -> None:
    assert names_in(LIST.encode(encoding), answers={"encoding": encoding}) == ["Äinö", "Bo – B"]


def test_an_encoding_that_does_not_fit_names_the_line() -> None:
    fault = fault_of(LIST.encode("cp1252"), answers={"encoding": "utf-8"})

    assert fault.startswith("people.csv:1: from here on")
    assert "is not an encoding for lists" in fault_of(LIST, answers={"encoding": "rot13"})


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.7", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel file, or one with a password"),
        (b"{\\rtf1", "a text document"),
        (b"BEGIN:VCARD\nEMAIL:a@saatio.fi\n", "a file of contact cards"),
        (b'[{"email": "a@saatio.fi"}]', "a file of JSON"),
        (b"email\naino@saatio.fi\0\n", "not a text file"),
        (b"\xff\xfee\0m\0a", "not utf-16"),
        (b"email\n" + b"a" * 3_000_000, "a line of more than a million characters"),
        (b'email,notes\na@saatio.fi,"' + b"a b\n" * 50_000, "never closed"),
        (b'email,name\na@saatio.fi,"A" B\n', "people.csv:2: not readable as CSV"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_told(data: bytes, said: str) -> None:
    with pytest.raises(AudienceError) as caught:
        list(people_in(data))

    assert str(caught.value).startswith("people.csv:")
    assert said in str(caught.value)


# --- dialects -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("sep=;\r\nsähköposti;nimi\r\naino@saatio.fi;Aino\r\n", "Aino"),  # Excel's own line
        ("sep=\t\nemail\tname\naino@saatio.fi\tAalto, Aino\n", "Aalto, Aino"),
        ('"sep=;"\nemail;name\naino@saatio.fi;Aino\n', "Aino"),
        ("Sähköposti;Nimi;Alue, kunta, kylä;Muu, mikä\naino@saatio.fi;Aino;a;b\n", "Aino"),
        ("email\tname\naino@saatio.fi\tAalto; Aino, A\n", "Aalto; Aino, A"),
        ("email|name\naino@saatio.fi|Aino\n", "Aino"),
        ('"email";"name"\n"aino@saatio.fi";"Aalto ""A"" Aino"\n', 'Aalto "A" Aino'),
        ("Ilmoittautuneet 1.12.2026;;\n;;\nSähköposti;Nimi;Alue\naino@saatio.fi;Aino;x\n", "Aino"),
        ("nimi,sähköposti\nAino,aino@saatio.fi\n", "Aino"),
    ],
)
def test_cells_are_parted_as_most_columns_result(text: str, name: str) -> None:
    assert names_in(text) == [name]


def test_a_line_is_counted_as_the_file_has_it() -> None:
    text = 'sep=;\nOtsikko\n\nemail;name\n"aino@saatio.fi";"Ai\nno"\nbo@saatio.fi;Bo\n'

    assert [entry.line for entry in entries_in(text)] == [5, 7]


def test_a_list_without_a_header_says_to_write_one() -> None:
    assert "people.csv:1: no header; write a row" in fault_of("aino@saatio.fi;Aino\n")


def test_a_header_below_a_title_is_told() -> None:
    assert "the header is line 3" in people_in("Lista\n\nemail\na@saatio.fi\n").notes[0]


def test_too_many_columns_are_refused_with_the_cure() -> None:
    header = ",".join(f"c{n}" for n in range(20_000))

    fault = fault_of(f"email,{header}\na@saatio.fi\n")

    assert fault.startswith("people.csv:1: 20,001 columns")


# --- workbooks ----------------------------------------------------------------------------


def test_a_workbook_is_read_as_a_person_would() -> None:
    book = workbook(
        [
            ["Sähköposti", "Nimi", "kpl", "päivä", "aika", "osuus", "kyllä"],
            ["aino@saatio.fi", "Äinö", 3.0, DAY, 0.1 + 0.2, 1e20, True],
            [None, None],
            ["bo@saatio.fi", "Bo", 12, DAY.replace(hour=9, minute=30), 2.5, None, False],
        ]
    )

    first, second = entries_in(book, "p.xlsx", columns=("kpl", "päivä", "aika", "kyllä"))

    assert (first.line, second.line) == (2, 4)
    assert first.values == {
        "name": "Äinö", "kpl": "3", "päivä": "2026-12-01", "aika": "0.3", "kyllä": "true",
    }  # fmt: skip
    assert second.values["päivä"] == "2026-12-01 09:30:00"


def test_figures_that_a_cell_shows_with_zeros_keep_them() -> None:
    book = workbook([["email", "postinumero"], ["a@saatio.fi", 100]], form="00000")

    assert entries_in(book, "p.xlsx", columns=("postinumero",))[0].values == {
        "postinumero": "00100"
    }


def test_of_several_sheets_the_first_with_addresses_is_read() -> None:
    book = workbook([["Ohje"], ["Lue"]], [["Otsikko"], ["email", "name"], ["a@saatio.fi", "A"]])

    people = people_in(book, "p.xlsx")

    assert [entry.line for entry in entries_in(book, "p.xlsx")] == [3]
    assert people.notes == ("the sheet “S2” is read; not read: “S1”",)


def test_a_sheet_named_after_people_who_left_makes_nobody_active() -> None:
    book = with_part(BOOK, "xl/workbook.xml", b'name="S1"', b'name="Poistuneet"')

    assert [entry.standing for entry in entries_in(book, "p.xlsx")] == ["unsubscribed"]


SHEET = "xl/worksheets/sheet1.xml"
BOOK = workbook([["email", "name"], ["a@saatio.fi", "A"]])


@pytest.mark.long
@pytest.mark.parametrize(
    "damaged",  # made when it is its turn: some are large
    [
        lambda: BOOK[:-200],  # cut off
        lambda: BOOK[:300] + b"\0" * 300 + BOOK[600:],  # damaged
        lambda: with_part(BOOK, SHEET, b"</row>", b"<row>"),  # not well-formed
        lambda: with_part(BOOK, SHEET, b'r="A1"', b'r="1A"'),  # a cell that is nowhere
        lambda: with_part(BOOK, "xl/workbook.xml", b"<sheets>", b"<sheet>"),
        lambda: with_part(BOOK, SHEET, b'<row r="2"', b'<row r="999999999"'),  # a billion rows
        lambda: with_part(BOOK, SHEET, b"<sheetData>", b"<sheetData>" + b"<x/>" * 5_000_000),
        lambda: with_part(BOOK, SHEET, b"<sheetData>", b"<sheetData>" + b" " * 120_000_000),
        lambda: with_part(BOOK, "xl/styles.xml", b"</styleS", b" " * 30_000_000 + b"</styleS"),
        lambda: with_part(BOOK, SHEET, b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet'),
        lambda: b"PK\x03\x04" + b"\0" * 100,
    ],
    ids=["cut", "damaged", "xml", "cell", "book", "rows", "tags", "size", "held",
         "entity", "empty"],
)  # fmt: skip
def test_a_broken_workbook_ends_in_a_clear_error(damaged: Callable[[], bytes]) -> None:
    assert fault_of(damaged(), "p.xlsx").startswith("p.xlsx:")


@pytest.mark.long
def test_a_cell_far_out_in_a_sheet_costs_nothing() -> None:
    book = with_part(
        BOOK, SHEET, b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"/></row></sheetData>'
    )

    assert [entry.address for entry in entries_in(book, "p.xlsx")] == ["a@saatio.fi"]


def test_a_packed_file_of_lists_says_to_unpack_it() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("subscribed_members.csv", "Email Address\n")

    assert "unpack it and import each list in it (subscribed_members.csv)" in fault_of(
        out.getvalue()
    )


def test_a_workbook_is_asked_about_as_any_list_is() -> None:
    book = workbook([["email", "Tilaus"], ["a@saatio.fi", "ehkä"]])

    assert asked(book, "p.xlsx") == ["column:Tilaus"]


@pytest.mark.parametrize(
    "header", ["Nej, jag vill inte ha nyhetsbrevet", "Nimi, sukunimi", "no, e"]
)
def test_a_comma_in_a_quoted_header_divides_no_columns(header: str) -> None:
    people = people_in(f'sähköposti;"{header}"\na@saatio.fi;x\nb@saatio.fi;y\n')

    assert [column.header for column in people.columns] == ["sähköposti", header]
