"""What is written opens in a spreadsheet without harm, and is read back as it was."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.audience.entries import Entry
from newsletter.audience.reading import open_people
from newsletter.audience.writing import open_rows, write_people, write_refused
from newsletter.formulas import harmless
from newsletter.model import Standing, Subscriber

# What a cell holds once it was read: nothing around it.
_values = st.text("aåÄöß丽0=+-@'\";,| \n", max_size=8).map(str.strip)


def _written(people: list[Subscriber], *, for_excel: bool = False) -> str:
    out = io.StringIO(newline="")
    write_people(
        people, {n for p in people for n in p.attributes}, open_rows(out, for_excel=for_excel)
    )
    return out.getvalue()


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "'=", "''-"])
def test_no_cell_is_a_formula(sign: str) -> None:
    cell = f'{sign}HYPERLINK("http://example.org")'

    assert harmless(cell) == f"'{cell}"


def test_names_and_attributes_are_harmless_however_they_are_exported() -> None:
    person = Subscriber(
        address="aino@example.org",
        key="k",
        name='=HYPERLINK("http://example.org")',
        attributes={"phone": "+358 40 123"},
    )

    for for_excel in (False, True):
        assert "'=HYPERLINK" in _written([person], for_excel=for_excel)
        assert "'+358 40 123" in _written([person], for_excel=for_excel)


def test_excel_finds_its_mark_and_semicolons() -> None:
    text = _written([Subscriber(address="aino@example.org", key="k")], for_excel=True)

    assert text == "\ufeffemail;name;language;standing\r\naino@example.org;;;active\r\n"


@given(
    names=st.lists(_values, min_size=1, max_size=5),
    regions=st.lists(_values, min_size=5, max_size=5),
    standings=st.lists(st.sampled_from(Standing), min_size=5, max_size=5),
    for_excel=st.booleans(),
)
def test_an_export_is_read_back_to_the_letter(
    names: list[str], regions: list[str], standings: list[Standing], for_excel: bool
) -> None:
    people = [
        Subscriber(
            address=f"p{n}@example.org",
            key=f"k{n}",
            name=f"A{name}",
            attributes={"työpaikka": region} if region else {},
            standing=standing,
        )
        for n, (name, region, standing) in enumerate(zip(names, regions, standings, strict=False))
    ]

    listed = open_people(io.BytesIO(_written(people, for_excel=for_excel).encode()), "own.csv")

    read = {e.address: e for e in listed if isinstance(e, Entry)}
    assert not listed.questions
    assert {p.address: p.standing for p in people} == {
        a: e.standing or Standing.ACTIVE for a, e in read.items()
    }
    for person in people:
        if person.standing is not Standing.ERASED:
            values = read[person.address].values
            assert values["name"] == person.name
            assert values.get("työpaikka", "") == person.attributes.get("työpaikka", "")


def test_refused_rows_can_be_mended_and_read_again() -> None:
    out = io.StringIO(newline="")
    refusals = [
        (3, "ei-osoite", "no address", ("Bo", "ei-osoite", "=1")),
        (5, "a@example.org", "is bounced", ()),
    ]

    write_refused(refusals, ["Nimi", "Sähköposti", "x"], address_at=1, rows=open_rows(out))

    assert out.getvalue().splitlines() == [
        "line,reason,Nimi,Sähköposti,x",
        "3,no address,Bo,ei-osoite,'=1",
        "5,is bounced,,a@example.org",
    ]
