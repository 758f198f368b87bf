"""The language of a text is told by its small words, and links that say nothing by theirs."""

import pytest

from newsletter.checking.instruments import COMMON, language_of, words_in
from newsletter.checking.instruments.link_words import is_generic, normal
from newsletter.checking.instruments.vocabulary import GENERIC_LINKS

TEXTS = {
    "fi": [
        "Syksyn teemapäivät järjestetään Jyväskylässä, ja ohjelmaan voi tutustua jo nyt. Paikkoja"
        " on vielä jäljellä, mutta ne täyttyvät nopeasti, joten ilmoittaudu mukaan ennen kesää.",
        "Kyselyyn vastasi yhdeksän järjestöä. Vastausten mukaan työhönvalmentajat tarvitsevat"
        " lisää aikaa, ja myös tukea toisiltaan; se ei ole yllättävää, kun työ on yksinäistä.",
    ],
    "sv": [
        "Höstens temadagar ordnas i Jyväskylä och du kan redan nu läsa programmet. Det finns"
        " platser kvar, men de fylls snabbt, så anmäl dig före sommaren om du vill vara med.",
        "Nio organisationer svarade på enkäten. Enligt svaren behöver arbetscoacherna mera tid,"
        " och även stöd av varandra; det är inte överraskande när arbetet är ensamt.",
    ],
    "en": [
        "The theme days of autumn are held in Jyväskylä, and you can read the programme now."
        " There are places left, but they fill up fast, so sign up before the summer.",
        "Nine organisations answered. According to the answers the coaches need more time, and"
        " support from each other; this is no surprise when the work is done alone.",
    ],
}
ALL = [(language, text) for language, texts in TEXTS.items() for text in texts]


@pytest.mark.parametrize(("language", "text"), ALL)
def test_the_language_of_a_passage_is_told(language: str, text: str) -> None:
    assert language_of(words_in(text)) == language


@pytest.mark.parametrize(("language", "text"), ALL)
def test_names_of_other_languages_do_not_confuse(language: str, text: str) -> None:
    names = "Svenska kulturfonden Work and Income Österbottens förbund The Finnish Red Cross"

    assert language_of(words_in(f"{text} {names}")) in (language, None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Helsinki Tampere Oulu",
        "Kahvia ja teetä, mutta ei pullaa",
        f"{TEXTS['fi'][0]} {TEXTS['sv'][0]}",
        "1 2 3 4",
    ],
)
def test_no_language_is_told_where_none_stands_out(text: str) -> None:
    assert language_of(words_in(text)) is None


def test_no_word_is_common_in_two_languages() -> None:
    words = [word for common in COMMON.values() for word in common]

    assert sorted(words) == sorted(set(words))


@pytest.mark.parametrize(
    "words",
    [
        "Lue lisää",
        "lue lisää…",
        "» Läs mer",
        "HÄR",
        "Read more →",
        "Tästä.",
        "(linkki)",
        "Klikkaa  tästä",
    ],
)
def test_a_link_that_says_nothing_is_known_whatever_surrounds_it(words: str) -> None:
    assert is_generic(words)


@pytest.mark.parametrize(
    "words", ["Lue lisää teemapäivistä", "Härnösand", "Read the report", "Lisääntymisterveys", ""]
)
def test_a_link_that_says_something_is_not(words: str) -> None:
    assert not is_generic(words)


def test_the_words_of_links_are_listed_as_they_are_compared() -> None:
    assert all(normal(words) == words for listed in GENERIC_LINKS.values() for words in listed)
