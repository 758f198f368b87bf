"""Two lists of those who get no mail, ours and the provider's: each learns from the other.

Ours is the master: it knows why, and what it says is what is done. The provider's keeps mail from
people even where another program sends by the same account.
"""

import datetime as dt
from collections.abc import Iterable
from itertools import islice

from newsletter.addresses import as_listed, mail_address
from newsletter.consent.returning import TakenIn, take_in
from newsletter.feedback.trusting import rules_of
from newsletter.gateway import open_provider, provider_class
from newsletter.ledger import Ledger, passing_on
from newsletter.model import Departure, Return, ReturnKind, Standing
from newsletter.moments import latest
from newsletter.providers import Provider
from newsletter.settings import Settings

_ROUND = 1000  # addresses that a round tells at most, and lifts
_TOGETHER = 500  # that are taken in by one transaction
_KINDS = {
    Standing.BOUNCED: ReturnKind.SUPPRESSED,
    Standing.COMPLAINED: ReturnKind.COMPLAINED,
    Standing.UNSUBSCRIBED: ReturnKind.UNSUBSCRIBED,
}


def pass_on(settings: Settings, ledger: Ledger, now: dt.datetime) -> bool:
    """Tell the provider who left, and whom to send to again; return whether more are left.

    Told twice it does the same. Raise ProviderError where it refuses.
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
    with open_provider(settings) as provider:
        for address in lifted:
            provider.unsuppress(mail_address(address))
            with ledger.write() as connection:
                passing_on.note_lifted(connection, name, address)
        _tell(ledger, provider, gone, now)
    return max(len(lifted), len(gone)) == _ROUND


def _tell(
    ledger: Ledger, provider: Provider, gone: list[passing_on.Gone], now: dt.datetime
) -> None:
    size = provider.capabilities.is_told
    for begin in range(0, len(gone), size or 1):
        some = gone[begin : begin + size]
        told = [one.departure for one in some]
        provider.suppress([each._replace(address=mail_address(each.address)) for each in told])
        with ledger.write() as connection:
            passing_on.note_told(connection, provider.name, [one.key for one in some], now)


def pull_suppressions(settings: Settings, ledger: Ledger, now: dt.datetime) -> list[TakenIn]:
    """Take in to whom the provider sends nothing, but for those it was told of by us."""
    if not provider_class(settings).capabilities.suppressions:
        return []
    taken = []
    with open_provider(settings) as provider:
        for some in _in_portions(provider.suppressed()):
            taken.append(_take(settings, ledger, provider.name, some, now))
    return taken


def _take(
    settings: Settings, ledger: Ledger, name: str, some: list[Departure], now: dt.datetime
) -> TakenIn:
    with ledger.write() as connection:
        addresses = [as_listed(one.address) for one in some]
        ours = passing_on.find_told(connection, name, addresses)
        told = [as_return(name, one) for one in some if as_listed(one.address).lower() not in ours]
        return take_in(connection, told, rules_of(settings), now)


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


def _in_portions(rows: Iterable[Departure]) -> Iterable[list[Departure]]:
    rest = iter(rows)
    while some := list(islice(rest, _TOGETHER)):
        yield some
