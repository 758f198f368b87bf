"""Opens the provider that the settings name, with what it needs, and says how much it takes."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from newsletter.errors import ConfigError
from newsletter.language import say
from newsletter.model import Limits
from newsletter.providers import PROVIDERS, Greeting, Options, Provider
from newsletter.settings import Settings, load_secret, recipients_a_second

_SMTP_PASSWORD = "NEWSLETTER_SMTP_PASSWORD"  # noqa: S105 - the name of the variable


def provider_class(settings: Settings, name: str = "") -> type[Provider]:
    """Return the adapter for the settings; raise ConfigError for an unknown name."""
    name = name or settings.provider.name
    if name not in PROVIDERS:
        raise ConfigError(
            say(
                "newsletter.toml: unknown provider “{name}”; known: {names}",
                name=name,
                names=", ".join(PROVIDERS),
            )
        )
    return PROVIDERS[name]


def is_rehearsal(settings: Settings) -> bool:
    """Return whether the settings name a provider that mails nobody."""
    known = PROVIDERS.get(settings.provider.name)
    return known is not None and not known.capabilities.mails


def has_key_for(settings: Settings, name: str) -> bool:
    """Return whether the one key that is kept is of this provider: no other is given it."""
    return name == settings.provider.name


def counts_by_tag(settings: Settings) -> bool:
    """Return whether the provider counts all mail with a tag together, whatever send it is of."""
    kind = provider_class(settings)
    is_alike = kind.counts_by("tag", "one send") == kind.counts_by("tag", "another")
    return kind.capabilities.statistics and is_alike


def destination(settings: Settings) -> tuple[str, str]:
    """Return the provider that mail goes through, and its place; for the outbox, a folder."""
    table = settings.provider
    if is_rehearsal(settings):
        return table.name, str(settings.outbox)
    return table.name, table.base_url or table.host or ""


def options_of(settings: Settings) -> Options:
    """Return what adapters need to know except secrets: enough to write their forms."""
    table = settings.provider
    return Options(
        folder=settings.outbox,
        language=settings.newsletter.language,
        base_url=table.base_url or "",
        domain=table.domain or "",
        region=table.region or "",
        stream=table.stream or "",
        track_opens=settings.tracking.opens == "provider",
        host=table.host or "",
        port=table.port or 0,
        security=table.security,
        username=table.username or "",
        timeout=table.timeout,
    )


@contextmanager
def open_provider(settings: Settings, name: str = "") -> Iterator[Provider]:
    """Open the provider of the settings; raise ConfigError if something it needs is missing."""
    opened = provider_class(settings, name)(equipment_of(settings, name))
    try:
        yield opened
    finally:
        opened.close()


def greet_account(settings: Settings, secret: str = "", *, patience: float = 10.0) -> Greeting:
    """Ask the account whether it knows the key, or one that is not written down yet.

    Raise ConfigError if something is missing, and ProviderError if it does not know it.
    """
    kind = provider_class(settings)
    options = options_of(settings) if secret else equipment_of(settings)
    if secret:
        _look_for_needs(settings, kind)
        options = replace(options, api_key=secret, password=secret)
    provider = kind(replace(options, timeout=min(patience, options.timeout)))
    try:
        return provider.greet()
    finally:
        provider.close()


def equipment_of(settings: Settings, name: str = "") -> Options:
    """Return all that opening the provider takes, with its secrets; raise ConfigError for lacks."""
    provider, table = provider_class(settings, name), settings.provider
    _look_for_needs(settings, provider)
    key, password = "", None
    if provider.secret:
        purpose = say("sending through {provider}", provider=provider.name)
        key = load_secret(settings.root, provider.secret, purpose=purpose).reveal()
    if table.username:
        password = load_secret(settings.root, _SMTP_PASSWORD, purpose=say("logging in to SMTP"))
    return replace(
        options_of(settings), api_key=key, password=password.reveal() if password else ""
    )


def limits_of(settings: Settings, provider: Provider) -> Limits:
    """Return how fast the settings, or else the provider, allow mail to be sent."""
    table = settings.provider
    rate = recipients_a_second(table.rate) if table.rate else provider.capabilities.rate
    return Limits(
        provider=provider.name,
        rate=rate,
        hourly=table.hourly_cap or 0,
        daily=table.daily_cap or 0,
    )


def largest_batch(settings: Settings, provider: Provider) -> int:
    """Return how many recipients one call may have; raise ConfigError for a too high setting."""
    most, wanted = provider.capabilities.batch_size, settings.provider.batch_size
    if wanted and wanted > most:
        raise ConfigError(
            say(
                "provider.batch_size is {wanted:,}, but {provider} takes at most {most:,}",
                wanted=wanted,
                provider=provider.name,
                most=most,
            )
        )
    limits = limits_of(settings, provider)
    a_second = math.ceil(limits.rate)  # a call takes its recipients' share of the limit in one go
    return min(n for n in (wanted, most, limits.hourly, limits.daily, a_second) if n)


def _look_for_needs(settings: Settings, provider: type[Provider]) -> None:
    """Raise ConfigError for a setting that the provider cannot do without."""
    for need in provider.needs:
        if not getattr(settings.provider, need):
            raise ConfigError(
                say(
                    'newsletter.toml: {provider} needs [provider] {key} = "..."',
                    provider=provider.name,
                    key=need,
                )
            )
