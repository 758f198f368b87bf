"""An event's time is told as each language tells it."""

import datetime as dt

import pytest

from newsletter.model import Occasion
from newsletter.render.occasions import format_deadline, format_when


def moment(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """Return a time in December 2026."""
    return dt.datetime(2026, 12, day, hour, minute)  # noqa: DTZ001 - on the readers' clock


def occasion(start: dt.datetime, end: dt.datetime | None = None) -> Occasion:
    """Return an event at a time, with a deadline a week before."""
    deadline = dt.date(2026, 12, 2)
    return Occasion(line=1, name="a", title="a", start=start, end=end, deadline=deadline)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("fi", "keskiviikko 9.12.2026 klo 9–15"),
        ("sv", "onsdag 9\xa0december 2026 kl. 9–15"),
        ("en", "Wednesday 9\xa0December 2026, 9:00–15:00"),
        ("en-GB", "Wednesday 9\xa0December 2026, 9:00–15:00"),
        ("de", "Mittwoch 9\xa0Dezember 2026, 9:00–15:00"),  # a language without a manner of its own
        ("xx", "Wednesday 9\xa0December 2026, 9:00–15:00"),  # one that nobody knows
    ],
)
def test_a_time_is_told_in_the_readers_language(language: str, told: str) -> None:
    assert format_when(occasion(moment(9, 9), moment(9, 15)), language=language) == told


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        (moment(9, 9), None, "keskiviikko 9.12.2026 klo 9"),
        (moment(9, 8, 30), None, "keskiviikko 9.12.2026 klo 8.30"),
        (moment(9, 9), moment(9, 15, 30), "keskiviikko 9.12.2026 klo 9.00–15.30"),
        (
            moment(9, 9),
            moment(10, 12),
            "keskiviikko 9.12.2026 klo 9 – torstai 10.12.2026 klo 12",
        ),
    ],
)
def test_hours_are_told_with_minutes_where_one_has_some(
    start: dt.datetime, end: dt.datetime | None, told: str
) -> None:
    assert format_when(occasion(start, end), language="fi") == told


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("fi", "Ilmoittaudu viimeistään keskiviikkona 2.12.2026"),
        ("sv", "Anmäl dig senast onsdagen den 2\xa0december 2026"),
        ("en", "Register by Wednesday 2\xa0December 2026"),
        ("de", "Register by Wednesday 2\xa0December 2026"),
    ],
)
def test_a_deadline_is_a_sentence(language: str, told: str) -> None:
    assert format_deadline(occasion(moment(9, 9)), language=language) == told


@pytest.mark.parametrize("day", range(7, 14))
def test_every_weekday_is_inflected(day: int) -> None:
    week = Occasion(
        line=1, name="a", title="a", start=moment(20, 9), deadline=dt.date(2026, 12, day)
    )

    assert format_deadline(week, language="fi").split()[2] in {
        "maanantaina", "tiistaina", "keskiviikkona", "torstaina", "perjantaina", "lauantaina",
        "sunnuntaina",
    }  # fmt: skip
