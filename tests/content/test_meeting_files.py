"""Meetings as their editor writes them."""

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from newsletter.content.meeting_drafts import draft_other
from newsletter.content.meeting_files import read_meeting, read_meetings
from newsletter.errors import FindingsError, UsageError
from newsletter.model import Attending, Finding, Meeting, Severity
from newsletter.model.meeting import Session
from tests.content.conftest import english_alone

HELSINKI = ZoneInfo("Europe/Helsinki")
FRONT = """title: Teemapäivä
start: 2026-12-09 9.00
end: "15.00"
place: Talo"""
FULL = """title: "Teemapäivä: työnantajat"
start: 2026-12-09 9.00
end: 15:00
place: Esimerkkitalo
address: Esimerkkikatu 1, Helsinki
remote: https://kokous.example.org/abc
seats:
  on-site: 30
  remote: unlimited
deadline: 2026-12-02
organisers: Esimerkkisäätiö
partners: [Yhdistys, Kunta]
ask: [organisation, region, needs]
questions:
  lounas:
    label: Syötkö lounaan?
    choices: ["Kyllä", "En"]
    required: true
    kept_days: 7"""
SWEDISH = """---
title: Temadag
place: Exempelhuset
questions:
  lounas:
    label: Äter du lunch?
    choices: ["Ja", "Nej"]
---
Välkommen!
"""

Read = Callable[..., Meeting]
Refuse = Callable[..., list[Finding]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the empty folder of a newsletter's meetings."""
    made = tmp_path / "meetings"
    made.mkdir()
    return made


@pytest.fixture
def read(folder: Path) -> Read:
    """Return what writes a meeting, and reads it."""

    def read(front: str = FRONT, body: str = "Tervetuloa!\n", *, swedish: str = "") -> Meeting:
        Path(folder, "day.md").write_text(f"---\n{front}\n---\n{body}", encoding="utf-8")
        if swedish:
            Path(folder, "day.sv.md").write_text(swedish, encoding="utf-8")
        return read_meeting(folder, "day", language="fi", zone=HELSINKI)

    return read


@pytest.fixture
def refuse(read: Read) -> Refuse:
    """Return what reads a meeting that is faulty, and gives its findings."""

    def refuse(front: str, **more: str) -> list[Finding]:
        with pytest.raises(FindingsError) as caught:
            read(front, **more)
        assert english_alone(caught.value.findings) == []
        return list(caught.value.findings)

    return refuse


@pytest.mark.parametrize(
    ("front", "body", "swedish", "drafts", "written"),
    [
        (FULL, "Tervetuloa!\n", SWEDISH, (), ("fi", "sv")),
        (FULL, "(kirjoita tähän, mistä on kyse)\n", SWEDISH, ("fi",), None),
        (FULL, "Tervetuloa!\n", SWEDISH.replace("Välk", "(översätt) Välk"), ("sv",), ("fi",)),
        (FULL, "Tervetuloa!\n", SWEDISH.replace("Äter", "(Översätt) Äter"), ("sv",), ("fi",)),
        (FULL, "Tervetuloa!\n", SWEDISH.replace("Nej", "(översätt) Nej"), ("sv",), ("fi",)),
        (FULL.replace("Syötkö", "(päivitä)"), "Tervetuloa!\n", SWEDISH, ("fi",), None),
    ],
)
def test_what_is_still_to_be_written_is_nobodys_to_see(
    read: Read,
    front: str,
    body: str,
    swedish: str,
    drafts: tuple[str, ...],
    written: tuple[str, ...] | None,
) -> None:
    meeting = read(front, body, swedish=swedish)
    shown = meeting.written

    assert meeting.drafts == drafts
    assert (tuple(shown.texts) if shown else None) == written
    if shown:
        [question] = shown.questions
        assert tuple(question.labels) == tuple(question.choices) == written


def test_a_meeting_is_as_its_file_says(read: Read) -> None:
    meeting = read(FULL, swedish=SWEDISH)

    assert meeting.starts_at == dt.datetime(2026, 12, 9, 7, tzinfo=dt.UTC)
    assert meeting.ends_at == dt.datetime(2026, 12, 9, 13, tzinfo=dt.UTC)
    assert meeting.seats == {Attending.ON_SITE: 30, Attending.REMOTE: None}
    assert meeting.organisers == ("Esimerkkisäätiö",)
    assert meeting.text_in("sv-FI").title == "Temadag"
    assert meeting.text_in("sv").address == "Esimerkkikatu 1, Helsinki"
    assert meeting.text_in("en").title == "Teemapäivä: työnantajat"
    [question] = meeting.questions
    assert question.choices_in("sv") == (("Kyllä", "Ja"), ("En", "Nej"))
    assert question.is_required
    assert question.kept_days == 7


def test_a_draft_in_another_language_has_all_that_is_to_be_translated(read: Read) -> None:
    draft = draft_other(read(FULL), "sv")

    assert 'place: "Esimerkkitalo"\naddress: "Esimerkkikatu 1, Helsinki"\n' in draft
    assert 'choices: ["(översätt) Kyllä", "(översätt) En"]' in draft


def test_a_deadline_without_a_time_ends_with_its_last_minute(read: Read) -> None:
    meeting = read(FULL)

    assert meeting.closes_at == dt.datetime(2026, 12, 2, 21, 59, 59, tzinfo=dt.UTC)


def test_the_link_of_remote_attendance_is_in_no_log(read: Read) -> None:
    assert "kokous.example.org" not in repr(read(FULL))


def test_without_seats_as_many_come_as_want_to(read: Read) -> None:
    assert read(FRONT).seats == {Attending.ON_SITE: None}
    assert read(f"{FRONT}\nremote: https://example.org/a").seats == {
        Attending.ON_SITE: None,
        Attending.REMOTE: None,
    }


def test_the_table_with_times_is_the_programme(read: Read) -> None:
    body = """| a | b |
|---|---|
| c | d |

## Ohjelma

| klo | mitä | kuka |
|:----|------|------|
| 9.00 | Kahvi | |
| 9.30\N{EN DASH}10.15 | Avaus \\| alku | Maija |
"""

    assert read(FRONT, body).text_in("fi").programme == (
        Session(start="9.00", title="Kahvi"),
        Session(start="9.30\N{EN DASH}10.15", title="Avaus | alku", who="Maija"),
    )


@pytest.mark.parametrize(
    ("front", "line", "words", "cure"),
    [
        (FRONT.replace("title", "otsikko"), 2, "unknown key “otsikko”", ""),
        (FRONT.replace("title: Teemapäivä\n", ""), 1, "“title” is missing", "add a line"),
        (FRONT.replace("9.00", "25.00"), 3, "hour must be in 0..23", "such as"),
        (FRONT.replace('"15.00"', '"8.00"'), 4, "it ends before it begins", "mend"),
        (FRONT.replace("start: 2026", "start: 0001"), 3, "no meeting is in this year", "such as"),
        (f"{FRONT}\nseats:\n  on-site: many", 7, "a number of seats", "below it"),
        (f"{FRONT}\nseats:\n  onsite: 3", 7, "“seats.onsite”", "below it"),
        (f"{FRONT}\nseats:\n  on-site: -3", 7, "at least 0", "below it"),
        (f"{FRONT}\nseats:\n  on-site: 3\nremote: https://a.example.org/", 8, "no seats", "add"),
        (f"{FRONT}\nremote: kokous", 6, "expected an address", "https://"),
        (f"{FRONT}\ndeadline: 2026-12-10", 6, "deadline is after", "earlier"),
        (f"{FRONT}\ndeadline: soon", 6, "expected a day", "such as"),
        (f"{FRONT}\ntimezone: Mars/Base", 6, "no such time zone", "Europe/Helsinki"),
        (f"{FRONT}\nask: [diet]", 6, "expected", "write some of"),
        (f"{FRONT}\nquestions:\n  lunch: yes?", 7, "table of names and values", "label"),
        (f"{FRONT}\nquestions:\n  lunch:\n    choices: [a, b]", 7, "“label” is missing", "name"),
        (f"{FRONT}\nquestions:\n  lunch:\n    label: a\n    choices: [b]", 9, "is none", ""),
        (f"{FRONT}\nquestions:\n  l:\n    label: a\n    choices: [b, b]", 9, "the same", ""),
        (f"{FRONT}\nquestions:\n  l:\n    label: a\n    kept: 3", 9, "unknown key “kept”", ""),
        (FRONT.replace("place: Talo", ""), 2, "no place and no link", "add place"),
        (FRONT.replace("place: Talo", "seats:\n  on-site: 3"), 5, "no place", "add a line"),
        (FRONT.replace("12-09 9.00", "3-29 3.30").replace("2026-3", "2026-03"), 3, "forward", ""),
        ("title: [", 3, "broken YAML", ""),
    ],
)
def test_a_mistake_is_named_with_its_line_and_a_cure(
    refuse: Refuse, front: str, line: int, words: str, cure: str
) -> None:
    [finding] = [one for one in refuse(front) if words in one.message]

    assert finding.place == f"meetings/day.md:{line}"
    assert cure in finding.hint


def test_another_language_says_no_fact_a_second_time(refuse: Refuse) -> None:
    [finding] = refuse(FRONT, swedish="---\ntitle: Temadag\nstart: 2026-12-09 9.00\n---\n")

    assert (finding.place, finding.message) == ("meetings/day.sv.md:3", "unknown key “start”")
    assert "say it once" in finding.hint


def test_languages_ask_the_same(refuse: Refuse) -> None:
    other = SWEDISH.replace('["Ja", "Nej"]', '["Ja", "Nej", "Kanske"]')

    [finding] = refuse(FULL, swedish=other)

    assert finding.line == 5
    assert "has 3 choices, and 2" in finding.message


def test_a_question_that_a_language_lacks_is_asked_in_the_first_one(
    read: Read, folder: Path
) -> None:
    meeting = read(FULL, swedish="---\ntitle: Temadag\n---\n")

    assert meeting.questions[0].choices_in("sv") == (("Kyllä", "Kyllä"), ("En", "En"))
    _, [finding] = read_meetings(folder, language="fi", zone=HELSINKI)
    assert (finding.severity, finding.path) == (Severity.WARNING, "meetings/day.sv.md")


def test_a_folder_has_its_meetings_in_order_and_what_is_wrong(read: Read, folder: Path) -> None:
    read(FRONT)
    Path(folder, "before.md").write_text(f"---\n{FRONT.replace('12-09', '10-09')}\n---\n")
    Path(folder, "broken.md").write_text("Tervetuloa!")

    meetings, [finding] = read_meetings(folder, language="fi", zone=HELSINKI)

    assert [meeting.id for meeting in meetings] == ["before", "day"]
    assert (finding.place, finding.message) == ("meetings/broken.md:1", "no front matter")


def test_a_file_that_changes_is_read_again(read: Read, folder: Path) -> None:
    read(FRONT)
    os.utime(Path(folder, "day.md"), ns=(1, 1))

    assert read(FRONT.replace("Teemapäivä", "Iltapäivä")).text_in("fi").title == "Iltapäivä"


def test_a_meeting_that_is_not_there_is_named_with_the_nearest(read: Read, folder: Path) -> None:
    read(FRONT)

    with pytest.raises(UsageError, match="did you mean “day”"):
        read_meeting(folder, "days", language="fi", zone=HELSINKI)


def test_a_folder_that_is_not_there_has_no_meetings(tmp_path: Path) -> None:
    assert read_meetings(tmp_path / "meetings", language="fi", zone=HELSINKI) == ((), ())
