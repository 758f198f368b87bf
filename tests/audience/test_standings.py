"""A row, or a file, can only ever move a person towards less mail."""

from itertools import cycle, islice

import pytest

from newsletter.audience.entries import Entry
from newsletter.errors import AudienceError
from newsletter.language.catalogs import say_in
from newsletter.model import Standing
from tests.audience.reading import asked, entries_in, fault_of, people_in, refusals_in


def standings_in(text: str, name: str = "people.csv", **wishes: object) -> dict[str, str]:
    """Return the standing of each person of a list by the letters before the “@”."""
    rows = entries_in(text, name, **wishes)
    return {row.address.partition("@")[0]: row.standing or "active" for row in rows}


# --- our own export -----------------------------------------------------------------------


def test_our_own_export_is_honoured_to_the_letter() -> None:
    rows = "".join(f"{standing}@saatio.fi,N,fi,{standing}\r\n" for standing in Standing)

    found = standings_in(f"email,name,language,standing\r\n{rows}")

    assert found == {standing: standing for standing in Standing}


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_who_left_is_known_by_the_words_that_the_program_shows_for_it(language: str) -> None:
    left = [standing for standing in Standing if standing.is_left]
    said = [say_in(language, standing.words) for standing in left]
    rows = "".join(f"p{place}@saatio.fi;{words}\n" for place, words in enumerate(said))

    found = standings_in(f"email;Tila\n{rows}")

    meant = [Standing.UNSUBSCRIBED if s is Standing.ERASED else s for s in left]
    assert found == {f"p{place}": standing for place, standing in enumerate(meant)}


@pytest.mark.parametrize("standing", ["", "subscribed", "aktiivinen", "unsubscribed?"])
def test_an_unknown_standing_of_our_own_is_a_refusal_of_the_row(standing: str) -> None:
    text = f"email,name,language,standing\na@saatio.fi,A,fi,{standing}\nb@saatio.fi,B,fi,active\n"

    (refusal,) = refusals_in(text)

    assert (refusal.line, refusal.text) == (2, "a@saatio.fi")
    assert "write one of active, pending, paused, bounced, unsubscribed" in refusal.reason


def test_our_own_export_keeps_every_column_it_has() -> None:
    text = "email,name,language,diet,shoe_size,standing\na@saatio.fi,A,fi,vegan,43,unsubscribed\n"

    (entry,) = entries_in(text)

    assert entry.values == {"name": "A", "language": "fi", "diet": "vegan", "shoe_size": "43"}


def test_an_attribute_of_our_own_export_is_what_it_is_called() -> None:
    header = "email,name,language,address,nimi,status,uutiskirje,a__b,first_name,standing"
    text = f"{header}\na@saatio.fi,A,fi,Katu 1,x,zombie,ei,y,Aino,active\n"

    (entry,) = entries_in(text)

    assert (entry.address, entry.standing) == ("a@saatio.fi", None)
    assert entry.values == {
        "name": "A", "language": "fi", "address": "Katu 1", "nimi": "x", "status": "zombie",
        "uutiskirje": "ei", "a__b": "y", "first_name": "Aino",
    }  # fmt: skip


# --- columns of others --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("Status", {"subscribed": "active", "unsubscribed": "unsubscribed", "cleaned": "bounced"}),
        ("Status", {"active": "active", "unconfirmed": "pending", "junk": "complained"}),
        ("status", {"enabled": "active", "blocklisted": "unsubscribed"}),  # listmonk
        ("Status", {"active": "active", "unreachable": "bounced"}),  # Keila
        ("subscribed_to_emails", {"true": "active", "false": "unsubscribed"}),  # Ghost
        ("deleted_at", {"": "active", "2026-01-02T10:00:00Z": "unsubscribed"}),  # Ghost
        ("email_disabled", {"false": "active", "true": "unsubscribed"}),  # Substack
        ("EMAIL_BLACKLIST", {"": "active", "0": "active", "1": "unsubscribed"}),
        ("Blocklisted", {"No": "active", "Yes": "unsubscribed"}),  # Brevo
        ("UNSUBSCRIBED_AT", {"": "active", "2.1.2026 10:00": "unsubscribed", "-": "active"}),
        ("Unsubscribed", {"": "active", "FALSE": "active", "TRUE": "unsubscribed"}),
        ("Bounced", {"0": "active", "1": "bounced"}),
        ("Spam complaint", {"no": "active", "2026-01-02": "complained"}),
        ("Tila", {"Tilaaja": "active", "Perunut": "unsubscribed", "Palautunut": "bounced"}),
        ("Tila", {"Ilmoittautunut": "active", "Peruutettu": "unsubscribed", "Kutsuttu": "pending"}),
        ("Suostun", {"kyllä": "active", "ei": "unsubscribed", "x": "active", "0": "unsubscribed"}),
        ("Uutiskirjelupa", {"K": "active", "E": "unsubscribed", "TOSI": "active"}),
        ("Samtycke", {"ja": "active", "nej": "unsubscribed", "1": "active"}),
        ("Saako sinulle lähettää uutiskirjeen?", {"Kyllä": "active", "Ei kiitos": "unsubscribed"}),
        ("Vill du ha vårt nyhetsbrev?", {"Ja, gärna": "active", "Nej tack": "unsubscribed"}),
        ("Newsletter", {"Yes please": "active", "I do not want it": "unsubscribed"}),
        ("En halua uutiskirjettä", {"": "active", "x": "unsubscribed"}),
        ("Markkinointikielto", {"ei": "active", "kyllä": "unsubscribed"}),
        ("Status på prenumeration", {}),  # asked about, see below
    ],
)  # fmt: skip
def test_columns_of_others_are_known_by_name_and_value(header: str, values: dict[str, str]) -> None:
    text = f"sähköposti;{header}\n"
    text += "".join(f"p{place}@saatio.fi;{value}\n" for place, value in enumerate(values))

    if values:
        found = standings_in(text)
        assert found == {f"p{n}": standing for n, standing in enumerate(values.values())}


def test_a_type_is_a_status_in_a_file_of_buttondown_alone() -> None:
    buttondown = (
        "email,type,creation_date\na@saatio.fi,regular,2026\nb@saatio.fi,unactivated,2026\n"
    )
    other = "email,type\na@saatio.fi,kunta\nb@saatio.fi,säätiö\n"

    assert standings_in(buttondown) == {"a": "active", "b": "pending"}
    assert standings_in(other) == {"a": "active", "b": "active"}


@pytest.mark.parametrize("header", ["Suostun", "Haluan uutiskirjeen", "Samtycke", "opt_in"])
def test_who_left_a_box_empty_has_not_agreed(header: str) -> None:
    text = f"sähköposti;{header}\na@saatio.fi;x\nb@saatio.fi;\n"

    (refusal,) = refusals_in(text)

    assert (refusal.line, refusal.text) == (3, "b@saatio.fi")
    assert header in refusal.reason


def test_the_strictest_of_several_columns_decides() -> None:
    text = (
        "Email,Status,Bounced,Suostun\n"
        "a@saatio.fi,active,0,kyllä\n"
        "b@saatio.fi,active,1,kyllä\n"
        "c@saatio.fi,unsubscribed,0,kyllä\n"
        "d@saatio.fi,active,0,ei\n"
        "e@saatio.fi,unsubscribed,0,\n"
    )

    assert standings_in(text) == {
        "a": "active",
        "b": "bounced",
        "c": "unsubscribed",
        "d": "unsubscribed",
        "e": "unsubscribed",
    }


def test_who_left_is_taken_off_though_the_rest_of_the_row_is_faulty() -> None:
    text = "email,language,status\na@saatio.fi,Klingon,unsubscribed\nb@saatio.fi,fi,bounced,x\n"

    assert standings_in(text) == {"a": "unsubscribed", "b": "bounced"}


def test_of_who_left_nothing_is_kept_but_the_address() -> None:
    text = (
        "email,name,region,status\na@saatio.fi,A,Lappi,unsubscribed\nb@saatio.fi,B,Lappi,active\n"
    )

    left, stays = entries_in(text)

    assert left.values == {}
    assert stays.values == {"name": "B", "region": "Lappi"}


def test_the_evidence_is_told_without_what_differs_from_row_to_row() -> None:
    text = (
        "email,Status,OPTIN_TIME,UNSUBSCRIBED_AT\n"
        "a@saatio.fi,Subscribed,2026-01-01 10:00:00,\n"
        "b@saatio.fi,Subscribed,2026-01-02 10:00:00,\n"
        "c@saatio.fi,Subscribed,,2026-01-03 10:00:00\n"
    )

    assert [entry.evidence for entry in entries_in(text)] == [
        "Status=subscribed, OPTIN_TIME",
        "Status=subscribed, OPTIN_TIME",
        "UNSUBSCRIBED_AT",
    ]


# --- what is asked ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    ["Lupa-asia", "Tilaus", "GDPR", "Opted in since", "Mitä toivot uutiskirjeeltä?", "Kielto/esto",
     "Subscription", "Prenumererat", "Status på prenumeration", "Email permission given",
     "Hyväksyn ehdot", "Postituslupa", "Jäsenstatus", "Asiakastila", "Ei postia",
     "Lopettanut", "Utträdesdatum", "Vahvistettu?", "Exit date", "Aktiivinen", "Poistettu",
     "Suostun tietojeni käsittelyyn", "Is active"],
)  # fmt: skip
def test_an_unknown_column_that_looks_like_a_status_stops_the_import(header: str) -> None:
    people = people_in(f"sähköposti;{header}\na@saatio.fi;jotain\n")

    (question,) = people.questions
    assert question.id == f"column:{header}"
    with pytest.raises(AudienceError, match="answered first"):
        list(people)


@pytest.mark.parametrize(
    "header",
    ["Haluatko perua uutiskirjeen tilauksen?", "Haluan pois uutiskirjeen listalta",
     "Tilaan uutiskirjeen pois", "Haluatko lopettaa uutiskirjeen?", "En halua perua uutiskirjettä",
     "Minulle ei saa lähettää uutiskirjettä", "Haluan, ettei postia tule sähköpostiin",
     "Vill du avsluta prenumerationen på nyhetsbrevet?", "Vill du säga upp nyhetsbrevet?",
     "Nej, jag vill inte ha nyhetsbrevet", "Jag vill inte avsluta nyhetsbrevet",
     "Do you want to unsubscribe from our newsletter?", "I want to opt out of emails",
     "Please do not add me to the mailing list", "Can we stop emailing you our newsletter?",
     "May we remove you from our mailing list?", "Do not remove me from the newsletter",
     "I would like to stop receiving the newsletter", "Unsubscribe me from your newsletter"],
)  # fmt: skip
def test_a_sentence_that_may_turn_yes_round_is_asked_about(header: str) -> None:
    people = people_in(f'sähköposti;"{header}"\na@saatio.fi;Kyllä\nb@saatio.fi;Ei\n')

    assert [question.id for question in people.questions] == [f"column:{header}"]


_AGREED = ["2.3.2024", "2024-03-01", "2024-03-01T10:00:00Z", "Kyllä", "Yes", "Ja", "x", "Annettu",
           "Given 2024", "1.2.2026 klo 10.00", "Tilaan"]  # fmt: skip
_THEN = ["peruttu", "withdrawn", "perui 3/2026", "unsubscribe me", "återkallat 2025", "revoked",
         "pois", "eronnut 2026-05-01", "(perunut)", "poistettu 1.2.2026", "until 2025",
         "t.o.m. 2025", "mutta ei enää", "opted out", "ei kiitos", "men inte nu"]  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("header", ["Suostumus", "Uutiskirje", "Consent", "Tilattu", "Liittynyt",
                                    "Samtycke", "Confirmed at", "Subscribed at"])  # fmt: skip
@pytest.mark.parametrize("then", _THEN)
def test_who_took_a_consent_back_is_not_mailed_unasked(header: str, then: str) -> None:
    signs = islice(cycle((" ", ", ", " - ", "; ")), len(header) + len(then), None)
    for agreed, between in zip(_AGREED, signs, strict=False):
        text = f'sähköposti,{header}\na@saatio.fi,"{agreed}{between}{then}"\n'
        people = people_in(text)
        known = [row for row in people if isinstance(row, Entry)] if not people.questions else []
        assert all(row.standing is Standing.UNSUBSCRIBED for row in known), text


@pytest.mark.parametrize(
    "time",
    ["2026-01-02", "2026/01/02", "2.1.2026", "02/01/26", "2026-01-02 10:00:00",
     "2026-01-02T10:00:00.000Z", "2026-01-02 10:00:00 +0000 UTC", "2026-01-02 10:00:00+02",
     "2026-01-02T10:00:00+02:00", "2.1.2026 klo 10.00", "2.1.2026 10:00:00", "2.1.2026, 10.00",
     "2026/01/02 10:00:00 AM GMT+2", "1/2/2026 10:00 PM", "Jan 2, 2026 10:00 AM", "January 2 2026",
     "January 2, 2026 at 10:00 AM EET", "2 Jan 2026 10:00", "2. tammikuuta 2026 klo 10.00",
     "den 2 januari 2026", "ti 2.1.2026", "Fri, 02 Jan 2026 10:00:00 GMT", "1767348000",
     "Fri Jan 02 2026 10:00:00 GMT+0200 (Eastern European Standard Time)"],
)  # fmt: skip
def test_a_time_is_an_agreement_as_services_and_people_write_it(time: str) -> None:
    answers = {"dates": "day"}  # what 1/2/2026 means is asked
    text = f'email,consent\na@saatio.fi,"{time}"\n'
    assert standings_in(text, answers=answers) == {"a": "active"}
    assert standings_in(f'email,unsubscribed\na@saatio.fi,"{time}"\n') == {"a": "unsubscribed"}


@pytest.mark.parametrize(
    "header",
    ["confirmed_at", "CONFIRM_TIME", "Suostumuksen päivämäärä", "consent date", "Vahvistuspäivä"],
)
def test_who_never_confirmed_is_not_taken_where_others_did(header: str) -> None:
    rows = "a@saatio.fi,2026-01-02,2026-01-03\nb@saatio.fi,2026-01-02,\n"
    text = f"email,subscribed_at,{header}\n{rows}"

    (refusal,) = refusals_in(text)

    assert refusal.text == "b@saatio.fi"


@pytest.mark.parametrize("header", ["Consent", "Liittynyt", "Confirmed at"])
@pytest.mark.parametrize("span", ["1.2.2026 – 3.4.2026", "2024-01-01 - 2025-01-01", "2025 jälkeen"])
def test_more_than_one_time_is_asked_about(header: str, span: str) -> None:
    people = people_in(f"sähköposti;{header}\na@saatio.fi;{span}\n")

    assert [question.id for question in people.questions] == [f"value:{header}:{span}"]


def test_a_question_mark_where_people_left_is_asked_about() -> None:
    people = people_in("sähköposti;Perunut\na@saatio.fi;?\nb@saatio.fi;\n")

    assert [question.id for question in people.questions] == ["value:Perunut:?"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("ignore", {"a": "active", "b": "active", "c": "active"}),
        ("left", {"a": "unsubscribed", "b": "active", "c": "unsubscribed"}),
    ],
)
def test_a_question_about_a_column_can_be_answered(answer: str, expected: dict[str, str]) -> None:
    text = "sähköposti;Tilaus\na@saatio.fi;kyllä\nb@saatio.fi;\nc@saatio.fi;jotain\n"

    assert standings_in(text, answers={"column:Tilaus": answer}) == expected


def test_a_column_answered_to_be_a_consent_is_read_as_one() -> None:
    text = "sähköposti;Tilaus\na@saatio.fi;kyllä\nb@saatio.fi;ei\nc@saatio.fi;ehkä\n"

    assert asked(text, answers={"column:Tilaus": "consent"}) == ["value:Tilaus:ehkä"]
    answers = {"column:Tilaus": "consent", "value:Tilaus:ehkä": "pending"}
    assert standings_in(text, answers=answers) == {
        "a": "active",
        "b": "unsubscribed",
        "c": "pending",
    }


def test_an_unknown_value_of_a_known_status_is_asked_about_with_its_lines() -> None:
    text = (
        "email,Status\na@saatio.fi,active\nb@saatio.fi,zombie\nc@saatio.fi,\nd@saatio.fi,zombie\n"
    )

    questions = people_in(text).questions

    assert [(q.id, q.lines) for q in questions] == [
        ("value:Status:", (4,)),
        ("value:Status:zombie", (3, 5)),
    ]
    assert next(iter(questions[1].choices)) == "skip"  # the first is no more mail


def test_a_value_that_tells_of_leaving_is_asked_about_whatever_its_column_is_called() -> None:
    assert asked("email,Luokka\na@saatio.fi,vip\nb@saatio.fi,Unsubscribed\n") == ["column:Luokka"]


@pytest.mark.parametrize("cell", ["vip,unsubscribed", "* myContacts ::: Perunut", "Inactive"])
def test_so_is_one_of_several_values_in_a_cell(cell: str) -> None:
    assert asked(f'email,Tunnisteet\na@saatio.fi,vip\nb@saatio.fi,"{cell}"\n') == [
        "column:Tunnisteet"
    ]


@pytest.mark.parametrize(("header", "cell"), [("Suostun", "-"), ("OPTIN_TIME", "0000-00-00 00:00")])
def test_a_sign_for_nothing_is_no_agreement(header: str, cell: str) -> None:
    text = f"email,{header}\na@saatio.fi,2026-01-01\nb@saatio.fi,{cell}\n"

    assert [refusal.line for refusal in refusals_in(text)] == [3]


def test_a_consent_that_nobody_gave_is_asked_about() -> None:
    text = "email,Suostun\na@saatio.fi,\nb@saatio.fi,\n"

    assert asked(text) == ["column:Suostun"]
    assert standings_in(text, answers={"column:Suostun": "ignore"}) == {
        "a": "active",
        "b": "active",
    }
    assert len(refusals_in(text, answers={"column:Suostun": "consent"})) == 2


@pytest.mark.parametrize(
    "header",
    ["Organisaatio", "Tilaisuus", "Home State", "SMS_BLACKLIST", "active_subscription",
     "Marital status", "OPTIN_IP", "Peruskoulu", "Nimike", "Erityisruokavalio", "Email 2 - Type",
     "Maksun tila", "Nro", "Yritystilanne", "Activity", "Private", "Event 1 - Label"],
)  # fmt: skip
def test_columns_about_something_else_are_not_asked_about(header: str) -> None:
    assert asked(f"email,{header}\na@saatio.fi,jotain\n") == []


@pytest.mark.parametrize(
    ("id", "answer", "said"),
    [
        ("column:Tilaus", "maybe", "one of words, left, consent, ignore"),
        ("value:Tila:x", "subscribed", "one of skip, unsubscribed"),
        ("typo:gmail.con", "yes", "one of fix, skip, keep"),
        ("file", "active", "one of all, rows, left"),
        ("colum:Tilaus", "left", "is not a question"),
    ],
)
def test_an_answer_that_is_none_is_told(id: str, answer: str, said: str) -> None:
    assert said in fault_of("email\na@saatio.fi\n", answers={id: answer})


# --- files of people who left -------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "standing"),
    [
        ("unsubscribed_members_export_8893cd.csv", "unsubscribed"),  # Mailchimp
        ("cleaned_members_export_8893cd.csv", "bounced"),  # Mailchimp
        ("nonsubscribed_members_export_8893cd.csv", "unsubscribed"),  # Mailchimp: bought something
        ("Poistuneet 2026.csv", "unsubscribed"),
        ("lista-peruneet.csv", "unsubscribed"),
        ("avregistrerade.csv", "unsubscribed"),
        ("suppressions.csv", "unsubscribed"),
        ("mg-bounces.csv", "bounced"),
        ("spam_reports.csv", "complained"),
        ("opt-outs.csv", "unsubscribed"),
        ("opted_out.csv", "unsubscribed"),
        ("SuppressionList.csv", "unsubscribed"),
        ("UnsubscribedContacts.csv", "unsubscribed"),
        ("BlockedContacts.csv", "unsubscribed"),
        ("unsubscriptions.csv", "unsubscribed"),
        ("HardBounces 11-2026.csv", "bounced"),
        ("unsubscribed_email_audience_export_3f2ab1.csv", "unsubscribed"),
    ],
)
def test_a_file_named_after_people_who_left_makes_nobody_active(name: str, standing: str) -> None:
    text = "email,name,status\na@saatio.fi,A,subscribed\nb@saatio.fi,B,\n"
    people = people_in(text, name, answers={"value:status:": "active"})

    assert people.departure == standing
    assert any("nobody becomes active" in note for note in people.notes)
    assert standings_in(text, name, answers={"value:status:": "active"}) == {
        "a": standing,
        "b": standing,
    }


@pytest.mark.parametrize(
    "name",
    ["perunut.csv", "Perujat 2026.csv", "eivät halua.csv", "eivat_halua.csv", "kuolleet.csv",
     "ei-uutiskirjetta.csv", "poistolista.csv", "poistettavat.csv", "lopettaneet.csv", "pois.csv",
     "do-not-mail.csv", "dnc.csv", "inactive.csv", "archived_members_export_3f2.csv",
     "cancelled_subscribers.csv", "avlidna.csv", "borttagna.csv", "tidigare medlemmar.csv",
     "entiset jäsenet.csv", "unconfirmed.csv", "gdpr_erasure_requests.csv", "Ei kirjettä.xlsx",
     "Tilaajat - peruneet poistettu.csv", "members_cleaned_up.csv", "Invalid-liitto.csv",
     "lista_poistetut_siivottu.csv", "residents of blocks A-C.csv"],
)  # fmt: skip
def test_a_name_that_may_speak_of_people_who_left_is_asked_about(name: str) -> None:
    text = "email,name\na@saatio.fi,A\nb@saatio.fi,B\n"

    (question,) = people_in(text, name).questions

    assert (question.id, list(question.choices)) == ("file", ["left", "rows"])
    left = {"a": "unsubscribed", "b": "unsubscribed"}
    assert standings_in(text, name, answers={"file": "left"}) == left
    assert standings_in(text, name, answers={"file": "rows"}) == {"a": "active", "b": "active"}


def test_nothing_more_is_asked_of_a_file_in_which_everybody_left() -> None:
    text = "email,reason\na@saatio.fi,550 no such user\n"

    assert asked(text, "list.csv") == ["column:reason"]
    assert standings_in(text, "suppressions.csv") == {"a": "unsubscribed"}


@pytest.mark.parametrize(
    "name",
    ["subscribed_members_export_8893cd.csv", "tilaajat.csv", "Jäsenet 2026.csv", "people.xlsx",
     "Uutiskirjeen tilaajat.csv", "export (2).csv", "medlemmar.csv", "subscribers.csv"],
)  # fmt: skip
def test_a_file_named_after_people_who_stay_is_read_by_its_rows(name: str) -> None:
    assert standings_in("email,name\na@saatio.fi,A\n", name) == {"a": "active"}


@pytest.mark.parametrize(
    ("column", "standing"), [("UNSUB_TIME", "unsubscribed"), ("CLEAN_TIME", "bounced")]
)
def test_a_file_with_mailchimps_column_of_leavers_makes_nobody_active(
    column: str, standing: str
) -> None:
    text = f"Email Address,{column},LEID\na@saatio.fi,2026-01-02 10:00:00,1\n"

    assert standings_in(text, "export.csv") == {"a": standing}


def test_such_a_column_with_gaps_is_asked_about() -> None:
    text = "Email Address,UNSUB_TIME\na@saatio.fi,2026-01-02 10:00:00\nb@saatio.fi,\n"

    assert asked(text) == ["file"]
    assert standings_in(text, answers={"file": "all"}) == {"a": "unsubscribed", "b": "unsubscribed"}
    assert standings_in(text, answers={"file": "rows"}) == {"a": "unsubscribed", "b": "active"}


# --- order --------------------------------------------------------------------------------


@pytest.mark.parametrize("other", list(Standing))
def test_any_standing_is_at_least_as_strict_as_active(other: Standing) -> None:
    assert Standing.ACTIVE.or_stricter(other) is other
    assert other.or_stricter(Standing.ACTIVE) is other
    assert Standing.ERASED.or_stricter(other) is Standing.ERASED
