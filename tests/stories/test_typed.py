"""Times, durations and shares are read as people type them in Finnish, Swedish and English."""

import datetime as dt
from contextlib import suppress

import click
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.cli.inputs import as_local_time, as_seconds, as_share
from newsletter.language import say
from newsletter.language.catalogs import SPOKEN, say_in

NINE = dt.datetime(2026, 11, 30, 9)  # noqa: DTZ001 - in the newsletter's zone
TODAY = dt.datetime.now().astimezone().date()


@pytest.mark.parametrize(
    "typed",
    [
        "2026-11-30 09:00",
        "2026-11-30T09:00",
        "2026-11-30 09:00:00",
        "2026-11-30 9.00",
        "30.11.2026 klo 9.00",
        "30.11.2026 klo 9",
        "30.11.2026 klo. 9:00",
        "30. 11. 2026 kello 09.00",
        "30.11.2026 9:00",
        "30.11.2026 9.00",
        "30.11.2026, 9.00",
        "30. marraskuuta 2026 klo 9.00",
        "30 november 2026 kl. 9.00",
        "30 november 2026 kl 09:00",
        "30.11.2026 kl. 9.00",
        "30 nov. 2026 kl. 9",
        "30 November 2026 at 9:00",
        "30.11.2026\u00a0klo\u00a09.00",
        "ma 30.11.2026 klo 9.00",
        "Maanantaina 30.11.2026 klo 9.00",
        "maanantai 30. marraskuuta 2026 klo 9",
        "den 30 november 2026 kl 9",
        "måndagen den 30 november 2026 kl. 9.00",
        "mån. 30 nov. 2026 kl. 9",
        "Monday, 30 November 2026 at 9:00",
        "Mon 2026-11-30 09:00",
    ],
)
def test_a_time_is_read_as_it_is_written(typed: str) -> None:
    assert as_local_time(typed) == NINE


def test_months_and_days_in_figures_need_no_nought() -> None:
    assert as_local_time("2026-1-5 9:00") == dt.datetime(2026, 1, 5, 9)  # noqa: DTZ001 - as above


@pytest.mark.parametrize(
    "typed",
    ["ti 30.11.2026 klo 9.00", "söndag 30 november 2026 kl. 9", "Friday 30 November 2026 at 9:00"],
)
def test_a_day_of_the_week_that_does_not_fit_is_refused(typed: str) -> None:
    with pytest.raises(click.BadParameter, match="2026-11-30 is another day of the week"):
        as_local_time(typed)


@pytest.mark.parametrize(
    "names",
    [
        ("ma", "ti", "ke", "to", "pe", "la", "su"),
        ("mån", "tis", "ons", "tors", "fre", "lör", "sön"),
        ("måndagen", "tisdagen", "onsdagen", "torsdagen", "fredagen", "lördagen", "söndagen"),
        ("Mon", "Tues", "Wednesday", "Thurs", "Fri", "Saturday", "Sun"),
        ("maanantai", "tiistai", "keskiviikko", "torstai", "perjantai", "lauantai", "sunnuntai"),
    ],
)
def test_days_of_the_week_have_names(names: tuple[str, ...]) -> None:
    for number, name in enumerate(names):
        assert as_local_time(f"{name} {number + 2}.11.2026 klo 9").weekday() == number


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("kesäkuuta", 6),
        ("kesäkuun", 6),
        ("juni", 6),
        ("June", 6),
        ("maaliskuuta", 3),
        ("marraskuuta", 11),
        ("mars", 3),
        ("maj", 5),
        ("May", 5),
        ("okt", 10),
    ],
)
def test_months_have_names(name: str, number: int) -> None:
    assert as_local_time(f"3. {name} 2026 klo 9").month == number


@pytest.mark.parametrize(
    "typed",
    [
        "30.11.26 klo 9.00",  # of which century
        "30/11/2026 9:00",  # Americans put the month first
        "11/12/2026 9:00",
        "30.11 9.00",  # which of the two is the day
        "30.11.2026",  # at what time
        "30.11.2026 9",
        "30.2.2026 klo 9.00",
        "2026-13-01 09:00",
        "30.11.2026 klo 24.00",
        "30.11.2026 klo 9.60",
        "30 marsuuta 2026 klo 9.00",
        "9:00",
        "30.11.20269.00",  # where the year ends
        "12.11.202612.30",
        "30 november 20269.00",
        "2026-11-309:00",
        "on 30.11.2026 klo 9.00",  # the end of “maanantai”, Wednesday or the English word
        "huomenna klo 9",
        "",
    ],
)
def test_what_can_mean_two_times_or_none_is_refused(typed: str) -> None:
    with pytest.raises(click.BadParameter, match="is not a time such as"):
        as_local_time(typed)


@given(
    at=st.datetimes(NINE.replace(year=1000), NINE.replace(year=9999)),
    language=st.sampled_from(SPOKEN),
)
def test_what_the_program_writes_as_a_time_it_reads(at: dt.datetime, language: str) -> None:
    at = at.replace(second=0, microsecond=0)

    assert as_local_time(say_in(language, say("{at:%Y-%m-%d %H:%M}", at=at))) == at


@given(days=st.integers(-170, 170))
@example(days=0)
def test_a_day_without_a_year_is_the_nearest(days: int) -> None:
    day = TODAY + dt.timedelta(days=days)

    assert as_local_time(f"{day.day}.{day.month}. klo 9").date() == day


@given(typed=st.text(st.sampled_from("0123456789.:- Tklo")))
def test_no_text_breaks_the_reading_of_a_time(typed: str) -> None:
    with suppress(click.BadParameter):
        as_local_time(typed)


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("30m", 1800),
        ("2h", 7200),
        ("90s", 90),
        ("30 min", 1800),
        ("30 minuuttia", 1800),
        ("30 minuter", 1800),
        ("2 t", 7200),
        ("2 tuntia", 7200),
        ("2 tim.", 7200),
        ("1,5 h", 5400),
        ("30\u00a0min", 1800),
    ],
)
def test_a_duration_is_read_in_three_languages(typed: str, seconds: float) -> None:
    assert as_seconds(typed) == seconds


@pytest.mark.parametrize("typed", ["30", "m", "-5m", "1e3s", "2 d", "30 min 5 s", "1.234 h"])
def test_what_is_no_duration_is_refused(typed: str) -> None:
    with pytest.raises(click.BadParameter, match="is not a duration such as"):
        as_seconds(typed)


@given(share=st.integers(0, 1000), language=st.sampled_from(SPOKEN))
def test_what_the_program_writes_as_a_share_it_reads(share: int, language: str) -> None:
    written = say_in(language, say("{share:.1%}", share=share / 1000))

    assert as_share(written) == pytest.approx(share / 1000)


@pytest.mark.parametrize("typed", ["5", "101 %", "-1 %", "%", "5 prosenttia"])
def test_what_is_no_share_is_refused(typed: str) -> None:
    with pytest.raises(click.BadParameter, match="is not a share such as"):
        as_share(typed)
