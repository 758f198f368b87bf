"""Forgets what is no longer needed: wishes that are over, reports, and who left long ago."""

import datetime as dt
from dataclasses import dataclass

from newsletter.consent.forgetting import forget
from newsletter.errors import UsageError
from newsletter.ledger import Ledger, hits, people, returns, throttles, webhooks, wishes

_COUNTED_DAYS = 2  # of what is counted: nothing looks further back than a day
_HIT_DAYS = 30  # of whose opens and clicks are known; then only how many there were
_DAY = dt.timedelta(days=1)
_MONTH = dt.timedelta(days=30.44)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long things are kept, in days but for people."""

    wishes: int  # what people asked for on our pages; its records stay, if it was done
    posted: int  # what providers posted
    returns: int  # what came back about mails
    departed_months: int  # people who left, bounced or complained; 0: for ever


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """How many things were deleted, or would be."""

    wishes: int
    posted: int
    returns: int
    departed: int

    def __bool__(self) -> bool:
        return bool(self.wishes or self.posted or self.returns or self.departed)


def count_old(ledger: Ledger, kept: Retention, now: dt.datetime) -> Purged:
    """Return what would be deleted."""
    with ledger.read() as connection:
        return Purged(
            wishes=wishes.count_old(connection, now - kept.wishes * _DAY),
            posted=webhooks.count_old(connection, before=now - kept.posted * _DAY),
            returns=returns.count_old(connection, before=now - kept.returns * _DAY),
            departed=len(people.list_departed(connection, _until(kept, now))),
        )


def purge(ledger: Ledger, kept: Retention, secret: str, now: dt.datetime) -> Purged:
    """Delete what is older than it is to be kept; return how much.

    Who left long ago is erased only with the secret by which they are known afterwards.
    """
    with ledger.read() as connection:
        departed = people.list_departed(connection, _until(kept, now)) if secret else []
    erased = sum(_is_forgotten(ledger, address, secret, now) for address in departed)
    with ledger.write() as connection:
        throttles.purge_throttles(connection, now, days=_COUNTED_DAYS)
        hits.forget_persons(connection, now - _HIT_DAYS * _DAY)
        return Purged(
            wishes=wishes.purge_wishes(connection, now - kept.wishes * _DAY),
            posted=webhooks.delete_old(connection, before=now - kept.posted * _DAY),
            returns=returns.delete_old(connection, before=now - kept.returns * _DAY),
            departed=erased,
        )


def tidy_wishes(ledger: Ledger, now: dt.datetime) -> int:
    """Delete what people asked for long ago; return how much."""
    with ledger.write() as connection:
        throttles.purge_throttles(connection, now, days=_COUNTED_DAYS)
        return wishes.purge_wishes(connection, now - 30 * _DAY)


def _until(kept: Retention, now: dt.datetime) -> dt.datetime | None:
    return now - kept.departed_months * _MONTH if kept.departed_months else None


def _is_forgotten(ledger: Ledger, address: str, secret: str, now: dt.datetime) -> bool:
    try:
        forget(ledger, address, secret, now, source="retention")
    except UsageError:  # a mail to them is on its way: the next round looks again
        return False
    return True
