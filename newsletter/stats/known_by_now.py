"""Takes away what cannot be known yet: hours that have not come, and sums before anything came."""

import datetime as dt
from dataclasses import replace

from newsletter.model import Counts, Source, Split

_HOUR = dt.timedelta(hours=1)


def known_by(counts: Counts, now: dt.datetime, *, begun_at: dt.datetime, days: int) -> Counts:
    """Return counts as they are known at a moment, of an issue that is counted for so many days.

    Half of the opens is known once these days are over, an hour once it has begun. A provider that
    is asked tells of no hour after it answered last.
    """
    if counts.source is None:
        return counts
    if counts.as_of is None:
        return _nothing(counts)
    until = min(now, counts.as_of + _HOUR) if counts.source is Source.REPORT else now
    first = begun_at.replace(minute=0, second=0, microsecond=0)
    come = max(0, -(-(until - first) // _HOUR))
    is_over = now >= begun_at + dt.timedelta(days=days)
    return replace(
        counts,
        as_of=max(counts.as_of, begun_at),  # of the first hour, which began before the send
        curve=counts.curve[:come],
        half_after=counts.half_after if is_over else None,
    )


def _nothing(counts: Counts) -> Counts:
    """Return that nothing was told yet: nobody is known to have opened it, nor to have not."""
    return Counts(
        source=counts.source,
        span=counts.span,
        as_of=None,
        counted=counts.counted,
        links=[replace(link, times=Split(), people=Split()) for link in counts.links],
    )
