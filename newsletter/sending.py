"""From the ledger to the provider: a frozen issue goes out, by the settings."""

import datetime as dt
import hashlib
import math
import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Event
from urllib.parse import quote
from zoneinfo import ZoneInfo

from newsletter.addresses import mail_address
from newsletter.config import Settings, find_secret, load_secret, recipients_a_second
from newsletter.delivery import (
    Clock,
    Composer,
    Progress,
    Result,
    Run,
    Stationery,
    Worker,
    batch_size,
    run_send,
)
from newsletter.dispatch import SendState
from newsletter.errors import ConfigError, LedgerBusyError, ProviderError
from newsletter.ledger import Ledger, doubts, sends, workers
from newsletter.ledger.claims import Limits
from newsletter.ledger.planning import NewSend
from newsletter.ledger.sends import Send
from newsletter.model import Edition, Variant
from newsletter.press import link_secret, list_id_of
from newsletter.providers import PROVIDERS, Options, Provider
from newsletter.render.words import words_for

_SILENCE = 3600.0  # seconds of waiting in which a worker tells a trouble once
_REMEMBERED = 100  # troubles: what differs each time is told each time
_SMTP_PASSWORD = "NEWSLETTER_SMTP_PASSWORD"  # noqa: S105 - the name of the variable


def deliver(
    settings: Settings,
    send: Send,
    ledger: Ledger,
    *,
    worker: Worker,
    clock: Clock,
    progress: Progress,
    stop: Event,
    unknown: str | None = None,
) -> Result:
    """Send what is planned; running it again goes on where it ended.

    `unknown` is the editor's decision, "resend" or "skip", about what nobody can know.
    """
    table = settings.provider
    with open_provider(settings, send.provider) as provider:
        can = provider.capabilities
        composer = Composer(
            send,
            stationery_of(settings, send, now=clock.now()),
            provider,
            load_edition=lambda edition_id: _load_edition(ledger, edition_id),
            now=clock.now,
        )
        run = Run(
            send=send,
            ledger=ledger,
            open_provider=lambda: open_provider(settings, send.provider),
            composer=composer,
            worker=worker,
            clock=clock,
            progress=progress,
            stop=stop,
            limits=limits_of(settings, provider),
            greylist_wait=table.greylist_wait,
            settles=can.look_up_settles if table.settles_after is None else table.settles_after,
        )
        return run_send(run, concurrency=table.concurrency or can.concurrency, unknown=unknown)


def clock_of(settings: Settings, stop: Event | None = None) -> Clock:
    """Return the newsletter's clock; its sleep ends when `stop` is set."""
    zone = ZoneInfo(settings.newsletter.timezone)
    return Clock(
        now=lambda: dt.datetime.now(zone),
        sleep=(stop or Event()).wait,
        random=random.Random(),  # noqa: S311 - spreads waiting times
    )


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


def limits_of(settings: Settings, provider: Provider) -> Limits:
    """Return how fast the settings, else the provider, allow mail to go out."""
    table = settings.provider
    rate = recipients_a_second(table.rate) if table.rate else provider.capabilities.rate
    return Limits(
        provider=provider.name,
        rate=rate,
        hourly=table.hourly_cap or 0,
        daily=table.daily_cap or 0,
    )


def largest_batch(settings: Settings, provider: Provider) -> int:
    """Return how many recipients one call may have; raise ConfigError for a wish beyond it."""
    most, wanted = provider.capabilities.batch_size, settings.provider.batch_size
    if wanted and wanted > most:
        raise ConfigError(
            f"provider.batch_size is {wanted}, but {provider.name} takes at most {most}"
        )
    limits = limits_of(settings, provider)
    a_second = math.ceil(limits.rate)  # a call takes the share of its recipients in one go
    return min(n for n in (wanted, most, limits.hourly, limits.daily, a_second) if n)


def batch_sizes(
    settings: Settings, editions: Mapping[Variant, Edition], send: Send | NewSend
) -> dict[Variant, int]:
    """Return how many readers of each edition go into one call."""
    stationery = stationery_of(settings, send)
    with open_provider(settings, send.provider) as provider:
        most = largest_batch(settings, provider)
        return {
            variant: batch_size(edition, stationery, provider, wanted=most)
            for variant, edition in editions.items()
        }


def stationery_of(
    settings: Settings, send: Send | NewSend, *, now: dt.datetime | None = None
) -> Stationery:
    """Return what every message of a send carries besides the edition.

    What the provider was to hold until a time that is past by `now` goes out at once.
    """
    name, address = send.sender[0], mail_address(send.sender[1])
    at = send.scheduled_at
    return Stationery(
        sender=(name, address),
        reply_to=mail_address(send.reply_to),
        tag=send.tag,
        # Ledgers of old did not freeze these two.
        list_id=send.list_id or list_id_of(settings),
        unsubscribe_mailto=send.unsubscribe_mailto or unsubscribe_mailto(settings, send.reply_to),
        public_url=send.public_url,
        secret=link_secret(settings) if send.public_url else "",
        scheduled_at=at if at and send.by_provider and (now is None or at > now) else None,
    )


def unsubscribe_mailto(settings: Settings, reply_to: str) -> str:
    """Return the link that writes the mail by which a reader leaves."""
    subject = words_for(settings.newsletter.language).unsubscribe_subject
    return f"mailto:{quote(mail_address(reply_to), safe='@')}?subject={quote(subject)}"


@contextmanager
def open_provider(settings: Settings, name: str = "") -> Iterator[Provider]:
    """Open the provider of the settings; raise ConfigError if something it needs is missing."""
    provider = provider_class(settings, name)
    table = settings.provider
    for need in provider.needs:
        if not getattr(table, need):
            raise ConfigError(f'newsletter.toml: {provider.name} needs [provider] {need} = "..."')
    key, password = "", None
    if provider.secret:
        purpose = f"sending through {provider.name}"
        key = load_secret(settings.root, provider.secret, purpose=purpose).reveal()
    if table.username:
        password = load_secret(settings.root, _SMTP_PASSWORD, purpose="logging in to SMTP")
    opened = provider(
        Options(
            folder=settings.root / table.path,
            base_url=table.base_url or "",
            api_key=key,
            domain=table.domain or "",
            region=table.region or "",
            stream=table.stream or "",
            track_opens=settings.tracking.opens != "off",
            host=table.host or "",
            port=table.port or 0,
            security=table.security,
            username=table.username or "",
            password=password.reveal() if password else "",
            timeout=table.timeout,
        )
    )
    try:
        yield opened
    finally:
        opened.close()


def provider_class(settings: Settings, name: str = "") -> type[Provider]:
    """Return the adapter of the settings; raise ConfigError for a name that nobody has."""
    name = name or settings.provider.name
    if name not in PROVIDERS:
        known = ", ".join(PROVIDERS)
        raise ConfigError(f"newsletter.toml: unknown provider “{name}”; known: {known}")
    return PROVIDERS[name]


def worker_of(settings: Settings, ledger: Ledger, *, is_serving: bool = False) -> Worker:
    """Return a worker whose lock lies beside the ledger, or below the newsletter's folder."""
    file = settings.database_file or settings.root / "subscribers" / "newsletter.db"
    account = account_of(settings)
    folder = file.with_suffix(".workers")
    return Worker(folder, ledger, is_serving=is_serving, account=account)


def has_serving_worker(ledger: Ledger, worker: Worker) -> bool:
    """Tell whether somebody waits for sends to be planned."""
    with ledger.read() as connection:
        known = workers.list_workers(connection)
    return any(worker.finds_serving(other) for other in known)


# --- many machines ------------------------------------------------------------------------


def serve_sends(
    settings: Settings,
    ledger: Ledger,
    *,
    worker: Worker,
    clock: Clock,
    progress: Progress,
    stop: Event,
    idle: float,
) -> None:
    """Send whatever may be sent, until asked to stop; look again after `idle` seconds.

    What goes wrong with one send is told, again after a while, and keeps no other from going out. A
    ledger that does not answer is asked again.
    """
    troubles = _Troubles(progress)
    while not stop.is_set():
        found: list[Send] = []
        with troubles.told():
            found = _runnable(settings, ledger, clock)
        for send in found:
            if stop.is_set():
                return
            with troubles.told():
                deliver(
                    settings, send, ledger, worker=worker, clock=clock, progress=progress, stop=stop
                )
        clock.sleep(idle)
        troubles.waited(idle)


class _Troubles:
    """Tells what goes wrong, each trouble once an hour."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._told: dict[str, float] = {}  # trouble -> when it was told, in seconds of waiting
        self._waited = 0.0

    @contextmanager
    def told(self) -> Iterator[None]:
        """Tell what goes wrong in here, unless it was told lately."""
        try:
            yield
        except (ConfigError, ProviderError, LedgerBusyError, OSError) as err:
            trouble = str(err)
            if trouble not in self._told:
                self._progress(0, trouble)
                self._told[trouble] = self._waited
            while len(self._told) > _REMEMBERED:
                del self._told[next(iter(self._told))]

    def waited(self, seconds: float) -> None:
        """Take in that time went by."""
        self._waited += seconds
        lately = self._waited - _SILENCE
        self._told = {trouble: at for trouble, at in self._told.items() if at > lately}


def _runnable(settings: Settings, ledger: Ledger, clock: Clock) -> list[Send]:
    """Return the sends under way through this provider, and those whose time has come."""
    with ledger.read() as connection:
        found = sends.list_sends_in(connection, (SendState.SENDING, SendState.SCHEDULED))
    now = clock.now()
    return [
        send
        for send in found
        if is_same_account(settings, send)
        and (send.state is SendState.SENDING or _is_due(send, now))
    ]


def _is_due(send: Send, now: dt.datetime) -> bool:
    at = send.scheduled_at
    return at is not None and at <= now and not send.by_provider


# --- the editor's decisions ---------------------------------------------------------------


def cancel(settings: Settings, send: Send, ledger: Ledger, clock: Clock) -> list[str]:
    """End a send for good: nothing more goes out; return what could not be taken back.

    Mail that the provider holds for later is taken back from it.
    """
    with ledger.write() as connection:
        sends.set_send_state(connection, send.id, SendState.CANCELLED, done_at=clock.stamp)
        doubts.cancel_queued(connection, send.id, now=clock.stamp)
        taken = doubts.list_taken_batches(connection, send.id) if send.by_provider else []
    troubles = []
    if not taken:
        return []
    with open_provider(settings, send.provider) as provider:
        for batch in taken:
            try:
                provider.cancel(batch.key)
            except ProviderError as err:
                troubles.append(str(err))
                continue
            with ledger.write() as connection:
                doubts.take_back(connection, batch.id, now=clock.stamp)
    return troubles


def _load_edition(ledger: Ledger, edition_id: int) -> Edition:
    with ledger.read() as connection:
        return sends.load_edition(connection, edition_id)
