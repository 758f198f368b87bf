"""Says in the reader's language when an event is, and until when one registers."""

import datetime as dt
from dataclasses import dataclass

from babel.dates import format_date

from newsletter.model import Event
from newsletter.render.words import locale_of


@dataclass(frozen=True, slots=True, kw_only=True)
class _Manner:
    """How a language writes days and times."""

    day: str  # pattern of Unicode TR 35
    before_time: str
    hour: str  # of a whole hour
    minute: str
    deadline: str  # around the weekday and the day


_MANNERS = {
    "fi": _Manner(
        day="cccc d.M.y",
        before_time=" klo ",
        hour="{0}",
        minute="{0}.{1:02}",
        deadline="Ilmoittaudu viimeistään {weekday}na {day}",
    ),
    "sv": _Manner(
        day="cccc d MMMM y",
        before_time=" kl. ",
        hour="{0}",
        minute="{0}.{1:02}",
        deadline="Anmäl dig senast {weekday}en den {day}",
    ),
    "en": _Manner(
        day="cccc d MMMM y",
        before_time=", ",
        hour="{0}:{1:02}",
        minute="{0}:{1:02}",
        deadline="Register by {weekday} {day}",
    ),
}


def tell_when(event: Event, *, language: str) -> str:
    """Return "keskiviikko 9.12.2026 klo 9–15" and the like."""
    manner = _manner(language)
    start, end = event.start, event.end
    begin = f"{_day(start, manner.day, language)}{manner.before_time}"
    if end is None:
        return begin + _times((start,), manner)[0]
    first, last = _times((start, end), manner)
    if end.date() == start.date():
        return f"{begin}{first}–{last}"
    return f"{begin}{first} – {_day(end, manner.day, language)}{manner.before_time}{last}"


def tell_deadline(event: Event, *, language: str) -> str:
    """Return "Ilmoittaudu viimeistään keskiviikkona 2.12.2026" and the like, or nothing."""
    if event.deadline is None:
        return ""
    manner = _manner(language)
    spoken = language if _key(language) in _MANNERS else "en"
    return manner.deadline.format(
        weekday=_day(event.deadline, "cccc", spoken),
        day=_day(event.deadline, manner.day.removeprefix("cccc "), spoken),
    )


def _times(moments: tuple[dt.datetime, ...], manner: _Manner) -> list[str]:
    """Return times alike: "9–15", but "9.00–15.30"."""
    whole = all(moment.minute == 0 for moment in moments)
    pattern = manner.hour if whole else manner.minute
    return [pattern.format(moment.hour, moment.minute) for moment in moments]


def _day(day: dt.date, pattern: str, language: str) -> str:
    return format_date(day, pattern, locale=locale_of(language))


def _manner(language: str) -> _Manner:
    return _MANNERS.get(_key(language), _MANNERS["en"])


def _key(language: str) -> str:
    return language.split("-", maxsplit=1)[0]
