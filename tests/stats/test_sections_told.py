"""A section in which nobody followed a link is told as one, and counts in the mean of a year."""

import datetime as dt

from newsletter.ledger import Ledger
from newsletter.model import Counting, HitKind, ReturnKind
from newsletter.model.figures import Source
from tests.stats.sent import (
    BEGUN,
    DAY,
    HOUR,
    HUMAN,
    copies_of,
    has_link,
    is_counted,
    is_seen,
    is_told,
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


def test_a_share_is_of_those_who_got_an_edition_with_the_link(ledger: Ledger) -> None:
    """An address of both editions is of all readers, one of the Swedish edition of its own."""
    with ledger.write() as connection:
        people_join(connection, 30)
        people_join(connection, 12, "sv")
        send = issue_goes_out(connection)
        has_link(connection, send, 1, "Uutiset")
        has_link(connection, send, 3, "Nyheter", language="sv")
        first, second, third, *_ = copies_of(connection, send)
        *_, fourth, fifth = copies_of(connection, send)
        for link, its in ((1, (first, second, third)), (3, (fourth, fifth))):
            is_counted(connection, send, BEGUN, "human", kind=HitKind.CLICKED, link=link)
            is_seen(connection, send, dict.fromkeys(its, HUMAN), HitKind.CLICKED, link=link)

    [told] = report(ledger, BEGUN + DAY).issues

    assert {link.number: link.of for link in told.shown.links} == {1: 42, 3: 12}
    shares = {part.name: part.clickers for part in told.sections}
    assert {name: part and (part.count, part.of) for name, part in shares.items()} == {
        "Uutiset": (3, 42),
        "Nyheter": (2, 12),
    }


def test_no_share_tells_how_few_readers_an_edition_reached(ledger: Ledger) -> None:
    with ledger.write() as connection:
        people_join(connection, 30)
        people_join(connection, 12, "sv")
        send = issue_goes_out(connection)
        has_link(connection, send, 1, "Uutiset")
        has_link(connection, send, 2, "Kurssit")
        has_link(connection, send, 3, "Nyheter", language="sv")
        is_counted(connection, send, BEGUN, "human")
        came = [*copies_of(connection, send)]
        kinds = [ReturnKind.HARD if n >= 38 else ReturnKind.DELIVERED for n in range(42)]
        is_told(connection, zip(came, kinds, strict=True), at=BEGUN + HOUR)

    [told] = report(ledger, BEGUN + DAY).issues

    assert {link.number: link.of for link in told.shown.links} == {1: 38, 2: None, 3: None}


def test_where_all_are_counted_together_no_readers_of_a_section_are_known(ledger: Ledger) -> None:
    with ledger.write() as connection:
        people_join(connection, 20)
        send = issue_goes_out(connection, counting=Counting.AGGREGATE)
        has_link(connection, send, 1, "Uutiset")
        is_counted(connection, send, BEGUN, "human", source=Source.SERVICE)

    [section] = report(ledger, BEGUN + DAY).issues[0].sections

    assert (section.clicks.human, section.clickers) == (0, None)
