"""Moments: aware datetimes in the program, text or a number in the database, in the same order."""

import datetime as dt
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    String,
    TypeDecorator,
    cast,
    extract,
    func,
)
from sqlalchemy.engine import Dialect

EPOCH = dt.datetime.fromtimestamp(0, dt.UTC)  # long before all: what waits for it is due


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


class UnixTime(TypeDecorator[dt.datetime]):
    """The type of a column of moments that a pace reckons with: Unix time, in seconds."""

    impl = Float
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> float | None:
        """Write a moment."""
        del dialect
        return None if value is None else value.timestamp()

    def process_result_value(self, value: Any | None, dialect: Dialect) -> dt.datetime | None:
        """Read a moment."""
        del dialect
        return None if value is None else dt.datetime.fromtimestamp(value, dt.UTC)


def as_text(moment: dt.datetime) -> str:
    """Return a moment as the ledger writes it."""
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")


def from_text(text: str) -> dt.datetime:
    """Return the moment that the ledger wrote."""
    moment = dt.datetime.fromisoformat(text)
    return moment.astimezone(dt.UTC) if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def clock_of_database(dialect: str) -> ColumnElement[float]:
    """Return the SQL of the Unix time by the database's clock, which all machines share."""
    if dialect == "sqlite":
        return (func.julianday("now") - 2440587.5) * 86400.0
    return cast(extract("epoch", func.clock_timestamp()), Float)
