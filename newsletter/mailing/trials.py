"""Tests of an issue, to addresses of the editor's own, and what became of mail to whom it names."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parseaddr

from newsletter.addresses import check_address
from newsletter.delivery import Result
from newsletter.errors import UsageError
from newsletter.ledger import Ledger, Send, sends
from newsletter.masking import mask
from newsletter.model import End, State
from newsletter.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a test or a notice."""

    state: End
    reason: str
    accepted: int
    refused: tuple[tuple[str, str], ...]  # address, the provider's reason
    skipped: tuple[tuple[str, str], ...]  # address, why it was not mailed


def own_addresses(settings: Settings) -> list[str]:
    """Return the addresses a test may go to without asking: those in the settings, no others."""
    table = settings.newsletter
    mailboxes = [*settings.preview.test_addresses, table.reply_to or "", table.from_]
    addresses = (parseaddr(mailbox)[1] for mailbox in mailboxes)
    return list(dict.fromkeys(address for address in addresses if address))


def check_own(settings: Settings, addresses: Sequence[str]) -> None:
    """Raise UsageError for an address that is not the editor's own, and for none at all."""
    allowed = own_addresses(settings)
    foreign = [address for address in addresses if address not in allowed]
    if foreign or not addresses:
        named = f"“{foreign[0]}” is not one of them" if foreign else "choose at least one"
        raise UsageError(f"a test goes to your own addresses: {named}")


def find_outcome(ledger: Ledger, send: Send, result: Result, addresses: Sequence[str]) -> Outcome:
    """Return what became of a test or a notice at these addresses."""
    asked = {check_address(address).lower() for address in addresses}
    fates: dict[State, list[tuple[str, str]]] = {state: [] for state in State}
    with ledger.read() as connection:
        for address, state, _, reason in sends.list_deliveries(connection, send.id):
            if address.lower() in asked:
                fates[state].append((address, mask(reason)))
    return Outcome(
        state=result.state,
        reason=result.reason,
        accepted=len(fates[State.ACCEPTED]),
        refused=tuple(fates[State.REJECTED]),
        skipped=tuple(fates[State.SKIPPED]),
    )
