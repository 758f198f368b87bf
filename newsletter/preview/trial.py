"""Sends an issue to addresses of the editor's own, on the very path that all mail takes."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from threading import Event

from newsletter.errors import FindingsError, UsageError
from newsletter.ledger.sends import count_states, list_deliveries
from newsletter.ledgers import ledger_of
from newsletter.mailing.carrier import clock_of, deliver
from newsletter.mailing.crew import worker_of
from newsletter.masking import mask
from newsletter.model import Severity
from newsletter.model.post import State
from newsletter.pipeline import draft_plan, freeze_test
from newsletter.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a test."""

    state: str  # see `Result`
    reason: str
    accepted: int
    refused: tuple[tuple[str, str], ...]  # address, the provider's reason


def allowed_addresses(settings: Settings) -> list[str]:
    """Return the addresses a test may go to: those the settings name, and no others."""
    table = settings.newsletter
    mailboxes = [*settings.preview.test_addresses, table.reply_to or "", table.from_]
    addresses = (parseaddr(mailbox)[1] for mailbox in mailboxes)
    return list(dict.fromkeys(address for address in addresses if address))


def send_trial(settings: Settings, issue_id: str, addresses: Sequence[str]) -> Outcome:
    """Send a test; raise UsageError for a foreign address, FindingsError for a faulty issue."""
    allowed = allowed_addresses(settings)
    foreign = [address for address in addresses if address not in allowed]
    if foreign or not addresses:
        named = f"“{foreign[0]}” is none of them" if foreign else "choose at least one"
        raise UsageError(f"a test goes to your own addresses: {named}")
    ledger = ledger_of(settings)
    try:
        plan = draft_plan(settings, issue_id, ledger, tests=addresses, to_freeze=False)
        errors = tuple(f for f in plan.findings if f.severity is Severity.ERROR)
        if errors:
            raise FindingsError(errors)
        send = freeze_test(settings, plan, addresses, ledger, dt.datetime.now(dt.UTC))
        stop = Event()
        with worker_of(settings, ledger) as worker:
            result = deliver(
                settings,
                send,
                ledger,
                worker=worker,
                clock=clock_of(settings, stop),
                progress=lambda _decided, _remark: None,
                stop=stop,
            )
        with ledger.read() as connection:
            counts = count_states(connection, send.id)
            rejected = list_deliveries(connection, send.id, State.REJECTED)
            refused = tuple((address, mask(reason)) for address, _, _, reason in rejected)
    finally:
        ledger.close()
    return Outcome(
        state=result.state,
        reason=result.reason,
        accepted=counts.get(State.ACCEPTED, 0),
        refused=refused,
    )
