"""What is known of the mail of a send, by events and by sums that a provider tells."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.ledger.fates import Fates
from newsletter.model import Delivered, Figures
from newsletter.stats.deliverability import count_seen, not_less

SENT = Fates(accepted=100, refused_hard=0, refused_soft=0)


@pytest.mark.parametrize(
    ("fates", "sums", "seen"),
    [
        (SENT, None, 100),
        # words about most of them, and none about the others
        (SENT._replace(told=95, reached=90, hard=2, soft=3), None, 95),
        # events tell of each, sums may be of an hour ago
        (SENT._replace(told=95, reached=95), Figures(delivered=60, bounced_hard=1), 100),
        (SENT, Figures(delivered=94, bounced_hard=4, bounced_soft=2), 94),
        # some were on their way when the provider was asked
        (SENT, Figures(delivered=60, bounced_hard=2, bounced_soft=0), 98),
        # it tells of all that came back in one sum
        (SENT, Figures(delivered=94), 94),
        (SENT, Figures(bounced_hard=2, bounced_soft=1), 97),
        (SENT, Figures(bounced_hard=2), 100),
        # it counts tests that were sent with the issue, or what it refused at once
        (SENT, Figures(delivered=103, bounced_hard=0, bounced_soft=0), 100),
        (SENT, Figures(delivered=99, bounced_hard=30, bounced_soft=0), 99),
    ],
    ids=[
        "nothing", "most", "old sums", "sums", "on the way", "delivered alone", "bounces alone",
        "for good alone", "tests", "refused",
    ],
)  # fmt: skip
def test_opens_are_seen_of_all_accepted_copies_but_those_that_bounced(
    fates: Fates, sums: Figures | None, seen: int
) -> None:
    assert count_seen(fates, sums) == seen


# Of each mail: what is known of it, and what is known later, in the order in which words prevail.
WORDS = ("nothing", "soft", "delivered", "hard")
words = st.sampled_from(range(len(WORDS)))
mails = st.lists(st.tuples(words, words).map(sorted), max_size=30)


def counted(mail: Sequence[int]) -> Delivered:
    of = {word: mail.count(at) for at, word in enumerate(WORDS)}
    return Delivered(
        sent=len(mail),
        delivered=of["delivered"],
        bounced_hard=of["hard"],
        bounced_soft=of["soft"],
    )


@given(mails)
def test_what_is_told_late_is_taken_as_it_is_where_nothing_was_forgotten(
    mail: list[list[int]],
) -> None:
    before, after = (counted([each[at] for each in mail]) for at in (0, 1))

    assert not_less(after, than=before) == after


@given(mails, st.data())
def test_what_is_forgotten_stays_counted_and_each_mail_counts_once(
    mail: list[list[int]], data: st.DataObject
) -> None:
    """Whatever was known at first is forgotten of some, and of others more is told."""
    before = counted([each[0] for each in mail])
    forgotten = st.sampled_from(("as before", "forgotten", "told anew"))
    now = [{"as before": a, "forgotten": 0, "told anew": b}[data.draw(forgotten)] for a, b in mail]

    told = not_less(counted(now), than=before)

    parts = (told.delivered, told.bounced_hard, told.bounced_soft)
    known = (before.delivered, before.bounced_hard, before.bounced_soft)
    assert sum(p or 0 for p in known) <= sum(p or 0 for p in parts) <= told.sent
    assert (told.bounced_hard or 0) >= (before.bounced_hard or 0)


def test_what_was_known_stays_where_nothing_is_known_any_more() -> None:
    before = Delivered(sent=9, delivered=7, bounced_hard=1, bounced_soft=1, unsubscribed=2)

    assert not_less(Delivered(sent=9, replied=3), than=before) == Delivered(
        sent=9, delivered=7, bounced_hard=1, bounced_soft=1, unsubscribed=2, replied=3
    )
