"""Forgets what was asked for on our pages and never confirmed, and what was counted."""

import datetime as dt

from newsletter.consent.gates import KEPT_DAYS
from newsletter.ledger import Ledger, throttles, wishes

_KEPT = dt.timedelta(days=30)  # of a wish, confirmed or not: its records stay, if it was


def tidy_wishes(ledger: Ledger, now: dt.datetime) -> int:
    """Delete what is no longer needed; return how many wishes."""
    with ledger.write() as connection:
        throttles.purge_throttles(connection, now, days=KEPT_DAYS)
        return wishes.purge_wishes(connection, now - _KEPT)
