"""Says in the reader's language when an event is, and the deadline for registering."""

import datetime as dt

from newsletter.language.phrases import Words, format_day, words_for
from newsletter.model import Occasion


def format_when(occasion: Occasion, *, language: str) -> str:
    """Return "keskiviikko 9.12.2026 klo 9–15" and the like."""
    words = words_for(language)
    start, end = occasion.start, occasion.end
    begin = f"{_weekday_and_day(start, words, language)}{words.before_time}"
    if end is None:
        return begin + _times((start,), words)[0]
    first, last = _times((start, end), words)
    if end.date() == start.date():
        return f"{begin}{first}–{last}"
    until = f"{_weekday_and_day(end, words, language)}{words.before_time}"
    return f"{begin}{first} – {until}{last}"


def format_deadline(occasion: Occasion, *, language: str) -> str:
    """Return "Ilmoittaudu viimeistään keskiviikkona 2.12.2026" and the like, or "".

    If the program does not have the language, the days of the sentence are in English as well.
    """
    if occasion.deadline is None:
        return ""
    words = words_for(language)
    return words.deadline.format(
        weekday=format_day(occasion.deadline, "cccc", words.language),
        day=format_day(occasion.deadline, words.day, words.language),
    )


def _times(moments: tuple[dt.datetime, ...], words: Words) -> list[str]:
    """Return times in the same form: "9–15", but "9.00–15.30"."""
    whole = all(moment.minute == 0 for moment in moments)
    pattern = words.hour if whole else words.minute
    return [pattern.format(moment.hour, moment.minute) for moment in moments]


def _weekday_and_day(day: dt.date, words: Words, language: str) -> str:
    return format_day(day, f"cccc {words.day}", language)
