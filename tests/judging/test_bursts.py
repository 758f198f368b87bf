"""Who follows many links at once is noticed, and forgotten at once."""

from hypothesis import given
from hypothesis import strategies as st

from newsletter.judging import Bursts


def test_three_links_within_two_seconds_are_no_reading() -> None:
    now = [100.0]
    bursts = Bursts(links=3, seconds=2.0, clock=lambda: now[0])

    assert [bursts.is_burst("aino", link) for link in (1, 1, 2, 3, 1)] == [
        False, False, False, True, True,
    ]  # fmt: skip
    assert not bursts.is_burst("väinö", 3)
    now[0] += 2.5
    assert not bursts.is_burst("aino", 4)


def test_links_are_counted_back_from_each_click_and_not_on_from_the_first() -> None:
    now = [0.0]
    bursts = Bursts(links=3, seconds=2.0, clock=lambda: now[0])
    found = []

    for link, at in enumerate((0.0, 1.9, 2.1, 2.3)):
        now[0] = at
        found.append(bursts.is_burst("aino", link))

    assert found == [False, False, False, True]


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(1, 6), st.sampled_from("ab")), max_size=60),
    st.integers(1, 4),
)
def test_a_burst_is_so_many_links_within_the_seconds_before_any_click(
    clicks: list[tuple[int, int, str]], links: int
) -> None:
    now = [0.0]
    bursts = Bursts(links=links, seconds=2.0, clock=lambda: now[0])
    seen: list[tuple[float, int, str]] = []

    for wait, link, who in clicks:
        now[0] += wait / 2
        seen.append((now[0], link, who))
        recent = {n for at, n, whose in seen if whose == who and now[0] - at <= 2.0}
        assert bursts.is_burst(who, link) is (len(recent) >= links)


def test_of_many_links_of_one_follower_no_more_are_held_than_make_a_burst() -> None:
    bursts = Bursts(links=3, seconds=2.0, clock=lambda: 0.0)

    for link in range(1_000):
        bursts.is_burst("aino", link)

    assert len(bursts._recent["aino"]) == 3


def test_who_followed_what_is_forgotten_after_seconds() -> None:
    now = [100.0]
    bursts = Bursts(links=3, seconds=2.0, clock=lambda: now[0])
    for number in range(1_000):
        bursts.is_burst(f"192.0.2.{number}", 1)

    now[0] += 10.0
    bursts.is_burst("198.51.100.1", 1)

    assert len(bursts._recent) == 1
