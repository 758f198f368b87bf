"""What is known of the mail of a send, by events and by sums that a provider tells."""

import pytest

from newsletter.ledger.fates import Fates
from newsletter.model import Figures
from newsletter.stats.deliverability import count_seen

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
