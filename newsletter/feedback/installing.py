"""Has the provider post what happens to mail, where its API can be told to; else says how."""

from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.errors import ConfigError, UsageError
from newsletter.feedback.trusting import address_of, trust_of
from newsletter.gateway import open_provider
from newsletter.language import Wording, say
from newsletter.providers.webhooks import HOOKED, Done, Wanted, can_register, register
from newsletter.settings import (
    FILE,
    Settings,
    note_secrets,
    note_settings,
    read_settings,
    with_value,
)

_KEY = "NEWSLETTER_WEBHOOK_KEY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """What became of having the provider post here."""

    provider: str
    address: str
    done: Done | None  # None: the provider cannot be told by its API
    noted: str = ""  # where its key was written down
    left_out: Sequence[str] = ()  # kinds of events that another program has for itself


def install(settings: Settings) -> Installed:
    """Register where the provider of the settings posts to; done again it changes nothing.

    Raise ConfigError without a public URL, UsageError for one that posts nothing, and
    ProviderError where it refuses.
    """
    name = hooked_provider(settings)
    if settings.newsletter.is_here_alone:
        raise ConfigError(
            say(
                "newsletter.toml: {provider} cannot reach public_url, {url}: it is on this machine "
                "alone",
                provider=name,
                url=settings.newsletter.public_url or "",
            )
        )
    address = address_of(settings, name)
    if not address:
        raise ConfigError(
            say(
                "newsletter.toml: webhooks need public_url, at which “newsletter serve” answers; "
                "without one, “newsletter sync” asks the provider instead"
            )
        )
    if not can_register(name):
        return Installed(provider=name, address=address, done=None)
    trust = trust_of(settings, name)
    opens = settings.tracking.opens == "provider"
    wanted = Wanted(address=address, word=trust.word, counts_opens=opens)
    with open_provider(settings, name) as provider:
        made = register(provider, wanted)
    noted = _note(settings, name, made.key) if made.key and made.key != trust.key else ""
    return Installed(
        provider=name, address=address, done=made.done, noted=noted, left_out=made.left_out
    )


def hooked_provider(settings: Settings) -> str:
    """Return the provider of the settings; raise UsageError for one that posts nothing."""
    name = settings.provider.name
    if name in HOOKED:
        return name
    if name == "smtp":
        raise UsageError(
            say(
                "a mail server tells nothing by webhook: bounces come as mail, which “newsletter "
                "sync” reads from the mailbox of [mailbox]"
            )
        )
    raise UsageError(say("{provider} tells nothing by webhook", provider=name))


def steps_of(provider: str) -> Sequence[Wording]:
    """Return what is to be done by hand where the provider's API cannot be told."""
    if provider != "ses":
        return ()
    return (
        say("In Amazon SNS, make a standard topic in the region of SES, which SES may publish to."),
        say(
            "Write its ARN into newsletter.toml: {line}",
            line='[webhooks] topics = ["arn:aws:sns:…"]',
        ),
        say("Restart “newsletter serve”, then subscribe the topic by HTTPS to the address below."),
        say("In SES, add the topic to the configuration set, for all events but opens and clicks."),
    )


def _note(settings: Settings, provider: str, key: str) -> str:
    """Write down the key that a provider signs with; return where."""
    if provider == "sendgrid":  # the public half
        text = read_settings(settings.root)
        note_settings(settings.root, with_value(text, ("webhooks", "public_key"), key))
        return FILE
    note_secrets(settings.root, {_KEY: key})
    return ".env"
