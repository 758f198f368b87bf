"""An issue named for more than a month, or for a week, is of the month it names."""

import datetime as dt

import pytest

from newsletter.cli.issue_days import date_of
from tests.conftest import Site


@pytest.mark.parametrize(
    ("issue_id", "day"),
    [
        ("2026-12", "2026-12-15"),
        ("2026-12b", "2026-12-15"),
        ("2026-12-extra", "2026-12-15"),
        ("2026-w49", "2026-12-03"),
        ("2026-W01", "2026-01-01"),
        ("2026w53", "2026-12-31"),
        ("2026-w54", "2000-01-01"),  # no year has so many
        ("2026-123", "2000-01-01"),
        ("kesa", "2000-01-01"),
    ],
)
def test_an_id_tells_the_month(issue_id: str, day: str) -> None:
    assert str(date_of(issue_id) or dt.date(2000, 1, 1)) == day


def test_no_command_is_named_that_would_refuse_the_name_itself(site: Site) -> None:
    assert "newsletter new" in site.run("check", "joulu", code=2).stderr
    assert "newsletter new" not in site.run("check", "../x", code=2).stderr
