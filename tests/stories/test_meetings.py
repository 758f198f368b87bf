"""An editor makes a theme day, sees who comes, and takes the list to the door."""

import io
import json
from pathlib import Path

from openpyxl import load_workbook

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
    assert "(översätt)" in (site.root / "meetings/teemapaiva.sv.md").read_text(encoding="utf-8")
    assert "there already" in site.run("meetings", "new", "teemapaiva", code=2).stderr


def test_an_editor_registers_people_and_writes_the_list(site: Site, tmp_path: Path) -> None:
    site.write("meetings/day.md", DAY)
    site.run("meetings", "register", "day", "--name", "=Aino", "--answer", "lounas=@kyllä")
    told = site.run("meetings", "register", "day", "--name", "Bo", "--address", "bo@example.org")
    assert "in line for a seat, place 1" in told.stdout
    assert "Bo" in site.run("meetings", "waiting", "day", "--pause").stdout
    assert "The line is paused" in site.run("meetings", "show", "day").stdout

    csv = site.run("meetings", "export", "day", "--out", "-", "--excel").stdout
    site.run("meetings", "export", "day", "--out", str(tmp_path / "day.xlsx"))

    assert csv.startswith("\ufeffemail;name;")
    assert ";'=Aino;" in csv
    assert "'@kyllä" in csv
    book = load_workbook(io.BytesIO((tmp_path / "day.xlsx").read_bytes()))
    assert book.active
    assert [row[1].value for row in book["Sheet"].rows] == ["name", "'=Aino", "Bo"]
    assert (tmp_path / "day.xlsx").stat().st_mode & 0o077 == 0


def test_what_waits_for_the_editor_is_told_and_ends_with_1(site: Site) -> None:
    site.write("meetings/day.md", DAY)
    for name in ("Aino", "Bo"):
        site.run("meetings", "register", "day", "--name", name)
    site.write("meetings/day.md", DAY.replace("09:00", "10:00").replace("on-site: 1", "on-site: 0"))

    shown = site.run("meetings", "show", "day", code=1).stdout

    assert "Changed, and nobody was told: the beginning" in shown
    assert "1 person more than there are seats on site: nobody is removed" in shown
    site.write("meetings/broken.md", "Hei!")
    assert "meetings/broken.md:1" in site.run("meetings", "list", code=1).stderr
    assert "did you mean" in site.run("meetings", "show", "dya", code=2).stderr
