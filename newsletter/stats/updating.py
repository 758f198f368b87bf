"""Computes the figures of sends of which something came in, and keeps them.

    what came in --noted as news--> computed anew --kept--> final, once the window is over

What is final changes only by later news about its window, which leaves a note of when and of what.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from newsletter.ledger import Ledger, Send, figures, list_attempts, summing
from newsletter.model import Span, final_at
from newsletter.stats.computing import compute
from newsletter.stats.frozen_groups import group_rows
from newsletter.stats.sent_issue import SentIssue, begun_at

_DAY = dt.timedelta(days=1)
_RECENT = 31 * _DAY  # after a send: whoever leaves may leave by it


def update_figures(ledger: Ledger, *, now: dt.datetime, group_by: str | None = None) -> list[int]:
    """Compute the figures of all sends of which something came in; return which.

    Done twice, or by two at once, it computes the same.
    """
    summing.sum_up(ledger, now)
    with ledger.read() as connection:
        issues = list_attempts(connection)
        kept = figures.find_own(connection, Span.WINDOW)
        news = figures.list_news(connection)
    if figures.LIST in news:
        news |= _spread(ledger, issues, now)
    begun = {send.id: begun_at(send) for send in issues if not send.is_rehearsal}
    due = [send for send in issues if send.id in news or _is_due(send, kept.get(send.id), now)]
    for send in due:
        _update(ledger, send, begun, now=now, group_by=group_by)
    _forget_strangers(ledger, news - {figures.LIST} - {send.id for send in issues})
    return [send.id for send in due]


def compute_unkept(ledger: Ledger, *, now: dt.datetime) -> dict[int, Sequence[figures.KeptRow]]:
    """Return the figures of sends of which none are kept, where nothing may be written."""
    with ledger.read() as connection:
        issues = list_attempts(connection)
        kept = figures.find_own(connection, Span.WINDOW)
        begun = {send.id: begun_at(send) for send in issues if not send.is_rehearsal}
        return {
            send.id: compute(
                connection,
                SentIssue(
                    send=send,
                    kept=(),
                    begun={id: at for id, at in begun.items() if at >= begun_at(send)},
                    now=now,
                ),
            )[0]
            for send in issues
            if send.id not in kept
        }


def _spread(ledger: Ledger, issues: Iterable[Send], now: dt.datetime) -> set[int]:
    """Turn news of the list into news of the sends that it may be about; return these."""
    real = [send for send in issues if not send.is_rehearsal]
    newest = max(real, key=begun_at, default=None)
    found = {send.id for send in real if begun_at(send) > now - _RECENT}
    found |= {newest.id} if newest else set()
    with ledger.write() as connection:
        figures.note_news(connection, found)  # so that nothing is lost if this process ends
        figures.take_news(connection, figures.LIST)  # last, as whoever notes it does
    return found


def _is_due(send: Send, own: figures.KeptRow | None, now: dt.datetime) -> bool:
    """Return whether figures are to be computed though nothing came in."""
    if own is None or not own.content.is_over:
        return True
    began = begun_at(send)
    is_over = now >= final_at(began, send.window_days)
    # Then once more, before it is forgotten whose copies were seen.
    is_last = own.computed_at < began + summing.KNOWN <= now
    return is_last or (not own.is_final and is_over)


def _update(
    ledger: Ledger,
    send: Send,
    begun: Mapping[int, dt.datetime],
    *,
    now: dt.datetime,
    group_by: str | None,
) -> None:
    with ledger.write() as connection:
        figures.take_news(connection, send.id)
        kept: Sequence[figures.KeptRow] = figures.find_rows(connection, [send.id]).get(send.id, ())
        own = figures.row_of(kept, figures.OWN, Span.WINDOW)
        issue = SentIssue(
            send=send,
            kept=kept,
            begun={id: at for id, at in begun.items() if at >= begun_at(send)},
            now=now,
        )
        rows, revised = compute(connection, issue)
        if issue.is_final and not (own and own.is_final) and not send.is_rehearsal:
            rows += group_rows(connection, issue, rows, group_by)
        figures.keep_rows(connection, rows)
        figures.note_revisions(connection, revised)


def _forget_strangers(ledger: Ledger, ids: Iterable[int]) -> None:
    """Take news of sends that have no figures: tests, and rehearsals that others followed."""
    for id in sorted(ids):
        with ledger.write() as connection:
            figures.take_news(connection, id)
