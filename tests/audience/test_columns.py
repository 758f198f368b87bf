"""Which columns of a list are kept, left out or asked about, and which slots result."""

from typing import Any

import pytest

from newsletter.audience.entries import Role
from tests.audience.reading import asked, entries_in, fault_of, people_in, roles_in


@pytest.mark.parametrize(
    "header",
    [
        "email,Etunimi,Sukunimi",
        "email,First Name,Last Name",
        "email,FIRSTNAME,LASTNAME",
        "email,Given Name,Family Name",
        "email,Förnamn,Efternamn",
        "E-mail Address,First Name,Surname",
        "sähköposti,etunimi:,sukunimi *",
    ],
)
def test_a_name_is_built_from_two_columns_and_both_are_slots(header: str) -> None:
    text = f"{header}\naino@saatio.fi,Aino,Aalto\nbo@saatio.fi,,Berg\n"

    first, second = entries_in(text)

    assert first.values == {"first_name": "Aino", "last_name": "Aalto", "name": "Aino Aalto"}
    assert second.values["name"] == "Berg"
    assert people_in(text).slots == ("email", "name", "first_name", "last_name")


def test_a_whole_name_is_taken_before_its_parts() -> None:
    text = "email,Given Name,Family Name,Name\na@saatio.fi,Aino,Aalto,Aino A. Aalto\n"

    assert entries_in(text)[0].values == {"name": "Aino A. Aalto"}
    assert entries_in(text, used=("first_name",))[0].values["first_name"] == "Aino"


def test_a_column_of_whole_names_in_which_nothing_stands_does_not_count() -> None:
    text = "Email,Name,Etunimi,Sukunimi\na@saatio.fi,,Aino,Aalto\n"  # Microsoft Forms

    assert entries_in(text)[0].values["name"] == "Aino Aalto"


def test_columns_about_work_are_kept_in_three_languages() -> None:
    headers = "Alue,Organisaatio,Toimiala,Tehtävänimike,Company,Job Title,Region,Befattning,Län"
    text = f"email,{headers}\na@saatio.fi,{','.join('abcdefghi')}\n"

    assert set(roles_in(text).values()) == {Role.ADDRESS, Role.ATTRIBUTE}
    assert entries_in(text)[0].values["tehtävänimike"] == "d"


@pytest.mark.parametrize(
    ("header", "name"),
    [
        *((word, "region") for word in ("Alue", "Område", "Region", "MAAKUNTA", "Landskap")),
        *((word, "organisation") for word in ("Organisaatio", "Organization", "Företag")),
        *((word, "kind") for word in ("Organisaation tyyppi", "Organisationstyp")),
        *((word, "role") for word in ("Rooli", "Roll", "Job Title", "Tehtävänimike")),
        *((word, "municipality") for word in ("Kunta", "Kommun")),
    ],
)
def test_columns_about_work_have_one_name_in_all_languages(header: str, name: str) -> None:
    text = f"email,{header}\na@saatio.fi,x\n"

    assert entries_in(text)[0].values == {name: "x"}
    assert entries_in(text, used=(name,))[0].values == {name: "x"}
    assert entries_in(text, mapping={header: "oma"})[0].values == {"oma": "x"}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("email,Maakunta,Alue\na@saatio.fi,m,a\n", {"maakunta": "m", "region": "a"}),
        ("email,Maakunta,Alue\na@saatio.fi,m,\n", {"region": "m"}),  # nothing stands in “Alue”
        ("email,REGION,Alue,LEID\na@saatio.fi,geo,a,1\n", {"region": "a"}),  # of Mailchimp
    ],
)
def test_of_several_columns_about_the_same_the_surest_has_the_name(
    text: str, values: dict[str, str]
) -> None:
    assert entries_in(text, used=("region",))[0].values == values


def test_a_name_that_the_settings_give_is_taken_by_no_other_column() -> None:
    text = "email,Alue,Piiri\na@saatio.fi,a,p\n"

    values = entries_in(text, mapping={"Piiri": "region"})[0].values

    assert values == {"alue": "a", "region": "p"}


def test_anything_else_is_offered_and_left_out() -> None:
    headers = ["Erityisruokavalio", "Notes", "OPTIN_IP", "Syntymäpäivä", "Puhelin", "Vapaa sana?",
               "Kotiosoite", "Henkilötunnus", "Tags", "Allergiat"]  # fmt: skip
    cells = ["aa", "bb", "cc", "dd", "ee", "ff", "gg", "hh", "ii", "jj"]
    text = f"email,{','.join(headers)}\na@saatio.fi,{','.join(cells)}\n"

    assert {role for head, role in roles_in(text).items() if head != "email"} == {Role.OFFERED}
    assert entries_in(text)[0].values == {}


@pytest.mark.parametrize(
    "wishes",
    [
        {"columns": ("Erityisruokavalio",)},  # as the list has it
        {"columns": ("ERITYISRUOKAVALIO",)},
        {"columns": ("erityisruokavalio",)},  # as the slot is called
        {"used": ("erityisruokavalio",)},  # by a slot or a segment
        {"mapping": {"Erityisruokavalio": "erityisruokavalio"}},
    ],
)
def test_what_is_asked_for_or_used_is_kept(wishes: dict[str, Any]) -> None:
    text = "email,Erityisruokavalio,Muu\na@saatio.fi,kala,muuta\n"

    assert entries_in(text, **wishes)[0].values == {"erityisruokavalio": "kala"}


def test_the_settings_name_columns() -> None:
    mapping = {"Yhteystieto": "email", "Kuka": "name", "Paikka": "region", "Status": "ignore"}
    text = "Kuka;Yhteystieto;Paikka;Status\nAino;aino@saatio.fi;Lappi;zombie\n"

    (entry,) = entries_in(text, mapping=mapping)

    assert entry.address == "aino@saatio.fi"
    assert entry.values == {"name": "Aino", "region": "Lappi"}


def test_the_settings_can_call_a_column_a_consent() -> None:
    (entry,) = entries_in("email,Rasti\na@saatio.fi,x\n", mapping={"Rasti": "consent"})

    assert entry.evidence == "Rasti=x"


def test_a_name_that_no_slot_can_have_is_refused_in_the_settings() -> None:
    assert "[import.columns]: “Muu”" in fault_of(
        "email,Muu\na@saatio.fi,x\n", mapping={"Muu": "2 b"}
    )


def test_a_wish_for_a_column_that_is_not_there_names_those_that_are() -> None:
    assert "the list has: email, Muu" in fault_of("email,Muu\na@saatio.fi,x\n", columns=("Moo",))


@pytest.mark.parametrize(
    ("header", "slot"),
    [
        ("Työpaikka?", "organisation"),
        ("Organisaatio (jos on)", "organisaatio_jos_on"),
        ("Job. title", "role"),
        ("Työ-alue / kunta", "työ_alue_kunta"),
    ],
)
def test_signs_in_a_header_do_no_harm(header: str, slot: str) -> None:
    text = f"email;{header}\na@saatio.fi;x\n"

    assert entries_in(text, columns=(header,))[0].values == {slot: "x"}


@pytest.mark.parametrize("header", ["2nd", "???", "", "unsubscribe_url", "email name " * 12])
def test_a_column_that_cannot_name_a_slot_is_left_out_and_told(header: str) -> None:
    people = people_in(f"email,{header},name\na@saatio.fi,x,Aino\n")

    (column,) = [column for column in people.columns if column.place == 1]
    assert column.role is Role.UNUSABLE
    assert column.why
    assert people.slots == ("email", "name")


def test_empty_headers_over_empty_cells_are_no_fault() -> None:
    assert roles_in("email,name,,,\na@saatio.fi,Aino,,,\n")[""] is Role.EMPTY


def test_columns_of_one_meaning_are_told_and_the_first_is_taken() -> None:
    text = "email,nimi,Namn,Region,region\na@saatio.fi,Aino,Bo,Lappi,x\n"

    assert entries_in(text)[0].values == {"name": "Aino", "region": "Lappi"}
    assert roles_in(text)["Namn"] is Role.OFFERED
    assert roles_in(text)["region"] is Role.UNUSABLE


def test_nothing_is_taken_away_by_a_column_in_which_nothing_stands() -> None:
    assert entries_in("email,name,language\na@saatio.fi,Aino,\n")[0].values == {"name": "Aino"}


# --- two that mean an address -------------------------------------------------------------


def test_a_postal_address_is_no_second_address() -> None:
    text = (
        '"Email Address","First Name","Last Name",Address,"Phone Number",MEMBER_RATING,LATITUDE\n'
        'aino@saatio.fi,Aino,Aalto,"Katu 1  Helsinki  00100",,2,\n'
    )

    (entry,) = entries_in(text)

    assert (entry.address, entry.values["name"]) == ("aino@saatio.fi", "Aino Aalto")
    assert roles_in(text)["Address"] is Role.OFFERED


def test_an_address_may_stand_below_address_when_nothing_else_holds_any() -> None:
    assert entries_in("name,address\nAino,aino@saatio.fi\n")[0].address == "aino@saatio.fi"


def test_microsofts_anonymous_addresses_are_passed_over() -> None:
    text = "ID,Email,Name,Sähköpostiosoitteesi\n1,anonymous,,aino@saatio.fi\n"

    assert entries_in(text)[0].address == "aino@saatio.fi"


def test_two_columns_of_addresses_are_asked_about() -> None:
    text = "Email Address,Sähköpostiosoite\na@saatio.fi,b@saatio.fi\n"

    assert asked(text) == ["address"]
    assert entries_in(text, answers={"address": "2"})[0].address == "b@saatio.fi"


def test_a_question_of_a_form_is_understood_as_one_of_addresses() -> None:
    text = "Aikaleima,Mikä on sähköpostiosoitteesi?,Nimesi\n1.1.2026 10.00.00,a@saatio.fi,Aino\n"

    assert entries_in(text)[0].values == {"name": "Aino"}


def test_mailchimps_region_is_where_a_computer_stood() -> None:
    text = "Email Address,LEID,EUID,REGION\na@saatio.fi,1,2,18\n"

    assert entries_in(text)[0].values == {}


def test_forty_columns_nobody_needs_are_left_out() -> None:
    header = ",".join(["email", *(f"Kysymys {n}?" for n in range(40))])

    people = people_in(f"{header}\na@saatio.fi{',vastaus' * 40}\n")

    assert people.slots == ("email",)
    assert sum(column.role is Role.OFFERED for column in people.columns) == 40


def test_our_own_file_of_refused_rows_is_not_asked_why_they_were() -> None:
    rows = "3,is unsubscribed and stays so,a@example.org,Aino\n4,no address,b@example.org,Bo\n"
    people = people_in(f"line,reason,email,name\n{rows}")

    assert people.questions == ()
    assert [column.header for column in people.columns if column.name] == ["name"]


def test_of_several_that_are_no_day_the_same_one_is_named_each_time() -> None:
    months = ("touko", "marras", "loka", "syys", "kesä", "heinä")  # a set of them has no order
    rows = "".join(f"{month}@example.org,active,{month}\n" for month in months)

    assert "holds “heinä”" in fault_of(f"email,standing,sent_until\n{rows}")
