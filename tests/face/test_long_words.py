"""Long words and addresses of a page end a line where it is meant, and nothing else changes."""

import pytest

from newsletter.face.long_words import breakable


@pytest.mark.parametrize(
    ("language", "words", "shown"),
    [
        ("fi", "Työhönvalmennusuutiskirje", "Työhön-valmennus-uutiskirje"),
        ("fi", "Tietosuojaseloste", "Tietosuoja-seloste"),
        ("sv", "Utbildningssamordnare", "Utbildnings-samordnare"),
    ],
)
def test_a_long_word_ends_a_line_at_its_seams_with_a_hyphen(
    language: str, words: str, shown: str
) -> None:
    assert breakable(words, language).replace("\u00ad", "-") == shown


def test_an_address_ends_a_line_at_its_signs_without_a_hyphen() -> None:
    found = breakable("sukunimi@kuntoutustutkimusyksikko.example.org.", "fi")

    assert found == "sukunimi<wbr>@kuntoutustutkimusyksikko<wbr>.example<wbr>.org."


def test_short_words_stay_as_they_are_and_signs_are_escaped() -> None:
    words = "Tilaa <kirje> & lue: aino@example.org"

    assert breakable(words, "fi") == "Tilaa &lt;kirje&gt; &amp; lue: aino@example.org"
