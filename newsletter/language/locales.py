"""How a language writes days, numbers and lines, by Babel."""

import datetime as dt

from babel.core import Locale, UnknownLocaleError

# A day, and a time after it, as they are written in Finland in both of its languages; read
# here rather than by babel.dates, whose import takes longer than all else a command says.
_DAY = "{0.day}.{0.month}.{0.year}"
_TIMES = {"fi": " klo {0.hour}.{0.minute:02}", "sv": " kl. {0.hour}.{0.minute:02}"}


def locale_of(language: str) -> Locale:
    """Return the locale of a language tag, English for an unknown one."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")


def write_moment(moment: dt.date, pattern: str, language: str) -> str:
    """Return a day, with its time if a pattern of `strftime` has hours, as a language writes it."""
    time = _TIMES.get(language.split("-", maxsplit=1)[0])
    if time is None:
        return format(moment, pattern)
    return (_DAY + time if "%H" in pattern else _DAY).format(moment)
