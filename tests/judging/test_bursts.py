"""Who follows many links at once is noticed, and forgotten at once."""

import datetime as dt
import random

from hypothesis import given
from hypothesis import strategies as st

from newsletter.judging import Bursts, Followed, find_bursts

BEGUN = dt.datetime(2026, 12, 15, 8, tzinfo=dt.UTC)


def test_three_links_within_two_seconds_are_no_reading() -> None:
    now = [100.0]
    bursts = Bursts(links=3, seconds=2.0, clock=lambda: now[0])

    assert [bursts.is_burst("aino", link) for link in (1, 1, 2, 3, 1)] == [
        False, False, False, True, True,
    ]  # fmt: skip
    assert not bursts.is_burst("väinö", 3)
    now[0] += 2.5
    assert not bursts.is_burst("aino", 4)


def test_who_followed_what_is_forgotten_after_seconds() -> None:
    now = [100.0]
    bursts = Bursts(links=3, seconds=2.0, clock=lambda: now[0])
    for number in range(1_000):
        bursts.is_burst(f"192.0.2.{number}", 1)

    now[0] += 10.0
    bursts.is_burst("198.51.100.1", 1)

    assert len(bursts._recent) == 1


def followed(copy: str, link: str, seconds: float) -> Followed:
    return Followed(copy, link, BEGUN + dt.timedelta(seconds=seconds))


def test_all_links_of_a_burst_are_found_that_a_provider_tells_of_the_first_ones_too() -> None:
    told = [
        followed("aino", "/1", 0.0),
        followed("bo", "/2", 0.1),  # somebody else's
        followed("aino", "/2", 0.5),
        followed("aino", "/3", 2.0),
        followed("aino", "/4", 9.0),  # later
        followed("bo", "/1", 1.0),
    ]

    assert find_bursts(told, links=3, seconds=2.0) == {0, 2, 3}
    assert find_bursts(told, links=2, seconds=2.0) == {0, 1, 2, 3, 5}
    assert find_bursts(told[:3], links=3, seconds=2.0) == set()


def test_one_link_followed_often_is_no_burst() -> None:
    told = [followed("aino", "/1", n / 10) for n in range(9)]

    assert find_bursts([*told, followed("aino", "/2", 0.3)], links=3, seconds=2.0) == set()


CLICKS = st.lists(
    st.builds(followed, st.sampled_from("ab"), st.sampled_from("123"), st.integers(0, 12)),
    max_size=12,
)


@given(CLICKS, st.integers(2, 3), st.integers(1, 4), st.randoms(use_true_random=False))
def test_bursts_are_the_same_in_whatever_order_they_are_told(
    told: list[Followed], links: int, seconds: int, order: random.Random
) -> None:
    found = {told[place] for place in find_bursts(told, links=links, seconds=seconds)}

    order.shuffle(told)

    assert {told[place] for place in find_bursts(told, links=links, seconds=seconds)} == found
    span = dt.timedelta(seconds=seconds)
    for one in told:
        own = [other for other in told if other.copy == one.copy]
        near = (
            [x.link for x in own if x0.at <= x.at <= x0.at + span]
            for x0 in own
            if x0.at <= one.at <= x0.at + span
        )
        assert (one in found) == any(len(set(some)) >= links for some in near)
