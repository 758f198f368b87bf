"""Reads days and times as people write them in front matter: on the clock of the readers."""

import datetime as dt
import re
from typing import Any

from newsletter.language import say

_MOMENT = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)[ T]+(\d\d?)[:.](\d\d)(?::00)?")
_TIME = re.compile(r"(\d\d?)[:.](\d\d)(?::00)?")
FIRST_YEAR, LAST_YEAR = 2000, 2999  # moments of others may have none in UTC
_DAY = 24 * 60  # minutes
_END_OF_DAY = dt.time(23, 59, 59)  # so that all of 23.59, as it is printed, is in time


def read_moment(value: Any) -> Any:
    """Return a day and a time as a datetime without a zone; raise ValueError for anything else."""
    if isinstance(value, dt.datetime) and value.tzinfo is None:
        return value
    if isinstance(value, str) and (match := _MOMENT.fullmatch(value.strip())):
        year, month, day, hour, minute = map(int, match.groups())
        return dt.datetime(year, month, day, hour, minute)  # noqa: DTZ001 - on the readers' clock
    raise ValueError(say("expected a day and a time"))


def read_moment_or_time(value: Any) -> Any:
    """Return the same, or a time alone."""
    if isinstance(value, int) and not isinstance(value, bool):
        # YAML reads 15:00 as 900, a base-60 number.
        if not 0 <= value < _DAY:
            raise ValueError(say("hour must be in 0..23"))
        return dt.time(*divmod(value, 60))
    if isinstance(value, str) and (match := _TIME.fullmatch(value.strip())):
        return dt.time(int(match[1]), int(match[2]))
    return read_moment(value)


def read_deadline(value: Any) -> Any:
    """Return the last moment of a deadline; a day without a time ends at 23.59."""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return dt.datetime.combine(value, _END_OF_DAY)
    try:
        return read_moment(value)
    except ValueError as err:
        raise ValueError(say("expected a day, with a time or without")) from err
