"""What happened to somebody, as they read it themselves."""

import datetime as dt

from newsletter.language import Wording, say, say_list
from newsletter.ledger import Ledger, history
from newsletter.model import Record, remarks_on


def list_history(ledger: Ledger, key: str, zone: dt.tzinfo) -> list[tuple[Wording, Wording]]:
    """Return the days of what happened, and what it was, in the order in which it was noted.

    Days and times are those of a time zone.
    """
    with ledger.read() as connection:
        known = history.find_records(connection, [key])[key]
    return [(_day_of(record, zone), _told(record, zone)) for record in known]


def _day_of(record: Record, zone: dt.tzinfo) -> Wording:
    at = record.at or record.noted_at
    return say("{at:%Y-%m-%d}", at=at.astimezone(zone)) if at else say("not known")


def _told(record: Record, zone: dt.tzinfo) -> Wording:
    remarks = remarks_on(record, zone)
    what = record.what.words
    return say_list([what, say_list(remarks, "; ")], between=": ") if remarks else what
