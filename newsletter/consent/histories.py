"""What happened to somebody, as they read it themselves."""

import datetime as dt

from newsletter.language import Wording, say
from newsletter.ledger import Ledger, history


def list_history(ledger: Ledger, key: str, zone: dt.tzinfo) -> list[tuple[Wording, Wording]]:
    """Return the days of what happened, and what it was, in the order in which it was noted."""
    with ledger.read() as connection:
        known = history.find_records(connection, [key])[key]
    told = [(record.at or record.noted_at, record.what) for record in known]
    return [(_day_of(at.astimezone(zone)) if at else _UNKNOWN, what.words) for at, what in told]


def _day_of(at: dt.datetime) -> Wording:
    return say("{at:%Y-%m-%d}", at=at)


_UNKNOWN = say("not known")
