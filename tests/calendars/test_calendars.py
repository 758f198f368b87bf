"""Calendars, read back by another library, and over both changes of the clocks."""

import datetime as dt
import re
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.calendars import (
    Attendee,
    CalendarEntry,
    write_cancellation,
    write_file,
    write_request,
)

HELSINKI = ZoneInfo("Europe/Helsinki")
NOW = dt.datetime(2026, 11, 2, 12, 30, 15, 123456, tzinfo=dt.UTC)
LINK = "https://etana.example.org/j/123;a?pwd=%C3%A4"
THEME_DAY = CalendarEntry(
    uid="5f0c1a@example.org",
    sequence=3,
    title="Teemapäivä: työpaikkaohjaajan tuki, osa 2; ja ääkköset",
    start=dt.datetime.fromisoformat("2027-03-25T09:30"),
    end=dt.datetime.fromisoformat("2027-03-25T15:00"),
    zone=HELSINKI,
    organiser=('Säätiö, "Kirje"', "toimitus@example.org"),
    place="Kulttuuritalo, Sturenkatu 4; Helsinki",
    text="Näe, muuta tai peru:\nhttps://kirje.example.org/me?a=b,c",
    url="https://kirje.example.org/meetings/teemapaiva?lang=fi",
)
ATTENDEE = Attendee(address="aija@example.org", name="Äijä; Öljy, “Å”")
words = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=200)


def event_in(written: bytes) -> Any:
    """Return the one meeting of a calendar, as another library reads it."""
    [event] = vobject.readOne(written.decode()).vevent_list
    return event


def moment(value: dt.datetime) -> dt.datetime:
    return value.astimezone(dt.UTC)


def test_what_is_written_is_read_back_to_the_letter() -> None:
    written = write_request(
        replace(THEME_DAY, remote_link=LINK, remote_label="Etänä"), ATTENDEE, NOW
    )

    event = event_in(written)

    assert event.uid.value == "5f0c1a@example.org"
    assert event.sequence.value == "3"
    assert event.dtstamp.value == NOW.replace(microsecond=0)
    assert event.summary.value == THEME_DAY.title
    assert event.location.value == THEME_DAY.place
    assert event.description.value == THEME_DAY.text
    assert event.url.value == THEME_DAY.url
    assert event.conference.value == LINK
    assert event.conference.params["LABEL"] == ["Etänä"]
    assert event.organizer.value == "mailto:toimitus@example.org"
    assert event.organizer.params["CN"] == ["Säätiö, 'Kirje'"]


def test_who_registered_has_said_yes_and_is_asked_no_more() -> None:
    """Whoever RSVP asks to answer mails the organiser "accepted"."""
    event = event_in(write_request(THEME_DAY, ATTENDEE, NOW))

    assert event.attendee.value == "mailto:aija@example.org"
    assert event.attendee.params["PARTSTAT"] == ["ACCEPTED"]
    assert event.attendee.params["RSVP"] == ["FALSE"]
    assert event.attendee.params["CN"] == [ATTENDEE.name]


@pytest.mark.parametrize(
    "day",
    # The last Sundays of March and of October, and the days around them.
    ["2027-03-27", "2027-03-28", "2027-03-29", "2027-10-30", "2027-10-31", "2027-11-01"],
)
def test_the_hour_is_the_one_on_the_wall_over_both_changes_of_the_clocks(day: str) -> None:
    start = dt.datetime.fromisoformat(f"{day}T09:30")
    entry = replace(THEME_DAY, start=start, end=start + dt.timedelta(hours=5))

    event = event_in(write_request(entry, ATTENDEE, NOW))

    assert event.dtstart.value.replace(tzinfo=None) == start
    assert moment(event.dtstart.value) == moment(start.replace(tzinfo=HELSINKI))
    assert moment(event.dtend.value) == moment(entry.end.replace(tzinfo=HELSINKI))


@settings(max_examples=60)
@given(st.datetimes(*map(dt.datetime.fromisoformat, ("2000-01-01", "2060-01-01"))))
def test_the_zone_by_its_rules_is_finlands_own(start: dt.datetime) -> None:
    start = start.replace(second=0, microsecond=0)
    there = start.replace(tzinfo=HELSINKI)
    if there.astimezone(dt.UTC).astimezone(HELSINKI).replace(tzinfo=None) != start or there.fold:
        return  # no clock ever showed it
    if there.utcoffset() != there.replace(fold=1).utcoffset():
        return  # clocks showed it twice

    entry = replace(THEME_DAY, start=start, end=start + dt.timedelta(hours=1))

    assert moment(event_in(write_file([entry], NOW)).dtstart.value) == moment(there)


def test_the_zone_is_given_by_rules_as_outlook_reads_no_list_of_dates() -> None:
    written = write_request(THEME_DAY, ATTENDEE, NOW).decode()

    assert re.findall(r"^RRULE:(.*)\r$", written, re.MULTILINE) == [
        "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
    ]
    assert "RDATE" not in written
    assert "DTSTART;TZID=Europe/Helsinki:20270325T093000\r\n" in written


@pytest.mark.parametrize("zone", ["Europe/Stockholm", "America/New_York", "Asia/Kathmandu"])
def test_any_other_zone_is_told_in_utc(zone: str) -> None:
    entry = replace(THEME_DAY, zone=ZoneInfo(zone))

    written = write_request(entry, ATTENDEE, NOW)

    assert b"VTIMEZONE" not in written
    assert b"TZID" not in written
    begins = event_in(written).dtstart.value
    assert moment(begins) == moment(entry.start.replace(tzinfo=entry.zone))


@settings(max_examples=40)
@given(title=words, text=words, name=words)
def test_no_letter_is_cut_in_two_and_no_line_is_too_long(title: str, text: str, name: str) -> None:
    """75 octets, not letters: libraries cut ä in two (collective/icalendar#7)."""
    entry = replace(THEME_DAY, title=f"ä{title}ä", text=f"ö{text}ö")

    written = write_request(entry, replace(ATTENDEE, name=name), NOW)

    for line in written.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
    assert event_in(written).summary.value == entry.title


@pytest.mark.parametrize(
    "name",
    ["Eve\r\nATTENDEE:mailto:bo@example.org", "Eve\nBEGIN:VALARM", 'E"v:e;X=1', "E\x00v\x1be"],
)
def test_a_name_writes_no_line_of_its_own(name: str) -> None:
    written = write_request(THEME_DAY, replace(ATTENDEE, name=name), NOW)

    unfolded = written.decode().replace("\r\n ", "").split("\r\n")
    assert [line for line in unfolded if line.startswith(("ATTENDEE", "BEGIN:VALARM"))] == [
        line for line in unfolded if line.startswith("ATTENDEE;CN=")
    ]
    assert event_in(written).attendee.value == "mailto:aija@example.org"


def test_who_cancels_is_not_told_that_the_meeting_is_off() -> None:
    """STATUS:CANCELLED is of the meeting, METHOD:CANCEL of the entry (RFC 5546, 3.2.5)."""
    own = write_cancellation(THEME_DAY, ATTENDEE, NOW)
    off = write_cancellation(replace(THEME_DAY, is_called_off=True), ATTENDEE, NOW)

    assert b"\r\nMETHOD:CANCEL\r\n" in own
    assert b"\r\nMETHOD:CANCEL\r\n" in off
    assert not hasattr(event_in(own), "status")
    assert event_in(off).status.value == "CANCELLED"


def test_a_feed_shows_what_anybody_may_know_and_no_guest() -> None:
    off = replace(THEME_DAY, uid="other@example.org", is_called_off=True)

    written = write_file([THEME_DAY, off], NOW, name="Työhönvalmennuksen teemapäivät")

    calendar = vobject.readOne(written.decode())
    assert calendar.method.value == "PUBLISH"
    assert "\r\nNAME:Työhönvalmennuksen teemapäivät\r\n" in written.decode()
    assert [event.status.value for event in calendar.vevent_list] == ["CONFIRMED", "CANCELLED"]
    assert b"ATTENDEE" not in written
    assert b"CONFERENCE" not in written
    assert written.count(b"BEGIN:VTIMEZONE") == 1
