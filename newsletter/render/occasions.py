"""Says in the reader's language when an event is, and until when one registers or answers."""

from newsletter.language.phrases import format_day, words_for
from newsletter.language.timespans import format_span
from newsletter.model import Occasion, Poll


def format_when(occasion: Occasion, *, language: str) -> str:
    """Return "keskiviikko 9.12.2026 klo 9–15" and the like."""
    return format_span(occasion.start, occasion.end, language=language, zone=occasion.zone)


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


def format_closing(poll: Poll, *, language: str) -> str:
    """Return "Voit muuttaa vastaustasi 15.12.2026 asti" and the like, or ""."""
    if poll.closes is None:
        return ""
    words = words_for(language)
    return words.poll_closes.format(day=format_day(poll.closes, words.day, words.language))
