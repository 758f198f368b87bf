"""How a report writes figures, days and languages; what is not known is never written as 0."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from newsletter.language import Wording, say, say_in, say_many, spoken_language
from newsletter.language.phrases import format_day, name_of_language
from newsletter.model.figures import Delivered, IssueFigures, OpenRange, Split

NOT_KNOWN = say("not known")
NOT_TOLD = say("not told")
_RANGE = re.compile(r"\d[\d.,]*–\d+(?:[.,]\d+)*(?:\s?%)?")


def silence_of(issue: IssueFigures) -> Wording:
    """Return why figures of opens are missing: they are kept back, or nobody has them."""
    shown = issue.shown
    was_told = shown.source and shown.as_of and shown.opens == shown.openers == Split()
    return NOT_TOLD if issue.hidden_because and was_told else NOT_KNOWN


def count(number: int | None) -> Wording:
    """Return a whole number."""
    return NOT_KNOWN if number is None else say("{count:,}", count=number)


def count_range(split: Split) -> Wording:
    """Return from how many people, likely, to how many with those of whom it is not known."""
    human, unknown = split.human, split.unknown
    if human is None or not unknown:
        return count(human)
    return say("{low:,}–{high:,}", low=human, high=human + unknown)


def bounced_told(mail: Delivered) -> Wording:
    """Return how many mails bounced; “at least” where more may have than is known of."""
    if mail.bounced is None and mail.bounced_at_least:
        return say("at least {count:,}", count=mail.bounced_at_least)
    return count(mail.bounced)


def percent(share: float | None) -> Wording:
    """Return a share; a small one with a decimal."""
    if share is None:
        return NOT_KNOWN
    if 0 < share < 0.0995:
        return say("{share:.1%}", share=share)
    return say("{share:.0%}", share=share)


def percent_range(bounds: tuple[float, float] | None) -> Wording:
    """Return a range of shares, such as “27–63%”; ends that are written alike as one share."""
    if bounds is None:
        return NOT_KNOWN
    low, high = bounds
    if f"{low:.1%}" == f"{high:.1%}":
        return say("{share:.1%}", share=high)
    if high < 0.0995 or f"{low:.0%}" == f"{high:.0%}":
        return say("{low:.1f}–{high:.1f}%", low=100 * low, high=100 * high)
    return say("{low:.0f}–{high:.0f}%", low=100 * low, high=100 * high)


def share_range(split: Split, of: int) -> Wording:
    """Return the share of a group that likely people are, up to those who may be some.

    It is never more than all: some may have opened a mail that is known to have bounced.
    """
    human = split.human or 0
    least, most = min(1, human / of), min(1, (human + (split.unknown or 0)) / of)
    return percent_range((least, most)) if split.unknown else percent(least)


def percent_ranges(column: Sequence[tuple[float, float] | None]) -> list[Wording]:
    """Return ranges of shares that stand in one column: all with a decimal, where some have one."""
    if not any(bounds and bounds[1] < 0.0995 for bounds in column):
        return [percent_range(bounds) for bounds in column]
    return [
        say("{low:.1f}–{high:.1f}%", low=100 * bounds[0], high=100 * bounds[1])
        if bounds and f"{bounds[0]:.1%}" != f"{bounds[1]:.1%}"
        else percent_range(bounds)
        for bounds in column
    ]


def range_told(told: OpenRange | None) -> Wording:
    """Return the range of an issue's opens; “at most” where nothing is known of its lower end."""
    if told is not None and told.least is None:
        return say("at most {high:.0%}", high=told.bounds[1])
    return percent_range(told.bounds if told else None)


def unbroken(words: str) -> Markup:
    """Return words as HTML in which no line ends within a range, such as “27–63%”."""
    html = _RANGE.sub(r'<span style="white-space:nowrap">\g<0></span>', str(escape(words)))
    return Markup(html)  # noqa: S704 - was escaped, only marked


def part(number: int | None, of: int | None) -> float | None:
    """Return a share of what is known; None if nothing can be said."""
    return number / of if number is not None and of else None


def total(numbers: Iterable[int | None]) -> int | None:
    """Return the sum of numbers; None if one of them is not known, or there are none."""
    known = list(numbers)
    return None if None in known or not known else sum(n for n in known if n is not None)


def days(number: int) -> Wording:
    """Return a number of days."""
    return say_many("{n} day", "{n} days", n=number)


class Calendar:
    """Writes days, times and names in a language, by the newsletter's clock."""

    def __init__(self, language: str, timezone: str) -> None:
        self._language, self._zone = spoken_language(language), ZoneInfo(timezone)

    def moment(self, at: dt.datetime | None) -> Wording:
        """Return a day and a time; “not known” for one that never was."""
        if at is None:
            return NOT_KNOWN
        return say("{at:%Y-%m-%d %H:%M}", at=at.astimezone(self._zone))

    def date(self, at: dt.datetime | None) -> Wording:
        """Return the day of a moment; “not known” for one that never was."""
        if at is None:
            return NOT_KNOWN
        return say("{at:%Y-%m-%d}", at=at.astimezone(self._zone))

    def month(self, month: str) -> str:
        """Return a month such as "2026-11" in words."""
        return format_day(first_day(month), "LLLL y", self._language)

    def short_month(self, day: dt.date) -> str:
        """Return the name of a month, short enough for an axis."""
        return format_day(day, "LLL", self._language).rstrip(".")

    def tongue(self, code: str) -> str:
        """Return what a language is called, such as "suomi" or "finska" for "fi"."""
        return name_of_language(code, self._language)

    def said(self, words: str) -> str:
        """Return words in the language."""
        return say_in(self._language, words)


def first_day(month: str) -> dt.date:
    """Return the first day of a month such as "2026-11"."""
    year, number = month.split("-")
    return dt.date(int(year), int(number), 1)
