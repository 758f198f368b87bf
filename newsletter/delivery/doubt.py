"""Settles what earlier calls left open: batches of dead senders, and calls without an answer."""

import datetime as dt
import time
from collections import Counter
from collections.abc import Set

from newsletter.addresses import mail_address
from newsletter.delivery.calls import (
    UnsettledError,
    is_repeatable,
    make_call,
    note_failure,
    observe_call,
)
from newsletter.delivery.desks import Desk, TooLargeError
from newsletter.delivery.session import Run, change_ledger, query_ledger, record
from newsletter.language import say
from newsletter.ledger import EPOCH, Batch, Claim
from newsletter.ledger import batches as batches_of
from newsletter.ledger import claims as claims_of
from newsletter.ledger import doubts as doubts_of
from newsletter.model import BatchState, Call, Outcome, State
from newsletter.observing import Purpose, within

# For so long every provider remembers what it took; those with the shortest memory, three days.
_REMEMBERED = dt.timedelta(days=2)
_NEXT_LOOK = 3600.0  # seconds until a look-up that proves nothing may find more


def resolve_doubts(run: Run, desk: Desk, *, may_repeat: bool) -> None:
    """Note which batches are orphaned, then repeat or look up everything unknown."""
    _note_orphans(run)
    unknown = query_ledger(run, doubts_of.list_batches, run.send.id, BatchState.UNKNOWN)
    for batch in unknown:
        if run.is_over:
            return
        if not (_is_worth_asking(run, batch) and _take_over(run, batch)):
            continue
        try:
            with within(batch=batch.id):
                _resolve(run, desk, batch, may_repeat=may_repeat)
        finally:
            change_ledger(run, doubts_of.stop_asking, batch.id, worker=_asker(run))


def _note_orphans(run: Run) -> None:
    """Mark the batches of workers that died during a call as unknown."""
    sending = query_ledger(run, doubts_of.list_batches, run.send.id, BatchState.SENDING)
    reason = say("the sender was cut off")
    for batch in sending:
        if not run.worker.is_living(batch.worker):
            change_ledger(run, batches_of.doubt_batch, batch.id, key=batch.key, reason=reason)


def _is_worth_asking(run: Run, batch: Batch) -> bool:
    """Return whether asking now may settle a batch: a serving worker asks only when it is due."""
    if is_repeatable(run, batch):
        return True
    is_time = not run.worker.is_serving or not _waits(run, batch)
    return run.composer.capabilities.look_up and is_time


def _waits(run: Run, batch: Batch) -> bool:
    """Return whether a look-up is due later; a wait that nothing explains a clock ahead set."""
    now = run.clock.instant
    return now < batch.not_before <= now + _longest_wait(run)


def _longest_wait(run: Run) -> dt.timedelta:
    return dt.timedelta(seconds=max(_NEXT_LOOK, run.settles))


def look_up(run: Run, desk: Desk, claim: Claim) -> None:
    """Accept what the provider says it accepted.

    What it does not know stays unknown until its records are settled; then it was not accepted, and
    is queued again.
    """
    batch, asked_at = claim.batch, run.clock.instant
    call = run.compose(batch, claim.recipients)
    since = (batch.called_at or EPOCH).date()
    if batch.restored_at:  # the time of a backup may be of a clock in another zone
        since -= dt.timedelta(days=1)
    begun, size = time.monotonic(), len(call.messages)
    since = min(since, asked_at.date())  # a clock was ahead when it was called, or is behind now
    said = desk.hand.look_up(call, since, asked_at.date())
    if isinstance(said, Exception):
        observe_call(run, size, begun, said, purpose=Purpose.LOOK_UP)
        run.progress(0, say("{fault}; still unknown", fault=said.words))
        return
    observe_call(run, size, begun, purpose=Purpose.LOOK_UP)
    taken = {address.lower(): message_id for address, message_id in said.items()}
    alike = Counter(message.address.lower() for message in call.messages)
    found = tuple(
        Outcome(delivery=m.delivery, state=State.ACCEPTED, message_id=taken[m.address.lower()])
        for m in call.messages
        if m.address.lower() in taken and alike[m.address.lower()] == 1
    )
    record(run, batch, found)
    if len(found) == len(call.messages):
        return
    settled_at = _settled_at(run, batch, call, set(taken), asked_at)
    if settled_at is None:
        change_ledger(
            run, doubts_of.ask_again, batch.id, key=batch.key, at=run.clock.after(_NEXT_LOOK)
        )
    elif asked_at >= settled_at:
        change_ledger(run, doubts_of.requeue_batch, batch.id, key=batch.key)
    else:
        at = min(settled_at, asked_at + _longest_wait(run))
        change_ledger(run, doubts_of.ask_again, batch.id, key=batch.key, at=at)


def _settled_at(
    run: Run, batch: Batch, call: Call, taken: Set[str], asked_at: dt.datetime
) -> dt.datetime | None:
    """Return from when on a call that the provider does not know was not taken; None for never.

    Another ledger may have sent a batch that came back from a backup: until the moment it came
    back, by as many calls as it liked, to an address that somebody has got since. If the provider
    knows of an address that we do not, whom it belongs to cannot be told.
    """
    settles = dt.timedelta(seconds=run.settles)
    called_at = batch.called_at or asked_at
    if batch.restored_at is None:
        return called_at + settles
    members = query_ledger(run, doubts_of.list_members, batch.root)
    strangers = taken - {mail_address(address).lower() for address in members}
    is_long_ago = asked_at - called_at > _REMEMBERED
    # Of a call in the future one clock is wrong, and the provider may have been asked about a time
    # in which it was not called.
    if strangers or call.is_scheduled or is_long_ago or called_at > asked_at:
        return None
    return batch.restored_at + settles


def _take_over(run: Run, batch: Batch) -> bool:
    return change_ledger(
        run,
        doubts_of.take_over_batch,
        batch,
        worker=_asker(run),
        is_living=run.worker.is_living,
    )


def _asker(run: Run) -> str:
    """Return the name that a batch carries while this worker asks about it."""
    return f"{run.name}/doubt"


def _resolve(run: Run, desk: Desk, batch: Batch, *, may_repeat: bool) -> None:
    """Repeat a call within its window, or else look up which deliveries the provider accepted."""
    recipients = query_ledger(run, claims_of.list_recipients, batch.id)
    if not recipients:
        return
    claim = Claim(batch, recipients)
    # A repeat must be the same call: not once somebody has left, or moved, in the meantime.
    is_same = all(r.may_be_mailed and not r.has_moved for r in recipients)
    if may_repeat and is_repeatable(run, batch) and is_same:
        try:
            record(run, batch, make_call(run, desk, claim, in_doubt=True))
        except UnsettledError as unsettled:
            note_failure(run, len(recipients), unsettled)
        except TooLargeError:
            pass  # not made again: the provider has other limits by now
        else:
            return
    if run.composer.capabilities.look_up and not run.is_over:
        look_up(run, desk, claim)
