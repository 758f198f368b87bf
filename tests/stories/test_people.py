"""People come by lists, leave by them, are corrected and taken back, all from the command line."""

import json
import os
import stat
from pathlib import Path

import pytest

from tests.conftest import Site, make_site

LIST = "email,name,standing\naino@example.org,Aino,active\nbo@example.org,Bo,unsubscribed\n"


def _import(site: Site, text: str, *options: str, code: int = 0) -> str:
    path = site.write("lista.csv", text)
    return site.run("subscribers", "import", str(path), "--yes", *options, code=code).stdout


def _export(site: Site, *options: str) -> str:
    return site.run("subscribers", "export", *options).stdout


def test_a_list_that_moves_to_a_new_ledger_keeps_who_left(site: Site, tmp_path: Path) -> None:
    _import(
        site, "email,name,language,standing\na@example.org,A,fi,active\nb@example.org,B,,bounced\n"
    )
    site.run("subscribers", "add", "c@example.org", "--set", "region=Lappi")
    site.run("subscribers", "remove", "c@example.org")
    new = make_site(tmp_path / "new")

    told = _import(new, _export(site))

    assert _export(new) == _export(site)
    assert "1 of those who join will be mailed" in told
    assert "unsubscribed" in told
    assert "bounced" in told


def test_the_preview_says_who_would_be_mailed_on_what_evidence(site: Site) -> None:
    told = _import(site, LIST)

    assert "1 of those who join will be mailed: standing=active" in told
    assert "1 of those who join will not be mailed, unsubscribed: standing=unsubscribed" in told


def test_an_import_is_taken_back_to_the_byte(site: Site) -> None:
    _import(site, LIST)
    before = _export(site)
    _import(site, "email,name,standing\naino@example.org,X,bounced\nuusi@example.org,U,active\n")

    asked = site.run("subscribers", "undo", answer="no\n", code=1)
    site.run("subscribers", "undo", "--yes")

    assert "1 would be mailed again" in asked.stdout
    assert "aino@example.org (bounced now)" in asked.stdout
    assert "mail 1 of them again?" in asked.stderr
    assert _export(site) == before


def test_who_joined_as_having_left_is_named_before_an_import_is_taken_back(site: Site) -> None:
    _import(site, "email,name,standing\naino@example.org,Aino,unsubscribed\n")

    asked = site.run("subscribers", "undo", answer="no\n", code=1)
    told = json.loads(site.run("subscribers", "undo", "--keep-left", "--yes", "--json").stdout)

    assert "may be mailed again by a later list (--keep-left" in asked.stdout
    assert "aino@example.org (unsubscribed now)" in asked.stdout
    assert "forget 1 who did not want mail" in asked.stderr
    assert (told["leave"], told["joined_as_left"]["count"]) == (0, 1)
    assert "aino@example.org" in _export(site)


def test_an_attribute_is_kept_under_the_name_that_lists_give_it(site: Site) -> None:
    site.run("subscribers", "add", "aino@example.org", "--set", "alue=Lappi")

    told = site.run("subscribers", "list", "--segment", "alue=Lappi", code=2)

    assert "nobody on the list has “alue”; did you mean “region”?" in told.stderr
    assert "aino@" in site.run("subscribers", "list", "--segment", "region=Lappi").stdout


def test_an_address_is_read_as_an_import_reads_it(site: Site) -> None:
    told = site.run("subscribers", "add", "Aina <ake@example.org>").stderr

    assert "is read as ake@example.org: a name before the address" in told
    assert "ake@example.org,Aina," in _export(site)


def test_an_export_is_no_workbook(site: Site) -> None:
    told = site.run("subscribers", "export", str(site.root / "people.xlsx"), code=2).stderr

    assert "people.csv, with --excel" in told
    assert not (site.root / "people.xlsx").exists()


def test_who_leaves_after_an_import_stays_away_when_it_is_taken_back(site: Site) -> None:
    _import(site, LIST)
    site.run("subscribers", "remove", "aino@example.org")

    told = json.loads(site.run("subscribers", "undo", "--yes", "--json", code=1).stdout)

    assert told["stay"] == {"count": 1, "first": ["aino@example.org"]}
    assert "aino@example.org,Aino,,unsubscribed" in _export(site)


def test_who_is_taken_back_is_mailed_by_no_later_send(site: Site) -> None:
    site.people(2)
    site.run("subscribers", "undo", "--yes")

    assert "nobody" in site.run("send", "2026-06", "--yes", code=None).stderr.lower()
    assert site.run("subscribers", "undo", code=2).stderr.count("no import") == 1


def test_imports_are_listed_with_their_numbers(site: Site) -> None:
    _import(site, LIST)
    site.run("subscribers", "undo", "--yes")
    _import(site, LIST)

    listed = json.loads(site.run("subscribers", "undo", "--list", "--json").stdout)

    assert [(i["import"], i["joined"], bool(i["undone_at"])) for i in listed] == [
        (2, 2, False),
        (1, 2, True),
    ]


def test_refused_rows_are_written_for_their_owner_to_mend(site: Site) -> None:
    path = site.root / "refused.csv"
    told = _import(
        site, "email,name\nei-osoite,Bo\na@example.org,A\n", "--refused", str(path), code=1
    )

    assert "line 2: refused ei-osoite" in told
    assert path.read_text(encoding="utf-8").splitlines()[0] == "line,reason,email,name"
    assert "ei-osoite,Bo" in path.read_text(encoding="utf-8")
    if os.name != "nt":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_report_is_capped_and_its_json_is_not(site: Site) -> None:
    rows = "".join(f"p{n}@example.org,P\n" for n in range(30))
    told = _import(site, f"email,name\n{rows}")
    site.run("subscribers", "undo", "--yes")

    report = json.loads(_import(site, f"email,name\n{rows}", "--json"))

    assert told.count(": join") == 10
    assert "... and 20 more that join" in told
    assert len(report["joins"]) == 30
    assert report["mailed"] == [{"evidence": "", "count": 30}]


def test_a_question_stops_an_import_until_it_is_answered(site: Site) -> None:
    text = "email\na@gmail.con\n"
    asked = _import(site, text, code=1)
    assert '--answer "typo:gmail.con=fix"' in asked
    assert _export(site) == "email,name,language,standing\n"

    _import(site, text, "--answer", "typo:gmail.con=fix")

    assert "a@gmail.com" in _export(site)


def test_a_column_is_kept_by_request_by_the_settings_or_by_a_slot(site: Site) -> None:
    text = "email,Ruokavalio,Paikka,Harrastus,Muuta\na@example.org,kala,Oulu,jooga,muuta\n"
    toml = site.root / "newsletter.toml"
    settings = toml.read_text(encoding="utf-8") + '\n[import.columns]\nPaikka = "town"\n'
    toml.write_text(settings, encoding="utf-8")
    site.write("issues/2026-07.md", "---\nsubject: x\n---\n{{ harrastus }}\n")

    told = _import(site, text, "--columns", "Ruokavalio")

    shown = json.loads(site.run("subscribers", "show", "a@example.org", "--json").stdout)
    assert shown["attributes"] == {"ruokavalio": "kala", "town": "Oulu", "harrastus": "jooga"}
    assert "left out: Muuta" in told


def test_a_list_from_stdin_needs_no_file(site: Site) -> None:
    site.run("subscribers", "import", "-", "--yes", answer=LIST)

    assert "aino@example.org" in _export(site)
    assert "--yes" in site.run("subscribers", "import", "-", answer=LIST, code=2).stderr


# --- one by one ---------------------------------------------------------------------------


def test_a_corrected_address_keeps_standing_and_history(site: Site) -> None:
    _import(site, LIST)
    site.run("send", "2026-06", "--yes")

    site.run("subscribers", "rename", "aino@example.org", "aino.aalto@example.org")

    assert "aino.aalto@example.org,Aino,,active" in _export(site)
    assert "aino@example.org\taccepted" in site.run("status", "2026-06", "--recipients").stdout


@pytest.mark.parametrize("new", ["bo@example.org", "AINO2@example.org"])
def test_an_address_that_is_known_is_no_new_one(site: Site, new: str) -> None:
    _import(site, LIST + "aino2@example.org,Toinen,active\n")

    refused = site.run("subscribers", "rename", "aino@example.org", new, code=2)

    assert "on the list already" in refused.stderr


def test_the_letters_of_an_address_can_be_made_small(site: Site) -> None:
    site.run("subscribers", "add", "AINO@example.org")

    site.run("subscribers", "rename", "AINO@example.org", "aino@example.org")

    assert site.run("subscribers", "list").stdout == "aino@example.org\n"


def test_who_left_stays_away_under_both_addresses(site: Site) -> None:
    _import(site, LIST)

    site.run("subscribers", "rename", "bo@example.org", "bo.ek@example.org")
    _import(site, "email,name\nbo@example.org,Bo\nbo.ek@example.org,Bo\n", code=1)

    assert _export(site).count("unsubscribed") == 2


def test_no_list_and_no_slip_brings_a_former_address_back(site: Site) -> None:
    _import(site, LIST)
    site.run("subscribers", "rename", "aino@example.org", "aino.aalto@example.org")

    shown = _import(site, "email,name\nAINO@example.org,Aino\n", code=1)
    added = site.run("subscribers", "add", "aino@example.org", code=2)
    removed = site.run("subscribers", "remove", "aino@example.org", code=2)
    found = site.run("subscribers", "show", "aino@example.org", "--json")

    assert "is now aino.aalto@example.org" in shown
    assert "is now aino.aalto@example.org" in added.stderr
    assert "aino@example.org is now aino.aalto@example.org" in removed.stderr
    assert json.loads(found.stdout)["address"] == "aino.aalto@example.org"
    assert "aino@example.org," not in _export(site)


def test_a_former_address_that_a_list_takes_off_is_told_and_changes_nobody(site: Site) -> None:
    """The old mailbox may be what bounced; and two rows may mean the same person."""
    _import(site, LIST)
    site.run("subscribers", "rename", "aino@example.org", "aino.aalto@example.org")

    shown = _import(
        site,
        "email,name,status\naino@example.org,Aino,unsubscribed\n"
        "aino.aalto@example.org,Aino A,unsubscribed\n",
        code=1,
    )

    assert "is now aino.aalto@example.org; if they left, remove that address" in shown
    assert "aino.aalto@example.org,Aino,,unsubscribed" in _export(site)


def test_an_address_that_is_given_back_or_to_somebody_else_is_theirs(site: Site) -> None:
    _import(site, LIST)
    site.run("subscribers", "rename", "aino@example.org", "second@example.org")
    site.run("subscribers", "rename", "second@example.org", "third@example.org")

    assert "is now third@example.org" in _import(site, "email\naino@example.org\n", code=1)
    site.run("subscribers", "rename", "third@example.org", "aino@example.org")
    site.run("subscribers", "add", "second@example.org", "--again")

    assert "2 unchanged" in _import(site, "email\naino@example.org\nsecond@example.org\n")
    assert "is now aino@example.org" in _import(site, "email\nthird@example.org\n", code=1)


def test_several_are_taken_off_at_once_and_what_is_unknown_is_told(site: Site) -> None:
    site.people(4)

    done = site.run(
        "subscribers", "remove", "person0@example.org", "-",
        answer="person1@example.org\n\nperson2@example.org\nnobody@example.org\nei\n", code=1,
    )  # fmt: skip

    assert "nobody@example.org is not on the list" in done.stderr
    assert "“ei” is not an address" in done.stderr
    assert _export(site).count("unsubscribed") == 3


def test_an_export_for_excel_has_no_formulas_and_is_its_owners(site: Site) -> None:
    site.run("subscribers", "add", "a@example.org", "--name", "=1+1")
    path = site.root / "all.csv"

    site.run("subscribers", "export", str(path), "--excel")

    assert path.read_bytes().startswith(b"\xef\xbb\xbfemail;name;")
    assert b";'=1+1;" in path.read_bytes()
    assert "'=1+1" in _export(site, "-")
    assert "0 join, 0 change, 1 unchanged" in _import(site, path.read_text(encoding="utf-8"))
    if os.name != "nt":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "written",
    ["  aino@example.org ", "mailto:aino@example.org", "Aino Aalto <aino@example.org>",
     "<aino@example.org>", "aino@example.org,", "AINO@example.org", "\ufeffaino@example.org"],
)  # fmt: skip
def test_every_command_reads_an_address_as_people_write_it(site: Site, written: str) -> None:
    new = written.replace("aino", "uusi").replace("AINO", "UUSI")
    site.run("subscribers", "add", written)

    shown = site.run("subscribers", "show", written, "--json").stdout
    site.run("send", "2026-06", "--test", written, "--test", "aino@example.org", "--yes")
    site.run("subscribers", "rename", written, new)
    site.run("subscribers", "remove", new)

    assert json.loads(shown)["address"].lower() == "aino@example.org"
    assert len([*(site.root / "outbox").rglob("*.eml")]) == 1
    assert "unsubscribed" in site.run("subscribers", "show", new).stdout


@pytest.mark.parametrize("has_own", [False, True])
def test_a_segment_of_another_name_for_an_attribute_leads_to_the_one_that_lists_give(
    site: Site, has_own: bool
) -> None:
    site.run("subscribers", "add", "aino@example.org", "--set", "region=Lappi")
    if has_own:  # kept by the name that the settings give it
        with (site.root / "newsletter.toml").open("a", encoding="utf-8") as settings:
            settings.write('\n[import.columns]\nAlue = "alue"\n')
        _import(site, "email,Alue\nbo@example.org,Uusimaa\n")
    issue = (site.root / "issues" / "2026-06.md").read_text(encoding="utf-8")
    site.write("issues/2026-06.md", issue + "\n::: only alue=Lappi\nHei!\n:::\n")

    refused = site.run("send", "2026-06", "--segment", "alue=Lappi", "--yes", code=2).stderr
    told = site.run("send", "2026-06", "--dry-run").stderr

    if has_own:
        assert "nobody on the list meets alue=Lappi" in refused
    else:
        assert "nobody on the list has “alue”; did you mean “region”?" in refused
    assert "did you mean “region=Lappi”?" in told


def test_what_a_list_shows_of_consent_is_told_before_and_after(site: Site) -> None:
    text = "email,OPTIN_TIME,Lomake\na@example.org,2.3.2026,paperi 7\nb@example.org,,\n"

    told = _import(site, text, "--evidence", "Lomake", "--basis", "membership")
    shown = json.loads(site.run("subscribers", "show", "a@example.org", "--json").stdout)
    again = _import(site, text, "--evidence", "Lomake")

    assert "with evidence of consent: 1\n" in told
    assert "without evidence of consent: 1 (basis: membership)" in told
    assert shown["basis"] == "consent"
    assert shown["history"][0]["source"] == "lista.csv"
    assert shown["history"][0]["detail"] == {
        "basis": "consent", "agreed": "2026-03-02", "line": "2",
        "evidence": "OPTIN_TIME: 2.3.2026; Lomake: paperi 7",
    }  # fmt: skip
    assert "0 join, 0 change, 2 unchanged" in again


def test_a_list_of_organisations_is_mailed_on_that_basis(site: Site) -> None:
    told = _import(site, "email\ninfo@example.org\n", "--basis", "organisation")

    assert "1 of those who join will be mailed: address of an organisation" in told
    assert "nothing in the list speaks against it" not in told


def test_the_editor_pauses_somebody_who_phones_and_ends_it(site: Site) -> None:
    site.people(2)
    paused = site.run("subscribers", "pause", "person1@example.org", "--months", "3").stderr
    shown = site.run("subscribers", "show", "person1@example.org").stdout
    resumed = site.run("subscribers", "resume", "person1@example.org").stderr
    history = site.run("subscribers", "show", "person1@example.org", "--json").stdout

    assert "person1@example.org gets no mail until " in paused
    assert "pause ends" in shown
    assert "paused (you): until " in shown
    assert "person1@example.org gets mail." in resumed
    assert [(r["what"], r["by"]) for r in json.loads(history)["history"]][1:] == [
        ("paused", "editor"),
        ("resumed", "editor"),
    ]


def test_who_left_is_neither_paused_nor_brought_back(site: Site) -> None:
    site.people(1)
    [address] = site.run("subscribers", "list").stdout.split()[:1]
    site.run("subscribers", "remove", address)

    for command in ("pause", "resume"):
        told = site.run("subscribers", command, address, code=2)
        assert f"{address} is unsubscribed and gets no mail anyway" in told.stderr


def test_why_somebody_may_be_mailed_is_noted_with_what_shows_it_once(site: Site) -> None:
    told = [
        site.run("subscribers", "add", "a@example.org", *options).stderr
        for options in (
            ("--evidence", "asked by phone", "--agreed", "1.2.2026"),
            ("--evidence", "asked by phone", "--agreed", "2026-02-01"),
            ("--basis", "membership"),
        )
    ]

    shown = json.loads(site.run("subscribers", "show", "a@example.org", "--json").stdout)
    assert [line.split()[0] for line in told] == ["Added", "a@example.org", "Changed"]
    assert shown["basis"] == "membership"
    assert [r["detail"] for r in shown["history"][1:]] == [
        {"basis": "consent", "evidence": "asked by phone", "agreed": "2026-02-01"},
        {"basis": "membership"},
    ]
    for options in (("--basis", "consent"), ("--agreed", "2026-02-01")):
        refused = site.run("subscribers", "add", "b@example.org", *options, code=2)
        assert "--evidence is missing" in refused.stderr
    late = ("--evidence", "x", "--agreed", "2999-01-01")
    assert "a day to come" in site.run("subscribers", "add", "b@example.org", *late, code=2).stderr
