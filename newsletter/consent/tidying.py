"""Forgets what was asked for on our pages and never confirmed, and what was counted."""

import datetime as dt

from newsletter.ledger import Ledger, throttles, wishes

_COUNTED_DAYS = 2  # of what is counted: nothing looks further back than a day
_KEPT = dt.timedelta(days=30)  # of a wish, confirmed or not: its records stay, if it was


def tidy_wishes(ledger: Ledger, now: dt.datetime) -> int:
    """Delete what is no longer needed; return how many wishes."""
    with ledger.write() as connection:
        throttles.purge_throttles(connection, now, days=_COUNTED_DAYS)
        return wishes.purge_wishes(connection, now - _KEPT)
