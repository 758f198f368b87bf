"""Days as lists write them, read strictly: what may mean two days is asked about, not guessed."""

import datetime as dt
import re
from collections.abc import Callable

from newsletter.audience.vocabulary import MONTH_NUMBERS
from newsletter.audience.yes_and_no import CLOCK, SERIAL_DAY
from newsletter.language import Wording, say

_BEGUN = dt.date(1990, 1, 1)  # an earlier day is what a program writes for none, such as 1.1.1970
_EXCEL_BEGINS = dt.date(1899, 12, 30)
_MILLISECONDS = 10  # digits; a moment since the epoch with more of them is counted in these
_SHORT = 100  # a year below that is written with two digits

_Order = Callable[[re.Match[str], str], dt.date]


def read_day(text: str, *, first: str, today: dt.date) -> dt.date | Wording | None:
    """Return the day that a cell means, what is wrong with it, or None if it means something else.

    `first` is what 3/4/2026 begins with, “day” or “month”. Wrong is a day that is not in the
    calendar, one to come, and one much too long ago.
    """
    for form, order in _FORMS:
        if found := form.fullmatch(text):
            try:
                return _checked(order(found, first), text, today)
            except (ValueError, OverflowError):
                return say("“{text}” is not a day of the calendar", text=text)
    return None


def _checked(day: dt.date, text: str, today: dt.date) -> dt.date | Wording:
    if day > today:
        return say("“{text}” is a day to come", text=text)
    return say("“{text}” is too long ago", text=text) if day < _BEGUN else day


def may_be_two_days(text: str) -> bool:
    """Return whether a cell is a day such as 3/4/2026, in which either figure may be the month."""
    found = _FIGURES.match(text)
    if not found or found[1] == found[2] or max(int(found[1]), int(found[2])) > 12:
        return False
    return any(form.fullmatch(text) for form in _EITHER)


def _year_first(found: re.Match[str], _: str) -> dt.date:
    return dt.date(int(found[1]), int(found[3]), int(found[4]))


def _day_first(found: re.Match[str], _: str) -> dt.date:
    return dt.date(_full(found[3]), int(found[2]), int(found[1]))


def _either_first(found: re.Match[str], first: str) -> dt.date:
    one, two, year = int(found[1]), int(found[3]), _full(found[4])
    is_month_first = first == "month" or (not first and two > 12)
    return dt.date(year, one, two) if is_month_first else dt.date(year, two, one)


def _month_in_words(found: re.Match[str], _: str) -> dt.date:
    return dt.date(int(found["year"]), MONTH_NUMBERS[found["month"].casefold()], int(found["day"]))


def _counted_in_days(found: re.Match[str], _: str) -> dt.date:
    return _EXCEL_BEGINS + dt.timedelta(days=int(found[1]))


def _counted_in_seconds(found: re.Match[str], _: str) -> dt.date:
    seconds = int(found[0]) / (1000 if len(found[0]) > _MILLISECONDS else 1)
    return dt.datetime.fromtimestamp(seconds, dt.UTC).date()


def _full(year: str) -> int:
    return int(year) + (2000 if int(year) < _SHORT else 0)


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern + CLOCK, re.IGNORECASE)


_MONTH = rf"(?P<month>{'|'.join(sorted(MONTH_NUMBERS, key=len, reverse=True))})\.?,?"
_WEEKDAY = r"(?:[^\W\d]{2,12},? )?"  # or “den”
_FIGURES = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-]")  # with which each of these begins
_EITHER = (
    _form(r"(\d{1,2})([/-])(\d{1,2})\2(\d{4})"),
    _form(r"(\d{1,2})(/)(\d{1,2})/(\d{2})"),
)
_FORMS: tuple[tuple[re.Pattern[str], _Order], ...] = (
    (_form(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})"), _year_first),
    (_form(_WEEKDAY + r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4}|\d{2})"), _day_first),
    *((form, _either_first) for form in _EITHER),
    (_form(rf"{_WEEKDAY}(?P<day>\d{{1,2}})\.? {_MONTH} (?P<year>\d{{4}})"), _month_in_words),
    (_form(rf"{_WEEKDAY}{_MONTH} (?P<day>\d{{1,2}}),? (?P<year>\d{{4}})"), _month_in_words),
    (SERIAL_DAY, _counted_in_days),
    (re.compile(r"\d{10}|\d{13}"), _counted_in_seconds),
)
