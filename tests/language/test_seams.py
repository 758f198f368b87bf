"""A long word is divided at its seams, an address at its signs, and a short one nowhere."""

import pytest

from newsletter.language.seams import is_account, places_in_address, seams_of


@pytest.mark.parametrize(
    ("language", "divided"),
    [
        ("fi", "työhön|valmentaja|kehittämis|ryhmä"),
        ("fi", "kehittämis|toimen|pide|suunnitelma"),
        ("fi", "työllisyyden|hoito|palvelu|kokonaisuus"),
        ("fi", "kotouttamis|koulutus|suunnittelija"),
        ("fi", "osa|työkykyisyys|asiantuntija|palvelut"),
        ("fi", "uus|jako|hallinto|viranomainen"),
        ("fi", "hyvinvointialue|yhteis|työ|kumppanuus"),
        ("fi", "kuntoutus|tarve|selvitys|lomake"),
        ("fi", "Verkosto|yhteis|työ|koordinaattori"),
        ("sv", "arbets|marknads|utbildnings|samordnare"),
        ("sv", "sysselsättnings|främjande|verksamhet"),
        ("sv", "kommun|fullmäktige|ordförande"),
        ("sv", "realisations|vinst|beskattning"),
        ("sv", "konfidens|intervallets"),
    ],
)
def test_a_compound_is_divided_where_its_words_end(language: str, divided: str) -> None:
    word = divided.replace("|", "")

    assert parts(word, seams_of(word, language, room=20)) == divided.split("|")


@pytest.mark.parametrize("language", ["fi", "sv", "other"])
@pytest.mark.parametrize(
    "word",
    [
        "lentokonesuihkuturbiinimoottoriapumekaanikkoaliupseerioppilas",
        "epäjärjestelmällistyttämättömyydellänsäkäänköhän",
        "pneumonoultramicroscopicsilicovolcanoconiosis",
    ],
)
def test_no_part_is_longer_than_its_room(language: str, word: str) -> None:
    assert max(map(len, parts(word, seams_of(word, language, room=20)))) < 20


def test_a_word_that_fits_stays_whole() -> None:
    assert seams_of("työhönvalmentajien", "fi", room=20) == []


def test_letters_without_syllables_are_not_divided() -> None:
    assert seams_of("ž" * 60, "fi", room=20) == []


@pytest.mark.parametrize(
    "divided",
    [
        "https://|www.example|.org/uutiskirje/|2026/joulukuu/|artikkeli|?utm_source|=kirje",
        "etunimi.sukunimi|@tyohonvalmennus|.example.fi",
        "MT84|MALT|0110|0001|2345|MTLC|AST0|01S",
    ],
)
def test_addresses_and_accounts_are_divided_at_their_signs(divided: str) -> None:
    address = divided.replace("|", "")

    assert parts(address, places_in_address(address)) == divided.split("|")


def test_an_account_is_told_from_other_words() -> None:
    assert is_account("MT84MALT011000012345MTLCAST001S")
    assert not is_account("FI2112345600000785")  # it fits
    assert not is_account("TYÖHÖNVALMENTAJIENVERKOSTO")


def parts(word: str, places: list[int]) -> list[str]:
    """Return a word divided at places."""
    return [word[a:b] for a, b in zip([0, *places], [*places, len(word)], strict=True)]
