"""Who took part in a meeting by the report of the tool it was held with."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """One person in a report, or one time that they joined."""

    line: int  # of the file
    name: str  # without what the tool adds in brackets
    address: str  # empty: the tool knew none, as of guests
    joined: dt.datetime | None = None  # as written, so without a zone
    left: dt.datetime | None = None
    minutes: float | None = None  # as the report counts them
