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


# What each of them says in Finnish, Swedish and English.
_WORDS = {
    "number_abbreviation": ("Nro", "Nr", "No."),
    "contents": ("Tässä numerossa", "I detta nummer", "In this issue"),
    "browser": ("Lue selaimessa", "Läs i webbläsaren", "Read in browser"),
    "reason": (
        "Sait tämän kirjeen, koska olet tilannut sen osoitteeseen",
        "Du får det här brevet eftersom du prenumererar på det med adressen",
        "You receive this letter because you subscribed with the address",
    ),
    "unsubscribe": ("Peruuta tilaus", "Avsluta prenumerationen", "Unsubscribe"),
    "unsubscribe_subject": ("Peruuta tilaus", "Avsluta prenumerationen", "Unsubscribe"),
    "links": ("Linkit", "Länkar", "Links"),
    "picture": ("Kuva", "Bild", "Picture"),
    "struck": ("ei enää", "inte längre", "no longer"),
    "register": ("Ilmoittaudu", "Anmäl dig", "Register"),
    "from_afar": ("Osallistu etänä", "Delta på distans", "Take part online"),
    "deadline": (
        "Ilmoittaudu viimeistään {weekday}na {day}",
        "Anmäl dig senast {weekday}en den {day}",
        "Register by {weekday} {day}",
    ),
    "day": ("d.M.y", "d MMMM y", "d MMMM y"),
    "before_time": (" klo ", " kl. ", ", "),
    "hour": ("{0}", "{0}", "{0}:{1:02}"),
    "minute": ("{0}.{1:02}", "{0}.{1:02}", "{0}:{1:02}"),
}
_SPOKEN = {
    language: Words(language=language, **{name: said[n] for name, said in _WORDS.items()})
    for n, language in enumerate(("fi", "sv", "en"))
}


def words_for(language: str) -> Words:
    """Return the words of a language, the English ones if the program does not have it."""
    return _SPOKEN.get(language.split("-", maxsplit=1)[0], _SPOKEN["en"])


def month_and_year(date: dt.date, language: str) -> str:
    """Return "kesäkuu 2021" and the like."""
    return format_date(date, "LLLL y", locale=locale_of(language))


def text_direction(language: str) -> str:
    """Return "rtl" for Arabic, Hebrew and the like, else "ltr"."""
    return locale_of(language).text_direction
