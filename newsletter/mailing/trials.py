"""Tests of an issue, to addresses of the editor's own, and what became of mail to whom it names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.utils import parseaddr

from newsletter.errors import UsageError
from newsletter.language import say
from newsletter.ledger import Ledger, Send, sends
from newsletter.masking import mask
from newsletter.model import End, Result, State
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
        if not foreign:
            raise UsageError(say("a test goes to your own addresses: choose at least one"))
        raise UsageError(
            say(
                "a test goes to your own addresses: “{address}” is not one of them",
                address=foreign[0],
            )
        )


def find_outcome(ledger: Ledger, send: Send, result: Result, addresses: Sequence[str]) -> Outcome:
    """Return what became of a test or a notice at these addresses."""
    with ledger.read() as connection:
        fates = sends.list_fates(connection, send.id, addresses)
    return Outcome(
        state=result.state,
        reason=mask(result.reason),
        accepted=len(fates[State.ACCEPTED]),
        refused=_masked(fates[State.REJECTED]),
        skipped=_masked(fates[State.SKIPPED]),
    )


def _masked(fates: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((address, mask(reason)) for address, reason in fates)
