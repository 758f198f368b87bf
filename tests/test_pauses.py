"""A pause lasts months as the calendar has them."""

import datetime as dt

import pytest

from newsletter.model import after_months


@pytest.mark.parametrize(
    ("begun", "months", "over"),
    [
        ("2026-12-15T09:30", 1, "2027-01-15T09:30"),
        ("2027-01-31T00:00", 1, "2027-02-28T00:00"),
        ("2028-01-31T00:00", 1, "2028-02-29T00:00"),
        ("2026-08-31T12:00", 6, "2027-02-28T12:00"),
        ("2026-11-30T12:00", 1, "2026-12-30T12:00"),
        ("2026-12-31T12:00", 2, "2027-02-28T12:00"),
    ],
)
def test_a_month_is_one_of_the_calendar(begun: str, months: int, over: str) -> None:
    assert after_months(dt.datetime.fromisoformat(begun), months).isoformat()[:16] == over
