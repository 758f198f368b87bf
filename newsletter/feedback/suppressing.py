"""Two lists of those who get no mail, ours and the provider's: each learns from the other.

Ours is the master: it knows why, and what it says is what is done. The provider's keeps mail from
people even where another program sends by the same account.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

from newsletter.addresses import as_listed, mail_address
from newsletter.consent import Rules, TakenIn, take_in
from newsletter.errors import ProviderError, Verdict
from newsletter.gateway import open_provider, provider_class
from newsletter.ledger import Ledger, list_sends, passing_on
from newsletter.model import Departure, Return, ReturnKind, Standing
from newsletter.moments import latest
from newsletter.settings import Settings

_Row = TypeVar("_Row")
_ROUND = 1000  # addresses that a round tells at most, and lifts
_RECENT = dt.timedelta(days=60)  # how long after an issue it is asked who is gone
_TOGETHER = 500  # that are taken in by one transaction
_KINDS = {
    Standing.BOUNCED: ReturnKind.SUPPRESSED,
    Standing.COMPLAINED: ReturnKind.COMPLAINED,
    Standing.UNSUBSCRIBED: ReturnKind.UNSUBSCRIBED,
}


def pass_on(settings: Settings, ledger: Ledger, now: dt.datetime) -> bool:
    """Tell the provider who left, and whom to send to again; return whether more are left.

    Told twice it does the same. An address that it refuses keeps no other back; raise ProviderError
    for it afterwards, or at once where no further call can succeed.
    """
    can = provider_class(settings).capabilities
    name = settings.provider.name
    if not can.suppressions or not settings.bounces.tell_provider:
        return False
    with ledger.read() as connection:
        lifted = passing_on.list_to_lift(connection, name, now, most=_ROUND)
        gone = passing_on.list_untold(connection, name, now, most=_ROUND) if can.is_told else []
    if not lifted and not gone:
        return False

    def note(some: Sequence[passing_on.Gone]) -> None:
        with ledger.write() as connection:
            passing_on.note_told(connection, name, [one.key for one in some], now)

    refused: list[ProviderError] = []
    with open_provider(settings) as provider:
        for address in lifted:
            with _aside(refused):
                provider.unsuppress(mail_address(address))
                with ledger.write() as connection:
                    passing_on.note_lifted(connection, name, address)
        for some in _in_portions(gone, can.is_told or 1):
            _tell(some, provider.suppress, note, refused)
    if refused:
        raise refused[0]
    return max(len(lifted), len(gone)) == _ROUND


def _tell(
    some: Sequence[passing_on.Gone],
    suppress: Callable[[Sequence[Departure]], None],
    note: Callable[[Sequence[passing_on.Gone]], None],
    refused: list[ProviderError],
) -> None:
    """Tell a provider of some who left; one by one, if it refuses them together."""
    faults: list[ProviderError] = []
    with _aside(faults):
        told = (one.departure for one in some)
        suppress([d._replace(address=mail_address(d.address)) for d in told])
        note(some)
    if faults and len(some) > 1:
        for one in some:
            _tell([one], suppress, note, refused)
    else:
        refused += faults


@contextmanager
def _aside(refused: list[ProviderError]) -> Iterator[None]:
    """Put a refusal of what was asked aside; others end the round."""
    try:
        yield
    except ProviderError as err:
        if err.verdict is not Verdict.REJECT:
            raise
        refused.append(err)


def pull_suppressions(
    settings: Settings, ledger: Ledger, rules: Rules, now: dt.datetime
) -> list[TakenIn]:
    """Take in to whom the provider sends nothing, but for those it was told of by us."""
    if not provider_class(settings).capabilities.suppressions:
        return []
    taken = []
    with open_provider(settings) as provider:
        for some in _in_portions(provider.suppressed(), _TOGETHER):
            taken.append(_take(ledger, provider.name, some, rules, now))
    return taken


def tells_who_is_gone(settings: Settings) -> bool:
    """Return whether the provider can be asked who bounced, complained or left."""
    can = provider_class(settings).capabilities
    return can.mails and (can.suppressions or can.departures)


def is_told_of_leaving(settings: Settings) -> bool:
    """Return whether the provider's list has everybody who left, however they did."""
    can = provider_class(settings).capabilities
    return can.suppressions and bool(can.is_told) and settings.bounces.tell_provider


def list_gone(settings: Settings, ledger: Ledger, now: dt.datetime) -> list[Return]:
    """Return whom the provider sends nothing to, and who is gone since recent issues.

    Raise ProviderError where it cannot be asked.
    """
    with ledger.read() as connection:
        sent = [send for send in list_sends(connection) if send.planned_at > now - _RECENT]
    until = now.astimezone(dt.UTC).date()
    with open_provider(settings) as provider:
        name, can = provider.name, provider.capabilities
        gone = list(provider.suppressed()) if can.suppressions else []
        for send in sent:
            if can.departures and send.provider == name and not send.is_test:
                tag = provider.counts_by(send.tag, send.beginning)
                gone += provider.departures(tag, send.planned_at.date(), until)
    each = {(one.address.lower(), one.kind): one for one in gone}
    with ledger.read() as connection:
        ours = passing_on.find_told(connection, name, {address for address, _ in each})
    return [as_return(name, one) for (at, _), one in each.items() if at not in ours]


def _take(
    ledger: Ledger, name: str, some: list[Departure], rules: Rules, now: dt.datetime
) -> TakenIn:
    with ledger.write() as connection:
        addresses = [as_listed(one.address) for one in some]
        ours = passing_on.find_told(connection, name, addresses)
        told = [as_return(name, one) for one in some if as_listed(one.address).lower() not in ours]
        return take_in(connection, told, rules, now)


def as_return(source: str, departure: Departure) -> Return:
    """Return somebody who is gone, by a provider's list, as what comes back."""
    at = latest(departure.at)
    return Return(
        kind=_KINDS[departure.kind],
        source=source,
        address=departure.address,
        at=dt.datetime.fromisoformat(at) if at else None,
        word="list",
    )


def _in_portions(rows: Iterable[_Row], size: int) -> Iterator[list[_Row]]:
    rest = iter(rows)
    while some := list(islice(rest, size)):
        yield some
