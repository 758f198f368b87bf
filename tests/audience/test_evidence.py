"""A list that shows who agreed is believed, row by row, and no further than it shows."""

import datetime as dt
import io
from typing import Any

import pytest
from openpyxl import Workbook

from newsletter.audience.entries import Entry, Role
from newsletter.audience.reading import open_people
from newsletter.model import Proof, Refusal
from tests.audience.reading import asked, entries_in, fault_of, people_in, refusals_in, roles_in

TODAY = dt.date(2026, 11, 29)


def proofs_in(text: str, **wishes: Any) -> list[Proof | None]:
    """Return what each row of a list shows; none may be refused."""
    rows = list(people_in(text, today=TODAY, **wishes))
    assert not [row for row in rows if isinstance(row, Refusal)], rows
    return [row.proof for row in rows if isinstance(row, Entry)]


def proof_of(header: str, value: str, **wishes: Any) -> Proof | None:
    """Return what a value below a header shows."""
    (proof,) = proofs_in(f'email,"{header}"\na@saatio.fi,"{value}"\n', **wishes)
    return proof


@pytest.mark.parametrize(
    ("written", "day"),
    [("2026-02-01", "2026-02-01"), ("2026-02-01 23:59:59", "2026-02-01"),
     ("2026-02-01T10:00:00.000Z", "2026-02-01"), ("2026-02-01 10:00:00+02", "2026-02-01"),
     ("2026/2/1", "2026-02-01"), ("1.2.2026", "2026-02-01"), ("01.02.2026", "2026-02-01"),
     ("1.2.26", "2026-02-01"), ("1.2.2026 klo 9.30", "2026-02-01"), ("su 1.2.2026", "2026-02-01"),
     ("1. helmikuuta 2026", "2026-02-01"), ("den 1 februari 2026", "2026-02-01"),
     ("1 Feb 2026", "2026-02-01"), ("February 1, 2026", "2026-02-01"),
     ("Sun, 01 Feb 2026 10:00:00 +0200", "2026-02-01"), ("13/2/2026", "2026-02-13"),
     ("2/13/2026 9:30 AM", "2026-02-13"), ("2/2/2026", "2026-02-02"), ("46054", "2026-02-01"),
     ("46054,5", "2026-02-01"), ("1769936400", "2026-02-01")],
)  # fmt: skip
def test_a_day_is_read_in_each_usual_form(written: str, day: str) -> None:
    expected = Proof(f"Suostumus annettu: {written}", day)

    assert proof_of("Suostumus annettu", written) == expected


@pytest.mark.parametrize(
    ("written", "why"),
    [("30.11.2026", "a day to come"), ("2027-01-01", "a day to come"),
     ("31.2.2026", "not a day of the calendar"), ("2026-13-01", "not a day of the calendar"),
     ("13/13/2026", "not a day of the calendar"), ("1.1.1970", "too long ago")],
)  # fmt: skip
def test_a_row_whose_day_cannot_be_is_refused_with_its_line(written: str, why: str) -> None:
    text = f'email,Samtyckesdatum\nb@saatio.fi,2026-02-01\na@saatio.fi,"{written}"\n'

    (refusal,) = refusals_in(text, today=TODAY)

    assert (refusal.line, refusal.text) == (3, "a@saatio.fi")
    assert f"“Samtyckesdatum”: “{written}” is {why}" in refusal.reason


def test_a_day_that_may_be_another_is_asked_about_with_its_lines() -> None:
    text = "email,Consent date\na@saatio.fi,2026-02-01\nb@saatio.fi,3/4/2026\n"

    (question,) = people_in(text).questions

    assert (question.id, question.lines) == ("dates", (3,))
    for answer, day in (("day", "2026-04-03"), ("month", "2026-03-04")):
        assert proofs_in(text, answers={"dates": answer})[1] == Proof("Consent date: 3/4/2026", day)


@pytest.mark.parametrize("header", ["Suostumus", "Samtycke", "Consent", "Haluan uutiskirjeen",
                                    "Saako sinulle lähettää uutiskirjeen?"])  # fmt: skip
def test_a_yes_to_mail_is_evidence_without_a_day_and_a_no_is_none(header: str) -> None:
    text = f'email,"{header}"\na@saatio.fi,kyllä\nb@saatio.fi,ei\n'

    agreed, refused = entries_in(text)

    assert agreed.proof == Proof(f"{header}: kyllä", "")
    assert (refused.proof, refused.standing) == (None, "unsubscribed")


@pytest.mark.parametrize(
    ("header", "value"),
    [("Subscribed", "yes"), ("Uutiskirje", "x"), ("Confirmed", "yes"), ("Consent date", "yes"),
     ("Subscribed at", "2026-02-01"), ("Status", "subscribed"), ("Liittynyt", "1.2.2026"),
     ("OPTIN_TIME", ""), ("Lähde", "messut")],
)  # fmt: skip
def test_what_does_not_say_that_somebody_agreed_is_no_evidence(header: str, value: str) -> None:
    assert proof_of(header, value) is None


def test_what_tells_more_of_a_consent_is_kept_beside_it_and_alone_says_nothing() -> None:
    text = "email,OPTIN_TIME,Lähde\na@saatio.fi,2026-02-01,messut\nb@saatio.fi,,messut\n"

    assert proofs_in(text) == [Proof("OPTIN_TIME: 2026-02-01; Lähde: messut", "2026-02-01"), None]
    assert roles_in(text)["Lähde"] is Role.EVIDENCE


def test_an_address_of_the_internet_is_kept_only_at_the_editors_word() -> None:
    text = "email,OPTIN_TIME,OPTIN_IP\na@saatio.fi,2026-02-01,192.0.2.7\n"

    assert proofs_in(text) == [Proof("OPTIN_TIME: 2026-02-01", "2026-02-01")]
    (proof,) = proofs_in(text, evidence=("OPTIN_IP",))
    assert proof == Proof("OPTIN_TIME: 2026-02-01; OPTIN_IP: 192.0.2.7", "2026-02-01")


@pytest.mark.parametrize("wishes", [{"evidence": ("messulomake",)},
                                    {"mapping": {"Messulomake": "evidence"}}])  # fmt: skip
def test_the_editor_names_evidence_in_which_a_no_still_is_one(wishes: dict[str, Any]) -> None:
    text = "email,Messulomake\na@saatio.fi,paperi 12\nb@saatio.fi,\nc@saatio.fi,Ei\nd@saatio.fi,?\n"

    rows = [row for row in people_in(text, **wishes) if isinstance(row, Entry)]

    assert rows[0].proof == Proof("Messulomake: paperi 12", "")
    assert [row.proof for row in rows[1:]] == [None, None, None]
    assert [row.standing for row in rows] == [None, None, "unsubscribed", None]


@pytest.mark.parametrize("header", ["Lomake", "Suostumus"])
def test_a_consent_that_was_taken_back_is_evidence_of_none(header: str) -> None:
    text = f"email,{header}\na@saatio.fi,kyllä - suostumus vedetty pois 3/2026\n"

    (entry,) = entries_in(text, evidence=(header,))

    assert (entry.proof, entry.standing) == (None, "unsubscribed")
    assert asked(f"email,{header}\na@saatio.fi,ei ole perunut\n", evidence=(header,))


def test_a_recognised_column_is_none_at_the_editors_word() -> None:
    text = "email,Suostumuspäivä\na@saatio.fi,1.2.2026\nb@saatio.fi,\n"

    assert [r.text for r in refusals_in(text)] == ["b@saatio.fi"]
    (a,) = [row for row in people_in(text, answers={"evidence:Suostumuspäivä": "none"})
            if isinstance(row, Entry)]  # fmt: skip
    assert a.proof is None


def test_evidence_that_is_not_in_the_list_is_told() -> None:
    assert "no column is called “Lomake”" in fault_of(
        "email,name\na@saatio.fi,A\n", evidence=("Lomake",)
    )


def test_who_left_has_no_evidence_kept_and_no_day_of_theirs_is_refused() -> None:
    text = "email,Suostumuspäivä,Perunut\na@saatio.fi,31.2.2026,x\nb@saatio.fi,1.2.2026,x\n"

    assert proofs_in(text) == [None, None]


def test_a_workbook_shows_the_same() -> None:
    book, data = Workbook(), io.BytesIO()
    assert book.active
    book.active.append(["email", "Suostumuspäivä"])
    book.active.append(["a@saatio.fi", dt.datetime(2026, 2, 1)])  # noqa: DTZ001 - as Excel has it
    book.active.append(["b@saatio.fi", "1.2.2026"])
    book.save(data)

    rows = list(open_people(data, "lista.xlsx"))

    assert not [row for row in rows if isinstance(row, Refusal)]
    assert [row.proof.day for row in rows if isinstance(row, Entry) and row.proof] == [
        "2026-02-01"
    ] * 2
