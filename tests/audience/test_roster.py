"""Lists of people are read as they come, compared with those known, and written out again."""

import io
from collections.abc import Mapping
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.audience import Changes, Roster, compare, read_roster, write_roster
from newsletter.audience.roster import clean_value, read_language
from newsletter.errors import AudienceError
from newsletter.model import Standing, Subscriber

AINO = Subscriber(
    address="aino@example.org",
    key="key-aino",
    name="Aino Aalto",
    language="fi",
    attributes={"region": "Lappi"},
)


def read(text: str) -> Roster:
    """Read a list that stands in a text."""
    return read_roster(text.encode(), "people.csv")


def fault_of(data: bytes) -> str:
    """Return why a list is refused whole."""
    with pytest.raises(AudienceError) as caught:
        read_roster(data, "people.csv")
    return str(caught.value)


def refusals_of(text: str) -> list[tuple[int, str, str]]:
    """Return line, text and reason of each row that is not taken."""
    return [(refusal.line, refusal.text, refusal.reason) for refusal in read(text).refusals]


def changes_of(text: str, *known: Subscriber) -> Changes:
    """Compare a list with people who are known already."""
    keys = (f"new-{n}" for n in count(1))
    return compare(
        read(text), {person.address.lower(): person for person in known}, lambda: next(keys)
    )


# --- forms of a list ----------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_list_is_utf8_with_or_without_a_mark(encoding: str) -> None:
    data = "email,name\naino@example.org,Äinö\n".encode(encoding)

    (entry,) = read_roster(data, "people.csv").entries

    assert (entry.line, entry.address, entry.values) == (2, "aino@example.org", {"name": "Äinö"})


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_list_has_any_usual_delimiter_and_line_end(delimiter: str, end: str) -> None:
    rows = [["email", "name"], ["aino@example.org", "Aino"], ["bo@example.org", "Bo"]]

    roster = read(end.join(delimiter.join(row) for row in rows) + end)

    assert [(e.line, e.address, e.values["name"]) for e in roster.entries] == [
        (2, "aino@example.org", "Aino"),
        (3, "bo@example.org", "Bo"),
    ]


def test_a_cell_may_hold_the_delimiters_and_quotation_marks() -> None:
    (entry,) = read('email;name\naino@example.org;"Aalto, ""A""; Aino"\n').entries

    assert entry.values["name"] == 'Aalto, "A"; Aino'


@pytest.mark.parametrize(
    "header",
    [
        "email,name,language",  # English
        "E-mail address,Full name,Lang",  # English, longer
        "Sähköposti,Nimi,Kieli",  # Finnish
        "SÄHKÖPOSTIOSOITE, nimi ,KIELI",  # Finnish, in capitals and with blanks
        "Sa\u0308hko\u0308posti,Nimi,Kieli",  # Finnish, as a Mac writes it
        "E-post,Namn,Språk",  # Swedish
        "e-postadress,namn,språk",  # Swedish, longer
    ],
)
def test_columns_have_finnish_swedish_or_english_names(header: str) -> None:
    (entry,) = read(f"{header}\naino@example.org,Aino Aalto,fi\n").entries

    assert entry.address == "aino@example.org"
    assert entry.values == {"name": "Aino Aalto", "language": "fi"}


def test_columns_stand_in_any_order() -> None:
    (entry,) = read("kieli,nimi,sähköposti\nsv,Aino,aino@example.org\n").entries

    assert entry.address == "aino@example.org"
    assert entry.values == {"name": "Aino", "language": "sv"}


def test_further_columns_become_attributes() -> None:
    (entry,) = read("email,Region,Job title,Työ-alue\naino@example.org,Lappi,coach,1\n").entries

    assert entry.values == {"region": "Lappi", "job_title": "coach", "työ_alue": "1"}


def test_a_row_may_be_shorter_than_the_header() -> None:
    (entry,) = read("email,name,region\naino@example.org\n").entries

    assert entry.values == {"name": "", "region": ""}


def test_empty_cells_behind_the_header_do_no_harm() -> None:
    roster = read("email,name\naino@example.org,Aino,,\n")

    assert len(roster.entries) == 1
    assert roster.refusals == ()


def test_rows_without_anything_are_passed_over() -> None:
    roster = read("email,name\n\n,,\naino@example.org,Aino\n  \n")

    assert [entry.line for entry in roster.entries] == [4]
    assert roster.refusals == ()


def test_values_are_trimmed_and_lose_control_characters() -> None:
    (entry,) = read("email,name\naino@example.org,  Ai\x07no\u0308 \n").entries

    assert entry.values["name"] == "Ainö"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),  # not known
        ("fi", "fi"),  # a code
        (" FI ", "fi"),  # in capitals
        ("sv-FI", "sv"),  # with a country
        ("en_GB", "en"),  # with a country, as programs write it
        ("suomi", "fi"),  # in Finnish
        ("Svenska", "sv"),  # in Swedish
        ("English", "en"),  # in English
        ("sme", "sme"),  # three letters
    ],
)
def test_a_language_is_read_as_its_code(text: str, expected: str) -> None:
    assert read_language(text) == expected


# --- rows that are refused ----------------------------------------------------------------


def test_a_malformed_address_is_refused_with_its_line() -> None:
    (refusal,) = refusals_of("name,email\nAino,aino@example.org\nBo,bo@\n")

    assert refusal[:2] == (3, "bo@")
    assert refusal[2]


def test_a_row_without_an_address_shows_the_row() -> None:
    (refusal,) = refusals_of("name,email\nBo Berg,\n")

    assert refusal[0] == 2
    assert "Bo Berg" in refusal[1]


def test_a_second_row_of_an_address_names_the_first() -> None:
    roster = read("email\naino@example.org\nbo@example.org\naino@EXAMPLE.org\n")

    assert [entry.line for entry in roster.entries] == [2, 3]
    assert [(r.line, r.reason) for r in roster.refusals] == [(4, "the same address as in line 2")]


def test_too_many_cells_are_refused() -> None:
    refusals = refusals_of("email,name\naino@example.org,Aalto, Aino\n")

    assert refusals == [(2, "aino@example.org", "3 cells where the header has 2")]


@pytest.mark.parametrize("language", ["Klingon", "f", "12", "fi/sv"])
def test_a_language_that_is_none_is_refused(language: str) -> None:
    ((line, text, reason),) = refusals_of(f"email,language\naino@example.org,{language}\n")

    assert (line, text) == (2, "aino@example.org")
    assert f"“{language}” is no language" in reason


def test_line_breaks_in_cells_keep_the_numbers_of_lines_right() -> None:
    text = 'email,name\naino@example.org,"Aino\nAalto\nx"\nbo@example.org,Bo\nbad,x\n'

    roster = read(text)

    assert [entry.line for entry in roster.entries] == [2, 5]
    assert [refusal.line for refusal in roster.refusals] == [6]


# --- lists that are refused whole ---------------------------------------------------------


def test_latin1_is_refused_whole_with_its_line_and_the_cure() -> None:
    fault = fault_of("email,name\nbo@example.org,Bo\naino@example.org,Äinö\n".encode("latin-1"))

    assert fault.startswith("people.csv:3: not UTF-8")
    assert "CSV UTF-8" in fault


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_other_unicode_files_are_refused_with_the_cure(encoding: str) -> None:
    fault = fault_of("email,name\naino@example.org,Aino\n".encode(encoding))

    assert fault.startswith("people.csv:")
    assert "CSV UTF-8" in fault


def test_a_list_without_addresses_names_what_it_found() -> None:
    fault = fault_of(b"\nnimi,kieli\nAino,fi\n")

    assert fault.startswith("people.csv:2: no column of addresses")
    assert "found: nimi, kieli" in fault


def test_a_list_without_a_header_is_no_list() -> None:
    assert "no column of addresses" in fault_of(b"aino@example.org,Aino\nbo@example.org,Bo\n")


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b" , ,\n"])
def test_an_empty_list_is_refused(data: bytes) -> None:
    assert "found: nothing" in fault_of(data)


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("email,sähköposti", "email"),  # two columns of addresses
        ("email,nimi,Namn", "name"),  # two of names
        ("email,Region,region", "region"),  # two of an attribute
        ("email,job title,job-title", "job_title"),  # two that come to the same name
    ],
)
def test_two_columns_of_one_meaning_are_refused(header: str, column: str) -> None:
    assert f"people.csv:1: two columns are called “{column}”" in fault_of(header.encode())


@pytest.mark.parametrize(
    "column",
    ["unsubscribe_url", "archive_url", "2nd", "a=b", ""],
)
def test_a_column_that_no_slot_could_name_is_refused(column: str) -> None:
    fault = fault_of(f"email,{column},name\naino@example.org,x,Aino\n".encode())

    assert fault.startswith("people.csv:1: ")
    assert "cannot name a column" in fault


def test_a_quotation_mark_that_is_never_closed_names_its_line() -> None:
    fault = fault_of(b'email,name\naino@example.org,"Aino\nbo@example.org,Bo\n')

    assert fault.startswith("people.csv:2: not readable as CSV")


# --- what taking it in would do -----------------------------------------------------------


def test_somebody_new_joins_with_a_new_key() -> None:
    changes = changes_of("email,name,kieli,region\naino@example.org,Aino,fi,Lappi\n")

    expected = Subscriber(
        address="aino@example.org",
        key="new-1",
        name="Aino",
        language="fi",
        attributes={"region": "Lappi"},
    )
    assert changes.joins == ((2, expected),)


def test_an_empty_cell_gives_nobody_an_attribute() -> None:
    ((_, person),) = changes_of("email,region\naino@example.org,\n").joins

    assert person.attributes == {}


def test_new_values_are_a_change_and_the_key_stays() -> None:
    changes = changes_of("email,name,region\naino@example.org,Aino Ek,Uusimaa\n", AINO)

    ((line, before, after),) = changes.changes
    assert (line, before) == (2, AINO)
    assert (after.name, after.attributes, after.key) == ("Aino Ek", {"region": "Uusimaa"}, AINO.key)


def test_the_same_values_are_no_change() -> None:
    changes = changes_of("email,name,kieli,region\naino@example.org,Aino Aalto,fi,Lappi\n", AINO)

    assert changes == Changes(joins=(), changes=(), unchanged=1, refusals=())


def test_a_column_the_list_lacks_leaves_the_value_as_it_is() -> None:
    ((_, _, after),) = changes_of("email,organisation\naino@example.org,Säätiö\n", AINO).changes

    assert (after.name, after.language) == ("Aino Aalto", "fi")
    assert after.attributes == {"region": "Lappi", "organisation": "Säätiö"}


def test_an_empty_cell_of_a_column_takes_the_value_away() -> None:
    ((_, _, after),) = changes_of("email,name,region\naino@example.org,,\n", AINO).changes

    assert (after.name, after.attributes) == ("", {})


@pytest.mark.parametrize(
    "standing",
    [Standing.UNSUBSCRIBED, Standing.BOUNCED, Standing.COMPLAINED, Standing.ERASED],
)
def test_somebody_who_left_is_not_brought_back(standing: Standing) -> None:
    left = Subscriber(address="aino@example.org", key="k", standing=standing)

    changes = changes_of("email,name,standing\naino@example.org,Aino,active\n", left)

    assert (changes.joins, changes.changes, changes.unchanged) == ((), (), 0)
    assert [(r.line, r.reason) for r in changes.refusals] == [(2, f"is {standing} and stays so")]


def test_somebody_who_has_not_confirmed_stays_pending() -> None:
    pending = Subscriber(address="aino@example.org", key="k", standing=Standing.PENDING)

    ((_, _, after),) = changes_of("email,name\naino@example.org,Aino\n", pending).changes

    assert after.standing is Standing.PENDING


def test_refusals_stand_in_order_of_line() -> None:
    left = Subscriber(address="aino@example.org", key="k", standing=Standing.BOUNCED)

    changes = changes_of("email\naino@example.org\nbad\n", left)

    assert [refusal.line for refusal in changes.refusals] == [2, 3]


# --- whatever comes -----------------------------------------------------------------------


values = st.text(max_size=20).map(clean_value)  # as an import leaves it
attributes: st.SearchStrategy[Mapping[str, str]] = st.dictionaries(
    st.sampled_from(["region", "organisation", "työalue", "class_2"]), values.filter(bool)
)
people = st.lists(
    st.builds(
        Subscriber,
        address=st.from_regex(r"[A-Za-z0-9]{1,8}", fullmatch=True).map("{}@example.org".format),
        key=st.just("key"),
        name=values,
        language=st.sampled_from(["", "fi", "sv", "sme"]),
        attributes=attributes,
        standing=st.sampled_from([Standing.ACTIVE, Standing.PENDING]),
    ),
    unique_by=lambda person: person.address.lower(),  # as the list itself is
)


@settings(deadline=None)
@given(people)
def test_an_export_that_is_read_back_changes_nothing(rows: list[Subscriber]) -> None:
    out = io.StringIO(newline="")

    written = write_roster(rows, {name for p in rows for name in p.attributes}, out)
    changes = changes_of(out.getvalue(), *rows)

    assert written == len(rows)
    assert changes == Changes(joins=(), changes=(), unchanged=len(rows), refusals=())


@settings(deadline=None)
@given(st.binary() | st.text().map(lambda text: f"email,name\n{text}".encode()))
def test_no_bytes_whatever_raise_anything_but_an_audience_error(data: bytes) -> None:
    fault, addresses = "people.csv:", []

    try:
        addresses = [entry.address for entry in read_roster(data, "people.csv").entries]
    except AudienceError as err:
        fault = str(err)

    assert fault.startswith("people.csv:")
    assert len(set(addresses)) == len(addresses)


@settings(deadline=None)
@given(st.lists(st.text(st.sampled_from('a@.,;"\n\r\t é'), max_size=12), max_size=8))
def test_no_row_of_a_list_is_lost(cells: list[str]) -> None:
    quoted = ['"' + cell.replace('"', '""') + '"' for cell in cells]
    text = "".join(f"{cell},x\n" for cell in quoted)

    roster = read(f"email,name\n{text}")

    assert len(roster.entries) + len(roster.refusals) == len(cells)
