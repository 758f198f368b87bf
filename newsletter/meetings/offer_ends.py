"""How long a seat is kept for somebody in line: shorter near the meeting, never ending by night.

Within the last day nobody has time to wait for others: whoever comes first gets a free seat.
"""

import datetime as dt
from zoneinfo import ZoneInfo

LAST_DAY = dt.timedelta(hours=24)
_LONGEST = dt.timedelta(days=3)
_SHORTEST = dt.timedelta(hours=3)
_SHARE = 8  # of the time that is left
_EVENING, _MORNING = 21, 9  # no offer ends between these hours
_NOON = dt.time(12)  # but then, so that a morning is left to answer


def is_first_come(starts_at: dt.datetime, now: dt.datetime) -> bool:
    """Return whether seats are no longer kept for those in line."""
    return starts_at - now <= LAST_DAY


def offer_end(starts_at: dt.datetime, zone: ZoneInfo, now: dt.datetime) -> dt.datetime:
    """Return until when a seat is kept that is offered now; before the last day alone."""
    kept = min(_LONGEST, max(_SHORTEST, (starts_at - now) / _SHARE))
    local = (now + kept).astimezone(zone)
    if local.hour >= _EVENING:
        local = dt.datetime.combine(local.date() + dt.timedelta(days=1), _NOON, zone)
    elif local.hour < _MORNING:
        local = dt.datetime.combine(local.date(), _NOON, zone)
    return local.replace(second=0, microsecond=0).astimezone(dt.UTC)
