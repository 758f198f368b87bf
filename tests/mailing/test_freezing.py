"""What a send was planned with stays as it was, whatever the settings become."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing

import pytest

from newsletter import pipeline
from newsletter.ledger import Ledger, list_attempts, people
from newsletter.model import Subscriber
from newsletter.settings import load_settings
from tests.conftest import ISSUE, Site
from tests.ledger.blank import open_blank

NOW = dt.datetime(2026, 6, 15, 12, tzinfo=dt.UTC)


@pytest.fixture
def ledger(site: Site) -> Iterator[Ledger]:
    with closing(open_blank(site.root / "l.db")) as opened:
        with opened.write() as connection:
            people.add_subscribers(connection, [Subscriber(address="p@example.org", key="k")], NOW)
        yield opened


def is_planned(site: Site, ledger: Ledger, issue: str) -> None:
    site.write(f"issues/{issue}.md", ISSUE)
    settings = load_settings(site.root)
    plan = pipeline.plan(settings, pipeline.read(settings, issue), ledger, now=NOW)
    pipeline.freeze(settings, plan, ledger, now=NOW)


def test_issues_are_counted_over_the_days_that_were_set_as_each_was_planned(
    site: Site, ledger: Ledger
) -> None:
    is_planned(site, ledger, "2026-05")
    with (site.root / "newsletter.toml").open("a", encoding="utf-8") as file:
        file.write("[statistics]\nwindow_days = 14\n")
    is_planned(site, ledger, "2026-06")

    with ledger.read() as connection:
        assert [send.window_days for send in list_attempts(connection)] == [7, 14]
