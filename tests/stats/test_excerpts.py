"""A report on an issue tells of the list until the month in which that issue was sent."""

import datetime as dt
from dataclasses import replace

import pytest

from newsletter.stats import up_to

from .specimens import report


@pytest.mark.parametrize(
    ("sent_at", "last"),
    [
        (dt.datetime(2026, 11, 30, 21, 59, tzinfo=dt.UTC), "2026-11"),
        (dt.datetime(2026, 11, 30, 22, 1, tzinfo=dt.UTC), "2026-12"),  # in Helsinki
    ],
)
def test_the_list_is_told_of_until_the_month_in_which_the_issue_was_sent(
    sent_at: dt.datetime, last: str
) -> None:
    whole = report()
    issue = replace(whole.issues[-1], date=dt.date(2026, 10, 1), sent_at=sent_at)

    excerpt = up_to(replace(whole, issues=[*whole.issues[:-1], issue]), issue.issue)

    assert excerpt
    assert excerpt.growth[-1].month == last
