"""What jobs do about sends: carry one on, and find those that nobody carries on."""

import datetime as dt
from threading import Event

from newsletter.delivery import Clock, Progress, Worker
from newsletter.ledger import Ledger, Send, doubts, sends
from newsletter.mailing.accounts import is_same_account
from newsletter.mailing.carrier import carry
from newsletter.mailing.handover import LONGEST_WAIT, ask_for_forgotten
from newsletter.model import End, SendState
from newsletter.settings import Settings

_SOON = 1.0  # seconds until the next look at a send of which others have the rest in hand
_LATER = 60.0  # seconds until the next look at one that goes through another account
_RUNNING = (SendState.SENDING, SendState.SCHEDULED)


def carry_on(
    settings: Settings,
    ledger: Ledger,
    send_id: int,
    *,
    worker: Worker,
    clock: Clock,
    progress: Progress,
    stop: Event,
) -> dt.datetime | None:
    """Carry a send on as far as it goes; return when to do so again, None if there is no need.

    Done twice, late or beside others it does no harm: the ledger knows of every batch whose it is.
    """
    with ledger.read() as connection:
        send = sends.find_by_id(connection, send_id)
    if send is None or send.state not in _RUNNING:
        return None
    if send.is_for_later(clock.now()):
        return send.scheduled_at
    if not is_same_account(settings, send):
        return clock.after(_LATER)
    result = carry(settings, send, ledger, worker=worker, clock=clock, progress=progress, stop=stop)
    return _next_turn(ledger, send, result.state, clock)


def find_forgotten(ledger: Ledger, now: dt.datetime, *, anew: bool) -> None:
    """Let the sends under way be carried on that no job is about: who sent them may be gone.

    With `anew` a worker joins in that just began: it takes part in all, and what failed before is
    tried again.
    """
    with ledger.read() as connection:
        running = sends.list_running(connection)
    if running:
        with ledger.write() as connection:
            ask_for_forgotten(connection, running, now, anew=anew)


def _next_turn(ledger: Ledger, send: Send, end: End, clock: Clock) -> dt.datetime | None:
    """Return when to carry a send on after a run that ended so."""
    match end:
        case End.INTERRUPTED:
            return clock.instant  # by another worker
        case End.ELSEWHERE:
            return clock.after(_SOON)
        case End.UNKNOWN:
            return _next_look(ledger, send, clock)
    return None


def _next_look(ledger: Ledger, send: Send, clock: Clock) -> dt.datetime | None:
    """Return when asking about a batch in doubt is next worthwhile; None if the editor is asked."""
    with ledger.read() as connection:
        now = sends.find_by_id(connection, send.id)
        due = doubts.next_look(connection, send.id)
    if now is None or now.state not in _RUNNING:
        return None
    return min(max(due or clock.instant, clock.after(_SOON)), clock.instant + LONGEST_WAIT)
