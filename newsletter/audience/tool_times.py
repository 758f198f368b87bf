"""Reads moments and durations as meeting tools write them, in any of their languages."""

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import suppress

# Three numbers of a day, two or three of a time, and "AM" or "PM" where clocks have twelve hours.
_MOMENT = re.compile(
    r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})\.?[,\sT]+(?:[^\W\d]+\.?\s+)?"
    r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?\s*([AaPp])?\.?\s*[Mm]?\.?"
)
_CLOCK = re.compile(r"(\d{1,3}):(\d{2})(?::(\d{2}))?")
_PART = re.compile(r"(\d+(?:[.,]\d+)?)\s*([^\W\d_]*)\.?")
# What units begin with: hours in English, Polish, Finnish and Swedish, German; minutes; seconds.
_UNITS = {"h": 60.0, "g": 60.0, "t": 60.0, "st": 60.0, "m": 1.0, "s": 1 / 60, "": 1.0}
_CENTURY = 2000
_NOON = 12


def read_moment(text: str, day: dt.date) -> dt.datetime | None:
    """Return a moment as written, without a zone; of two readings that which is nearer to a day."""
    match = _MOMENT.fullmatch(text.strip())
    if match is None:
        return None
    hour, minute, second = int(match[4]), int(match[5]), int(match[6] or 0)
    if match[7]:
        hour = hour % _NOON + (_NOON if match[7] in "pP" else 0)
    try:
        time = dt.time(hour, minute, second)
    except ValueError:
        return None
    found = list(_days(*(int(match[n]) for n in (1, 2, 3))))
    nearest = min(found, key=lambda one: abs(one - day), default=None)
    return dt.datetime.combine(nearest, time) if nearest else None


def read_minutes(text: str) -> float | None:
    """Return a duration in minutes: “1h 2m 3s”, “1 t 2 min”, “1:02:03”, or their plain number."""
    text = text.strip()
    if match := _CLOCK.fullmatch(text):
        first, second, third = int(match[1]), int(match[2]), match[3]
        return first * 60 + second + int(third) / 60 if third else first + second / 60
    parts = _PART.findall(text)
    if not parts or _PART.sub("", text).strip(" ,"):
        return None
    units = [_unit(word) for _, word in parts]
    if None in units or (len(parts) > 1 and "" in (word for _, word in parts)):
        return None
    numbers = (float(number.replace(",", ".")) for number, _ in parts)
    return sum(n * (unit or 0.0) for n, unit in zip(numbers, units, strict=True))


def _unit(word: str) -> float | None:
    folded = word.casefold()
    longest = next((u for u in ("st", *_UNITS) if u and folded.startswith(u)), None)
    return _UNITS[""] if not word else _UNITS[longest] if longest else None


def _days(first: int, second: int, third: int) -> Iterator[dt.date]:
    """Yield the days that three numbers may be: year first, day first or month first."""
    century = _CENTURY if third < 100 else 0
    ways = [(first, second, third)] if first > 31 else []
    ways += [(third + century, second, first), (third + century, first, second)]
    for year, month, day in ways:
        with suppress(ValueError):
            yield dt.date(year, month, day)
