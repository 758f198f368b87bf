"""Cells are mended where it is plain what was meant, and that is told."""

import pytest

from newsletter.audience.cells import mend_address
from newsletter.errors import AudienceError
from tests.audience.reading import asked, entries_in, refusals_in


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("liisa@@example.com", "more than one @ in an address"),
        ("liisa@work@example.com", "more than one @ in an address"),
        ("a@example.com b@example.com", "more than one address"),
    ],
)
def test_a_second_at_sign_is_no_second_address(cell: str, reason: str) -> None:
    with pytest.raises(AudienceError, match=reason):
        mend_address(cell)


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ("Aino Aalto <aino@saatio.fi>", "a name before the address"),
        ('"Aalto, Aino" <aino@saatio.fi>', "a name before the address"),
        ("<aino@saatio.fi>", "brackets around the address"),
        ("mailto:aino@saatio.fi", "“mailto:” before it"),
        ("MAILTO:aino@saatio.fi?subject=Hei", "“mailto:” before it"),
        ("aino@saatio.fi,", "signs around it"),
        ("aino@saatio.fi;", "signs around it"),
        ("aino@saatio.fi.", "signs around it"),
        ("(aino@saatio.fi)", "signs around it"),
        ("'aino@saatio.fi", "signs around it"),
        ("\u200baino@saatio.fi\u200e", "invisible signs"),
        ("aino@saa\u00adtio.fi", "invisible signs"),
        ("\ufeffaino@saatio.fi", "invisible signs"),
    ],
)
def test_an_address_is_mended_and_said_so(cell: str, fault: str) -> None:
    quoted = cell.replace('"', '""')

    (entry,) = entries_in(f'name;email\n;"{quoted}"\n')

    assert entry.address == "aino@saatio.fi"
    assert [(r.column, r.before, r.text) for r in entry.repairs] == [("email", cell, fault)]


def test_a_name_before_an_address_is_taken_where_the_list_has_none() -> None:
    (entry,) = entries_in('email\n"Aino Aalto <aino@saatio.fi>"\n')

    assert entry.values == {"name": "Aino Aalto"}


@pytest.mark.parametrize("cell", ["a@saatio.fi, b@saatio.fi", "a@saatio.fi ::: b@saatio.fi"])
def test_two_addresses_in_a_cell_are_refused(cell: str) -> None:
    (refusal,) = refusals_in(f'email;name\n"{cell}";x\n')

    assert "more than one address" in refusal.reason


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("VÃ¤inÃ¶ Ã…berg", "Väinö Åberg"),
        ("AalÃ¶ â€“ B", "Aalö – B"),
        ("Aalto &amp; Berg", "Aalto & Berg"),
        ("V&auml;in&ouml;", "Väinö"),
        ("undefined", ""),
        ("NULL", ""),
        ("-", ""),
        ("N/A", ""),
        ("[object Object]", ""),
    ],
)
def test_a_name_is_mended_or_left_empty_and_said_so(cell: str, name: str) -> None:
    (entry,) = entries_in(f'email;name\naino@saatio.fi;"{cell}"\n')

    assert entry.values == {"name": name}
    assert [(r.before, r.after) for r in entry.repairs] == [(cell, name)]


@pytest.mark.parametrize("name", ["Åsa Öberg", "Müller", "Ana Ángel", "AT&T", "D'Arcy", "Ng", "Ã"])
def test_a_name_that_is_right_stays_as_it_is(name: str) -> None:
    (entry,) = entries_in(f"email;name\naino@saatio.fi;{name}\n")

    assert (entry.values["name"], entry.repairs) == (name, ())


@pytest.mark.parametrize(
    ("domain", "meant"),
    [
        ("gmail.con", "gmail.com"),
        ("gmial.com", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("hotmail.cmo", "hotmail.com"),
        ("hotmial.fi", "hotmail.fi"),
        ("outlok.com", "outlook.com"),
        ("saatio.fii", "saatio.fi"),
        ("elisanett.fi", "elisanet.fi"),
    ],
)
def test_a_domain_that_looks_misspelt_is_asked_about(domain: str, meant: str) -> None:
    text = f"email\nx@saatio.fi\naino@{domain.upper()}\n"

    assert asked(text) == [f"typo:{domain}"]
    addresses = [e.address for e in entries_in(text, answers={f"typo:{domain}": "fix"})]
    assert addresses == ["x@saatio.fi", f"aino@{meant}"]
    assert len(refusals_in(text, answers={f"typo:{domain}": "skip"})) == 1
    kept = entries_in(text, answers={f"typo:{domain}": "keep"})[1]
    assert kept.address == f"aino@{domain}"


@pytest.mark.parametrize(
    "domain",
    ["gmail.com", "hotmail.fi", "outlook.com", "mail.com", "email.com", "gmx.net", "lukku.fi"],
)
def test_domains_that_are_right_are_not_asked_about(domain: str) -> None:
    assert asked(f"email\naino@{domain}\n") == []


def test_a_guard_of_our_own_export_is_taken_off() -> None:
    (entry,) = entries_in("email,name,region\n'+aino@saatio.fi,'=Aino,''-Lappi\n")

    assert (entry.address, entry.values) == (
        "+aino@saatio.fi",
        {"name": "=Aino", "region": "'-Lappi"},
    )


def test_a_text_that_is_written_as_a_formula_is_read_as_text() -> None:
    (entry,) = entries_in('email;region\n="a@saatio.fi";="Lappi"\n')

    assert (entry.address, entry.values) == ("a@saatio.fi", {"region": "Lappi"})


def test_a_cell_that_is_too_long_to_be_kept_refuses_its_row() -> None:
    (refusal,) = refusals_in(f"email,region,notes\na@saatio.fi,{'x' * 1001},{'y' * 5000}\n")

    assert refusal.reason == "1,001 characters in “region”; 1,000 are the most"
