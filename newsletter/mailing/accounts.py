"""The account through which an issue goes according to the settings, and whether it began there."""

import hashlib
from dataclasses import dataclass

from newsletter.errors import ConfigError
from newsletter.gateway import destination, is_rehearsal, provider_class
from newsletter.language import Wording, say, say_list, say_many
from newsletter.ledger import REHEARSAL, Ledger, Send, sends
from newsletter.model import State
from newsletter.settings import Settings, find_secret

# States of deliveries that an account knows, or may know.
_KNOWN_THERE = (State.SENDING, State.ACCEPTED, State.UNKNOWN, State.ABANDONED)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChange:
    """The settings name another account than the one that has mail of a send; none is in doubt."""

    issue_id: str
    was: str  # where mail went before
    now: str

    def __str__(self) -> str:
        return str(self.words)

    @property
    def words(self) -> Wording:
        """Return the change as people read it."""
        if self.was == self.now:
            return say(
                "The account {issue} was begun through has changed, at {place}: its key or domain.",
                issue=self.issue_id,
                place=self.now,
            )
        return say(
            "The account {issue} was begun through has changed, from {was} to {now}.",
            issue=self.issue_id,
            was=self.was,
            now=self.now,
        )


def where_to(settings: Settings) -> Wording:
    """Return where mail goes, in words."""
    provider, place = destination(settings)
    if is_rehearsal(settings):
        return say(
            "{provider} (files in {folder}; nothing leaves this machine)",
            provider=provider,
            folder=place,
        )
    if place:
        return say("{provider} at {place}", provider=provider, place=place)
    return say_list((provider,))


def account_of(settings: Settings) -> str:
    """Return a fingerprint of the provider, its place and the credentials.

    Only the account knows what it accepted: asked about the calls of another, it would deny them.
    """
    table = settings.provider
    provider = provider_class(settings)
    if is_rehearsal(settings):  # one folder is as good as another
        return provider.name
    key = find_secret(settings.root, provider.secret) if provider.secret else None
    parts = (table.domain, table.region, table.stream, table.username, key and key.reveal())
    words = "\0".join([*destination(settings), *(part or "" for part in parts)])
    return hashlib.sha256(f"newsletter account\0{words}".encode()).hexdigest()[:16]


def route_of(settings: Settings) -> tuple[str, str, str]:
    """Return the way mail goes: the provider, its place, and the fingerprint of the account."""
    return *destination(settings), account_of(settings)


def is_same_account(settings: Settings, send: Send) -> bool:
    """Return whether a send would continue through the account it began with, as far as known."""
    is_same = send.provider == settings.provider.name
    return is_same and send.account in ("", account_of(settings))


def scope_of(settings: Settings, issue_id: str) -> str:
    """Return the scope of an issue's send by the settings: to readers, or to the local outbox."""
    begins = REHEARSAL if is_rehearsal(settings) else ""
    return f"{begins}{issue_id}"


def find_begun(settings: Settings, ledger: Ledger, issue_id: str) -> Send | None:
    """Return the send of an issue that continues under the settings, if one has begun."""
    with ledger.read() as connection:
        sent = sends.find_send(connection, issue_id)
        return sent or sends.find_send(connection, scope_of(settings, issue_id))


def begins_anew(ledger: Ledger, send: Send) -> bool:
    """Return whether an issue may be planned again although it had this send."""
    with ledger.read() as connection:
        return send.is_rehearsal and sends.has_ended(connection, send)


def find_account_change(settings: Settings, ledger: Ledger, send: Send) -> AccountChange | None:
    """Return how the account of a send has changed; None if that makes no difference.

    It makes none while the old one has accepted nothing, as with a key that was wrong. Raise
    ConfigError if the send cannot continue: only the old account knows what it accepted.
    """
    if send.provider != settings.provider.name:
        raise ConfigError(
            say(
                "{issue} was begun through {provider}, but newsletter.toml now names {other}; set "
                "it back to go on",
                issue=send.issue_id,
                provider=send.provider,
                other=settings.provider.name,
            )
        )
    if is_same_account(settings, send):
        return None
    change = AccountChange(
        issue_id=send.issue_id,
        was=send.place or send.provider,
        now=destination(settings)[1] or send.provider,
    )
    with ledger.read() as connection:
        counts = sends.count_states(connection, send.id)
    if doubtful := counts.get(State.SENDING, 0) + counts.get(State.UNKNOWN, 0):
        raise ConfigError(
            say_many(
                "{change} {n} delivery may have been taken there, which only the old account can "
                "tell: set it back, and settle those first",
                "{change} {n:,} deliveries may have been taken there, which only the old account "
                "can tell: set it back, and settle those first",
                n=doubtful,
                change=change.words,
            )
        )
    return change if any(counts.get(state) for state in _KNOWN_THERE) else None


def keep_account(settings: Settings, ledger: Ledger, send: Send) -> None:
    """Record that a send continues through the account of the settings."""
    provider, place, account = route_of(settings)
    with ledger.write() as connection:
        sends.set_account(connection, send.id, provider=provider, place=place, account=account)
