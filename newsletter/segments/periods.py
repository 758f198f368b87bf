"""Days, months and years as segments name them: `1.3.2026`, `2026-03-01`, `3/2026`, `2026`."""

import datetime as dt
import re
from dataclasses import dataclass

_FORMS = (
    re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?", re.ASCII),
    re.compile(r"(?:(?P<day>\d{1,2})\.)?(?P<month>\d{1,2})\.(?P<year>\d{4})", re.ASCII),
    re.compile(r"(?P<month>\d{1,2})/(?P<year>\d{4})", re.ASCII),
)
_LAST_YEAR = 9998  # the year behind it must be one that a date can have


@dataclass(frozen=True, slots=True)
class Period:
    """A day, a month or a year: from its first day up to the day after its last."""

    begin: dt.date
    end: dt.date
    text: str  # in the form of ISO 8601: "2026", "2026-03" or "2026-03-01"


def read_period(text: str) -> Period:
    """Read a day, a month or a year; raise ValueError for anything else."""
    found = next((match for form in _FORMS if (match := form.fullmatch(text.strip()))), None)
    if found is None:
        raise ValueError
    year, month, day = (int(found.groupdict().get(n) or 0) for n in ("year", "month", "day"))
    if not 1 <= year <= _LAST_YEAR:
        raise ValueError
    begin = dt.date(year, month or 1, day or 1)
    if day:
        return Period(begin, begin + dt.timedelta(days=1), f"{begin}")
    if month:
        return Period(begin, (begin + dt.timedelta(days=31)).replace(day=1), f"{begin:%Y-%m}")
    return Period(begin, dt.date(year + 1, 1, 1), f"{year:04}")
