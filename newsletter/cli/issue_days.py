"""What day it is for a newsletter, and which day the id of an issue means."""

import datetime as dt
import re
from contextlib import suppress

from newsletter.settings import Settings

_THURSDAY = 4  # of a week, which belongs to the month and the year of its Thursday (ISO 8601)


def today(settings: Settings) -> dt.date:
    """Return today's date in the newsletter's time zone."""
    return dt.datetime.now(settings.zone).date()


def date_of(issue_id: str) -> dt.date | None:
    """Return the 15th of the month an id names, or the Thursday of its week; None for others.

    What follows the month, as in 2026-12b, makes no difference.
    """
    with suppress(ValueError):
        if match := re.match(r"(\d{4})-(\d{2})(?!\d)", issue_id):
            return dt.date(int(match[1]), int(match[2]), 15)
        if match := re.match(r"(\d{4})-?[wW](\d{1,2})(?!\d)", issue_id):
            return dt.date.fromisocalendar(int(match[1]), int(match[2]), _THURSDAY)
    return None
