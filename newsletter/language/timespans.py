"""Says when something is: "keskiviikko 9.12.2026 klo 9–15", and by whose clock.

Mails, pages and issues say it alike.
"""

import datetime as dt
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_name

from newsletter.language.locales import locale_of
from newsletter.language.phrases import Words, format_day, words_for

# The data of locales have no name that could stand behind a time in Finnish.
_FINNISH = {"fi": "Suomen aikaa", "sv": "finsk tid", "en": "Finnish time"}


def format_span(
    start: dt.datetime, end: dt.datetime | None, *, language: str, zone: str = ""
) -> str:
    """Return from when until when, in local time; with a zone by whose clock that is, too."""
    words = words_for(language)
    begin = f"{_weekday_and_day(start, words, language)}{words.before_time}"
    clock = f" ({name_of_zone(start, zone, language=language)})" if zone else ""
    if end is None:
        return begin + _times((start,), words)[0] + clock
    first, last = _times((start, end), words)
    if end.date() == start.date():
        return f"{begin}{first}–{last}{clock}"
    until = f"{_weekday_and_day(end, words, language)}{words.before_time}"
    return f"{begin}{first} – {until}{last}{clock}"


def format_moment(moment: dt.datetime, *, language: str, zone: str = "") -> str:
    """Return a weekday, a day and a time, in local time."""
    return format_span(moment, None, language=language, zone=zone)


def name_of_zone(local: dt.datetime, zone: str, *, language: str) -> str:
    """Return what the time of a zone is called at a moment on its clocks."""
    code = words_for(language).language
    if zone == "Europe/Helsinki":
        return _FINNISH[code]
    return get_timezone_name(local.replace(tzinfo=ZoneInfo(zone)), locale=locale_of(language))


def _times(moments: tuple[dt.datetime, ...], words: Words) -> list[str]:
    """Return times in the same form: "9–15", but "9.00–15.30"."""
    whole = all(moment.minute == 0 for moment in moments)
    pattern = words.hour if whole else words.minute
    return [pattern.format(moment.hour, moment.minute) for moment in moments]


def _weekday_and_day(day: dt.date, words: Words, language: str) -> str:
    return format_day(day, f"cccc {words.day}", language)
