"""Settles what earlier runs left open: batches of dead senders, and calls without an answer."""

import datetime as dt
from collections import Counter

from newsletter.delivery.calls import UnsettledError, is_repeatable, make_call, note_failure
from newsletter.delivery.session import Run, record
from newsletter.errors import ProviderError
from newsletter.ledger import sends as ledger_of
from newsletter.ledger.sends import Batch, Recipient
from newsletter.model import Call, Outcome, Standing, State


def resolve_doubts(run: Run, *, may_repeat: bool) -> None:
    """Note which batches are orphaned, then repeat or look up all that is unknown."""
    with run.ledger.write() as connection:
        for batch in ledger_of.list_batches_in(connection, run.send.id, State.SENDING):
            if not run.worker.is_living(batch.worker):
                ledger_of.doubt_batch(connection, batch.id, reason="the sender was cut off")
    with run.ledger.read() as connection:
        unknown = ledger_of.list_batches_in(connection, run.send.id, State.UNKNOWN)
    for batch in unknown:
        if run.is_over:
            return
        _resolve(run, batch, may_repeat=may_repeat)


def look_up(run: Run, batch: Batch, call: Call) -> None:
    """Accept what the provider says it took; what it does not know of stays unknown."""
    since = dt.datetime.fromtimestamp(batch.called_at or 0, dt.UTC).date()
    try:
        said = run.provider.look_up(call, since, run.clock.now().astimezone(dt.UTC).date())
    except ProviderError as err:
        run.progress(0, f"{err}; still unknown")
        return
    taken = {address.lower(): message_id for address, message_id in said.items()}
    alike = Counter(message.address.lower() for message in call.messages)
    found = tuple(
        Outcome(delivery=m.delivery, state=State.ACCEPTED, message_id=taken[m.address.lower()])
        for m in call.messages
        if m.address.lower() in taken and alike[m.address.lower()] == 1
    )
    record(run, found)


def _resolve(run: Run, batch: Batch, *, may_repeat: bool) -> None:
    """Repeat a call within its window, else look up what the provider took of it."""
    with run.ledger.write() as connection:
        if not ledger_of.take_over_batch(
            connection, batch, worker=run.worker.name, is_living=run.worker.is_living
        ):
            return  # another process is at it
        recipients = ledger_of.list_recipients(connection, batch.id, State.UNKNOWN)
    if not recipients:
        return
    call = run.composer.compose(batch, recipients)
    # A repeat must be the same call: not once somebody has left in the meantime.
    if may_repeat and is_repeatable(run, batch) and all(_may_be_mailed(r) for r in recipients):
        try:
            record(run, make_call(run, batch, call, attempt=1, in_doubt=True))
        except UnsettledError as unsettled:
            note_failure(run, call, unsettled)
        else:
            return
    if run.provider.capabilities.look_up and not run.is_over:
        look_up(run, batch, call)


def _may_be_mailed(recipient: Recipient) -> bool:
    person = recipient.subscriber
    return person is None or person.standing is Standing.ACTIVE
