"""What providers say of a send is kept with its time, and makes no more rows than days."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from newsletter.ledger import Ledger
from newsletter.ledger.reports import Reported, add_report, newest_report, newest_times
from newsletter.ledger.tables import reports, sends
from newsletter.model import (
    Counts,
    Figures,
    LinkCounts,
    SectionCounts,
    Source,
    Span,
    Split,
)
from tests.ledger.examples import NOW, begin

LINK = LinkCounts(
    number=3,
    url="https://example.org/työ?a=1",
    words="Lue lisää",
    section="Ajankohtaista",
    language="fi",
    times=Split(human=0, unknown=5, machine=1, hidden=0),
    people=Split(human=0, unknown=4, machine=1, hidden=0),
)


def said(delivered: int, *, after: dt.timedelta = dt.timedelta(), **changes: object) -> Reported:
    """Return what Brevo says so long after the send."""
    figures = Figures(delivered=delivered)
    return Reported(provider="brevo", as_of=NOW + after, figures=figures, **changes)  # type: ignore[arg-type]


def rows(connection: Connection) -> int:
    return int(connection.execute(select(func.count()).select_from(reports)).scalar_one())


def test_a_report_comes_back_as_it_was_said(connection: Connection) -> None:
    send_id = begin(connection, 2)
    counts = Counts(
        source=Source.REPORT,
        span=Span.WINDOW,
        as_of=NOW,
        rules=["2026-11-30"],
        openers=Split(human=1, unknown=2, machine=3, hidden=2),
        links=[LINK],
        sections=[SectionCounts(name="Ajankohtaista", language="fi", people=LINK.people)],
        curve=[1, 0, 2],
        half_after=2,
    )
    report = said(7, counts={Span.WINDOW: counts})

    add_report(connection, send_id, report)

    assert newest_report(connection, send_id) == report


def test_what_was_never_said_is_no_report(connection: Connection) -> None:
    assert newest_report(connection, begin(connection, 1)) is None


def test_what_is_said_again_moves_only_the_time(connection: Connection) -> None:
    send_id = begin(connection, 2)

    for days in (0, 1, 2, 3):
        add_report(connection, send_id, said(7, after=dt.timedelta(days=days)))

    assert rows(connection) == 1
    assert newest_report(connection, send_id) == said(7, after=dt.timedelta(days=3))


def test_what_changes_is_kept_beside_what_was_said_before(connection: Connection) -> None:
    send_id = begin(connection, 2)

    add_report(connection, send_id, said(7))
    add_report(connection, send_id, said(8, after=dt.timedelta(days=1)))

    assert rows(connection) == 2
    assert newest_report(connection, send_id) == said(8, after=dt.timedelta(days=1))


def test_of_what_was_said_before_the_sums_stay_and_not_the_links(connection: Connection) -> None:
    """A hundred reports of a hundred links each would be most of the ledger."""
    send_id, counts = begin(connection, 2), Counts(source=None, span=Span.WHOLE, as_of=NOW)

    for day in range(3):
        more = {Span.WHOLE: replace(counts, half_after=day)}
        add_report(connection, send_id, said(day, after=dt.timedelta(days=day), counts=more))

    kept = connection.execute(select(reports.c.figures, reports.c.counts).order_by(reports.c.id))
    assert [(row.figures["delivered"], row.counts is not None) for row in kept] == [
        (0, False),
        (1, False),
        (2, True),
    ]


def test_another_provider_never_writes_over_what_the_first_one_said(connection: Connection) -> None:
    send_id = begin(connection, 2)

    add_report(connection, send_id, said(7))
    add_report(connection, send_id, replace(said(7), provider="mailgun"))

    assert rows(connection) == 2


def test_each_send_has_its_own_newest_time(connection: Connection) -> None:
    send_id = begin(connection, 2)
    add_report(connection, send_id, said(7))
    add_report(connection, send_id, said(8, after=dt.timedelta(days=2)))

    assert newest_times(connection) == {send_id: NOW + dt.timedelta(days=2)}


@pytest.mark.parametrize("ledger", ["sqlite"], indirect=True)
@given(st.lists(st.tuples(st.integers(1, 100), st.integers(0, 3)), min_size=1, max_size=40))
def test_the_last_word_counts_and_days_bound_the_rows(
    ledger: Ledger, words: list[tuple[int, int]]
) -> None:
    with ledger.write() as connection:
        connection.execute(reports.delete())
        send_id = connection.execute(select(sends.c.id)).scalar() or begin(connection, 1)
        hours, days = 0, set()
        for more, delivered in words:
            hours += more
            report = said(delivered, after=dt.timedelta(hours=hours))
            days.add(report.as_of.date())
            add_report(connection, send_id, report)

        assert newest_report(connection, send_id) == report
        assert rows(connection) <= len(days)
