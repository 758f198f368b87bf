"""What a provider tells when it is asked is of the window only if that was over."""

import datetime as dt
from collections.abc import Collection
from pathlib import Path

import pytest
from sqlalchemy import Connection

from newsletter.ledger import Ledger, reports
from newsletter.ledger.reports import Reported
from newsletter.model import (
    Counts,
    Figures,
    IssueFigures,
    LinkCounts,
    SectionCounts,
    Source,
    Span,
    Split,
)
from newsletter.stats import as_json, counts_of_report
from newsletter.stats.log_rows import rows_of
from tests.ledger.blank import put_blank
from tests.stats.sent import (
    BEGUN,
    DAY,
    HOUR,
    HUMAN,
    copies_of,
    is_counted,
    is_seen,
    issue_goes_out,
    people_join,
    report,
)

END, FINAL = BEGUN + 7 * DAY, BEGUN + 8 * DAY
BOTH = tuple(Span)


def is_asked(
    connection: Connection,
    at: dt.datetime,
    openers: int,
    spans: Collection[Span] = BOTH,
    *,
    send: int = 1,
) -> None:
    """Let a provider be asked, and tell how many opened an issue, and that they are people."""
    said = Figures(
        opens_total=openers,
        opens_unique=openers,
        opens_human=openers,
        opens_unknown=0,
        opens_machine=0,
    )
    counts = {span: counts_of_report(said, as_of=at, span=span) for span in spans}
    told = {span: one for span, one in counts.items() if one}
    reports.add_report(
        connection, send, Reported(provider="mailjet", as_of=at, figures=said, counts=told)
    )


@pytest.fixture
def sent(sqlite: Ledger) -> Ledger:
    """A ledger of an issue that four hundred people got."""
    sqlite.close()
    put_blank(Path(sqlite.place))
    with sqlite.write() as connection:
        people_join(connection, 400)
        issue_goes_out(connection)
    return sqlite


def issue_at(ledger: Ledger, now: dt.datetime) -> IssueFigures:
    return report(ledger, now).issues[-1]


@pytest.mark.parametrize("at", [END, END + 5 * HOUR, END + 30 * DAY])
def test_a_window_that_was_asked_about_when_it_was_over_is_told(
    sent: Ledger, at: dt.datetime
) -> None:
    with sent.write() as connection:
        is_asked(connection, at, 200)

    issue = issue_at(sent, max(at, FINAL))

    assert issue.is_final
    assert issue.open_range
    assert issue.shown.openers.human == 200


@pytest.mark.parametrize(
    ("at", "spans"),
    [
        (BEGUN + 2 * HOUR, BOTH),  # and never again
        (END - HOUR, BOTH),
        (BEGUN + 40 * DAY, [Span.WHOLE]),  # by then it counts to date alone
    ],
)
def test_what_is_no_window_is_not_told_as_one(
    sent: Ledger, at: dt.datetime, spans: Collection[Span]
) -> None:
    with sent.write() as connection:
        is_asked(connection, at, 200, spans)

    told = report(sent, BEGUN + 41 * DAY)
    [issue] = told.issues

    assert issue.open_range is None
    assert issue.shown.openers == issue.shown.opens == Split()
    assert "not asked in time" in str(issue.hidden_because)
    assert "not asked in time" in str(told.statements[0])
    assert (issue.whole.openers.human, issue.whole.as_of) == (200, at)
    [source] = as_json(told.issues)[0]["sources"]
    assert (source["span"], source["openers"]["human"]) == ("whole", 200)
    row = rows_of(told)[0]
    assert (row["opened_to"], row["openers_human"], row["as_of"]) == (None, None, None)


def test_a_window_that_is_open_is_told_as_far_as_it_was_asked_about(sent: Ledger) -> None:
    with sent.write() as connection:
        is_asked(connection, BEGUN + 2 * HOUR, 40)

    issue = issue_at(sent, BEGUN + 3 * HOUR)

    assert (issue.shown.openers.human, issue.is_final) == (40, False)


def test_a_window_that_is_asked_about_at_last_is_told_with_a_note(sent: Ledger) -> None:
    with sent.write() as connection:
        is_asked(connection, BEGUN + 2 * HOUR, 40)
    assert issue_at(sent, FINAL).open_range is None

    with sent.write() as connection:
        is_asked(connection, BEGUN + 20 * DAY, 200)
    issue = issue_at(sent, BEGUN + 20 * DAY)

    assert issue.open_range
    assert [change.changes["openers.human"] for change in issue.revisions] == [[40, 200]]


def test_issues_of_which_different_times_are_known_are_not_compared(sent: Ledger) -> None:
    before = BEGUN - 30 * DAY
    with sent.write() as connection:
        is_asked(connection, BEGUN + 40 * DAY, 200, [Span.WHOLE])
        early = issue_goes_out(connection, "2026-11", begun=before)
        is_asked(connection, before + 2 * HOUR, 40, send=early)

    said = " ".join(map(str, report(sent, BEGUN + 41 * DAY).statements))

    assert "larger share" not in said
    assert "opened by" not in said


def test_the_log_has_the_day_of_the_answer_and_another_one_alike_does_not_change_it(
    sent: Ledger,
) -> None:
    with sent.write() as connection:
        is_asked(connection, END + 5 * HOUR, 200)
    rows = rows_of(report(sent, FINAL))
    with sent.write() as connection:
        is_asked(connection, FINAL + 5 * HOUR, 200)

    assert rows[0]["as_of"] == (END + 5 * HOUR).date()
    assert rows_of(report(sent, FINAL + 6 * HOUR)) == rows


def test_sums_that_tell_people_apart_stand_not_beside_what_was_posted_but_of_few(
    sent: Ledger,
) -> None:
    with sent.write() as connection:
        people_join(connection, 3, "sv")
        send = issue_goes_out(connection, "2027-01")
        is_counted(connection, send, BEGUN + HOUR, "human", 20)
        is_seen(connection, send, dict.fromkeys(copies_of(connection, send)[:20], HUMAN))
        is_asked(connection, FINAL, 23, send=send)

    issue = issue_at(sent, FINAL)

    assert issue.shown.source is Source.WEBHOOKS
    assert [other.openers for other in issue.others] == [Split()]


def test_what_is_told_of_more_people_than_there_are_readers_is_not_told(sent: Ledger) -> None:
    beyond, most = Split(human=0, unknown=401, machine=0), Split(human=0, unknown=400, machine=0)

    def told(span: Span) -> Counts:
        links = [
            LinkCounts(
                number=number,
                url=f"https://www.example.org/{number}",
                words="",
                section="",
                language="fi",
                times=people,
                people=people,
            )
            for number, people in enumerate([beyond, most], 1)
        ]
        return Counts(
            source=Source.REPORT,
            span=span,
            as_of=FINAL,
            opens=beyond,
            openers=Split(unknown=401),
            clicks=beyond,
            clickers=beyond,
            links=links,
            sections=[SectionCounts(name="", language="fi", people=beyond)],
        )

    with sent.write() as connection:
        said = Figures(opens_total=401, opens_unique=401)
        counts = {span: told(span) for span in Span}
        reports.add_report(
            connection, 1, Reported(provider="brevo", as_of=FINAL, figures=said, counts=counts)
        )

    issue = issue_at(sent, FINAL)

    for shown in (issue.shown, issue.whole):
        assert (shown.opens, shown.clicks) == (beyond, beyond)  # one may have done it often
        assert (shown.openers, shown.clickers) == (Split(), Split())
        assert [(link.times, link.people) for link in shown.links] == [
            (beyond, Split()),
            (most, most),
        ]
        assert [part.people for part in shown.sections] == [Split()]
