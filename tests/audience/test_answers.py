"""Only what is wholly a yes makes somebody active, and only what is wholly a no keeps them so."""

from typing import Any

import pytest

from newsletter.audience.entries import Entry
from newsletter.audience.standings import Kind, judge
from newsletter.model import Standing
from tests.audience.reading import asked, entries_in, people_in, refusals_in


def people_with(header: str, first: str, second: str) -> str:
    return (
        f'Nimi;Sähköposti;"{header}"\nAino;aino@saatio.fi;"{first}"\nBo;bo@saatio.fi;"{second}"\n'
    )


def never_active(text: str) -> bool:
    """Return whether a list stops with a question, or does not make Bo active."""
    people = people_in(text)
    return bool(people.questions) or not [
        row
        for row in people
        if isinstance(row, Entry) and row.address == "bo@saatio.fi" and not row.standing
    ]


# --- columns of leaving -------------------------------------------------------------------

_REASONS = [
    ("Perunut", "ei enää halua kirjettä"), ("Unsubscribe reason", "No longer interested"),
    ("Bounce reason", "No such user"), ("UNSUB_REASON", "I never signed up"),
    ("Kielto", "ei mailia"), ("Eronnut", "ei jäsen enää"), ("Avregistrerad", "Inte intresserad"),
    ("Reklamförbud", "ingen reklam"), ("Perunut", "E. Virtanen poisti"), ("Opted out", "N. Berg"),
    ("Perunut", "0,5 v sitten"), ("Peruutuspäivä", "ei tiedossa"), ("Kielto", "kielletty"),
    ("Do not contact", "never"), ("Perunut", "ei perunut"), ("Bounced", "5"), ("Perunut", '"'),
]  # fmt: skip


@pytest.mark.parametrize(("header", "cell"), _REASONS)
def test_a_text_that_begins_with_a_no_does_not_say_that_somebody_stayed(
    header: str, cell: str
) -> None:
    assert never_active(people_with(header, "", cell.replace('"', '""')))


@pytest.mark.parametrize("cell", ["", "ei", "Nej", "no", "0", "FALSE", "-", "EPÄTOSI", "☐", "n/a"])
def test_a_whole_no_says_that_somebody_did_not_leave(cell: str) -> None:
    assert judge(Kind.LEFT, "Perunut", cell) == judge(Kind.LEFT, "Bounce reason", "")


@pytest.mark.parametrize("header", ["Unsubscribe reason", "Peruutuspäivä", "UNSUB_REASON"])
def test_any_text_below_reasons_or_times_is_of_who_left(header: str) -> None:
    bo = entries_in(people_with(header, "", "Not relevant to me"))[1]

    assert bo.standing is Standing.UNSUBSCRIBED


def test_a_column_answered_as_one_of_leaving_holds_whatever_stands_there() -> None:
    header = "Email hard bounce reason"
    text = people_with(header, "no", "No such user")

    aino, bo = entries_in(text, answers={f"column:{header}": "left"})

    assert (aino.standing, bo.standing) == (None, Standing.UNSUBSCRIBED)


# --- columns of consent -------------------------------------------------------------------

_DOUBTFUL = """
    kyllä kai
    Yes - unconfirmed|Kyllä (vahvistamatta)|Yes (expired)|Annettu, mitätöity 2025|kyllä †|(x)|x?
    ja, avled 2025|Kyllä, tauolla|kyllä, kirjeitse paperilla|on hold|On pause|Saa olla|given up
    saa olla lähettämättä|haluan miettiä|vill slippa|valittu väärin|T. Smith said nope|x – retired
    Hyväksyn ettei minulle lähetetä|ok then, bye|kyllä paperikirjeelle|Ja t.o.m. 2024|vill avstå
    Kyllä 31.12.2024 saakka|1.2.2026 – 3.4.2026|kyllä 2024, 2025|Yes till 2025|kyllä / ei|k. 2024
    J. avled|Kyllä ❓|selected wrongly|ok to remove|ja, kirjeenä|yes by 2025|olen kieltänyt
"""
_PLAIN = """
    Kyllä|Kyllä kiitos|kyllä, mielelläni|Kyllä!|Haluan uutiskirjeen|saa lähettää sähköpostitse|x|1
    Minulle saa lähettää uutiskirjeen|Jag vill ha nyhetsbrev|Ja, gärna|Ja tack|Yes please|ok|TRUE
    Yes, thank you|I agree|I want to receive the newsletter by e-mail|annan suostumuksen|Annettu
    Annettu 2.3.2024|Yes, given 2024|kyllä (2.3.2024)|2026-03-01T10:00:00Z|ja, skicka till|✓
"""


def cells_of(text: str) -> list[str]:
    return [cell.strip() for cell in text.replace("\n", "|").split("|") if cell.strip()]


@pytest.mark.parametrize("header", ["Uutiskirje", "Consent", "Samtycke", "Liittynyt"])
@pytest.mark.parametrize("cell", cells_of(_DOUBTFUL))
def test_a_yes_with_anything_unknown_beside_it_is_no_consent(header: str, cell: str) -> None:
    assert never_active(people_with(header, "yes", cell))


@pytest.mark.parametrize("cell", [c for c in cells_of(_PLAIN) if c != "ja, skicka till"])
def test_a_yes_in_words_that_are_all_known_is_a_consent(cell: str) -> None:
    bo = entries_in(people_with("Uutiskirje", "kyllä", cell))[1]

    assert bo.standing is None


@pytest.mark.parametrize(
    "cell", ["Ei kiitos", "Nej tack", "No thanks", "I do not want it", "En halua uutiskirjettä"]
)
def test_a_refusal_in_words_that_are_all_known_has_left(cell: str) -> None:
    bo = entries_in(people_with("Uutiskirje", "kyllä", cell))[1]

    assert bo.standing is Standing.UNSUBSCRIBED


@pytest.mark.parametrize("cell", ["ei tiedossa", "en tiedä", "No answer", "inte svarat"])
def test_who_is_not_known_to_have_agreed_is_asked_about_and_not_unsubscribed(cell: str) -> None:
    assert asked(people_with("Tilattu", "2.3.2024", cell)) == [f"value:Tilattu:{cell}"]


# --- letters ------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["K", "T", "J", "x", "Y", "1"])
def test_a_letter_in_a_status_is_a_code_and_asked_about(code: str) -> None:
    assert asked(people_with("Tila", "Tilaaja", code)) == [f"value:Tila:{code}"]


@pytest.mark.parametrize(
    ("first", "second", "ids"),
    [
        ("K", "E", []),
        ("J", "N", []),
        ("k", "ei", ["value:Markkinointilupa:k"]),
        ("K", "S", ["value:Markkinointilupa:K", "value:Markkinointilupa:S"]),
        ("K", "", ["value:Markkinointilupa:K"]),  # “kielletty”?
    ],
)
def test_a_letter_is_a_consent_only_beside_its_contrary(
    first: str, second: str, ids: list[str]
) -> None:
    assert asked(people_with("Markkinointilupa", first, second)) == ids


# --- columns of marks ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "cell"),
    [("Kuukausikirje", "ei"), ("Jäsenkirje", "Ei"), ("Lähetetäänkö", "ei"), ("Saa kirjeen", "Ei"),
     ("Listalla", "EPÄTOSI"), ("Vastaanottaa tiedotteet", "Ei"), ("Månadsbrev", "Nej"),
     ("Får mejl", "Nej"), ("Send?", "no"), ("Is it OK to contact you?", "No"), ("Mukana", "☐"),
     ("Voimmeko lähettää sinulle tietoa jatkossa?", "Ei"), ("Lähetetään", "x"), ("", "ei"),
     ("Voiko ottaa yhteyttä?", "Nej, helst inte"), ("Jakelussa", "e"), ("Kirje", "0")],
)  # fmt: skip
def test_a_column_of_marks_is_asked_about(header: str, cell: str) -> None:
    assert asked(people_with(header, "", cell)) == ["marks"]
    assert asked(people_with(header, "", cell), answers={"marks": "ignore"}) == []


@pytest.mark.parametrize(
    ("header", "cell"),
    [("Pois", "x"), ("Borttagen", "x"), ("Exclude", "x"), ("Suspended", "true"), ("Bounssit", "5"),
     ("Kuolinpäivä", "3.2.2026"), ("Menehtynyt", "2025"), ("Avled", "2025"), ("Erosi", "1.1.2026"),
     ("Date of death", "2025-12-31"), ("Poistopvm", "1.1.2026"), ("Slutdatum", "2025-12-31"),
     ("Archived", "2025-01-01")],
)  # fmt: skip
def test_a_column_that_may_be_of_leaving_is_asked_about(header: str, cell: str) -> None:
    assert asked(people_with(header, "", cell)) == [f"column:{header}"]


def marks_of(count: int) -> str:
    header = ";".join(f"Merkki{number:02}" for number in range(count))
    return f"Sähköposti;{header}\na@saatio.fi{';x' * count}\nb@saatio.fi{';' * count}\n"


def test_all_columns_of_marks_are_one_question_that_names_ten() -> None:
    (question,) = people_in(marks_of(13)).questions

    assert question.option == "--answer marks=ignore"
    assert "“Merkki09” and 3 more" in question.text
    assert "Merkki10" not in question.text


def test_once_one_of_them_is_told_the_others_are_of_something_else() -> None:
    text = marks_of(3)

    assert asked(text, answers={"column:Merkki00": "ignore"}) == ["marks"]
    assert [refusal.text for refusal in refusals_in(text, answers={"column:Merkki01": "consent"})]
    a, b = entries_in(text, answers={"column:Merkki01": "left"})
    assert (a.standing, b.standing) == (Standing.UNSUBSCRIBED, None)


@pytest.mark.parametrize(
    "wishes",
    [{"columns": ("Merkki00",)}, {"used": ("merkki00",)}, {"mapping": {"Merkki00": "ignore"}}],
)
def test_marks_that_are_asked_for_or_mapped_are_not_asked_about(wishes: dict[str, Any]) -> None:
    assert asked(marks_of(1), **wishes) == []


@pytest.mark.parametrize(
    "header",
    ["Kasvisruoka", "Private", "Sukupuoli", "Vastaajan ID", "Osallistuu lounaalle", "Alue"],
)
def test_marks_of_services_and_forms_about_something_else_are_passed_over(header: str) -> None:
    assert asked(people_with(header, "x", "")) == []


# --- groups, and lists beside each other --------------------------------------------------


@pytest.mark.parametrize(
    ("header", "cell"),
    [("Jäsenyys", "Päättynyt"), ("Medlemskap", "Upphört"), ("Membership", "Lapsed"),
     ("Ryhmä", "Entiset"), ("State", "Cold subscriber"), ("Tags", "do-not-mail"),
     ("Luokat", "Poistettavat"), ("Kategoria", "Ex-jäsen")],
)  # fmt: skip
def test_a_group_of_people_who_left_is_asked_about(header: str, cell: str) -> None:
    text = people_with(header, "Varsinainen", cell)

    assert asked(text) == [f"column:{header}"]
    aino, bo = entries_in(text, answers={f"column:{header}": "words"})
    assert (aino.standing, bo.standing) == (None, Standing.UNSUBSCRIBED)


@pytest.mark.parametrize("header", ["Peruneet", "Poistetut osoitteet", "Peruneet sähköposti"])
def test_addresses_of_leavers_beside_the_others_stop_the_import(header: str) -> None:
    text = f"Sähköposti;{header}\naino@saatio.fi;bo@saatio.fi\nbo@saatio.fi;\n"

    assert f"beside:{header}" in asked(text)
    assert asked(text, answers={f"beside:{header}": "ignore"}) == []


@pytest.mark.parametrize(
    "header",
    ["2. Sähköposti", "2. Sähköpostiosoite:", "Mejl", "Mejladress", "Mailadress", "e-mailadress",
     "E-mail osoite", "E-post / Email", "Email (required)", "Mail address", "Q3: Sähköposti",
     "Sähköpostiosoite (pakollinen)", "Sähköposti / E-post"],
)  # fmt: skip
def test_a_header_of_addresses_is_known_as_forms_write_it(header: str) -> None:
    assert [e.address for e in entries_in(f"Nimi;{header}\nAino;aino@saatio.fi\n")]
