"""What day it is for a newsletter, and which day the id of an issue means."""

import datetime as dt
import re
from contextlib import suppress

from newsletter.errors import UsageError
from newsletter.language import say
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


def check_id(issue_id: str) -> None:
    """Raise UsageError for a text that cannot be the id of an issue."""
    if not re.fullmatch(r"\w[\w-]*", issue_id):
        raise UsageError(
            say(
                "“{issue}” cannot name an issue; use letters, digits and dashes, no dash first",
                issue=issue_id,
            )
        )
    if (month := re.fullmatch(r"(\d{4})-(\d{1,2})", issue_id)) and not _is_month(*month.groups()):
        year, number = month.groups()
        meant = f"{year}-{number:0>2}"
        meant_it = say("did you mean “{name}”?", name=meant)
        hint = meant_it if _is_month(year, meant[5:]) else say("months go to 12")
        raise UsageError(
            say("“{month}” is not a month such as 2026-12; {hint}", month=issue_id, hint=hint)
        )


def _is_month(year: str, month: str) -> bool:
    return int(year) > 0 and len(month) == 2 and 1 <= int(month) <= 12
