"""Links that carry a subscriber's key are signed; nobody else can make or change one."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import LinkError, TamperedLinkError
from newsletter.links import UnsubscribeLinks, archive_url, read_unsubscribe_token

SECRET = "a secret of these tests"  # noqa: S105 - invented
URL = "https://uutiskirje.example.org"
ALPHABET = string.ascii_letters + string.digits + "-_"  # of secrets.token_urlsafe
keys = st.text(ALPHABET, min_size=1, max_size=40)


def token_of(key: str, secret: str = SECRET) -> str:
    """Return the signed part of a person's link."""
    return UnsubscribeLinks(URL, secret).link_for(key).removeprefix(f"{URL}/u/")


@given(keys)
def test_a_link_gives_back_its_key(key: str) -> None:
    assert read_unsubscribe_token(SECRET, token_of(key)) == key


@given(keys, keys)
def test_links_of_two_people_differ(one: str, other: str) -> None:
    assert (token_of(one) == token_of(other)) == (one == other)


@pytest.mark.parametrize("place", range(len(token_of("k" * 16))))
def test_a_link_changed_by_one_character_is_refused(place: int) -> None:
    token = token_of("k" * 16)
    others = [c for c in ALPHABET + "." if c != token[place]]

    taken = []
    for other in others:
        try:
            read_unsubscribe_token(SECRET, token[:place] + other + token[place + 1 :])
        except TamperedLinkError:
            continue
        taken.append(other)

    assert taken == []


@pytest.mark.parametrize("cut", range(1, len(token_of("k" * 16)) + 1))
def test_a_link_cut_short_is_refused(cut: int) -> None:
    with pytest.raises(TamperedLinkError, match="copy it whole"):
        read_unsubscribe_token(SECRET, token_of("k" * 16)[:-cut])


@given(st.text())
def test_a_made_up_link_is_refused(token: str) -> None:
    with pytest.raises(TamperedLinkError):
        read_unsubscribe_token(SECRET, token)


def test_a_link_signed_with_another_secret_is_refused() -> None:
    with pytest.raises(TamperedLinkError):
        read_unsubscribe_token(SECRET, token_of("key", secret="another secret"))  # noqa: S106


def test_an_empty_secret_signs_nothing() -> None:
    with pytest.raises(LinkError, match="NEWSLETTER_SECRET"):
        UnsubscribeLinks(URL, "")


def test_an_empty_secret_accepts_nothing() -> None:
    with pytest.raises(LinkError, match="NEWSLETTER_SECRET"):
        read_unsubscribe_token("", token_of("key"))


def test_a_link_fits_a_line_of_plain_text() -> None:
    url = UnsubscribeLinks(URL, SECRET).link_for("k" * 16)

    assert len(url) <= 77


def test_a_link_needs_no_escaping_in_an_address() -> None:
    assert set(token_of("aZ09-_" * 4)) <= set(ALPHABET + ".")


def test_the_archive_names_the_issue_and_the_language() -> None:
    assert archive_url(URL, "2026-12", "sv") == f"{URL}/2026-12?lang=sv"
