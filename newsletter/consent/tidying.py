"""Forgets what is no longer needed: wishes that are over, reports, and who left long ago."""

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from newsletter.consent.forgetting import erase_files, forget
from newsletter.errors import UsageError
from newsletter.ledger import (
    EPOCH,
    Ledger,
    anonymous,
    compacting,
    contributions,
    hits,
    letting_go,
    people,
    returns,
    summing,
    throttles,
    webhooks,
    wishes,
)

_COUNTED_DAYS = 2  # of what is counted: nothing looks further back than a day
_SEEN_DAYS = 31  # for which it is known whose copies were opened; then only how many
_MARK_DAYS = 35  # longer than anything is taken that a provider tells of opens and clicks
_DAY = dt.timedelta(days=1)
_MONTH = dt.timedelta(days=30.44)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long things are kept, in days but for people."""

    wishes: int  # what people asked for on our pages, and the mails that answered them
    posted: int  # what providers posted
    returns: int  # what came back about mails
    departed_months: int  # people who left, bounced or complained; 0: for ever
    contributions: int = 180  # what people sent in, once it is decided


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """How many things were deleted, or would be."""

    wishes: int
    answers: int
    posted: int
    returns: int
    departed: int
    contributions: int = 0

    def __bool__(self) -> bool:
        return any(asdict(self).values())


def count_old(ledger: Ledger, kept: Retention, now: dt.datetime) -> Purged:
    """Return what would be deleted."""
    with ledger.read() as connection:
        return Purged(
            wishes=wishes.count_old(connection, now - kept.wishes * _DAY),
            answers=anonymous.count_answers(connection, now - kept.wishes * _DAY),
            posted=webhooks.count_old(connection, before=now - kept.posted * _DAY),
            returns=returns.count_old(connection, before=now - kept.returns * _DAY),
            departed=len(people.list_departed(connection, _until(kept, now))),
            contributions=contributions.count_old(connection, now - kept.contributions * _DAY),
        )


def purge(
    ledger: Ledger, kept: Retention, secret: str, now: dt.datetime, *, outbox: Path
) -> Purged:
    """Delete what is older than it is to be kept; return how much.

    Who left long ago is erased only with the secret by which they are known afterwards. It is
    forgotten whose copies were seen once their figures are computed, which whoever calls does.
    """
    _repeat(ledger, partial(summing.forget_readers, before=now - _SEEN_DAYS * _DAY))
    oldest = (now - _MARK_DAYS * _DAY).astimezone(dt.UTC).date().isoformat()
    _repeat(ledger, partial(hits.forget_marks, before=oldest))
    posted = _repeat(ledger, partial(webhooks.delete_old, before=now - kept.posted * _DAY))
    returned = _repeat(ledger, partial(returns.delete_old, before=now - kept.returns * _DAY))
    with ledger.write() as connection:
        letting_go.let_go(connection)
        throttles.purge_throttles(connection, now, days=_COUNTED_DAYS)
        done = Purged(
            wishes=wishes.purge_wishes(connection, now - kept.wishes * _DAY),
            answers=anonymous.forget_answers(connection, now - kept.wishes * _DAY),
            posted=posted,
            returns=returned,
            departed=0,
            contributions=contributions.delete_old(connection, now - kept.contributions * _DAY),
        )
    erased = _forget_departed(ledger, _until(kept, now), secret, now, outbox) if secret else 0
    compacting.flush(ledger)
    return replace(done, departed=erased)


def _forget_departed(
    ledger: Ledger, before: dt.datetime, secret: str, now: dt.datetime, outbox: Path
) -> int:
    with ledger.read() as connection:
        departed = people.list_departed(connection, before)
    erased = 0
    addresses: list[str] = []
    for address in departed:
        with suppress(UsageError):  # a mail to them is on its way: the next round looks again
            theirs = forget(ledger, address, secret, now, "retention", gone_before=before)
            erased += bool(theirs)
            addresses += theirs
    if addresses:
        erase_files(outbox, addresses)
    return erased


def _repeat(ledger: Ledger, delete_some: Callable[[Connection], int]) -> int:
    """Delete until nothing is left, each time in a transaction of its own; return how much."""
    total, count = 0, 1
    while count:
        with ledger.write() as connection:
            count = delete_some(connection)
        total += count
    return total


def _until(kept: Retention, now: dt.datetime) -> dt.datetime:
    """Return until when people are old who left; long ago, where they are kept."""
    return now - kept.departed_months * _MONTH if kept.departed_months else EPOCH
