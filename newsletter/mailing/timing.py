"""When an issue is sent, and who waits for that time."""

import datetime as dt

from newsletter.errors import UsageError
from newsletter.gateway import provider_class
from newsletter.language import Wording, say, say_many
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
        raise UsageError(say("--at: {time} is past", time=settings.local_time(moment)))
    longest = provider_class(settings).capabilities.schedule
    if longest and ahead <= longest and not has_canary:
        return Timing(at=moment, by_provider=True)
    if is_served(ledger, worker_of(settings, ledger)):
        return Timing(at=moment)
    raise UsageError(
        say(
            "--at: nobody would send it then: {reason}, and no “newsletter worker” is running; "
            "start one and leave it running, or send at that time yourself",
            reason=_why_not_held(settings.provider.name, longest, has_canary=has_canary),
        )
    )


def _why_not_held(provider: str, longest: dt.timedelta | None, *, has_canary: bool) -> Wording:
    """Return why a provider does not hold mail for later."""
    if has_canary:
        return say("{provider} does not hold a canary for later", provider=provider)
    if not longest:
        return say("{provider} does not hold mail for later", provider=provider)
    return say_many(
        "{provider} holds mail for {n} day at most",
        "{provider} holds mail for {n} days at most",
        n=longest.days,
        provider=provider,
    )


def _read(settings: Settings, at: dt.datetime, now: dt.datetime) -> dt.datetime:
    """Return the moment of a local time in the newsletter's time zone."""
    years = at.year - now.year
    if abs(years) > 1:  # a typing mistake; and the first and last years break date arithmetic
        if years < 0:
            raise UsageError(say("--at: {at:%Y-%m-%d %H:%M} is past", at=at))
        raise UsageError(say("--at: {at:%Y-%m-%d %H:%M} is years away; is the year right?", at=at))
    zone = settings.zone
    moment = at.replace(tzinfo=zone).astimezone(dt.UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != at:
        raise UsageError(
            say("--at: {at:%Y-%m-%d %H:%M} does not exist: clocks are put forward", at=at)
        )
    return moment
