"""Log, CSV, page, mail and terminal tell nothing of readers that JSON does not tell.

So nobody gets at more by them, whatever they add and subtract: each is the same, to the letter, if
it is made of what JSON tells. What JSON lets nobody get at is tested by itself.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from rich.console import Console

from newsletter.cli.figure_page import print_issue
from newsletter.cli.figure_table import print_issues, print_sources
from newsletter.ledger import Ledger, figures
from newsletter.model import Counting, HitKind, ReturnKind
from newsletter.model.figures import Counts, Source, Split, StatsReport
from newsletter.stats import as_csv
from newsletter.stats.log_cells import form_in, write_rows
from newsletter.stats.log_rows import rows_of
from newsletter.stats.shares import click_range
from newsletter.stats_report import render_html, render_mail
from tests.stats import specimens
from tests.stats.sent import (
    BEGUN,
    DAY,
    HIDDEN,
    HOUR,
    HUMAN,
    UNKNOWN,
    copies_of,
    has_link,
    is_allowed,
    is_counted,
    is_seen,
    is_told,
    issue_goes_out,
    people_join,
    report,
)
from tests.stats.told_again import said_of, told_again
from tests.stats_report import pages

HELSINKI = ZoneInfo("Europe/Helsinki")


def published(told: StatsReport) -> dict[str, object]:
    """Return all that is made of a report but JSON, by what it is."""
    out = io.StringIO()
    console = Console(file=out, width=160, no_color=True, force_terminal=False)
    print_issues(console, told.issues)
    print_sources(console, told.issues, HELSINKI)
    for issue in told.issues:
        print_issue(console, issue, HELSINKI)
    return {
        "log": write_rows(rows_of(told), form_in("en")),
        "csv": as_csv(told.issues),
        "page": render_html(told, pages.face()),
        "mail": render_mail(told),
        "terminal": out.getvalue(),
    }


def assert_tells_no_more(told: StatsReport) -> None:
    """Assert that all is as if it were made of JSON."""
    assert published(told_again(told)) == published(said_of(told, told.issues))


@pytest.mark.parametrize(
    "drawn",
    [
        lambda: specimens.report(3),
        pages.without_knowledge,
        pages.in_two_languages,
        pages.of_few_readers,
        pages.of_times_alone,
    ],
)
def test_nothing_is_told_that_json_does_not_tell(drawn: Callable[[], StatsReport]) -> None:
    assert_tells_no_more(drawn())


counts = st.none() | st.integers(0, 60)
splits = st.builds(Split, human=counts, unknown=counts, machine=counts, hidden=counts)


@given(st.data())
@settings(max_examples=6, phases=[Phase.generate])  # each draws two reports in five forms
def test_nor_where_some_of_it_is_not_known(data: st.DataObject) -> None:
    whole = specimens.report(2)

    issues = [
        replace(
            issue,
            shown=_known_in_part(data, issue.shown),
            whole=_known_in_part(data, issue.whole),
            others=[_known_in_part(data, other) for other in issue.others],
        )
        for issue in whole.issues
    ]

    issues = [replace(issue, click_range=click_range(issue.shown)) for issue in issues]
    assert_tells_no_more(replace(whole, issues=issues))


def _known_in_part(data: st.DataObject, told: Counts) -> Counts:
    """Return counts of which some are not known."""
    opens, openers, clickers = (data.draw(splits) for _ in range(3))
    return replace(told, opens=opens, openers=openers, clickers=clickers)


def _three_issues(ledger: Ledger) -> Iterator[int]:
    """Send issues to groups large and small, one for each way of counting; people read them."""
    with ledger.write() as connection:
        for count, language, region in (
            (30, "fi", "Uusimaa"),
            (12, "fi", "Lappi"),
            (14, "sv", "Uusimaa"),
            (4, "sv", "Lappi"),
        ):
            people_join(connection, count, language, region)
        for n, counting in enumerate((Counting.PROVIDER, Counting.AGGREGATE, Counting.CONSENTED)):
            source = Source.SERVICE if counting.is_ours else Source.WEBHOOKS
            at = BEGUN + n * HOUR
            send = issue_goes_out(connection, f"2026-{10 + n}", begun=at, counting=counting)
            copies = copies_of(connection, send)
            is_allowed(connection, copies[::2])
            has_link(connection, send, 1, "Uutiset")
            has_link(connection, send, 2, "Kurssit")
            is_counted(connection, send, at, "human", 9, source=source)
            is_counted(
                connection, send, at, "unknown", 3, kind=HitKind.CLICKED, link=1, source=source
            )
            if counting is not Counting.AGGREGATE:
                ranks = dict(
                    zip(copies[::2], [HUMAN] * 9 + [UNKNOWN] * 5 + [HIDDEN] * 3, strict=False)
                )
                is_seen(connection, send, ranks, source=source)
                clicked = {copies[0]: HUMAN, copies[2]: UNKNOWN}
                is_seen(connection, send, clicked, HitKind.CLICKED, link=1, source=source)
            is_told(connection, [(copy, ReturnKind.DELIVERED) for copy in copies[1:]], at=at + HOUR)
            yield send


@pytest.mark.parametrize("ledger", ["sqlite"], indirect=True)
def test_nor_of_groups_and_of_what_changed_later(ledger: Ledger) -> None:
    sends = list(_three_issues(ledger))
    first = report(ledger, BEGUN + 9 * DAY)
    with ledger.write() as connection:
        bounced = [(copies_of(connection, sends[0])[3], ReturnKind.HARD)]
        is_told(connection, bounced, at=BEGUN + DAY, now=BEGUN + 12 * DAY)
        figures.note_news(connection, sends)
    second = report(ledger, BEGUN + 12 * DAY)

    for told in (first, second):
        assert_tells_no_more(told)
    assert all(second.issues[0].groups.values())
    assert second.issues[0].revisions
