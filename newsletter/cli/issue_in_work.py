"""Which issue the editor works on, where a command names none."""

import datetime as dt
from collections.abc import Collection, Iterable
from contextlib import closing

from newsletter.cli.common import Settings
from newsletter.cli.issue_days import today
from newsletter.content import list_heads
from newsletter.ledger import list_sends
from newsletter.ledgers import existing_ledger


def issue_in_work(settings: Settings) -> str:
    """Return the newest issue that was not sent, or else this month's."""
    heads = list_heads(settings.root, language=settings.newsletter.language)
    return newest_unsent((head.id for head in heads), list_sent(settings), today(settings))


def list_sent(settings: Settings) -> set[str]:
    """Return the issues that were sent."""
    ledger = existing_ledger(settings)
    if ledger is None:
        return set()
    with closing(ledger), ledger.read() as connection:
        return {send.issue_id for send in list_sends(connection)}


def newest_unsent(ids: Iterable[str], sent: Collection[str], now: dt.date) -> str:
    """Return the newest of some issues unless it was sent, or else this month's."""
    newest = max(ids, default="")
    return newest if newest and newest not in sent else f"{now:%Y-%m}"
