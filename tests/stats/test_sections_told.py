"""A section in which nobody followed a link is told as one, and counts in the mean of a year."""

import datetime as dt

from newsletter.ledger import Ledger
from newsletter.model import Counting, HitKind
from newsletter.model.figures import Source
from tests.stats.sent import (
    BEGUN,
    DAY,
    HUMAN,
    copies_of,
    has_link,
    is_counted,
    is_seen,
    issue_goes_out,
    people_join,
    report,
)

MONTHS = [BEGUN - dt.timedelta(days=30 * n) for n in (3, 2, 1, 0)]


def test_months_in_which_nobody_followed_a_section_are_a_part_of_its_mean(ledger: Ledger) -> None:
    with ledger.write() as connection:
        people_join(connection, 20)
        for at in MONTHS:
            send = issue_goes_out(connection, f"{at:%Y-%m}", begun=at)
            has_link(connection, send, 1, "Uutiset")
            has_link(connection, send, 2, "Kurssit")
            first, second, third, *_ = copies_of(connection, send)
            is_counted(connection, send, at, "human", 2, kind=HitKind.CLICKED, link=1)
            is_seen(connection, send, {first: HUMAN, second: HUMAN}, HitKind.CLICKED, link=1)
            if at == MONTHS[0]:
                is_counted(connection, send, at, "human", kind=HitKind.CLICKED, link=2)
                is_seen(connection, send, {third: HUMAN}, HitKind.CLICKED, link=2)

    told = report(ledger, BEGUN + 9 * DAY)

    sections = {section.name: section.clickers for section in told.issues[-1].sections}
    assert {name: part and (part.count, part.of) for name, part in sections.items()} == {
        "Uutiset": (2, 20),
        "Kurssit": (0, 20),
    }
    means = {one.name: (one.issues, one.clickers.value) for one in told.best_read}
    assert means == {"Uutiset": (4, 0.1), "Kurssit": (4, 0.0125)}


def test_where_all_are_counted_together_no_readers_of_a_section_are_known(ledger: Ledger) -> None:
    with ledger.write() as connection:
        people_join(connection, 20)
        send = issue_goes_out(connection, counting=Counting.AGGREGATE)
        has_link(connection, send, 1, "Uutiset")
        is_counted(connection, send, BEGUN, "human", source=Source.SERVICE)

    [section] = report(ledger, BEGUN + DAY).issues[0].sections

    assert (section.clicks.human, section.clickers) == (0, None)
