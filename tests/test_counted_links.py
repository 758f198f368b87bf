"""Addresses that tell of an open or a click: nobody makes one, reads one or uses one elsewhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.counted_links import CountedLinks
from newsletter.errors import LinkError, TamperedLinkError

LINKS = CountedLinks("https://news.example.org", "so long that nobody guesses it")
numbers = st.integers(min_value=0, max_value=2**31 - 1)


def opened(send: int, delivery: int, links: CountedLinks = LINKS) -> str:
    return links.picture(send, delivery).rpartition("/")[2].removesuffix(".gif")


def clicked(send: int, delivery: int) -> str:
    return LINKS.redirects(send, delivery).rpartition("/")[2].removesuffix(".")


@given(numbers, numbers)
def test_what_an_address_holds_is_read_back(send: int, delivery: int) -> None:
    assert LINKS.read_opened(opened(send, delivery)) == (send, delivery)
    assert LINKS.read_clicked(clicked(send, delivery)) == (send, delivery)


@given(numbers, numbers, st.integers(0, 23), st.sampled_from("AZaz09-_"))
def test_a_changed_address_is_nobodys(send: int, delivery: int, at: int, letter: str) -> None:
    token = opened(send, delivery)
    forged = token[:at] + letter + token[at + 1 :]

    if forged != token:
        with pytest.raises(TamperedLinkError):
            LINKS.read_opened(forged)


@given(numbers, numbers)
def test_an_address_of_an_open_is_none_of_a_click(send: int, delivery: int) -> None:
    with pytest.raises(TamperedLinkError):
        LINKS.read_clicked(opened(send, delivery))
    with pytest.raises(TamperedLinkError):
        LINKS.read_opened(clicked(send, delivery))


@given(st.text(max_size=40))
def test_whatever_is_not_ours_is_refused(written: str) -> None:
    with pytest.raises(TamperedLinkError):
        LINKS.read_opened(written)


def test_neighbours_have_nothing_in_common() -> None:
    tokens = [opened(1, delivery) for delivery in range(1, 500)]

    assert len({token[:6] for token in tokens}) == len(tokens)
    assert len({token[-6:] for token in tokens}) == len(tokens)


def test_another_secret_makes_other_addresses() -> None:
    other = CountedLinks("https://news.example.org", "another that nobody guesses either")

    with pytest.raises(TamperedLinkError):
        other.read_opened(opened(1, 2))
    with pytest.raises(LinkError):
        CountedLinks("https://news.example.org", "")
