"""Who follows many links at once is noticed, and forgotten at once."""

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


def test_who_followed_what_is_forgotten_after_seconds() -> None:
    now = [100.0]
    bursts = Bursts(links=3, seconds=2.0, clock=lambda: now[0])
    for number in range(1_000):
        bursts.is_burst(f"192.0.2.{number}", 1)

    now[0] += 10.0
    bursts.is_burst("198.51.100.1", 1)

    assert len(bursts._recent) == 1
