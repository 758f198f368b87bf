"""Opens and clicks that a provider tells of count once each, for their issue alone."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from newsletter import consent, feedback
from newsletter.consent.soft_bounces import SoftRule
from newsletter.feedback.sightings import note_sightings
from newsletter.judging import shipped
from newsletter.ledger import Ledger, issue_links, queue, summing
from newsletter.ledger.figure_tables import readers
from newsletter.ledger.people_tables import hits, visits
from newsletter.ledger.people_tables import returns as returns_table
from newsletter.ledger.people_tables import webhooks as webhooks_table
from newsletter.ledger.tables import metadata, sends
from newsletter.model import DIGEST, SUM_UP, AuthoredLink, Counting, Return, ReturnKind, Standing
from newsletter.providers.webhooks import HOOKED
from newsletter.stats import update_figures
from tests.consent.mailed import (
    FIRST,
    MONTH,
    RULES,
    back,
    delivery_of,
    mail,
    standing_of,
)
from tests.feedback.test_digesting import about, named, post
from tests.ledger.blank import put_blank
from tests.providers.webhooks.shapes import LINK

NAMES = ["aino", "bo"]
SOON, DAY = FIRST + dt.timedelta(hours=1), dt.timedelta(days=1)
SECRET = "x" * 32
LINKS = [AuthoredLink(url=url) for url in ("https://www.example.org/eka", LINK)]
K = ReturnKind


def send_issues(ledger: Ledger) -> Ledger:
    """Mail two people three issues, a month apart, with a link each."""
    with ledger.write() as connection:
        mail(connection, NAMES, issues=3)
        for send in (1, 2, 3):
            issue_links.keep_links(connection, send, LINKS, "fi")
    return ledger


@pytest.fixture
def mailed(ledger: Ledger) -> Ledger:
    """A ledger of three issues that two people got."""
    return send_issues(ledger)


def digest(ledger: Ledger, now: dt.datetime = SOON, *, keeps_opens: bool = True) -> None:
    """Take in what waits."""
    feedback.digest(ledger, RULES, topics=(), now=lambda: now, keeps_opens=keeps_opens)


def see(ledger: Ledger, *told: Return, now: dt.datetime = SOON) -> None:
    """Take in what a provider tells of readers."""
    with ledger.write() as connection:
        note_sightings(connection, told, RULES, now, rulebook=shipped())


def seen(ledger: Ledger) -> list[tuple[Any, ...]]:
    """Return what is kept until it is summed up."""
    columns = ("send_id", "source", "kind", "link", "hour", "delivery_id")
    with ledger.read() as connection:
        query = select(*(hits.c[name] for name in columns), hits.c.count)
        return [tuple(row) for row in connection.execute(query.order_by(hits.c.id))]


def sums(ledger: Ledger, now: dt.datetime = SOON) -> tuple[Any, ...]:
    """Return everything that is summed up."""
    summing.sum_up(ledger, now)
    with ledger.read() as connection:
        rows = ({tuple(row) for row in connection.execute(select(t))} for t in (visits, readers))
        return tuple(rows)


@pytest.mark.parametrize("provider", HOOKED)
def test_an_open_and_a_click_posted_by_any_provider_count_once(
    mailed: Ledger, provider: str
) -> None:
    with mailed.read() as connection:
        mail_to = about(connection, "bo")
        reader = delivery_of(connection, "bo")
    names = {"brevo": ("opened", "click"), "mailgun": ("opened", "clicked")}
    names |= {"postmark": ("Open", "Click"), "resend": ("email.opened", "email.clicked")}
    names |= {"ses": ("Open", "Click")}
    bodies = [named(provider, mail_to, name) for name in names.get(provider, ("open", "click"))]

    for _ in range(2):
        post(mailed, provider, *bodies)
        post(mailed, provider, *(body.replace(b"{", b"{ ", 1) for body in bodies))
        digest(mailed)

    at = FIRST.isoformat()[:13]
    opened, clicked = sorted(seen(mailed), key=lambda hit: hit[2], reverse=True)
    assert opened == (1, "webhooks", "opened", None, at, reader, 1)
    assert clicked[:3] == (1, "webhooks", "clicked")
    assert clicked[4:] == (at, reader, 1)


def test_a_click_has_the_number_of_its_link_and_no_address_of_a_readers_own(
    mailed: Ledger,
) -> None:
    own = "https://news.example.org/u/MS5ub2JvZHk"
    clicks = [back(K.CLICKED, url=url) for url in (LINK, f"{LINK}/", own)]

    see(mailed, *clicks)

    assert {row[3]: row[-1] for row in seen(mailed)} == {2: 2, None: 1}
    with mailed.read() as connection:
        assert connection.execute(select(returns_table.c.id)).all() == []


def test_what_is_posted_of_readers_is_forgotten_once_it_is_taken_in(mailed: Ledger) -> None:
    with mailed.read() as connection:
        mail_to = about(connection, "aino")
    post(mailed, "brevo", named("brevo", mail_to, "opened"), named("brevo", mail_to, "delivered"))

    digest(mailed)

    with mailed.read() as connection:
        bodies = connection.execute(select(webhooks_table.c.body).order_by(webhooks_table.c.id))
        assert [bool(body) for body in bodies.scalars()] == [False, True]
        assert [kind for (kind,) in connection.execute(select(returns_table.c.kind))] == [
            "delivered"
        ]
        asked = {job.name for job in queue.list_jobs(connection)}
        assert asked == {DIGEST, SUM_UP}


@pytest.mark.parametrize("kind", K)
def test_a_readers_program_and_network_are_kept_nowhere(mailed: Ledger, kind: K) -> None:
    told = back(kind, agent="Netscape", network="198.51.100.7")
    with mailed.write() as connection:
        seen = note_sightings(
            connection, [told] if kind.is_visit else [], RULES, SOON, rulebook=shipped()
        )
        consent.take_in(connection, [told], RULES, SOON, seen=seen)
        kept = repr([connection.execute(select(t)).all() for t in metadata.sorted_tables])

    assert "aino" in kept
    assert "Netscape" not in kept
    assert "198.51.100.7" not in kept


def test_none_are_kept_where_none_are_counted(mailed: Ledger) -> None:
    with mailed.read() as connection:
        post(mailed, "brevo", named("brevo", about(connection, "aino"), "opened"))

    digest(mailed, keeps_opens=False)

    assert seen(mailed) == []
    with mailed.read() as connection:
        assert connection.execute(select(webhooks_table.c.body)).scalar_one() == b""


@pytest.mark.parametrize("scope", ["rehearsal:issue-0", "test:abc", "notice:report:x"])
def test_nothing_but_an_issue_to_its_readers_counts(mailed: Ledger, scope: str) -> None:
    with mailed.write() as connection:
        connection.execute(update(sends).where(sends.c.id == 1).values(scope=scope))

    see(mailed, back(K.OPENED))

    assert seen(mailed) == []


@pytest.mark.parametrize("counting", [Counting.AGGREGATE, Counting.CONSENTED])
def test_of_an_issue_that_we_counted_no_provider_tells_who_read_it(
    mailed: Ledger, counting: Counting
) -> None:
    """Its mail said who counts, and of whom; a provider that is let count later changes nothing."""
    with mailed.write() as connection:
        connection.execute(update(sends).where(sends.c.id == 1).values(counting=counting))

    see(mailed, back(K.OPENED), back(K.OPENED, issue=1), now=FIRST + MONTH)

    assert [row[0] for row in seen(mailed)] == [2]


def test_what_is_told_a_month_late_or_of_nobody_known_does_not_count(mailed: Ledger) -> None:
    see(mailed, back(K.OPENED), now=FIRST + 31 * DAY)
    see(mailed, back(K.OPENED, "stranger"), back(K.OPENED, tag="", message_id="", address=""))

    assert seen(mailed) == []


def test_a_late_open_changes_its_own_issue_alone(mailed: Ledger) -> None:
    second = FIRST + MONTH + DAY
    see(mailed, back(K.OPENED, issue=0), back(K.OPENED, issue=1), now=second)
    before = sums(mailed, second)

    see(mailed, back(K.CLICKED, issue=0, after=20 * 86_400), now=second)

    after = sums(mailed, second)
    changed = {row for table in (0, 1) for row in after[table] ^ before[table]}
    assert {row[0] for row in changed} == {1}


def test_a_person_is_told_what_is_held_of_their_reading_until_they_are_erased(
    mailed: Ledger,
) -> None:
    address = "aino@example.org"
    see(mailed, back(K.OPENED))
    assert consent.gather(mailed, address)["hits"]
    sums(mailed)
    [row] = consent.gather(mailed, address)["readers"]
    assert row["kind"] == "opened"

    consent.forget(mailed, address, SECRET, SOON, source="forget")
    see(mailed, back(K.OPENED, after=90))

    assert "readers" not in consent.gather(mailed, address)
    assert seen(mailed) == []


# --- who opens a mail has got it ----------------------------------------------------------

SOFTLY = SoftRule(issues=2, span=dt.timedelta(days=20))
PAUSING = replace(RULES, soft=SOFTLY)


def soft(ledger: Ledger, now: dt.datetime) -> None:
    """Tell that neither of the first two issues reached its reader."""
    with ledger.write() as connection:
        consent.take_in(connection, [back(K.SOFT, issue=n) for n in (0, 1)], PAUSING, now)


def open_second(ledger: Ledger, now: dt.datetime) -> None:
    """Tell that the reader opened the second issue."""
    with ledger.write() as connection:
        keys = note_sightings(
            connection, [back(K.OPENED, issue=1, after=99)], PAUSING, now, rulebook=shipped()
        )
        consent.take_in(connection, [], PAUSING, now, seen=keys)


def standing(ledger: Ledger) -> Standing:
    with ledger.read() as connection:
        return standing_of(connection)


@pytest.mark.parametrize("is_opened_first", [True, False])
def test_a_mailbox_in_which_a_mail_was_opened_takes_mail(
    mailed: Ledger, *, is_opened_first: bool
) -> None:
    now = FIRST + MONTH + DAY
    steps = [open_second, soft] if is_opened_first else [soft, open_second]

    for step in steps:
        step(mailed, now)

    assert standing(mailed) is Standing.ACTIVE


def test_it_is_known_to_take_mail_when_it_is_forgotten_what_was_opened(mailed: Ledger) -> None:
    now = FIRST + MONTH + DAY
    open_second(mailed, now)
    soft(mailed, now)
    sums(mailed, now)
    later = now + 2 * MONTH
    update_figures(mailed, now=later)

    with mailed.write() as connection:
        assert summing.forget_readers(connection, before=later) == 1
        consent.take_in(connection, [back(K.SOFT, issue=2)], PAUSING, later)

        assert connection.execute(select(readers.c.rank)).all() == []
        assert standing_of(connection) is Standing.ACTIVE


# --- any order ----------------------------------------------------------------------------

VISITS = st.lists(
    st.builds(
        back,
        st.sampled_from([K.OPENED, K.CLICKED]),
        st.sampled_from(NAMES),
        issue=st.integers(0, 1),
        after=st.sampled_from([1, 2, 3_700, 3 * 86_400, 8 * 86_400]),
        url=st.sampled_from([LINK, "https://www.example.org/eka", "https://x.example/"]),
        is_machine=st.sampled_from([True, False, None]),
    ),
    max_size=12,
    unique_by=lambda one: (one.kind, one.address, one.tag, one.at, one.url),
)


def _told(ledger: Ledger, told: Sequence[Return], sizes: Sequence[int]) -> tuple[Any, ...]:
    """Hear things in portions on an empty ledger, summed up in between; return all sums."""
    ledger.close()
    put_blank(Path(ledger.place))
    send_issues(ledger)
    now = FIRST + MONTH - DAY
    begin = 0
    for size in [*sizes, len(told)]:
        see(ledger, *told[begin : begin + size], now=now)
        summing.sum_up(ledger, now)
        begin += size
    return sums(ledger, now)


@settings(max_examples=8)
@given(told=VISITS, data=st.data())
def test_the_same_told_in_any_order_repeated_and_in_portions_ends_the_same(
    sqlite: Ledger, told: list[Return], data: st.DataObject
) -> None:
    at_once = _told(sqlite, told, [])

    again = data.draw(st.permutations([*told, *told[:4]]))
    bit_by_bit = _told(sqlite, again, data.draw(st.lists(st.integers(0, 6), max_size=4)))

    assert bit_by_bit == at_once
