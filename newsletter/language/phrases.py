"""What the program itself writes into a mail, in each of the languages it has."""

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote

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
    counted_for_all: str  # where opens and clicks are counted, of everybody together
    counted_with_consent: str  # ... or of those who allowed it
    counting_choice: str  # link to where that is allowed, or no longer
    unsubscribe_subject: str  # of the mail that asks to unsubscribe
    preferences: str  # link to what the reader gets, where they change it
    links: str
    picture: str
    struck: str  # before struck-through text, where only words can say so
    way_back: str  # from a footnote, said where an arrow is shown
    quotation: str  # around a heading that is named in the plain text
    register: str  # on the button of an event
    from_afar: str  # link to an event's online meeting
    deadline: str  # around the weekday and the day of the deadline to register
    poll_counts: str  # below the answers of a poll: that a link alone does not count
    poll_closes: str  # around the day until which the answer to a poll can be changed
    contribute: str  # heading of the appeal to send news
    contribute_until: str  # around the weekday and the day until which news reaches the next issue
    contribute_news: str  # on its button
    contribute_request: str  # link to the form for requests
    day: str  # with month and year, a pattern of Unicode TR 35; the weekday precedes it
    before_time: str
    hour: str  # of a whole hour
    minute: str

    def number(self, number: int) -> str:
        """Return "Nro 6" and the like."""
        return f"{self.number_abbreviation} {number}"


_WORDS = {
    language: Words(language=language, **said)
    for language, said in tomllib.loads(
        Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    ).items()
}


def name_of_language(code: str, language: str) -> str:
    """Return what a language is called in another one; its code if that has no name for it."""
    return str(locale_of(language).languages.get(code.split("-", maxsplit=1)[0], code))


def words_for(language: str) -> Words:
    """Return the words of a language, the English ones if the program does not have it."""
    return _WORDS.get(language.split("-", maxsplit=1)[0], _WORDS["en"])


@cache  # asked for with each message
def unsubscribe_mailto(address: str, language: str, *, key: str = "") -> str:
    """Return the address of the mail by which a reader unsubscribes.

    The key, or the sign in its place, stands in the subject, too: gateways cut off what is behind
    a plus sign.
    """
    subject = quote(words_for(language).unsubscribe_subject)
    ending = f"%20{key}" if key else ""
    return f"mailto:{quote(address, safe='@+*')}?subject={subject}{ending}"


def month_and_year(date: dt.date, language: str) -> str:
    """Return "kesäkuu 2021" and the like."""
    return format_day(date, "LLLL y", language)


def format_day(day: dt.date, pattern: str, language: str) -> str:
    """Return a day by a pattern of Unicode TR 35."""
    return format_date(day, pattern, locale=locale_of(language))


def text_direction(language: str) -> str:
    """Return "rtl" for Arabic, Hebrew and the like, else "ltr"."""
    return locale_of(language).text_direction
