"""A token of one kind, or of one person, never works as another; a forged one never works."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from newsletter.counted_links import CountedLinks
from newsletter.errors import LinkError
from newsletter.links import (
    MemberLinks,
    PreferenceLinks,
    SurveyLinks,
    UnsubscribeLinks,
    new_keys,
    read_member_token,
    read_note,
    read_preferences_token,
    read_survey_token,
    read_unsubscribe_token,
    sign_note,
)
from newsletter.mailkeys import DeliveryKeys, LeavingKeys

SECRET, OTHER = "so long that nobody guesses it", "another that nobody guesses either"
SENDS = "0123456789abcdef0123456789abcdef"
PUBLIC = "https://news.example.org"
Read = Callable[[str], object]


@dataclass(frozen=True)
class Kind:
    """A kind of token: how one is made for somebody, and what reading one gives."""

    make: Callable[[int, str], str]  # for a number, and with a secret
    read: Callable[[str], object]  # with our secret; raises LinkError or gives None if not ours


def last(address: str) -> str:
    return address.rpartition("/")[2]


def key(number: int) -> str:
    return f"key{number:017}"


KINDS: Mapping[str, Kind] = {
    "leave": Kind(
        lambda n, s: last(UnsubscribeLinks(PUBLIC, s).link_for(key(n))),
        lambda t: read_unsubscribe_token(SECRET, t),
    ),
    "prefer": Kind(
        lambda n, s: last(PreferenceLinks(PUBLIC, s).link_for(key(n))),
        lambda t: read_preferences_token(SECRET, t),
    ),
    "member": Kind(
        lambda n, s: MemberLinks(s).link_for(key(n)),
        lambda t: read_member_token(SECRET, t),
    ),
    "survey": Kind(
        lambda n, s: SurveyLinks(s, "2027").link_for(key(n)),
        lambda t: read_survey_token(SECRET, "2027", t),
    ),
    "another survey": Kind(
        lambda n, s: SurveyLinks(s, "2028").link_for(key(n)),
        lambda t: read_survey_token(SECRET, "2028", t),
    ),
    "form": Kind(
        lambda n, s: sign_note(s, "form", key(n)),
        lambda t: read_note(SECRET, "form", t),
    ),
    "proof": Kind(
        lambda n, s: sign_note(s, "proof", key(n)),
        lambda t: read_note(SECRET, "proof", t),
    ),
    "opened": Kind(
        lambda n, s: last(CountedLinks(PUBLIC, s).picture(7, n)).removesuffix(".gif"),
        lambda t: CountedLinks(PUBLIC, SECRET).read_opened(t),
    ),
    "clicked": Kind(
        lambda n, s: last(CountedLinks(PUBLIC, s).redirects(7, n)).removesuffix("."),
        lambda t: CountedLinks(PUBLIC, SECRET).read_clicked(t),
    ),
    "delivery": Kind(
        lambda n, s: DeliveryKeys(SENDS if s == SECRET else SENDS[::-1]).key_for(n),
        lambda t: DeliveryKeys(SENDS).read(t),
    ),
    "leave by mail": Kind(
        lambda n, s: LeavingKeys(s).key_for(key(n)),
        lambda t: LeavingKeys(SECRET).read(t) or None,
    ),
}
numbers = st.integers(1, 2**31 - 1)
kinds = st.sampled_from(sorted(KINDS))


def is_taken(kind: str, token: str) -> bool:
    try:
        return KINDS[kind].read(token) is not None
    except LinkError:
        return False


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_is_read_as_itself(kind: str) -> None:
    made = [KINDS[kind].read(KINDS[kind].make(number, SECRET)) for number in (1, 2)]

    assert None not in made
    assert made[0] != made[1]


@given(numbers, kinds, kinds)
def test_a_token_of_one_kind_is_none_of_another(number: int, one: str, other: str) -> None:
    assume(one != other)

    assert not is_taken(other, KINDS[one].make(number, SECRET))


@given(numbers, kinds)
def test_a_token_of_another_newsletter_is_none_of_ours(number: int, kind: str) -> None:
    assert not is_taken(kind, KINDS[kind].make(number, OTHER))


@given(numbers, numbers, kinds, st.integers(0, 60), st.integers(0, 60))
def test_tokens_of_two_people_cannot_be_put_together(
    one: int, other: int, kind: str, first: int, second: int
) -> None:
    made = [KINDS[kind].make(number, SECRET) for number in (one, other)]
    spliced = made[0][:first] + made[1][second:]
    assume(spliced.lower() not in [token.lower() for token in made])

    assert not is_taken(kind, spliced)


@given(numbers, kinds, st.integers(0, 60), st.characters(codec="utf-8"))
def test_a_token_with_another_sign_in_it_is_nobodys(
    number: int, kind: str, at: int, sign: str
) -> None:
    token = KINDS[kind].make(number, SECRET)
    at %= len(token)
    forged = token[:at] + sign + token[at + 1 :]
    assume(forged.lower() != token.lower())  # a gateway writes all in small letters

    assert not is_taken(kind, forged)


@given(kinds, st.text(max_size=80))
def test_no_text_is_a_token(kind: str, text: str) -> None:
    assert not is_taken(kind, text)


def test_keys_of_people_cannot_be_guessed_from_those_of_others() -> None:
    keys = new_keys(1_000)

    assert len({one[4:] for one in keys}) == 1_000
    assert {len(one) for one in keys} == {20}
