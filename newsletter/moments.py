"""Moments as the ledger writes them, so that they can be compared as strings."""

import datetime as dt
from contextlib import suppress
from email.utils import parsedate_to_datetime

# Seconds of Unix time, from 2001 to 2286: smaller numbers are dates such as 20261202, and what no
# clock that is right says is no moment.
_EPOCH_BEGINS, _EPOCH_ENDS, _MILLISECONDS_BEGIN = 1e9, 1e10, 1e11
_WESTERNMOST = dt.timedelta(hours=12)  # the time zone in which a day ends last


def stamp(now: dt.datetime) -> str:
    """Return a moment in UTC, to the millisecond."""
    return now.astimezone(dt.UTC).isoformat(timespec="milliseconds")


def latest(words: str) -> str:
    """Return the latest moment that a provider's text can mean; empty if it has none.

    A day is over when it is over everywhere, and a time without a zone may be in any.
    """
    moment, room = _read(words.strip())
    if moment is None:
        return ""
    if moment.tzinfo is None:
        moment, room = moment.replace(tzinfo=dt.UTC), room + _WESTERNMOST
    try:
        is_likely = _EPOCH_BEGINS <= moment.timestamp() < _EPOCH_ENDS
        return stamp(moment + room) if is_likely else ""
    except OverflowError:
        return ""


def _read(words: str) -> tuple[dt.datetime | None, dt.timedelta]:
    """Return a moment in any form that providers use, and how much later it may have been."""
    exactly, within_a_day = dt.timedelta(), dt.timedelta(days=1)
    with suppress(ValueError, OverflowError, OSError):
        seconds = float(words)
        if seconds >= _EPOCH_BEGINS:
            seconds /= 1000 if seconds >= _MILLISECONDS_BEGIN else 1
            return dt.datetime.fromtimestamp(seconds, dt.UTC), exactly
    with suppress(ValueError):
        day = dt.date.fromisoformat(words)
        return dt.datetime.combine(day, dt.time()), within_a_day
    with suppress(ValueError):
        return dt.datetime.fromisoformat(words), exactly
    with suppress(ValueError, TypeError, IndexError):
        return parsedate_to_datetime(words), exactly  # RFC 5322
    return None, exactly
