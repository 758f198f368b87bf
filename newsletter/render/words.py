"""The few words the program itself adds to a mail, in the languages it speaks."""

import datetime as dt
from dataclasses import dataclass

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of one language."""

    number_abbreviation: str
    contents: str
    browser: str
    reason: str  # the recipient's address and a full stop follow
    unsubscribe: str
    unsubscribe_subject: str  # of the mail that asks to be taken off
    links: str
    picture: str

    def number(self, number: int) -> str:
        """Return "Nro 6" and the like."""
        return f"{self.number_abbreviation} {number}"


_WORDS = {
    "fi": Words(
        number_abbreviation="Nro",
        contents="Tässä numerossa",
        browser="Lue selaimessa",
        reason="Sait tämän kirjeen, koska olet tilannut sen osoitteeseen",
        unsubscribe="Peruuta tilaus",
        unsubscribe_subject="Peruuta tilaus",
        links="Linkit",
        picture="Kuva",
    ),
    "sv": Words(
        number_abbreviation="Nr",
        contents="I detta nummer",
        browser="Läs i webbläsaren",
        reason="Du får det här brevet eftersom du prenumererar på det med adressen",
        unsubscribe="Avsluta prenumerationen",
        unsubscribe_subject="Avsluta prenumerationen",
        links="Länkar",
        picture="Bild",
    ),
    "en": Words(
        number_abbreviation="No.",
        contents="In this issue",
        browser="Read in browser",
        reason="You receive this letter because you subscribed with the address",
        unsubscribe="Unsubscribe",
        unsubscribe_subject="Unsubscribe",
        links="Links",
        picture="Picture",
    ),
}


def words_for(language: str) -> Words:
    """Return the words of a language, English where the program does not speak it."""
    return _WORDS.get(language.split("-", maxsplit=1)[0], _WORDS["en"])


def month_and_year(date: dt.date, language: str) -> str:
    """Return "kesäkuu 2021" and the like."""
    return format_date(date, "LLLL y", locale=_locale(language))


def text_direction(language: str) -> str:
    """Return "rtl" for Arabic, Hebrew and their like, else "ltr"."""
    return _locale(language).text_direction


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")
