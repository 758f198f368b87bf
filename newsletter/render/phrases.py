"""What the program itself writes into a mail, in each of the languages it has."""

import datetime as dt
from dataclasses import dataclass

from babel.dates import format_date

from newsletter.language.locales import locale_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of one language, and how it writes days and times."""

    language: str  # without a region
    number_abbreviation: str
    contents: str
    browser: str
    reason: str  # the recipient's address and a full stop follow
    unsubscribe: str
    unsubscribe_subject: str  # of the mail that asks to unsubscribe
    links: str
    picture: str
    struck: str  # before struck-through text, where only words can say so
    register: str  # on the button of an event
    from_afar: str  # link to an event's online meeting
    deadline: str  # around the weekday and the day of the deadline to register
    day: str  # with month and year, a pattern of Unicode TR 35; the weekday precedes it
    before_time: str
    hour: str  # of a whole hour
    minute: str

    def number(self, number: int) -> str:
        """Return "Nro 6" and the like."""
        return f"{self.number_abbreviation} {number}"


_WORDS = {
    "fi": Words(
        language="fi",
        number_abbreviation="Nro",
        contents="Tässä numerossa",
        browser="Lue selaimessa",
        reason="Sait tämän kirjeen, koska olet tilannut sen osoitteeseen",
        unsubscribe="Peruuta tilaus",
        unsubscribe_subject="Peruuta tilaus",
        links="Linkit",
        picture="Kuva",
        struck="ei enää",
        register="Ilmoittaudu",
        from_afar="Osallistu etänä",
        deadline="Ilmoittaudu viimeistään {weekday}na {day}",
        day="d.M.y",
        before_time=" klo ",
        hour="{0}",
        minute="{0}.{1:02}",
    ),
    "sv": Words(
        language="sv",
        number_abbreviation="Nr",
        contents="I detta nummer",
        browser="Läs i webbläsaren",
        reason="Du får det här brevet eftersom du prenumererar på det med adressen",
        unsubscribe="Avsluta prenumerationen",
        unsubscribe_subject="Avsluta prenumerationen",
        links="Länkar",
        picture="Bild",
        struck="inte längre",
        register="Anmäl dig",
        from_afar="Delta på distans",
        deadline="Anmäl dig senast {weekday}en den {day}",
        day="d MMMM y",
        before_time=" kl. ",
        hour="{0}",
        minute="{0}.{1:02}",
    ),
    "en": Words(
        language="en",
        number_abbreviation="No.",
        contents="In this issue",
        browser="Read in browser",
        reason="You receive this letter because you subscribed with the address",
        unsubscribe="Unsubscribe",
        unsubscribe_subject="Unsubscribe",
        links="Links",
        picture="Picture",
        struck="no longer",
        register="Register",
        from_afar="Take part online",
        deadline="Register by {weekday} {day}",
        day="d MMMM y",
        before_time=", ",
        hour="{0}:{1:02}",
        minute="{0}:{1:02}",
    ),
}


def words_for(language: str) -> Words:
    """Return the words of a language, the English ones if the program does not have it."""
    return _WORDS.get(language.split("-", maxsplit=1)[0], _WORDS["en"])


def month_and_year(date: dt.date, language: str) -> str:
    """Return "kesäkuu 2021" and the like."""
    return format_date(date, "LLLL y", locale=locale_of(language))


def text_direction(language: str) -> str:
    """Return "rtl" for Arabic, Hebrew and the like, else "ltr"."""
    return locale_of(language).text_direction
