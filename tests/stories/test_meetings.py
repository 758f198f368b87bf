"""An editor makes a theme day, sees who comes, and takes the list to the door."""

import datetime as dt
import io
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdfium2 import PdfDocument

from tests.conftest import Site

DAY = """---
title: Teemapäivä
start: 2099-12-09 09:00
end: 15:00
place: Talo
seats:
  on-site: 1
questions:
  lounas:
    label: Lounas?
---
Tervetuloa!
"""


def test_an_editor_begins_a_meeting_and_another_language_of_it(site: Site) -> None:
    site.run("meetings", "new", "teemapaiva", "--start", "2099-12-09 9.30")
    site.run("meetings", "new", "teemapaiva", "--lang", "sv")

    shown = json.loads(site.run("meetings", "list", "--json").stdout)
    [meeting] = shown["meetings"]
    assert (meeting["start"], meeting["seats"]["on-site"]["seats"]) == (
        "2099-12-09T07:30:00+00:00",
        30,
    )
    assert meeting["drafts"] == ["fi", "sv"]
    assert "(draft)" in site.run("meetings", "list").stdout
    assert "nobody else sees" in site.run("meetings", "show", "teemapaiva").stdout
    assert "(översätt)" in (site.root / "meetings/teemapaiva.sv.md").read_text(encoding="utf-8")
    assert "there already" in site.run("meetings", "new", "teemapaiva", code=2).stderr


def test_an_editor_is_told_which_languages_are_still_to_be_translated(site: Site) -> None:
    site.write("meetings/day.md", DAY)
    site.write("meetings/day.sv.md", "---\ntitle: Temadag\n---\n(översätt)\nTervetuloa!\n")

    assert "Still to be translated: sv" in site.run("meetings", "show", "day").stdout
    assert "draft" not in site.run("meetings", "list", code=1).stdout


def test_an_editor_registers_people_and_writes_the_list(site: Site, tmp_path: Path) -> None:
    site.write("meetings/day.md", DAY)
    lunch = ("--answer", "lounas=@kyllä", "--region", "Lapissa")
    site.run("meetings", "register", "day", "--name", "=Aino", *lunch)
    told = site.run("meetings", "register", "day", "--name", "Bo", "--address", "bo@example.org")
    assert "in line for a seat, on site, place 1" in told.stdout
    assert "Bo" in site.run("meetings", "waiting", "day", "--pause").stdout
    assert "The line is paused" in site.run("meetings", "show", "day").stdout

    csv = site.run("meetings", "export", "day", "--out", "-", "--excel").stdout
    site.run("meetings", "export", "day", "--out", str(tmp_path / "day.xlsx"))

    assert csv.startswith("\ufeffemail;name;")
    assert ";'=Aino;" in csv
    assert "'@kyllä" in csv
    assert ";Lappi;" in csv
    book = load_workbook(io.BytesIO((tmp_path / "day.xlsx").read_bytes()))
    assert book.active
    assert [row[1].value for row in book["Sheet"].rows] == ["name", "'=Aino", "Bo"]
    assert (tmp_path / "day.xlsx").stat().st_mode & 0o077 == 0


def test_no_sign_that_nobody_sees_is_kept_of_who_phones_in_or_breaks_the_list(
    site: Site, tmp_path: Path
) -> None:
    site.write("meetings/day.md", DAY)
    out, register = str(tmp_path / "day.xlsx"), ("meetings", "register", "day", "--name")
    odd = ("--needs", "a\nb\x1b[31m", "--organisation", "Ta\u200blo", "--answer", "lounas=\x07Joo")
    site.run(*register, "Aino\u202e  Koski", *odd, "--lang", "sv_FI")
    site.run("meetings", "change", "day", "--person", "1", "--needs", "\u2066c\x1bd\te", "--yes")
    [file] = site.root.rglob("*.db")
    with closing(sqlite3.connect(file)) as ledger, ledger:  # what older versions let in
        ledger.execute("UPDATE registrations SET badge = 'Ai' || char(27) || 'no'")

    site.run("meetings", "export", "day", "--out", out)

    [[_, *own]] = load_workbook(out)["Sheet"].iter_rows(min_row=2, values_only=True)
    assert own[:3] == ["Aino Koski", "Aino", "Talo"]
    assert own[9:] == ["cd e", "Joo"]
    change = ("meetings", "change", "day", "--person", "1", "--yes")
    for option, words in (("--name", " "), ("--name", "a" * 101), ("--needs", "a" * 501)):
        assert option in site.run(*register, "Bo", option, words, code=2).stderr
        assert option in site.run(*change, option, words, code=2).stderr
    for language in ("zz", "../../x"):
        told = site.run(*register, "Bo", "--lang", language, code=2).stderr
        assert f"--lang: “{language}” is not a language" in told
        assert told == site.run(*change, "--lang", language, code=2).stderr
    assert "--answer lounas" in site.run(*change, "--answer", f"lounas={'a' * 1001}", code=2).stderr


def test_who_is_registered_already_is_not_moved_by_registering_them_again(site: Site) -> None:
    site.write("meetings/day.md", DAY.replace("on-site: 1", "on-site: 1\n  remote: 1"))
    register = ("meetings", "register", "day", "--name", "Aino", "--address", "a@example.org")
    site.run(*register)

    again = site.run(*register, "--remote", code=1)

    assert again.stdout == "Aino: signed up, on site\n"
    assert "meetings change --way remote" in again.stderr


@pytest.mark.parametrize("language", ["../x", "x/y", "luonnos", ""])
def test_a_meeting_is_begun_in_a_language_alone(site: Site, language: str) -> None:
    told = site.run("meetings", "new", "day", "--lang", language, code=2).stderr

    assert f"“{language}” is not a language" in told
    assert not (site.root / "meetings").exists()


def test_what_waits_for_the_editor_is_told_and_ends_with_1(site: Site) -> None:
    site.write("meetings/day.md", DAY)
    for name in ("Aino", "Bo"):
        site.run("meetings", "register", "day", "--name", name)
    site.write("meetings/day.md", DAY.replace("09:00", "10:00").replace("on-site: 1", "on-site: 0"))

    shown = site.run("meetings", "show", "day", code=1).stdout

    assert "Changed, and nobody was told: the beginning" in shown
    assert "1 person more than there are seats on site: nobody is removed" in shown
    site.write("meetings/broken.md", "Hei!")
    site.write("meetings/Teemapäivä 1.md", DAY)
    told = site.run("meetings", "list", code=1).stderr
    assert "meetings/broken.md:1" in told
    assert "did you mean “Teemapäivä-1.md”?" in told
    assert "did you mean" in site.run("meetings", "show", "dya", code=2).stderr


def test_a_language_that_was_forgotten_when_the_place_changed_is_named(site: Site) -> None:
    site.write("meetings/day.md", DAY)
    site.write("meetings/day.sv.md", "---\ntitle: Temadag\nplace: Huset\n---\nVälkommen!\n")
    site.run("meetings", "register", "day", "--name", "Aino", "--address", "a@example.org")
    site.write("meetings/day.md", DAY.replace("place: Talo", "place: Torni"))

    shown = site.run("meetings", "show", "day", code=1).stdout
    told = site.run("meetings", "message", "day", "--changes", "--dry-run").stdout

    for words in (shown, told):
        assert "In “sv” it still says: Huset" in words
    assert "To 1 person." in told
    assert "the place: Talo → Torni" in told
    assert "no address" not in told


def test_who_has_no_address_is_named_whatever_the_others_are_mailed(site: Site) -> None:
    day = DAY.replace("on-site: 1", "on-site: 9")
    site.write("meetings/day.md", day)
    for name in ("Aino", "Bo"):
        site.run("meetings", "register", "day", "--name", name)
    site.write("meetings/day.md", day.replace("place: Talo", "place: Torni"))
    site.write("viesti.md", "# Ovi\n\nTulkaa takaovesta.\n")

    words = "2 have no address and get nothing, so tell them yourself: Aino, Bo."
    for how in (("--file", "viesti.md", "--to", "on-site"), ("--changes",)):
        told = site.run("meetings", "message", "day", *how, "--dry-run").stdout
        assert "To 0 people." in told
        assert words in told


def test_a_change_of_time_and_link_is_told_as_people_write_it(site: Site) -> None:
    day = DAY.replace("title:", "remote: https://kokous.example.org/a\ntitle:")
    site.write("meetings/day.md", day.replace("on-site: 1", "remote: 9"))
    site.run(
        "meetings", "register", "day", "--name", "Aino", "--address", "a@example.org", "--remote"
    )
    later = (
        day.replace("on-site: 1", "remote: 9").replace("09:00", "10:30").replace("org/a", "org/b")
    )
    site.write("meetings/day.md", later)

    take = ("--lang", "fi", "meetings", "message", "day", "--changes", "--dry-run")
    told = site.run(*take).stdout

    assert "alku: 9.12.2099 klo 9.00 → 9.12.2099 klo 10.30\n" in told
    assert "linkki: vaihtunut\n" in told
    site.write("meetings/day.md", later.replace("place: Talo", "place: (kirjoita tähän, missä)"))
    told = site.run("meetings", "message", "day", "--changes", "--yes", code=2).stderr
    assert "day is a draft, so nobody can be told of it" in told


YESTERDAY = dt.date.today() - dt.timedelta(days=1)  # noqa: DTZ011 - on this machine's clock
ON = f"{YESTERDAY:%-m/%-d/%y}"
REPORT = f"""1. Summary
Meeting title\tTeemapäivä

2. Participants
Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tRole
A. Koski\t{ON}, 8:58:10 AM\t{ON}, 2:01:00 PM\t5h 2m\taino@example.org\tAttendee
Berg, Bo (Guest)\t{ON}, 9:10:00 AM\t{ON}, 11:00:00 AM\t1h 50m\t\tAttendee
Cia Ek\t{ON}, 9:10:00 AM\t{ON}, 11:00:00 AM\t1h 50m\tcia@example.org\tAttendee
"""


def test_who_came_is_known_by_a_report_by_name_and_once(site: Site, tmp_path: Path) -> None:
    site.write("meetings/day.md", DAY.replace("  on-site: 1", "  on-site: 1\n  remote: 9"))
    register = ("meetings", "register", "day", "--remote", "--name")
    site.run(*register, "Aino Koski", "--address", "aino@example.org")
    site.run(*register, "Bo Berg", "--address", "bo@example.org")
    site.run("meetings", "register", "day", "--name", "Dag Ås")
    early = site.run("meetings", "check-in", "day", "--person", "Dag Ås", code=2).stderr
    assert "from the day before the meeting" in early
    _let_it_be_over(site)
    report = tmp_path / "report.csv"
    report.write_bytes(REPORT.encode("utf-16"))
    take = ("meetings", "check-in", "day", "--file", str(report))

    short = json.loads(site.run(*take, "--at-least", "400", "--yes", "--json").stdout)
    told = site.run(*take, answer="n\n")
    again = json.loads(site.run(*take, "--yes", "--json").stdout)
    by_name = json.loads(site.run(*take[:3], "--person", "Dag Ås", "--json").stdout)

    assert (short["marked"], short["too_short"]) == ([], ["Aino Koski", "Bo Berg"])
    assert [one["minutes"] for one in short["minutes"]] == [302, 110]
    assert "Aino Koski: 302 min" in told.stderr
    assert "by the name: Berg, Bo in the report, Bo Berg here" in told.stderr
    assert "not registered: Cia Ek" in told.stderr
    assert "1 person is marked as having come." in told.stderr
    assert (again["marked"], again["unknown"]) == (["Bo Berg"], ["Cia Ek"])
    assert by_name["marked"] == ["Dag Ås"]
    unknown = site.run(*take[:3], "--person", "Cia Ek", code=2).stderr
    assert "“newsletter meetings check-in --walk-in” adds whoever came" in unknown
    [figures] = json.loads(site.run("meetings", "figures", "day", "--json").stdout)
    assert figures["registered"] == {"on-site": 1, "remote": 2}
    assert figures["came"] == {"on-site": 1, "remote": 2}
    assert figures["regions_of_five"] == []
    assert "Came: 1 on site, 2 remotely" in site.run("meetings", "show", "day", code=1).stdout
    assert ",came," in site.run("meetings", "export", "day", "--out", "-").stdout
    shown = site.run("meetings", "figures", "day").stdout
    assert "remotely: 2 registered, seats: 9, came: 2" in shown
    assert re.search(rf"day +{YESTERDAY} +3 +3\s*$", site.run("meetings", "figures").stdout)
    undone = site.run(*take[:3], "--person", "bo@example.org", "--undo")
    assert "1 mark is taken back." in undone.stderr
    assert json.loads(site.run(*take, "--yes", "--json").stdout)["marked"] == ["Bo Berg"]


def test_who_came_without_being_registered_is_counted_once_above_the_seats_too(site: Site) -> None:
    site.write("meetings/day.md", DAY)
    for name in ("Aino Koski", "Bo Ek"):
        site.run("meetings", "register", "day", "--name", name)
    assert (
        json.loads(site.run("meetings", "show", "day", "--json").stdout)["people"][1]["place"] == 1
    )
    _let_it_be_over(site)
    came = ("meetings", "check-in", "day", "--json", "--walk-in")

    first = json.loads(site.run(*came, "bo  ek", "--walk-in", "Cilla Ås").stdout)
    again = json.loads(site.run(*came, "Cilla Ås").stdout)

    assert (first["marked"], again["marked"]) == (["Bo Ek", "Cilla Ås"], [])
    [figures] = json.loads(site.run("meetings", "figures", "day", "--json").stdout)
    assert (figures["registered"], figures["came"]) == (
        {"on-site": 3, "remote": 0},
        {"on-site": 2, "remote": 0},
    )
    shown = site.run("meetings", "show", "day", code=1).stdout
    assert "more than there are seats" not in shown


def _let_it_be_over(site: Site) -> None:
    file = site.root / "meetings/day.md"
    site.write("meetings/day.md", file.read_text("utf-8").replace("2099-12-09", f"{YESTERDAY}"))


def test_badges_and_a_sheet_are_printed_for_the_door(site: Site, tmp_path: Path) -> None:
    site.write("meetings/day.md", DAY)
    site.run("meetings", "register", "day", "--name", "Aino Koski")
    badges, sheet = tmp_path / "badges.pdf", tmp_path / "sheet.pdf"

    site.run("meetings", "papers", "day", "--badges", str(badges), "--sign-in", str(sheet))

    assert [words_of(badges), "Teemapäivä" in words_of(sheet)] == ["Aino\r\nKoski", True]
    assert badges.stat().st_mode & 0o077 == 0
    assert "name what to print" in site.run("meetings", "papers", "day", code=2).stderr


def words_of(file: Path) -> str:
    """Return the words of the first page of a PDF."""
    page = PdfDocument(file)[0]
    return str(page.get_textpage().get_text_bounded()).strip()


def test_who_phones_in_is_cancelled_and_the_next_in_line_has_the_seat(site: Site) -> None:
    site.write("meetings/day.md", DAY)
    site.run("meetings", "register", "day", "--name", "Aino Koski", "--address", "a@example.org")
    site.run("meetings", "register", "day", "--name", "Bo Ek")
    cancel = ("meetings", "cancel", "day", "--person")
    undo = (*cancel, "Aino Koski", "--undo", "--yes")

    declined = site.run(*cancel, "koski, aino", answer="n\n", code=1)
    told = site.run(*cancel, "Koski Aino", answer="k\n").stdout
    again = json.loads(site.run(*cancel, "a@example.org", "--yes", "--json").stdout)

    assert "Aino Koski: signed up, on site" in declined.stderr
    assert "Aino Koski: no longer coming" in told
    assert "A mail about it goes to a@example.org." in told
    assert "Bo Ek has a seat now.\nBo Ek has no address: tell them yourself." in told
    assert (again["state"], again["mailed"], again["moved_up"]) == ("cancelled", False, [])
    assert "this cannot be undone" in site.run(*undo, code=1).stderr
    off = json.loads(site.run(*cancel, "Bo Ek", "--yes", "--json").stdout)
    assert (off["state"], off["mailed"]) == ("cancelled", False)
    assert "signed up, on site" in site.run(*undo).stdout
    assert "Cia is not registered" in site.run(*cancel, "Cia", "--yes", code=2).stderr


def test_a_seat_that_is_kept_for_somebody_is_taken_for_who_phones_in(site: Site) -> None:
    site.write("meetings/day.md", DAY)
    toml = (site.root / "newsletter.toml").read_text("utf-8")
    url = '[newsletter]\npublic_url = "https://news.example.org"'
    site.write("newsletter.toml", toml.replace("[newsletter]", url, 1))
    for name in ("aino", "bo"):
        address = f"{name}@example.org"
        site.run("meetings", "register", "day", "--name", name, "--address", address)

    told = site.run("meetings", "cancel", "day", "--person", "aino", "--yes").stdout
    taken = site.run("meetings", "change", "day", "--person", "bo", "--way", "on-site", "--yes")

    assert re.search(r"A seat is kept for bo until 20\d\d-\d\d-\d\d \d\d:\d\d\.", told)
    assert "bo: signed up, on site\nA mail about it goes to bo@example.org." in taken.stdout


def test_who_phones_in_changes_what_they_said(site: Site) -> None:
    choices = "    choices: [Kyllä, En]\n---"
    day = DAY.replace("  on-site: 1", "  on-site: 1\n  remote: 1").replace(
        "---\nT", f"{choices}\nT"
    )
    site.write("meetings/day.md", day)
    register = ("meetings", "register", "day", "--answer", "lounas=kyllä", "--name")
    for name in ("Aino Koski", "Bo Ek", "Bo Ek"):
        site.run(*register, name, "--remote")
    change = ("meetings", "change", "day", "--yes", "--person")

    several = site.run(*change, "Bo Ek", "--way", "on-site", code=2).stderr
    moved = json.loads(
        site.run(
            *(*change, "2", "--json"),
            *("--way", "on-site", "--answer", "lounas=", "--region", "Lapissa"),
        ).stdout
    )
    full = site.run(*change, "3", "--way", "on-site").stdout

    assert "2: Bo Ek remotely; 3: Bo Ek remotely" in several
    assert (moved["state"], moved["attending"]) == ("registered", "on-site")
    assert "Bo Ek: in line for a seat, on site, place 1" in full
    people = json.loads(site.run("meetings", "show", "day", "--json").stdout)["people"]
    assert [one["region"] for one in people] == ["", "19", ""]
    listed = site.run("meetings", "export", "day", "--out", "-").stdout
    assert listed.count("Kyllä") == 2
    assert "one of: Kyllä, En" in site.run(*change, "1", "--answer", "lounas=Ehkä", code=2).stderr
    assert "say what is to change" in site.run(*change, "1", code=2).stderr
    assert "Nothing was changed" in site.run(*change, "1", "--answer", "lounas=kyllä").stderr
