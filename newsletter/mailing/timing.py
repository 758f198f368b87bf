"""When an issue is sent, and who waits for that time."""

import datetime as dt

from newsletter.errors import UsageError
from newsletter.gateway import provider_class
from newsletter.ledger import Ledger
from newsletter.mailing.crew import is_served, worker_of
from newsletter.model import Timing
from newsletter.settings import Settings


def decide_timing(
    settings: Settings, ledger: Ledger, at: dt.datetime, *, has_canary: bool, now: dt.datetime
) -> Timing:
    """Decide who waits for a time in the newsletter's time zone.

    Raise UsageError for a time that is past or invalid, or if nobody would wait for it.
    """
    moment = _read(settings, at, now)
    ahead = moment - now
    if ahead <= dt.timedelta():
        raise UsageError(f"--at: {settings.local_time(moment)} is past")
    longest = provider_class(settings).capabilities.schedule
    if longest and ahead <= longest and not has_canary:
        return Timing(at=moment, by_provider=True)
    if is_served(ledger, worker_of(settings, ledger)):
        return Timing(at=moment)
    name = settings.provider.name
    why = (
        f"{name} holds mail for {longest.days} days at most"
        if longest and not has_canary
        else f"{name} does not hold {'a canary' if has_canary else 'mail'} for later"
    )
    raise UsageError(
        f"--at: nobody would send it then: {why}, and no “newsletter worker” is running; "
        "start one and leave it running, or send at that time yourself"
    )


def _read(settings: Settings, at: dt.datetime, now: dt.datetime) -> dt.datetime:
    """Return the moment of a local time in the newsletter's time zone."""
    years = at.year - now.year
    if abs(years) > 1:  # a typing mistake; and the first and last years break date arithmetic
        told = "is years away; is the year right?" if years > 0 else "is past"
        raise UsageError(f"--at: {at.isoformat(' ', 'minutes')} {told}")
    zone = settings.zone
    moment = at.replace(tzinfo=zone).astimezone(dt.UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != at:
        raise UsageError(f"--at: {at:%Y-%m-%d %H:%M} does not exist: clocks are put forward")
    return moment
