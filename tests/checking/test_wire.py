"""The second opinion on a message agrees with the serializer, and sees what it should not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.checking.instruments import graphemes
from newsletter.composing.mime import encode_words
from tests.render.raw_message import addresses_in, decode_words

# As issues are read: words with one space between them, and none around.
LINES = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=120).map(
    lambda text: " ".join(text.split())
)


@given(LINES)
def test_our_encoded_words_are_read_as_they_were_written(text: str) -> None:
    folded = encode_words(text, begin=len("Subject: ")).decode("ascii")

    assert decode_words(folded.replace("\r\n ", " ")) == text


def test_words_of_another_program_are_read_too() -> None:
    words = "=?ISO-8859-1?Q?J=E4=E4_ja?= =?utf-8?b?IGx1bWk=?= 2026"

    assert decode_words(words) == "Jää ja lumi 2026"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Kysy: aino.v@example.org.", {"aino.v@example.org"}),
        ("mailto:Bo%40Example.org?subject=x", {"bo@example.org"}),
        ("https://example.org/u?e=bo+x@example.org&y=1", {"bo+x@example.org"}),
        ("<a@example.org>,b@a.example.org", {"a@example.org", "b@a.example.org"}),
        ("@media screen and 5 @ 3, x@y", set()),
    ],
)
def test_whatever_looks_like_an_address_is_found(text: str, found: set[str]) -> None:
    assert addresses_in(text) == found


@given(st.text(max_size=400))
def test_looking_for_addresses_never_fails(text: str) -> None:
    assert all("@" in address for address in addresses_in(text))


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("Jää", 3), ("Jäa\u0308", 3), ("👩‍👩‍👧", 1), ("👍🏽", 1), ("🇫🇮🇸🇪", 2), ("❤️", 1)],
)
def test_a_sign_counts_once_however_many_characters_it_has(text: str, count: int) -> None:
    assert graphemes(text) == count
