"""How days and times are written to an editor, without Babel: it is imported where mail is made.

Its import takes longer than all else that a command says.
"""

import datetime as dt

# A day, and a time after it, as they are written in Finland in both of its languages.
_DAY = "{0.day}.{0.month}.{0.year}"
_TIMES = {"fi": " klo {0.hour}.{0.minute:02}", "sv": " kl. {0.hour}.{0.minute:02}"}


def write_moment(moment: dt.date, pattern: str, language: str) -> str:
    """Return a day, with its time if a pattern of `strftime` has hours, as a language writes it."""
    time = _TIMES.get(language.split("-", maxsplit=1)[0])
    if time is None:
        return format(moment, pattern)
    return (_DAY + time if "%H" in pattern else _DAY).format(moment)
