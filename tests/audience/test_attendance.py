"""Reports of meeting tools are read whatever tool, language and encoding they come in."""

# ruff: noqa: DTZ001, E501 - reports have no zones, and long lines

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.audience.attendance import read_report
from newsletter.audience.tool_times import read_minutes, read_moment
from newsletter.errors import AudienceError

DAY = dt.date(2026, 12, 3)
TEAMS = """1. Summary
Meeting title\tTeemapäivä
Attended participants\t3
Start time\t12/3/26, 8:55:02 AM
End time\t12/3/26, 3:04:11 PM
Meeting duration\t6h 9m 9s

2. Participants
Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole
Aino Virtanen\t12/3/26, 8:58:10 AM\t12/3/26, 3:01:00 PM\t6h 2m 50s\taino@example.org\taino@example.org\tOrganizer
Bo Berg (Guest)\t12/3/26, 9:10:00 AM\t12/3/26, 11:00:00 AM\t1h 50m\t\t\tPresenter
"Koski, Cia (Unverified)"\t12/3/26, 9:00:00 AM\t12/3/26, 9:00:30 AM\t30s\tcia@example.com\t\tAttendee

3. In-Meeting Activities
Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole
Aino Virtanen\t12/3/26, 8:58:10 AM\t12/3/26, 3:01:00 PM\t6h 2m 50s\taino@example.org\tOrganizer
"""
FINNISH = """1. Yhteenveto
Kokouksen nimi\tTeemapäivä

2. Osallistujat
Nimi\tLiittyi ensimmäisen kerran\tPoistui viimeksi\tKesto kokouksessa\tSähköposti\tRooli
Aino Virtanen\t3.12.2026 klo 8.58.10\t3.12.2026 klo 15.01.00\t6 t 2 min 50 s\taino@example.org\tJärjestäjä

3. Toiminta kokouksessa
Nimi\tLiittymisaika
"""
POLISH = """2. Uczestnicy
Imię i nazwisko\tPierwsze dołączenie\tOstatnie opuszczenie\tCzas trwania\tE-mail
Aino Virtanen\t03.12.2026, 08:58:10\t03.12.2026, 15:01:00\t6 godz. 2 min 50 sek.\taino@example.org
"""
OLD_TEAMS = """Meeting Summary
Total Number of Participants\t1
Meeting Title\tTeemapäivä

Full Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole
Aino Virtanen\t12/3/2026, 8:58:10 AM\t12/3/2026, 3:01:00 PM\t6h 2m\taino@example.org\tOrganizer
"""
ZOOM = """Topic,Meeting ID,Start Time,End Time,User Email,Duration (Minutes),Participants
Teemapäivä,812 3456 7890,12/03/2026 08:55:00 AM,12/03/2026 03:04:00 PM,host@example.org,369,2

Name (Original Name),User Email,Total Duration (Minutes),Guest
Aino Virtanen (Aino V),aino@example.org,362,No
Bo Berg,,110,Yes
"""
ZOOM_JOINS = """Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,Recording Consent,In Waiting Room
Bo Berg,,12/03/2026 09:00:00 AM,12/03/2026 09:50:00 AM,50,Yes,,No
Bo Berg,,12/03/2026 10:00:00 AM,12/03/2026 11:00:00 AM,60,Yes,,No
"""


def test_the_section_of_participants_is_read_as_teams_writes_it() -> None:
    aino, bo, cia = read_report(TEAMS.encode("utf-16"), "report.csv", DAY)

    assert (aino.name, aino.address) == ("Aino Virtanen", "aino@example.org")
    assert (aino.joined, aino.left) == (
        dt.datetime(2026, 12, 3, 8, 58, 10),
        dt.datetime(2026, 12, 3, 15, 1),
    )
    assert aino.minutes == pytest.approx(362 + 50 / 60)
    assert (bo.name, bo.address, bo.minutes) == ("Bo Berg", "", 110)
    assert (cia.name, cia.address, cia.minutes) == ("Koski, Cia", "cia@example.com", 0.5)


@pytest.mark.parametrize("text", [FINNISH, POLISH, OLD_TEAMS], ids=["fi", "pl", "old"])
@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-8", "utf-8-sig"])
def test_headings_and_times_of_other_languages_tell_the_same(text: str, codec: str) -> None:
    [aino] = read_report(text.encode(codec), "report.csv", DAY)

    assert (aino.name, aino.address) == ("Aino Virtanen", "aino@example.org")
    assert aino.joined == dt.datetime(2026, 12, 3, 8, 58, 10)
    assert round(aino.minutes or 0) in (362, 363)


def test_the_head_of_the_meeting_above_zooms_table_is_no_participant() -> None:
    aino, bo = read_report(ZOOM.encode(), "participants.csv", DAY)

    assert (aino.name, aino.address, aino.minutes) == ("Aino Virtanen", "aino@example.org", 362)
    assert (bo.name, bo.address, bo.joined) == ("Bo Berg", "", None)


def test_each_time_that_somebody_joined_is_a_row() -> None:
    rows = read_report(ZOOM_JOINS.encode("utf-8-sig"), "participants.csv", DAY)

    assert [(row.name, row.minutes) for row in rows] == [("Bo Berg", 50), ("Bo Berg", 60)]
    assert rows[1].joined == dt.datetime(2026, 12, 3, 10)


@pytest.mark.parametrize("codec", ["utf-16", "utf-8"])
def test_a_report_with_headings_alone_says_so(codec: str) -> None:
    """It is what somebody gets who may not see guests."""
    head = TEAMS.partition("Aino")[0] + "\n3. In-Meeting Activities\n"

    with pytest.raises(AudienceError, match="there is nobody in it"):
        read_report(head.encode(codec), "report.csv", DAY)


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe", b"hello", b"\n\n", b"a,b\n", b"1. \n2. \n3. \n"]
)
def test_what_is_no_report_is_refused(data: bytes) -> None:
    with pytest.raises(AudienceError):
        read_report(data, "x.csv", DAY)


@given(st.text(max_size=300))
@settings(max_examples=60)
def test_any_text_gives_people_or_a_reason(text: str) -> None:
    try:
        found = read_report(text.encode(), "x.csv", DAY)
    except AudienceError:
        return
    assert all(one.name or one.address for one in found)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12/3/2026, 8:58:10 AM", (2026, 12, 3, 8, 58, 10)),
        ("3/12/2026 08:58", (2026, 12, 3, 8, 58, 0)),
        ("2026-12-03 08:58:10", (2026, 12, 3, 8, 58, 10)),
        ("2026-12-03T08:58:10", (2026, 12, 3, 8, 58, 10)),
        ("3.12.2026 klo 8.58", (2026, 12, 3, 8, 58, 0)),
        ("12/3/26, 12:05:00 AM", (2026, 12, 3, 0, 5, 0)),
        ("12/3/26, 12:05:00 p.m.", (2026, 12, 3, 12, 5, 0)),
    ],
)
def test_moments_are_read_as_the_day_of_the_meeting_has_it(text: str, day: tuple[int, ...]) -> None:
    assert read_moment(text, DAY) == dt.datetime(*day)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["", "13/13/2026 9:00", "3.12.2026", "9:00", "1/1/2026 25:00", "x"]
)
def test_what_is_no_moment_is_none(text: str) -> None:
    assert read_moment(text, DAY) is None


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("6h 2m 30s", 362.5),
        ("6 t 2 min 30 s", 362.5),
        ("6 godz. 2 min 30 sek.", 362.5),
        ("1 tim 5 min", 65),
        ("1:02:30", 62.5),
        ("02:30", 2.5),
        ("110", 110),
        ("1 Std. 2 Min.", 62),
        ("45 s", 0.75),
        ("0", 0),
        ("", None),
        ("Aino 2", None),
        ("5 10", None),
        ("2 km", None),
    ],
)
def test_durations_are_read_with_the_units_of_any_language(
    text: str, minutes: float | None
) -> None:
    assert read_minutes(text) == (None if minutes is None else pytest.approx(minutes))
