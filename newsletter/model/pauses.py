"""How long a pause lasts that somebody asks for: some months of the calendar."""

import calendar
import datetime as dt

MONTHS = (1, 2, 3, 6)  # that a pause may last


def after_months(moment: dt.datetime, months: int) -> dt.datetime:
    """Return the same day of a later month, or its last one where that month is shorter."""
    years, month = divmod(moment.month - 1 + months, 12)
    year, month = moment.year + years, month + 1
    day = min(moment.day, calendar.monthrange(year, month)[1])
    return moment.replace(year=year, month=month, day=day)
