"""Mailboxes that take no mail for long, though nobody says that they are gone: full, or away."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from newsletter.ledger import Attempt
from newsletter.model import Happened, Record

# What begins the counting anew: the person has shown that they are there, or want the mail.
_RESETS = (Happened.CONFIRMED, Happened.RETURNED, Happened.RESUMED)


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftRule:
    """How many issues in a row a mailbox may refuse before its mail is paused."""

    issues: int = 3
    span: dt.timedelta = dt.timedelta(days=30)  # that they cover at least


def find_last_straw(
    attempts: Iterable[Attempt], records: Iterable[Record], rule: SoftRule
) -> Attempt | None:
    """Return the issue with which somebody's mail is paused; None if it is not.

    Issues count, not bounces, of which there may be many for one. One of which nothing is told
    arrived, as far as anybody knows.
    """
    resets = [r.at or r.noted_at for r in records if r.what in _RESETS]
    since = max((at for at in resets if at), default=None)
    row: list[Attempt] = []
    straw = None
    for attempt in attempts:
        if since and attempt.planned_at <= since:
            continue
        if not attempt.is_soft:
            row, straw = [], None
            continue
        row.append(attempt)
        covers = attempt.planned_at - row[0].planned_at >= rule.span
        if straw is None and len(row) >= rule.issues and covers:
            straw = attempt
    return straw
