"""What a list brings is a slot: in the check, in the preview and in the mail that goes out."""

import json
from email import message_from_bytes
from email.policy import default
from urllib.parse import quote

import pytest

from tests.conftest import ISSUE, Site
from tests.previewing import previewing

# As spreadsheets hold people; the last one has no first name, and only one a region.
LIST = (
    "Sähköposti;Etunimi;Sukunimi;Alue\n"
    "a@example.org;Ääni;Mäki;Lappi\n"
    "b@example.org;Bo;Åberg;\n"
    "c@example.org;;Salo;\n"
)
GREETING = '\nHei {{ first_name|"ystävä" }} {{ last_name }}, alueesi on {{ region|"muu" }}!\n'


@pytest.fixture
def listed(site: Site) -> Site:
    """Return a newsletter whose list has names in two columns, and whose issue names them."""
    site.write("issues/2026-06.md", ISSUE + GREETING)
    site.run("subscribers", "import", str(site.write("lista.csv", LIST)), "--yes")
    return site


def test_the_check_knows_the_names_and_says_what_most_have_none_of(listed: Site) -> None:
    report = json.loads(listed.run("check", "2026-06", "--json", code=None).stdout)

    found = {f["id"]: f for f in report[0]["findings"] if f["id"].startswith("slot-")}
    messages = [f["message"] for f in report[0]["findings"] if f["id"] == "slot-unfilled"]
    assert set(found) == {"slot-unfilled"}
    assert messages == ["2 of 3 recipients have no “region” and get “muu”"]


def test_without_words_instead_nobody_is_sent_a_gap(listed: Site) -> None:
    listed.write("issues/2026-06.md", ISSUE + "\nHei {{ first_name }}!\n")

    told = listed.run("check", "2026-06", code=1).stdout

    assert "{{ first_name }} would be empty for 1 of 3 recipients" in told


@pytest.mark.parametrize("letters", ["ääni", "Ääni", "Mäki", "bo", "b@example"])
def test_the_preview_finds_people_by_each_of_their_names(letters: str, listed: Site) -> None:
    with previewing(listed) as preview:
        found = json.loads(preview.ask(f"/issues/2026-06/readers?find={quote(letters)}")[2])
        mail = preview.ask(f"/issues/2026-06/mail?reader={quote(found['found'][0]['reader'])}")[2]

    greeted = {"a@example.org": "Hei Ääni Mäki", "b@example.org": "Hei Bo Åberg"}
    assert greeted[found["found"][0]["address"]] in mail


def test_a_first_name_that_the_name_does_not_hold_is_found_too(site: Site) -> None:
    site.write("issues/2026-06.md", ISSUE + GREETING)
    people = "Sähköposti;Nimi;Etunimi\nk@example.org;K. Virtanen;Kaisa\n"
    site.run("subscribers", "import", str(site.write("lista.csv", people)), "--yes")

    with previewing(site) as preview:
        found = json.loads(preview.ask("/issues/2026-06/readers?find=kaisa")[2])["found"]

    assert [(one["address"], one["name"]) for one in found] == [("k@example.org", "K. Virtanen")]


def test_each_mail_that_goes_out_has_the_names_of_its_reader(listed: Site) -> None:
    listed.run("send", "2026-06", "--yes")

    greetings = {}
    for path in (listed.root / "outbox/2026-06").glob("*.eml"):
        mail = message_from_bytes(path.read_bytes(), policy=default)
        part = mail.get_body(("plain",))
        assert part
        text = " ".join(part.get_content().split())
        start = text.rindex("Hei ", 0, text.index("alueesi"))
        greetings[path.name] = text[start:].partition("!")[0]
    assert greetings == {
        "a@example.org.eml": "Hei Ääni Mäki, alueesi on Lappi",
        "b@example.org.eml": "Hei Bo Åberg, alueesi on muu",
        "c@example.org.eml": "Hei ystävä Salo, alueesi on muu",
    }
