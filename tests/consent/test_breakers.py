"""Bursts of bounces: found whatever their number, with a look at each bounce and no more."""

import datetime as dt
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.consent import Breakers
from newsletter.consent.breakers import find_bursts
from newsletter.ledger import Kept
from newsletter.model import ReturnKind

NOW = dt.datetime(2026, 12, 15, 9, tzinfo=dt.UTC)
MOST = Breakers(domain_most=3)
LOOKS: list[int] = []  # ids of bounces whose address was looked at


class Watched(Kept):
    """A bounce that tells when its address is looked at."""

    @property
    def address(self) -> str:
        """Return it, and note that."""
        LOOKS.append(self.id)
        return self[4]

    @property
    def domain(self) -> str:
        """Return its domain without a look at the address."""
        return "example.org"


def bounces(told: Sequence[tuple[int, float]], kind: type[Kept] = Kept) -> list[Kept]:
    """Return bounces of people by their number, each some minutes after the first."""
    return [
        kind(
            id=id,
            source="brevo",
            kind=ReturnKind.HARD,
            at=NOW + dt.timedelta(minutes=after),
            address=f"p{who}@example.org",
            delivery=None,
            key=f"key-{who}",
            status="",
            text="",
            state="due",
        )
        for id, (who, after) in enumerate(told)
    ]


def held(some: Sequence[Kept]) -> set[int]:
    """Return which are held."""
    return find_bursts(some, MOST)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 300)), max_size=40))
def test_what_is_held_is_in_some_hour_with_too_many_addresses(
    told: list[tuple[int, float]],
) -> None:
    expected = set[int]()
    for _, begin in told:
        within = {n for n, (_, after) in enumerate(told) if begin <= after <= begin + 60}
        if len({told[n][0] for n in within}) > MOST.domain_most:
            expected |= within

    assert held(bounces(told)) == expected


@pytest.mark.parametrize("minutes", [30, 6000])
def test_each_bounce_of_a_flood_is_looked_at_a_few_times(minutes: int) -> None:
    count = 3000
    some = bounces([(n, n * minutes / count) for n in range(count)], Watched)
    LOOKS.clear()

    held(some)

    assert len(LOOKS) <= 4 * count
