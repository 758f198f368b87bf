"""Whether somebody may be mailed follows from what happened to them, whatever came first."""

import datetime as dt
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model import By, Happened, Record, Standing, standing_after

NOW = dt.datetime(2026, 12, 15, 8, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def rec(what: Happened, day: int | None = 0, **detail: str) -> Record:
    """Return what happened so many days before now; on an unknown day, noted today, for None."""
    at = None if day is None else NOW - day * DAY
    return Record(key="k", what=what, at=at, noted_at=at or NOW, detail=detail)


@pytest.mark.parametrize(
    ("known", "standing"),
    [
        pytest.param([rec(Happened.JOINED, 9)], Standing.ACTIVE, id="joined"),
        pytest.param([rec(Happened.ASKED, 9)], Standing.PENDING, id="asked"),
        pytest.param(
            [rec(Happened.ASKED, 9), rec(Happened.CONFIRMED, 8)], Standing.ACTIVE, id="confirmed"
        ),
        pytest.param(
            [rec(Happened.JOINED, 9), rec(Happened.ASKED, 1)],
            Standing.ACTIVE,
            id="asked again while on the list",
        ),
        pytest.param(
            [rec(Happened.CONFIRMED, 9), rec(Happened.UNSUBSCRIBED, 8)],
            Standing.UNSUBSCRIBED,
            id="left after confirming",
        ),
        pytest.param(
            [rec(Happened.UNSUBSCRIBED, 9), rec(Happened.ASKED, 2)],
            Standing.UNSUBSCRIBED,
            id="asked after leaving, not confirmed",
        ),
        pytest.param(
            [rec(Happened.COMPLAINED, 9), rec(Happened.CONFIRMED, 2)],
            Standing.ACTIVE,
            id="confirmed after a complaint",
        ),
        pytest.param(
            [rec(Happened.CONFIRMED, 2), rec(Happened.UNSUBSCRIBED, None)],
            Standing.UNSUBSCRIBED,
            id="left on an unknown day, which became known later",
        ),
        pytest.param(
            [rec(Happened.BOUNCED, 3), rec(Happened.UNSUBSCRIBED, 4)],
            Standing.UNSUBSCRIBED,
            id="a bounce never hides their own word",
        ),
        pytest.param(
            [rec(Happened.JOINED, 9), rec(Happened.PAUSED, 3, until="2026-12-16T08:00:00+00:00")],
            Standing.PAUSED,
            id="paused until tomorrow",
        ),
        pytest.param(
            [rec(Happened.JOINED, 9), rec(Happened.PAUSED, 3, until="2026-12-14T08:00:00+00:00")],
            Standing.ACTIVE,
            id="paused until yesterday",
        ),
        pytest.param(
            [rec(Happened.JOINED, 9), rec(Happened.PAUSED, 3), rec(Happened.RESUMED, 2)],
            Standing.ACTIVE,
            id="resumed",
        ),
        pytest.param(
            [
                rec(Happened.JOINED, 9),
                rec(Happened.PAUSED, 5),  # as the mailbox took no mail
                replace(rec(Happened.PAUSED, 3, until="2026-12-14T08:00:00+00:00"), by=By.PERSON),
            ],
            Standing.PAUSED,
            id="a pause of their own ends no other that has no end",
        ),
        pytest.param(
            [
                replace(rec(Happened.PAUSED, 5), by=By.PERSON),
                replace(rec(Happened.PAUSED, 3, until="2026-12-14T08:00:00+00:00"), by=By.PERSON),
                rec(Happened.JOINED, 9),
            ],
            Standing.ACTIVE,
            id="a shorter pause of their own takes the place of a longer one",
        ),
        pytest.param(
            [rec(Happened.FOUND, 9, standing="unsubscribed"), rec(Happened.JOINED, 1)],
            Standing.UNSUBSCRIBED,
            id="a list never brings back",
        ),
        pytest.param(
            [rec(Happened.FOUND, 9, standing="unsubscribed"), rec(Happened.RETURNED, 1)],
            Standing.ACTIVE,
            id="brought back at their wish",
        ),
    ],
)
def test_standing_follows_from_what_happened(known: list[Record], standing: Standing) -> None:
    assert standing_after(known, NOW) is standing


def test_what_was_undone_does_not_count() -> None:
    left = Record(
        key="k", what=Happened.UNSUBSCRIBED, at=NOW - DAY, noted_at=NOW - DAY, act="import:3"
    )
    undone = Record(key="k", what=Happened.UNDONE, at=NOW, noted_at=NOW, act="import:3")

    assert standing_after([rec(Happened.JOINED, 9), left], NOW) is Standing.UNSUBSCRIBED
    assert standing_after([rec(Happened.JOINED, 9), left, undone], NOW) is Standing.ACTIVE


_RECORDS = st.lists(
    st.builds(
        rec,
        st.sampled_from([what for what in Happened if what is not Happened.FOUND]),
        st.none() | st.integers(0, 5),
    ),
    max_size=8,
)


@given(_RECORDS, st.randoms(use_true_random=False))
def test_the_order_in_which_records_come_does_not_matter(known: list[Record], dice: Random) -> None:
    known = [rec(Happened.JOINED, 9), *known]
    shuffled = dice.sample(known, len(known))

    assert standing_after(known, NOW) is standing_after(shuffled, NOW)
    assert standing_after(known * 2, NOW) is standing_after(known, NOW)


@given(_RECORDS)
def test_only_a_confirmation_or_a_return_leads_back(known: list[Record]) -> None:
    known = [rec(Happened.UNSUBSCRIBED, 6), *known]

    standing = standing_after(known, NOW)

    if not any(r.what in (Happened.CONFIRMED, Happened.RETURNED) for r in known):
        assert standing in (Standing.UNSUBSCRIBED, Standing.COMPLAINED, Standing.ERASED)
