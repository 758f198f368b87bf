"""The report tells of each issue what is known by then, from kept figures."""

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, delete, update
from sqlalchemy.event import listen, remove

from newsletter import consent
from newsletter.ledger import Ledger, figures, reports, summing
from newsletter.ledger.figure_tables import figures as kept_figures
from newsletter.ledger.reports import Reported
from newsletter.ledger.tables import editions
from newsletter.model import Counting, Figures, HitKind, ReturnKind
from newsletter.model.figures import Delivered, GroupFigures, IssueFigures, Source, Span, Split
from newsletter.stats_report import sums_of
from tests.stats.sent import (
    BEGUN,
    DAY,
    HIDDEN,
    HOUR,
    HUMAN,
    MACHINE,
    UNKNOWN,
    copies_of,
    has_link,
    is_allowed,
    is_counted,
    is_seen,
    is_told,
    issue_goes_out,
    leaves,
    people_join,
    report,
)

SOON, LATE = BEGUN + 2 * DAY, BEGUN + 40 * DAY


def only(ledger: Ledger, now: dt.datetime = SOON) -> IssueFigures:
    [issue] = report(ledger, now).issues
    return issue


def test_each_copy_counts_once_by_the_best_that_was_seen_of_it(ledger: Ledger) -> None:
    with ledger.write() as connection:
        people_join(connection, 30)
        send = issue_goes_out(connection)
        first, second, third, fourth, fifth, *_ = copies_of(connection, send)
        has_link(connection, send, 1, "Uutiset")
        is_counted(connection, send, BEGUN, "human", 3)
        ranks = {first: HUMAN, second: UNKNOWN, third: HIDDEN, fourth: MACHINE}
        is_seen(connection, send, ranks)
        is_seen(connection, send, {third: HUMAN, fifth: MACHINE}, HitKind.CLICKED, link=1)

    shown = only(ledger).shown

    assert shown.source is Source.WEBHOOKS
    # A person clicked the third one; the fifth was followed by a machine, which opens nothing.
    assert shown.openers == Split(human=2, unknown=1, machine=1, hidden=0)
    assert shown.clickers == Split(human=1, unknown=0, machine=1, hidden=0)
    assert [link.people.human for link in shown.links] == [1]
    assert [section.people.human for section in shown.sections] == [1]


def test_what_comes_after_the_window_counts_to_date_alone(ledger: Ledger) -> None:
    with ledger.write() as connection:
        people_join(connection, 12)
        send = issue_goes_out(connection)
        first, second, *_ = copies_of(connection, send)
        is_counted(connection, send, BEGUN + HOUR, "human")
        is_counted(connection, send, BEGUN + 6 * DAY, "unknown", 3)
        is_counted(connection, send, BEGUN + 8 * DAY, "human", 5)
        is_seen(connection, send, {first: HUMAN})
        is_seen(connection, send, {second: HUMAN}, is_early=False)

    issue = only(ledger, LATE)

    assert (issue.shown.span, issue.whole.span) == (Span.WINDOW, Span.WHOLE)
    assert issue.shown.opens == Split(human=1, unknown=3, machine=0, hidden=0)
    assert issue.whole.opens == Split(human=6, unknown=3, machine=0, hidden=0)
    assert (issue.shown.openers.human, issue.whole.openers.human) == (1, 2)
    assert issue.is_final


def test_the_curve_begins_with_the_send_and_has_no_machines(ledger: Ledger) -> None:
    with ledger.write() as connection:
        people_join(connection, 12)
        send = issue_goes_out(connection)
        is_counted(connection, send, BEGUN, "human", 4)
        is_counted(connection, send, BEGUN, "machine", 90)
        is_counted(connection, send, BEGUN + 3 * HOUR, "unknown", 3)
        is_counted(connection, send, BEGUN + 71 * HOUR, "human", 3)

    shown = only(ledger, LATE).shown

    assert [(hour, n) for hour, n in enumerate(shown.curve) if n] == [(0, 4), (3, 3), (71, 3)]
    assert shown.half_after == 4


def test_hours_that_have_not_come_are_not_told_nor_is_half_before_the_days_are_over(
    ledger: Ledger,
) -> None:
    with ledger.write() as connection:
        people_join(connection, 12)
        send = issue_goes_out(connection)
        is_counted(connection, send, BEGUN, "human", 4)

    early = only(ledger, BEGUN + HOUR / 12).shown
    later = only(ledger, BEGUN + 5 * HOUR).shown
    over = only(ledger, BEGUN + 7 * DAY).shown

    assert early.as_of == BEGUN  # not the hour that began before it
    assert [(list(told.curve), told.half_after) for told in (early, later)] == [
        ([4], None),
        ([4, 0, 0, 0, 0, 0], None),
    ]
    assert (len(over.curve), over.half_after) == (72, 1)


def test_before_anything_was_heard_nothing_is_known_to_be_0(ledger: Ledger) -> None:
    with ledger.write() as connection:
        people_join(connection, 12)
        issue_goes_out(connection, counting=Counting.AGGREGATE)

    shown = only(ledger, BEGUN + HOUR).shown

    assert (shown.opens, shown.clicks, shown.as_of) == (Split(), Split(), None)


def test_who_bounced_for_good_was_not_reached_in_whatever_order_it_is_told(
    ledger: Ledger,
) -> None:
    with ledger.write() as connection:
        people_join(connection, 20)
        send = issue_goes_out(connection)
        ids = copies_of(connection, send)
        told = [(id, ReturnKind.DELIVERED) for id in ids[:17]]
        told += [(ids[0], ReturnKind.HARD), (ids[1], ReturnKind.SOFT), (ids[18], ReturnKind.SOFT)]
        told += [(ids[2], ReturnKind.COMPLAINED), (ids[19], ReturnKind.SUPPRESSED)]
        is_told(connection, reversed(told), at=BEGUN + HOUR)

    found = only(ledger).delivered

    assert (found.sent, found.delivered) == (20, 16)
    assert (found.bounced_hard, found.bounced_soft, found.complained) == (2, 1, 1)


def test_what_nobody_tells_is_not_known(ledger: Ledger) -> None:
    with ledger.write() as connection:
        people_join(connection, 20)
        issue_goes_out(connection, counting=Counting.OFF)

    issue = only(ledger)

    assert issue.delivered.sent == 20
    assert issue.delivered.delivered is None
    assert (issue.delivered.bounced_hard, issue.delivered.complained) == (None, None)
    assert (issue.delivered.unsubscribed, issue.delivered.replied) == (None, None)
    assert (issue.shown.source, issue.open_range) == (None, None)
    assert issue.hidden_because


def test_somebody_who_leaves_counts_for_the_last_issue_that_they_got_before(
    ledger: Ledger,
) -> None:
    with ledger.write() as connection:
        people_join(connection, 12)
        first = issue_goes_out(connection, "2026-11", begun=BEGUN - 30 * DAY)
        arrived = [(copies_of(connection, first)[0], ReturnKind.DELIVERED)]
        is_told(connection, arrived, at=BEGUN - 29 * DAY)
        leaves(connection, "key-fi0", BEGUN - 2 * DAY)
        issue_goes_out(connection)
        leaves(connection, "key-fi1", BEGUN + DAY)
        leaves(connection, "key-fi2", BEGUN + 10 * DAY)

    earlier, later = report(ledger, LATE).issues

    assert earlier.delivered.unsubscribed == 0  # within its window
    assert earlier.delivered_whole.unsubscribed == 1
    assert later.delivered.unsubscribed == 1
    assert later.delivered_whole.unsubscribed == 2


def _our_service_counts(connection: Connection, send: int) -> None:
    is_counted(connection, send, BEGUN + HOUR, "unknown", source=Source.SERVICE)


def _provider_tells_events(connection: Connection, send: int) -> None:
    arrived = [(copies_of(connection, send)[0], ReturnKind.DELIVERED)]
    is_told(connection, arrived, at=BEGUN + HOUR)


def _provider_tells_sums(connection: Connection, send: int) -> None:
    said = Reported(provider="brevo", as_of=SOON, figures=Figures(unsubscribed=0))
    reports.add_report(connection, send, said)


def _somebody_left_before(connection: Connection, _: int) -> None:
    leaves(connection, "key-fi0", BEGUN - 40 * DAY)


@pytest.mark.parametrize(
    "tells",
    [_our_service_counts, _provider_tells_events, _provider_tells_sums, _somebody_left_before],
)
def test_that_nobody_left_is_known_where_it_would_have_been_noted(
    tells: Callable[[Connection, int], None], ledger: Ledger
) -> None:
    with ledger.write() as connection:
        people_join(connection, 12)
        send = issue_goes_out(connection, counting=Counting.AGGREGATE)
    assert only(ledger).delivered.unsubscribed is None

    with ledger.write() as connection:
        tells(connection, send)
        figures.note_news(connection, [send])

    assert only(ledger).delivered.unsubscribed == 0


def test_that_others_leave_later_is_no_news_of_an_issue_that_is_final(ledger: Ledger) -> None:
    with ledger.write() as connection:
        people_join(connection, 12)
        issue_goes_out(connection)
    assert only(ledger, BEGUN + 9 * DAY).is_final

    with ledger.write() as connection:
        leaves(connection, "key-fi0", BEGUN + 10 * DAY)
    issue = only(ledger, BEGUN + 11 * DAY)

    assert (issue.delivered.unsubscribed, issue.delivered_whole.unsubscribed) == (None, 1)
    assert issue.revisions == []


def test_sums_that_do_not_tell_machines_apart_have_no_lower_bound(ledger: Ledger) -> None:
    said = Figures(delivered=18, opens_total=40, opens_unique=12, clicks_unique=4)
    with ledger.write() as connection:
        people_join(connection, 20)
        send = issue_goes_out(connection)
        reports.add_report(connection, send, Reported(provider="brevo", as_of=SOON, figures=said))

    issue = only(ledger)

    assert issue.shown.source is Source.REPORT
    assert issue.shown.openers == Split(unknown=12)
    assert issue.open_range
    assert issue.open_range.outer.count == 12
    assert issue.open_range.least is None


def test_sums_of_more_people_than_there_are_tell_nothing(ledger: Ledger) -> None:
    said = Figures(
        **{"delivered": 4000, "bounced_hard": 500, "bounced_soft": 21, "opens_total": 30_000},
        **{"opens_unique": 9999, "clicks_unique": 21, "unsubscribed": 500, "complained": 21},
    )
    with ledger.write() as connection:
        people_join(connection, 20)
        send = issue_goes_out(connection)
        reports.add_report(connection, send, Reported(provider="brevo", as_of=SOON, figures=said))

    issue = only(ledger)

    assert issue.delivered == Delivered(sent=20, delivered=20)
    assert (issue.shown.openers, issue.shown.clickers) == (Split(), Split())
    assert issue.shown.opens == Split(unknown=30_000)


def test_where_everybody_is_counted_together_no_range_is_told(ledger: Ledger) -> None:
    with ledger.write() as connection:
        people_join(connection, 20)
        send = issue_goes_out(connection, counting=Counting.AGGREGATE)
        is_counted(connection, send, BEGUN + HOUR, "human", 9, source=Source.SERVICE)

    issue = only(ledger)

    assert issue.shown.source is Source.SERVICE
    assert issue.shown.opens.human == 9
    assert issue.shown.openers == Split()
    assert (issue.shown.counted, issue.open_range) == (None, None)
    assert issue.hidden_because


def test_where_everybody_is_counted_together_times_are_told_in_words_and_figures(
    ledger: Ledger,
) -> None:
    with ledger.write() as connection:
        people_join(connection, 20)
        send = issue_goes_out(connection, counting=Counting.AGGREGATE)
        is_counted(connection, send, BEGUN + HOUR, "human", 9, source=Source.SERVICE)
        is_counted(connection, send, BEGUN + HOUR, "unknown", 3, source=Source.SERVICE)
        clicks = HitKind.CLICKED
        is_counted(connection, send, BEGUN + HOUR, "human", 4, kind=clicks, source=Source.SERVICE)

    told = report(ledger, SOON)

    loaded, *others = told.statements
    assert loaded == (
        "The pictures of the December issue were loaded 9–12 times for people; for how many of "
        "them is not known."
    )
    assert "People followed its links 4 times." in others
    sums = {one.name: one.number for one in sums_of(told.issues[0])}
    assert (sums["Image loads"], sums["Clicks"]) == ("9–12", "4")


def test_where_everybody_is_counted_together_and_nothing_came_no_times_are_told(
    ledger: Ledger,
) -> None:
    with ledger.write() as connection:
        people_join(connection, 20)
        issue_goes_out(connection, counting=Counting.AGGREGATE)

    told = " ".join(report(ledger, SOON).statements)

    assert "the December issue: nothing was told yet" in told
    assert "times" not in told


def test_where_some_allowed_it_the_range_is_of_those_who_got_their_copy(ledger: Ledger) -> None:
    with ledger.write() as connection:
        people_join(connection, 40)
        send = issue_goes_out(connection, counting=Counting.CONSENTED)
        ids = copies_of(connection, send)
        is_allowed(connection, ids[:20])
        told = [(id, ReturnKind.HARD if id in ids[18:22] else ReturnKind.DELIVERED) for id in ids]
        is_told(connection, told, at=BEGUN + HOUR)
        is_counted(connection, send, BEGUN + HOUR, "human", source=Source.SERVICE)
        is_seen(connection, send, {ids[0]: HUMAN}, source=Source.SERVICE)

    issue = only(ledger)

    assert (issue.delivered.delivered, issue.shown.counted) == (36, 18)
    assert issue.open_range
    assert issue.open_range.least
    assert (issue.open_range.least.count, issue.open_range.least.of) == (1, 18)


@pytest.mark.parametrize("openers", [85, 95])
def test_who_opened_is_a_part_of_those_whose_opens_can_be_seen(
    ledger: Ledger, openers: int
) -> None:
    """Though of some of them no server's word came, and so they are not known to be reached."""
    with ledger.write() as connection:
        people_join(connection, 60, "fi")
        people_join(connection, 40, "sv")
        send = issue_goes_out(connection)
        ids = copies_of(connection, send)
        told = [(id, ReturnKind.DELIVERED) for id in ids[:90]] + [(ids[90], ReturnKind.SOFT)]
        is_told(connection, told, at=BEGUN + HOUR)
        is_counted(connection, send, BEGUN + HOUR, "human", openers)
        is_seen(connection, send, dict.fromkeys(ids[-openers:], HUMAN))

    issue = only(ledger, BEGUN + 8 * DAY)

    assert (issue.delivered.delivered, issue.shown.counted) == (90, 99)
    assert issue.open_range
    assert issue.open_range.least
    assert (issue.open_range.least.count, issue.open_range.least.of) == (openers, 99)
    # All who read it in Swedish opened it, whatever was said of one of them.
    groups = {group.name: _told(group) for group in issue.groups["language"]}
    assert groups == {"fi": (openers - 40, 60), "sv": (40, 40)}


@pytest.mark.parametrize("counting", [Counting.PROVIDER, Counting.AGGREGATE])
def test_of_fewer_than_ten_readers_nothing_is_told_of_opens_and_clicks(
    ledger: Ledger, counting: Counting
) -> None:
    source = Source.SERVICE if counting.is_ours else Source.WEBHOOKS
    with ledger.write() as connection:
        people_join(connection, 9)
        send = issue_goes_out(connection, counting=counting)
        is_counted(connection, send, BEGUN + HOUR, "human", 9, source=source)
        if not counting.is_ours:
            is_seen(connection, send, dict.fromkeys(copies_of(connection, send), HUMAN))

    issue = only(ledger)

    assert issue.delivered.sent == 9
    assert issue.shown.source is source
    assert issue.shown.opens == issue.whole.opens == issue.whole.openers == Split()
    assert (issue.shown.curve, issue.open_range, issue.sections) == ((), None, ())
    assert "fewer than 10 readers" in str(issue.hidden_because)


def test_of_what_changed_later_of_few_readers_the_mail_alone_is_told(ledger: Ledger) -> None:
    with ledger.write() as connection:
        people_join(connection, 9)
        send = issue_goes_out(connection)
        is_counted(connection, send, BEGUN + HOUR, "human")
    assert only(ledger, BEGUN + 9 * DAY).is_final

    with ledger.write() as connection:
        is_counted(connection, send, BEGUN + 2 * HOUR, "human", 2)
        told = [(copies_of(connection, send)[0], ReturnKind.HARD)]
        is_told(connection, told, at=BEGUN + HOUR, now=BEGUN + 10 * DAY)
    issue = only(ledger, BEGUN + 10 * DAY)

    with ledger.read() as connection:
        noted = figures.find_revisions(connection, [send])[send]
    assert {one.source for one in noted} == {Source.WEBHOOKS, figures.OWN}
    [change] = issue.revisions
    assert (change.source, change.changes["bounced_hard"]) == (None, [None, 1])


def test_groups_are_counted_when_the_window_is_over_and_never_again(ledger: Ledger) -> None:
    with ledger.write() as connection:
        people_join(connection, 30, "fi", "Lappi")
        people_join(connection, 25, "sv", "Turku")
        people_join(connection, 4, "fi", "Oulu")
        send = issue_goes_out(connection)
        ids = copies_of(connection, send)
        is_told(connection, [(id, ReturnKind.DELIVERED) for id in ids], at=BEGUN + HOUR)
        is_counted(connection, send, BEGUN + HOUR, "human", 3)
        is_seen(connection, send, dict.fromkeys([ids[0], ids[1], ids[-1]], HUMAN))
    assert only(ledger).groups == {}

    groups = only(ledger, BEGUN + 8 * DAY).groups
    with ledger.write() as connection:
        is_counted(connection, send, BEGUN + 2 * HOUR, "human")
        is_seen(connection, send, {ids[2]: HUMAN})

    assert only(ledger, BEGUN + 9 * DAY).groups == groups
    told = {by: {group.name: _told(group) for group in theirs} for by, theirs in groups.items()}
    # Lappi alone would tell of the four in Oulu, as Finnish less Lappi.
    assert told == {
        "language": {"fi": (2, 34), "sv": (1, 25)},
        "region": {"Turku": (1, 25), "": (2, 34)},
    }


def test_mail_of_a_group_is_of_all_and_opens_are_of_those_who_allowed_it(ledger: Ledger) -> None:
    with ledger.write() as connection:
        people_join(connection, 30, "fi")
        people_join(connection, 25, "sv")
        send = issue_goes_out(connection, counting=Counting.CONSENTED)
        ids = copies_of(connection, send)
        is_allowed(connection, ids[:20] + ids[30:42])
        told = [(id, ReturnKind.DELIVERED) for id in ids[:-3]] + [(ids[-1], ReturnKind.HARD)]
        is_told(connection, [*told, (ids[0], ReturnKind.HARD)], at=BEGUN + HOUR)
        seen = dict.fromkeys([ids[1], ids[2], ids[30]], HUMAN)
        is_seen(connection, send, seen, source=Source.SERVICE)

    issue = only(ledger, BEGUN + 8 * DAY)

    groups = issue.groups["language"]
    mail = {
        group.name: (group.delivered.sent, group.delivered.delivered, group.delivered.bounced_hard)
        for group in groups
    }
    assert mail == {"fi": (30, 29, 1), "sv": (25, 22, 1)}
    assert (issue.delivered.sent, issue.delivered.delivered) == (55, 51)
    assert {group.name: _told(group) for group in groups} == {"fi": (2, 19), "sv": (1, 12)}


def _told(group: GroupFigures) -> tuple[int, int]:
    assert group.open_range
    assert group.open_range.least
    return group.open_range.least.count, group.open_range.least.of


def test_an_edition_with_few_readers_counts_in_nothing(ledger: Ledger) -> None:
    with ledger.write() as connection:
        people_join(connection, 20, "fi")
        people_join(connection, 9, "sv")
        send = issue_goes_out(connection)
        fi, *_, sv = copies_of(connection, send)
        for link in (1, 2, 3):
            has_link(connection, send, link)
            is_counted(connection, send, BEGUN, "human", kind=HitKind.CLICKED, link=link)
        is_seen(connection, send, {fi: HUMAN, sv: HUMAN})
        is_seen(connection, send, {fi: HUMAN}, HitKind.CLICKED, link=1)
        is_seen(connection, send, {sv: HUMAN}, HitKind.CLICKED, link=3)

    issue = only(ledger, BEGUN + 8 * DAY)

    assert issue.delivered.sent == 29
    assert issue.shown.counted == 20
    assert (issue.shown.openers.human, issue.shown.clickers.human) == (1, 1)
    assert [link.number for link in issue.shown.links] == [1, 2]
    assert issue.shown.clicks.human == 2  # else what is missing would be theirs
    assert issue.groups == {}


def test_a_link_of_few_readers_is_hidden_though_others_have_a_longer_one(ledger: Ledger) -> None:
    with ledger.write() as connection:
        people_join(connection, 20, "fi")
        people_join(connection, 9, "sv")
        send = issue_goes_out(connection)
        for number in (1, 10):
            has_link(connection, send, number)
            is_counted(connection, send, BEGUN, "human", kind=HitKind.CLICKED, link=number)
        page = '<a href="https://www.example.org/10">In Finnish alone</a>'
        theirs = editions.c.language == "fi"
        connection.execute(update(editions).where(theirs).values(html=page))

    issue = only(ledger, BEGUN + 8 * DAY)

    assert [link.number for link in issue.shown.links] == [10]
    assert issue.shown.clicks.human == 1


def test_an_issue_that_waits_for_its_time_is_not_told_of(ledger: Ledger) -> None:
    assert report(ledger, SOON).issues == []


def test_a_mail_that_bounces_after_a_month_is_not_delivered_any_more(ledger: Ledger) -> None:
    with ledger.write() as connection:
        people_join(connection, 100)
        send = issue_goes_out(connection)
        ids = copies_of(connection, send)
        is_told(connection, [(id, ReturnKind.DELIVERED) for id in ids], at=BEGUN + HOUR)
    assert only(ledger, BEGUN + 10 * DAY).delivered.delivered == 100

    with ledger.write() as connection:
        late = [(id, ReturnKind.HARD) for id in ids[:3]]
        is_told(connection, late, at=BEGUN + 2 * DAY, now=BEGUN + 33 * DAY)
    issue = only(ledger, BEGUN + 33 * DAY)

    told = issue.delivered
    assert (told.sent, told.delivered, told.bounced_hard) == (100, 97, 3)
    [change] = issue.revisions
    assert change.changes == {"delivered": [100, 97], "bounced_hard": [0, 3]}


def test_who_is_erased_stays_counted(ledger: Ledger) -> None:
    with ledger.write() as connection:
        people_join(connection, 20)
        send = issue_goes_out(connection)
        ids = copies_of(connection, send)
        told = [(id, ReturnKind.DELIVERED) for id in ids[:18]]
        told += [(ids[18], ReturnKind.HARD), (ids[19], ReturnKind.SOFT)]
        is_told(connection, [*told, (ids[0], ReturnKind.COMPLAINED)], at=BEGUN + HOUR)
        leaves(connection, "key-fi1", BEGUN + DAY)
        is_told(connection, [(ids[2], ReturnKind.UNSUBSCRIBED)], at=BEGUN + DAY)
        leaves(connection, "key-fi2", BEGUN + DAY)
    before = only(ledger)

    for name in ("fi0", "fi1", "fi2", "fi3", "fi18", "fi19"):
        consent.forget(ledger, f"{name}@example.org", "x" * 32, SOON, source="forget")
    with ledger.write() as connection:
        is_counted(connection, send, BEGUN + HOUR, "human")
    after = only(ledger)

    assert before.delivered == after.delivered == before.delivered_whole
    assert (after.delivered.unsubscribed, after.delivered.complained) == (2, 1)


def test_where_nothing_may_be_written_the_list_is_told_of_all_the_same(ledger: Ledger) -> None:
    with ledger.write() as connection:
        people_join(connection, 12)
    written = report(ledger, SOON).growth
    with ledger.write() as connection:
        connection.execute(delete(kept_figures))

    listen(ledger.engine, "begin", _only_read)
    try:
        read = report(ledger, SOON).growth
    finally:
        remove(ledger.engine, "begin", _only_read)
        ledger.close()

    assert [month.at_end for month in written] == [12]
    assert read == written


def _only_read(connection: Connection) -> None:
    is_server = connection.dialect.name == "postgresql"
    connection.exec_driver_sql(
        "SET TRANSACTION READ ONLY" if is_server else "PRAGMA query_only = ON"
    )


# --- what is final ------------------------------------------------------------------------


def test_a_late_event_changes_the_right_issue_only_and_leaves_a_note(ledger: Ledger) -> None:
    with ledger.write() as connection:
        people_join(connection, 12)
        old = issue_goes_out(connection, "2026-11", begun=BEGUN - 30 * DAY)
        issue_goes_out(connection)
        is_counted(connection, old, BEGUN - 29 * DAY, "human")
    before = report(ledger, SOON).issues
    assert [issue.is_final for issue in before] == [True, False]

    with ledger.write() as connection:
        is_counted(connection, old, BEGUN - 28 * DAY, "human", 2)
    changed, same = report(ledger, SOON + HOUR).issues

    assert same == before[1]
    assert changed.shown.opens.human == 3
    [note] = changed.revisions
    assert (note.at, note.source) == (SOON + HOUR, Source.WEBHOOKS)
    assert note.changes == {"opens.human": [1, 3], "half_after": [25, 49]}


def test_news_after_the_window_leaves_what_is_final(ledger: Ledger) -> None:
    with ledger.write() as connection:
        people_join(connection, 12)
        send = issue_goes_out(connection)
        is_counted(connection, send, BEGUN + HOUR, "human")
    before = only(ledger, BEGUN + 9 * DAY)

    with ledger.write() as connection:
        is_counted(connection, send, BEGUN + 10 * DAY, "human")
    after = only(ledger, BEGUN + 11 * DAY)

    assert (after.shown, after.delivered, after.revisions) == (before.shown, before.delivered, [])
    assert after.whole.opens.human == 2


def test_persons_stay_counted_when_it_is_not_known_any_more_who_they_were(
    ledger: Ledger,
) -> None:
    with ledger.write() as connection:
        people_join(connection, 12)
        send = issue_goes_out(connection)
        is_counted(connection, send, BEGUN + HOUR, "human")
        is_seen(connection, send, dict.fromkeys(copies_of(connection, send)[:4], HUMAN))
    only(ledger, BEGUN + 29 * DAY)
    only(ledger, BEGUN + 30 * DAY)

    with ledger.write() as connection:
        assert summing.forget_readers(connection, before=BEGUN + HOUR) == 4
        is_counted(connection, send, BEGUN + 41 * DAY, "human")
    issue = only(ledger, BEGUN + 42 * DAY)

    assert issue.shown.openers.human == issue.whole.openers.human == 4
    assert issue.whole.opens.human == 2
    assert issue.revisions == []


@pytest.mark.parametrize("kind", [ReturnKind.HARD, ReturnKind.COMPLAINED])
def test_what_came_back_stays_counted_when_it_is_deleted(ledger: Ledger, kind: ReturnKind) -> None:
    with ledger.write() as connection:
        people_join(connection, 12)
        send = issue_goes_out(connection)
        is_told(connection, [(copies_of(connection, send)[0], kind)], at=BEGUN + HOUR)
    before = only(ledger, LATE).delivered

    with ledger.write() as connection:
        connection.exec_driver_sql("DELETE FROM returns")
        is_counted(connection, send, BEGUN + 41 * DAY, "human")

    assert only(ledger, LATE + DAY).delivered == before
