"""A word is found in the forms of its language, and nothing else is."""

import pytest

from newsletter.collecting.word_forms import find_words

FORMS = {
    "laki": "lain lakia laissa laeista lakeja",
    "kunta": "kunnan kunnassa kuntia kuntien kunnille",
    "työ": "työn työtä työssä työhön",
    "palkkatuki": "palkkatuen palkkatukea palkkatuella palkkatukijakson",
    "vajaakuntoinen": "vajaakuntoisten vajaakuntoisia vajaakuntoisille",
    "osatyökykyinen": "osatyökykyisten osatyökykyiset osatyökykyisiä",
    "työhönvalmentaja": "työhönvalmentajien työhönvalmentajan työhönvalmentajille",
    "hyvinvointialue": "hyvinvointialueiden hyvinvointialueella hyvinvointialueet",
    "työllistyminen": "työllistymistä työllistymisen työllistymiseen",
    "kuntoutus": "kuntoutuksen kuntoutusta kuntoutukseen",
    "lainsäädäntö": "lainsäädännön lainsäädäntöä lainsäädännössä",
    "verkosto": "verkoston verkostoissa verkostojen",
    "työnantaja": "työnantajien työnantajalle työnantajia",
}


@pytest.mark.parametrize("word", FORMS)
def test_forms_of_a_finnish_word_are_found(word: str) -> None:
    missed = [form for form in FORMS[word].split() if not find_words(form, [word], "fi")]

    assert missed == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("kun sää paranee", "kunta"),  # which one stem says
        ("sinä ja minä", "työ"),  # which a dictionary says
        ("lakko alkaa", "laki"),
        ("kuntoutusrahasto", "kunto"),
        ("Vaasan", "vaa"),
        ("", "laki"),
        ("laki", ""),
        ("laki", "*"),
        ("työnhakija osatyökykyinen", "osatyökykyinen työnhakija"),
    ],
)
def test_other_words_are_not(text: str, wanted: str) -> None:
    assert find_words(text, [wanted], "fi") == ([wanted] if text == "kuntoutusrahasto" else [])


def test_a_star_finds_all_that_begins_so_and_words_may_follow_one_another() -> None:
    text = "Työllistymistä edistävät palvelut osatyökykyisille työnhakijoille uudistuvat"
    wanted = ["työllisty*", "työttö*", "osatyökykyinen työnhakija", "palvelu uudist*"]

    assert find_words(text, wanted, "fi") == ["työllisty*", "osatyökykyinen työnhakija"]


def test_swedish_and_unknown_languages_are_read_as_far_as_their_rules_go() -> None:
    assert find_words("Kommunernas uppgifter", ["kommun"], "sv-FI") == ["kommun"]
    assert find_words("Iesniegums likums", ["likums"], "lv") == ["likums"]
