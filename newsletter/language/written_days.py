"""How days and times are written to an editor, without Babel: it is imported where mail is made.

Its import takes longer than all else that a command says.
"""

import datetime as dt

# A day and a time, as they are written in Finland in both of its languages.
_DAY, _TIME = "{0.day}.{0.month}.{0.year}", "{0.hour}.{0.minute:02}"
_BETWEEN = {"fi": " klo ", "sv": " kl. "}


def write_moment(moment: dt.date, pattern: str, language: str) -> str:
    """Return a day, a time or both, as a pattern of `strftime` has them, in a language's way."""
    between = _BETWEEN.get(language.split("-", maxsplit=1)[0])
    if between is None:
        return format(moment, pattern)
    parts = [_DAY] * ("%d" in pattern) + [_TIME] * ("%H" in pattern)
    return between.join(parts).format(moment)
