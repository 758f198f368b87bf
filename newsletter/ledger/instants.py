"""Moments: aware datetimes in the program, text in the database that compares as a string."""

import datetime as dt
from typing import Any

from sqlalchemy import String, TypeDecorator
from sqlalchemy.engine import Dialect


class Instant(TypeDecorator[dt.datetime]):
    """The type of a column of moments: UTC, ISO 8601, to the microsecond."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> str | None:
        """Write a moment."""
        del dialect  # it is the same on all
        return None if value is None else as_text(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> dt.datetime | None:
        """Read a moment; old ledgers wrote some without a zone, which is UTC, or as a day."""
        del dialect
        return None if value is None else from_text(value)


def as_text(moment: dt.datetime) -> str:
    """Return a moment as the ledger writes it."""
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")


def from_text(text: str) -> dt.datetime:
    """Return the moment that the ledger wrote."""
    moment = dt.datetime.fromisoformat(text)
    return moment.astimezone(dt.UTC) if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
