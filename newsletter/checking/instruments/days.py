"""Finds the dates in a text, and the weekdays next to them."""

import datetime as dt
import re
from bisect import bisect_left
from calendar import isleap
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain

from newsletter.checking.instruments.calendar_words import (
    CLOCK,
    MONTH,
    month_of,
    weekday_of,
    weekday_pattern,
)
from newsletter.checking.instruments.draft import Draft
from newsletter.checking.instruments.keeping import once

_AHEAD = 335  # days, eleven months: a date without a year is the next one within this time
_MOST = 31  # days in one list
_MONTH_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_JOIN = re.compile(r" *(?:[–&/+-]|,|\b(?:ja|tai|och|eller|and|or|to)\b) *")
# After a space it may be an amount, “3. 1. 2000 €”, so only a year that newsletters write about
# counts.
_YEAR = r"(?:(?P<year>(?:19|20)\d\d|(?<=\.)[ ]20[2-4]\d(?![ ]?(?:€|e\b|eu|%)))(?!\d))?"
_WHOLE = re.compile(
    rf"""(?P<iso_year>(?:19|20)\d\d)-(?P<iso_month>\d\d)-(?P<iso_day>\d\d)(?!\d)
    |(?P<day>\d{{1,2}})\.[ ]?(?P<month>\d{{1,2}})\.(?:(?P<short>\d\d)(?!\d)|{_YEAR})(?!\d)
    |(?P<day2>\d{{1,2}})(?:\.|:[ae]|st|nd|rd|th)?[ ](?:of[ ])?(?P<name>{MONTH})\b\.?
        (?:,?[ ](?P<year2>(?:19|20)\d\d)(?!\d))?
    |(?P<name3>{MONTH})[ ](?P<day3>\d{{1,2}})(?:\.[ ]päiv\w+|st|nd|rd|th)?(?!\d|[.:]\d)
        (?:,?[ ](?P<year3>(?:19|20)\d\d)(?!\d))?""",
    re.X | re.I,
)
# Next to a weekday less is enough: “24/11”, “24.11”.
_BESIDE = re.compile(rf"(?P<day>\d{{1,2}})[./](?P<month>\d{{1,2}})(?:[./]{_YEAR})?(?![\d.])")
# As written in Swedish: “24/12”, “24/12 2026”, “24/12-2026”.
_SLASHED = re.compile(
    r"""(?P<day>\d{1,2})/(?P<month>\d{1,2})
        (?:(?:/|[ ]?[-–][ ]?)(?P<year>(?:19|20)\d\d)(?!\d)
          |[ ](?P<year2>20[2-4]\d)(?!\d|[ ]?(?:€|e\b|eu|%|kr)))?
        (?!\d|[./,:]\d)""",
    re.X | re.I,
)
# What precedes a date but not a fraction: “den 1/2”.
_SAYS_DAY = re.compile(r"\b(?:den|d\.|senast|fr\.?o\.?m\.?|t\.?o\.?m\.?) ?$", re.I)
_ALONE = re.compile(r"(?P<day>\d{1,2})(?:\.|:[ae]|st|nd|rd|th)?(?!\d)")
_DIGIT = re.compile(r"\d")  # every date has one
# “joka tiistai 1.1.–31.5.” has no single date.
_EVERY = re.compile(r"\b(?:joka|varje|every|each) $", re.I)
_TO_DATE = re.compile(r"\.?(?:,? *\|? *)(?:(?:den|d\.|the|on) )?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A date as written in a text."""

    text: str  # as written, with the weekday if it has one
    start: int  # position in the text
    end: int
    day: int
    month: int
    year: int | None = None
    weekday: int | None = None  # Monday is 0
    word: str = ""  # the weekday as written
    word_language: str = ""
    is_slashed: bool = False  # 5/6 may be 5 June or 6 May

    @property
    def is_possible(self) -> bool:
        """Return whether the day exists in any year."""
        if not (1 <= self.month <= 12 and 1 <= self.day <= _MONTH_LENGTHS[self.month - 1]):
            return False
        if (self.day, self.month) != (29, 2) or self.year is None:
            return True
        return isleap(self.year)

    @property
    def is_plausible(self) -> bool:
        """Return whether the numbers can be a day and a month at all."""
        return 1 <= self.day <= 31 and 1 <= self.month <= 12

    def dates(self, issued: dt.date) -> tuple[dt.date, ...]:
        """Return the dates that may be meant in an issue of a given date, the likeliest first."""
        if not self.is_possible:
            return ()
        if self.year is not None:
            return (dt.date(self.year, self.month, self.day),)
        found = (self._in(issued.year + n) for n in (-4, -3, -2, -1, 0, 1, 2, 3, 4))
        known = [date for date in found if date]
        coming = min(date for date in known if date >= issued)
        last = max(date for date in known if date < issued)
        if (coming - issued).days > _AHEAD:
            return last, coming
        return coming, last

    def _in(self, year: int) -> dt.date | None:
        try:
            return dt.date(year, self.month, self.day)
        except ValueError:  # 29 February
            return None


@once
def days_in(draft: Draft, text: str) -> tuple[Day, ...]:
    """Return the dates of a text of an issue in the issue's language."""
    return find_days(text, draft.issue.language)


def find_days(text: str, language: str) -> tuple[Day, ...]:
    """Return the dates of a text in order, without times of day."""
    if not _DIGIT.search(text):
        return ()
    calm = CLOCK.sub(lambda m: re.sub(r"\d", "x", m[0]), text)
    found: list[Day] = []
    taken = 0
    for match in _weekdays(language).finditer(calm):
        if match.start() < taken or _EVERY.search(calm, max(0, match.start() - 9), match.start()):
            continue
        days = _list_at(calm, _after(calm, match.end()))
        if days:
            found += _paired(match, days, language)
            taken = days[-1].end
    starts, ends = [day.start for day in found], [day.end for day in found]
    slashed = _slashed(calm) if language.startswith("sv") else ()
    for whole in chain(_WHOLE.finditer(calm), slashed):
        # Those found so far are in order: the last that begins before this one ends may overlap it.
        before = bisect_left(starts, whole.end()) - 1
        if before < 0 or ends[before] <= whole.start():
            day = _day(whole)
            if day and _stands_alone(calm, whole):
                found.append(_with_weekday_following(calm, day, language))
    found.sort(key=lambda day: day.start)
    return tuple(replace(day, text=text[day.start : day.end]) for day in found)


def shown(date: dt.date) -> str:
    """Return a date as findings show it."""
    return f"{date.day}.{date.month}.{date.year}"


@cache
def _weekdays(language: str) -> re.Pattern[str]:
    one = weekday_pattern(language)
    return re.compile(rf"(?<![\w.–-]){one}\b(?:\.?{_JOIN.pattern}{one}\b)*", re.I)


@cache
def _weekday_following(language: str) -> re.Pattern[str]:
    return re.compile(rf" *\( *({weekday_pattern(language)})\.? *\)", re.I)


@cache
def _weekday(language: str) -> re.Pattern[str]:
    return re.compile(rf"\b{weekday_pattern(language)}\b", re.I)


def _after(text: str, at: int) -> int:
    match = _TO_DATE.match(text, at)
    return match.end() if match else at


def _list_at(text: str, at: int) -> list[Day]:
    """Return the dates of a list such as “22.–23.9.2026” that begins here."""
    days: list[Day] = []
    alone: list[re.Match[str]] = []
    while len(days) + len(alone) < _MOST:
        match = next(
            (m for form in (_WHOLE, _SLASHED, _BESIDE) if (m := form.match(text, at))), None
        )
        if match and (day := _day(match)):
            days = [replace(d, year=d.year or day.year) for d in days]
            days += [*(_completed(m, day) for m in alone), day]
            alone = []
        elif match := _ALONE.match(text, at):
            alone.append(match)
        else:
            break
        join = _JOIN.match(text, match.end())
        if not join:
            break
        at = join.end()
    return days


def _slashed(text: str) -> Iterator[re.Match[str]]:
    """Yield Swedish dates, but not fractions, scores or seasons such as 25/26."""
    for match in _SLASHED.finditer(text):
        day = _day(match)
        is_said = day and (
            day.year or _SAYS_DAY.search(text, max(0, match.start() - 9), match.start())
        )
        is_plain = day and day.is_possible and day.day > 12 and match[0] != "24/7"
        if is_said or is_plain:
            yield match


def _day(match: re.Match[str]) -> Day | None:
    groups = {key: value for key, value in match.groupdict().items() if value}
    name = groups.get("name") or groups.get("name3")
    if name == "may":
        return None  # a verb
    day = int(groups.get("day") or groups.get("day2") or groups.get("day3") or groups["iso_day"])
    month = month_of(name) if name else int(groups.get("month") or groups["iso_month"])
    year = next((groups[k] for k in ("year", "year2", "year3", "iso_year") if k in groups), None)
    if "short" in groups:
        year = f"20{groups['short']}"
    return Day(
        text=match[0],
        start=match.start(),
        end=match.end(),
        day=day,
        month=month,
        year=int(year) if year else None,
        is_slashed="/" in match[0],
    )


def _completed(match: re.Match[str], day: Day) -> Day:
    """Return a day that takes its month and year from the date after it."""
    return replace(day, text=match[0], start=match.start(), end=match.end(), day=int(match["day"]))


def _paired(match: re.Match[str], days: list[Day], language: str) -> Iterator[Day]:
    """Yield days with their weekdays, where it is clear which belong together."""
    words = _weekday(language).findall(match[0])
    fits = len(words) == len(days) or len(words) == 1
    for n, day in enumerate(days):
        if not fits or n >= len(words):
            yield day
            continue
        number, spoken = weekday_of(words[n], language)
        start = match.start() if n == 0 and len(words) == 1 else day.start
        yield replace(day, start=start, weekday=number, word=words[n], word_language=spoken)


def _with_weekday_following(text: str, day: Day, language: str) -> Day:
    match = _weekday_following(language).match(text, day.end)
    if not match:
        return day
    number, spoken = weekday_of(match[1], language)
    return replace(day, end=match.end(), weekday=number, word=match[1], word_language=spoken)


def _stands_alone(text: str, match: re.Match[str]) -> bool:
    """Return whether a date is not part of a longer number."""
    before = text[max(0, match.start() - 2) : match.start()]
    # Not “$”, which also matches before the end of a line: what begins a line is not part of a
    # number.
    return not re.search(r"[\w.,/]\Z|§ ?\Z", before)
