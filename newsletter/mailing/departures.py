"""What provider and ledger know about readers who are gone -> people who get no more mail."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from newsletter.errors import ConfigError, ProviderError
from newsletter.gateway import has_key_for, open_provider, provider_class
from newsletter.language import Wording, say, say_many
from newsletter.ledger import Ledger, Send, events, list_sends
from newsletter.model import Standing
from newsletter.settings import Settings

_RECENT = dt.timedelta(days=60)  # how long after an issue it is asked who is gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Departed:
    """People who are active here, though they are known to be gone."""

    gone: Mapping[Standing, int]  # complained, unsubscribed or bounced, as the provider reported
    refused: int  # refused for good when the last issue was sent

    def __bool__(self) -> bool:
        return bool(self.gone or self.refused)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOff:
    """What was done about people who are known to be gone."""

    said_no: int  # complained or left: they get no more mail
    bounced: int  # get no more mail, either
    to_ask: int  # with an unreachable mailbox: the editor decides about them


def pull_departures(
    settings: Settings, ledger: Ledger, send: Send, now: dt.datetime
) -> Wording | None:
    """Ask the provider which recipients of a send are gone; return what was recorded of its answer.

    Anybody who complained or left is taken off the list as soon as it is known.
    """
    is_asked = has_key_for(settings, send.provider)
    if not is_asked or not provider_class(settings, send.provider).capabilities.departures:
        return None
    since = send.planned_at.date()
    until = now.astimezone(dt.UTC).date()
    try:
        with open_provider(settings, send.provider) as provider:
            tag = provider.counts_by(send.tag, send.beginning)
            said = list(provider.departures(tag, since, until))
    except (ProviderError, ConfigError) as err:
        return say(
            "{issue}: who bounced or left is not known: {reason}",
            issue=send.issue_id,
            reason=err.words,
        )
    with ledger.write() as connection:
        off = events.note_departures(connection, send.id, said, now).taken_off
    if not off:
        return None
    return say_many(
        "{issue}: {n} person who complained or left gets no more mail",
        "{issue}: {n:,} who complained or left get no more mail",
        n=off,
        issue=send.issue_id,
    )


def can_sync(settings: Settings) -> bool:
    """Return whether there is a provider or a mailbox that tells what came back."""
    can = provider_class(settings).capabilities
    return settings.mailbox.is_read or (can.mails and (can.suppressions or can.departures))


def pull_recent_departures(
    settings: Settings, ledger: Ledger, now: dt.datetime
) -> Iterator[Wording]:
    """Ask the provider who is gone since the issues of late; yield what was recorded of it."""
    with ledger.read() as connection:
        sent = [send for send in list_sends(connection) if send.planned_at > now - _RECENT]
    for send in sent:
        if line := pull_departures(settings, ledger, send, now):
            yield line


def find_departed(ledger: Ledger) -> Departed:
    """Return who is active here, though they are known to be gone."""
    with ledger.read() as connection:
        return Departed(
            gone=events.count_departed(connection), refused=events.count_refused(connection)
        )


def take_off_gone(
    ledger: Ledger, departed: Departed, *, is_asked: bool, now: dt.datetime
) -> TakenOff:
    """Take people who are known to be gone off the list; return what is left to be asked about.

    Anybody who complained or left is taken off without asking; the editor decides about mailboxes
    that bounced. If nobody can be asked, those are taken off, too: less mail is the safe side.
    Those who were merely refused then stay, as the fault may have been the provider's.
    """
    said_no = sum(departed.gone.get(standing, 0) for standing in events.SAID_NO)
    bounced = departed.gone.get(Standing.BOUNCED, 0)
    standings = [*(events.SAID_NO if said_no else ())]
    standings += [Standing.BOUNCED] if bounced and not is_asked else []
    if standings:
        with ledger.write() as connection:
            events.take_off(connection, standings, now)
    return TakenOff(
        said_no=said_no,
        bounced=0 if is_asked else bounced,
        to_ask=bounced + departed.refused if is_asked else 0,
    )


def take_off_unreached(ledger: Ledger, *, now: dt.datetime) -> None:
    """Stop mail to those whose mailbox bounced, or who were refused for good."""
    with ledger.write() as connection:
        events.take_off(connection, [Standing.BOUNCED], now)
        events.take_off_refused(connection, now)
