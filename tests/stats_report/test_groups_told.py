"""Groups of readers are told with how many readers they have, and what is known of none is not."""

from dataclasses import replace

from newsletter.drawing import Calendar
from newsletter.model.figures import Delivered
from newsletter.stats_report.issue_parts import groups_of
from tests.stats.specimens import issue

CALENDAR = Calendar("en", "Europe/Helsinki")
GROUPS = issue(20).groups["language"]


def test_a_group_has_the_number_of_its_readers() -> None:
    told = groups_of("language", GROUPS, CALENDAR)

    assert [head for head in told.heads if head in ("Readers", "Bounced")] == ["Readers", "Bounced"]
    assert [row[1] for row in told.rows] == [str(one.delivered.delivered) for one in GROUPS]


def test_where_no_server_told_of_any_they_are_those_who_were_mailed() -> None:
    mailed = [replace(one, delivered=Delivered(sent=one.delivered.sent)) for one in GROUPS]

    told = groups_of("language", mailed, CALENDAR)

    assert [row[1] for row in told.rows] == [str(one.delivered.sent) for one in GROUPS]
    assert "Bounced" not in told.heads
    assert {len(row) for row in told.rows} == {len(told.heads)}


def test_bounces_that_are_known_of_one_group_are_told() -> None:
    first, second = GROUPS
    half = replace(first, delivered=Delivered(sent=50, bounced_hard=2))
    none = replace(second, delivered=Delivered(sent=50))

    told = groups_of("language", [half, none], CALENDAR)

    assert [row[-1] for row in told.rows] == ["at least 2", "not known"]
