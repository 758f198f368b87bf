"""Dates are found as people write them, in three languages, with their days of the week."""

import datetime as dt

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from newsletter.checking.instruments import find_days

dates = st.dates(dt.date(1990, 1, 1), dt.date(2059, 12, 31))
# Babel's patterns as newsletters use them; Finnish with the essive, "keskiviikkona".
PATTERNS = {
    "fi": ["EEEE d.M.y", "EEEE d. MMMM y", "cccccc d.M.y", "EEEE, d.M.y 'klo' 9"],
    "sv": [
        *("EEEE d MMMM y", "EEEE 'den' d MMMM y", "E d MMM y", "EEEE 'den' d':e' MMMM y"),
        *("EEEE d/M-y", "E d/M-y 'kl.' 9–15", "EEEE 'den' d/M/y"),
    ],
    "en": ["EEEE, MMMM d, y", "E d MMMM y", "EEEE d 'of' MMMM y"],
}
WRITTEN = [(language, pattern) for language, found in PATTERNS.items() for pattern in found]


@pytest.mark.parametrize(("language", "pattern"), WRITTEN)
@given(date=dates)
def test_a_date_is_read_back_with_its_day_of_the_week(
    language: str, pattern: str, date: dt.date
) -> None:
    text = f"Hei: {format_date(date, pattern, locale=language)}. X"

    [day] = find_days(text, language)

    assert (day.day, day.month, day.year, day.weekday) == (
        date.day,
        date.month,
        date.year,
        date.weekday(),
    )
    assert text[day.start : day.end] == day.text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Vi ses 24/12 i Helsingfors, senast 1/2 eller den 5/6.", ["24/12", "1/2", "5/6"]),
        ("den 24:e december och 1:a mars 2027", ["24:e december", "1:a mars 2027"]),
        ("24/12 2026, 24/12-2026 och 24/12/2026", ["24/12 2026", "24/12-2026", "24/12/2026"]),
        ("torsdag 24/12.", ["torsdag 24/12"]),
        ("den 31/2", ["31/2"]),  # no calendar has it
        # fractions, scores, seasons, prices and numbers
        ("1/2 liter, 3/4 av oss, 9/10, läsåret 25/26, öppet 24/7, 20/12 2000 kr", ["20/12"]),
        ("2025/2026, sid. 13/12/11, 113/12, 13/125, https://www.example.org/13/12", []),
    ],
)
def test_swedish_dates_with_a_stroke_are_told_from_fractions(text: str, found: list[str]) -> None:
    assert [day.text for day in find_days(text, "sv")] == found


@pytest.mark.parametrize("language", ["fi", "en"])
def test_strokes_make_no_dates_elsewhere(language: str) -> None:
    assert find_days("24/12 ja 13/12 2026", language) == ()


@given(issued=dates, date=dates)
def test_a_date_without_a_year_is_the_next_one_or_one_just_gone(
    issued: dt.date, date: dt.date
) -> None:
    [day] = find_days(f"{date.day}.{date.month}.", "fi")

    first, second = day.dates(issued)

    assert {(d.day, d.month) for d in (first, second)} == {(date.day, date.month)}
    assert min(first, second) < issued <= max(first, second)
    assert first >= issued or (second - issued).days > 335


@pytest.mark.parametrize(
    ("text", "language"),
    [
        # the Finnish verb, and the English preposition
        ("Teemapäivä on 24.11.2026.", "fi"),
        ("from 1 to 9 December 2026", "en"),
        # what comes every week
        ("maanantaisin 2.11.2026 alkaen", "fi"),
        # more days than one, and no telling which is meant
        ("ma–pe 4.1.2027 alkaen", "fi"),
    ],
)
def test_other_words_are_no_days_of_the_week(text: str, language: str) -> None:
    [day] = find_days(text, language)

    assert day.weekday is None


@pytest.mark.parametrize(
    "text",
    [
        "klo 9.30–10.10.",  # times
        "Kirje 6/2026 ja 2/3 vastaajista",
        "Versio 1.2.3.4 ja 100.10.1.",
        "Osuus 3,5 % eli 12.5 kertaa",
        "You may 9 times out of 10",
    ],
)
def test_other_numbers_are_no_dates(text: str) -> None:
    assert find_days(text, "en") == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ke–to 22.–23.9.2021", [(22, 2), (23, 3)]),
        ("ti 24.11. ja to 26.11.", [(24, 1), (26, 3)]),
        ("ti ja to 24.11. ja 26.11.", [(24, 1), (26, 3)]),
        ("tiistaista 24.11. torstaihin 26.11.", [(24, 1), (26, 3)]),
        ("22.9.2021 (ke)", [(22, 2)]),
    ],
)
def test_days_of_the_week_go_to_their_dates(text: str, found: list[tuple[int, int]]) -> None:
    assert [(day.day, day.weekday) for day in find_days(text, "fi")] == found


@given(text=st.text(alphabet="make tio0123456789./–-|() kuta", max_size=40))
def test_no_text_is_too_strange(text: str) -> None:
    for day in find_days(text, "fi"):
        assert text[day.start : day.end] == day.text


def test_many_dates_in_one_line_are_each_found() -> None:
    text = "tiistaina 1.12. " * 400 + "1.1. " * 400

    assert len(find_days(text, "fi")) == 800
