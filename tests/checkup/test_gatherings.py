"""What `doctor` says of meetings to come."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from newsletter import meetings, surveys
from newsletter.agenda import meetings_of
from newsletter.checkup.gatherings import look_at_gatherings
from newsletter.content.meeting_files import read_meeting
from newsletter.ledger import due_mails, registrations
from newsletter.model.meeting import Attending, Entry, MeetingMail
from newsletter.settings import load_settings
from tests.conftest import Site
from tests.ledger.blank import open_blank
from tests.questionnaires import TOPICS, survey_of

NOW = dt.datetime(2026, 11, 2, 10, tzinfo=dt.UTC)
DAY = """---
title: Teemapäivä
start: 2026-12-09 09:00
end: 15:00
place: Talo
seats:
  on-site: 1
---
"""


def test_it_tells_what_the_editor_of_a_meeting_must_decide(site: Site, tmp_path: Path) -> None:
    site.write("meetings/day.md", DAY)
    settings, ledger = load_settings(site.root), open_blank(tmp_path / "ledger.db")
    one = read_meeting(site.root / "meetings", "day", language="fi", zone=settings.zone)
    entry = Entry(attending=Attending.ON_SITE, name="Aino")
    meetings.register(ledger, one, entry, address="", now=NOW, by_editor=True)
    site.write("meetings/day.md", DAY.replace("09:00", "10:00").replace("on-site: 1", "on-site: 0"))

    told = [diagnosis.message for diagnosis in look_at_gatherings(settings, ledger, now=NOW)]

    assert told == [
        "day: those who registered were told something else",
        "day: more people than seats on site",
    ]
    site.write("meetings/day.md", DAY.replace("place: Talo", "place: (kirjoita tähän, missä)"))
    told = [diagnosis.message for diagnosis in look_at_gatherings(settings, ledger, now=NOW)]
    assert told == ["day: its text is marked as still to be written, so its mails wait"]
    ledger.close()


def test_what_is_put_aside_or_locked_by_an_editor_is_no_meeting_that_cannot_be_read(
    site: Site,
) -> None:
    for name in ("-aside.md", "other.luonnos.md", "README.md", "broken.md"):
        site.write(f"meetings/{name}", "Hei!")
    (site.root / "meetings" / ".#day.md").symlink_to("aino@example.org.1234")

    assert meetings_of(load_settings(site.root)).unreadable == {"broken"}


def test_it_tells_that_nobody_opened_the_survey_of_a_meeting_that_was(
    site: Site, tmp_path: Path
) -> None:
    site.write("meetings/day.md", DAY.replace("place:", "survey: palaute\nplace:"))
    settings, ledger = load_settings(site.root), open_blank(tmp_path / "ledger.db")

    def told(day: int) -> list[str]:
        now = dt.datetime(2026, 12, day, 10, tzinfo=dt.UTC)
        return [one.message for one in look_at_gatherings(settings, ledger, now=now)]

    before, after = told(8), told(10)
    surveys.open_survey(ledger, survey_of(TOPICS, id="palaute"), zone=settings.zone, now=NOW)

    assert (before, told(10)) == ([], [])
    assert after == ["day: its survey “palaute” is not open, so nobody is asked how it was"]
    ledger.close()


@pytest.mark.parametrize(
    ("closes", "mailed", "told"),
    [
        pytest.param("2026-12-09 23:59", None, False, id="nobody came"),
        pytest.param("2026-12-09 23:59", MeetingMail.CONFIRMED, True, id="closed before thanks"),
        pytest.param("2026-12-09 23:59", MeetingMail.THANKS, True, id="thanks for material alone"),
        pytest.param("2026-12-11 23:59", MeetingMail.THANKS, False, id="thanks led to it"),
        pytest.param("2026-12-11 23:59", MeetingMail.CONFIRMED, True, id="no thanks went"),
        pytest.param("2026-12-24 23:59", MeetingMail.CONFIRMED, False, id="still open"),
    ],
)
def test_it_tells_that_a_survey_closed_before_anybody_was_led_to_it(
    site: Site, tmp_path: Path, closes: str, mailed: MeetingMail | None, *, told: bool
) -> None:
    site.write("meetings/day.md", DAY.replace("place:", "survey: palaute\nplace:"))
    settings, ledger = load_settings(site.root), open_blank(tmp_path / "ledger.db")
    one = read_meeting(site.root / "meetings", "day", language="fi", zone=settings.zone)
    if mailed:
        entry = Entry(attending=Attending.ON_SITE, name="Aino")
        meetings.register(ledger, one, entry, address="", now=NOW, by_editor=True)
        with ledger.write() as connection:
            [aino] = registrations.list_registrations(connection, "day")
            due_mails.add_mail(connection, aino, mailed, due_at=NOW, number=1)
    survey = replace(survey_of(TOPICS, id="palaute"), closes=dt.datetime.fromisoformat(closes))
    surveys.open_survey(ledger, survey, zone=settings.zone, now=NOW)
    now = dt.datetime(2026, 12, 13, 10, tzinfo=dt.UTC)

    found = list(look_at_gatherings(settings, ledger, now=now))

    assert ["is not open" in one.message for one in found] == [True] * told
    assert all("under another name" in one.cure for one in found)
    ledger.close()
