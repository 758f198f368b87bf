"""When an issue is sent, and who waits for that time."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from newsletter.errors import UsageError
from newsletter.gateway import provider_class
from newsletter.ledger import Ledger, Send
from newsletter.mailing.crew import is_served, worker_of
from newsletter.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """When an issue is sent, and who waits for that time."""

    at: dt.datetime | None = None  # UTC; None means at once
    by_provider: bool = False  # the provider holds the mail until then; else a worker waits


AT_ONCE = Timing()


def decide_timing(
    settings: Settings, ledger: Ledger, at: dt.datetime, *, has_canary: bool, now: dt.datetime
) -> Timing:
    """Decide who waits for a time in the newsletter's time zone.

    Raise UsageError for a time that is past or invalid, or if nobody would wait for it.
    """
    moment = _read(settings, at, now)
    ahead = moment - now
    if ahead <= dt.timedelta():
        raise UsageError(f"--at: {local_time(settings, moment)} is past")
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


def is_for_later(send: Send, now: dt.datetime) -> bool:
    """Return whether a worker is to begin a send only when it is due."""
    return send.scheduled_at is not None and not send.by_provider and send.scheduled_at > now


def waits_at_provider(send: Send, now: dt.datetime) -> bool:
    """Return whether a provider holds the mail of a send until it is due."""
    return send.scheduled_at is not None and send.by_provider and send.scheduled_at > now


def local_time(settings: Settings, moment: dt.datetime) -> str:
    """Return a moment in the newsletter's time zone, in words."""
    zone = ZoneInfo(settings.newsletter.timezone)
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M} ({settings.newsletter.timezone})"


def _read(settings: Settings, at: dt.datetime, now: dt.datetime) -> dt.datetime:
    """Return the moment of a local time in the newsletter's time zone."""
    years = at.year - now.year
    if abs(years) > 1:  # a typing mistake; and the first and last years break date arithmetic
        told = "is years away; is the year right?" if years > 0 else "is past"
        raise UsageError(f"--at: {at.isoformat(' ', 'minutes')} {told}")
    zone = ZoneInfo(settings.newsletter.timezone)
    moment = at.replace(tzinfo=zone).astimezone(dt.UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != at:
        raise UsageError(f"--at: {at:%Y-%m-%d %H:%M} does not exist: clocks are put forward")
    return moment
