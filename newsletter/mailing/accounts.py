"""Through which account an issue goes out by the settings, and whether it was begun there."""

import hashlib

from newsletter.gateway import provider_class
from newsletter.ledger import Ledger, sends
from newsletter.ledger.sends import Send
from newsletter.providers import PROVIDERS
from newsletter.settings import Settings, find_secret


def is_rehearsal(settings: Settings) -> bool:
    """Tell whether the settings name a provider by which nobody is mailed."""
    known = PROVIDERS.get(settings.provider.name)
    return known is not None and not known.capabilities.mails


def destination(settings: Settings) -> tuple[str, str]:
    """Return the provider that mail goes through, and its place; for the outbox, a folder."""
    table = settings.provider
    if is_rehearsal(settings):
        return table.name, str(settings.root / table.path)
    return table.name, table.base_url or table.host or ""


def account_of(settings: Settings) -> str:
    """Return a fingerprint of where mail goes through and as whom.

    Only the account knows what it took: asked about another one's calls it would deny them.
    """
    table = settings.provider
    provider = provider_class(settings)
    if is_rehearsal(settings):  # one folder is as good as another
        return provider.name
    key = find_secret(settings.root, provider.secret) if provider.secret else None
    parts = (table.domain, table.region, table.stream, table.username, key and key.reveal())
    words = "\0".join([*destination(settings), *(part or "" for part in parts)])
    return hashlib.sha256(f"newsletter account\0{words}".encode()).hexdigest()[:16]


def is_same_account(settings: Settings, send: Send) -> bool:
    """Tell whether a send would go on through the account it began with, as far as is known."""
    is_same = send.provider == settings.provider.name
    return is_same and send.account in ("", account_of(settings))


def scope_of(settings: Settings, issue_id: str) -> str:
    """Return the scope of an issue's send by the settings: to readers, or to the local outbox."""
    begins = sends.REHEARSAL if is_rehearsal(settings) else ""
    return f"{begins}{issue_id}"


def find_begun(settings: Settings, ledger: Ledger, issue_id: str) -> Send | None:
    """Return the send of an issue that the settings go on with, if it was begun."""
    with ledger.read() as connection:
        sent = sends.find_send(connection, issue_id)
        return sent or sends.find_send(connection, scope_of(settings, issue_id))


def begins_anew(ledger: Ledger, send: Send) -> bool:
    """Tell whether an issue may be planned afresh though there was this send of it."""
    with ledger.read() as connection:
        return send.is_rehearsal and sends.has_ended(connection, send)
