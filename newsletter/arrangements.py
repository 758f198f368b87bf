"""Arranges a first real send: answers, each checked at once, as changes of settings and secrets."""

import secrets as randomness
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from newsletter.errors import ConfigError, UsageError
from newsletter.gateway import greet_account, is_rehearsal, provider_class
from newsletter.language import say, say_list
from newsletter.providers import Capabilities, Greeting, mailbox
from newsletter.settings import (
    FILE,
    Key,
    Settings,
    find_secret,
    note_secrets,
    note_settings,
    parse_settings,
    read_settings,
    value_in,
    with_secret,
    with_value,
)

SIGNING, SMTP_PASSWORD = "NEWSLETTER_SECRET", "NEWSLETTER_SMTP_PASSWORD"
TITLE, FROM, REPLY_TO = ("newsletter", "title"), ("newsletter", "from"), ("newsletter", "reply_to")
SENDER, PUBLIC_URL = ("newsletter", "sender"), ("newsletter", "public_url")
PROVIDER, TESTS = ("provider", "name"), ("preview", "test_addresses")
MEDIA_URL, PRIVACY_URL = ("newsletter", "media_url"), ("subscribe", "privacy_url")
OPENS = ("tracking", "opens")
_OF_ACCOUNTS = [("provider", name) for name in ("domain", "region", "host", "username")]
_OF_PLACES = (PUBLIC_URL, PRIVACY_URL, MEDIA_URL)
_KEYS = (TITLE, FROM, REPLY_TO, SENDER, PROVIDER, *_OF_ACCOUNTS, *_OF_PLACES, OPENS, TESTS)
# What a new newsletter is given: nobody's, so never offered as an answer.
_EXAMPLES = (
    "newsletter@example.org",
    "editor@example.org",
    "Example Foundation, Street 1, 00100 Helsinki",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A setting that becomes another."""

    key: Key
    was: Any  # None: it was not set
    becomes: Any  # None: it is no longer

    @property
    def place(self) -> str:
        """Return where it stands."""
        return f"{FILE}: {'.'.join(self.key)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """Settings and secrets as they would be; nothing of it is written yet."""

    settings: Settings
    before: str  # newsletter.toml as it was read
    text: str  # as it would be written
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)  # to be written, by name

    def setting(self, key: Key) -> Any:
        """Return a setting as it is written; None if it is not, or is an example."""
        value = value_in(tomllib.loads(self.text), key)
        return None if value in _EXAMPLES else value

    def sender(self) -> tuple[str, str]:
        """Return name and address that mail comes from; the address of an example is empty."""
        name, address = parseaddr(str(self.setting(FROM) or ""))
        return name, "" if address in _EXAMPLES else address

    def domain(self) -> str:
        """Return the domain that mail comes from."""
        return self.sender()[1].rpartition("@")[2]

    def with_setting(self, key: Key, value: Any) -> "Arrangement":
        """Return the same with another setting; raise ConfigError with what is wrong with it."""
        text = with_value(self.text, key, value)
        try:
            settings = parse_settings(self.settings.root, text)
            provider_class(settings)
        except ConfigError as err:
            found = err.findings[:1]
            words = say_list(found[0].said, "; ") if found else err.words
            raise ConfigError(words) from err
        return replace(self, text=text, settings=settings)

    def with_sender(self, name: str, address: str) -> "Arrangement":
        """Return the same with another sender."""
        return self.with_setting(FROM, mailbox(name, address))

    def is_practice(self) -> bool:
        """Return whether nothing would be sent."""
        return is_rehearsal(self.settings)

    def is_service(self) -> bool:
        """Return whether mail goes through an API: then its owner can count opens, too."""
        return bool(provider_class(self.settings).secret)

    def capabilities(self) -> Capabilities:
        """Return what the provider can do."""
        return provider_class(self.settings).capabilities

    def secret_name(self) -> str:
        """Return the name of the secret that the provider wants; empty if it wants none."""
        wanted = provider_class(self.settings).secret
        return wanted or (SMTP_PASSWORD if self.settings.provider.username else "")

    def has_secret(self, name: str) -> bool:
        """Return whether a secret is set, in the environment or in `.env`."""
        return name in self.secrets or find_secret(self.settings.root, name) is not None

    def with_secret(self, name: str, value: str) -> "Arrangement":
        """Return the same with a secret to be written; raise ConfigError if `.env` cannot hold it.

        What is set in the environment counts before that file.
        """
        if not value.isascii() or not value.isprintable():
            raise ConfigError(
                say("{name} has characters that no key can have; copy it again", name=name)
            )
        with_secret("", name, value)
        return replace(self, secrets={**self.secrets, name: value})

    def changes(self) -> Iterator[Change]:
        """Yield the settings that would become others."""
        before, after = tomllib.loads(self.before), tomllib.loads(self.text)
        for key in _KEYS:
            was, becomes = value_in(before, key), value_in(after, key)
            if was != becomes:
                yield Change(key=key, was=was, becomes=becomes)


def begin_arranging(root: Path) -> Arrangement:
    """Return the settings of a newsletter as they are."""
    text = read_settings(root)
    return Arrangement(settings=parse_settings(root, text), before=text, text=text)


def prove_key(arrangement: Arrangement) -> Greeting:
    """Ask the provider whether it knows the key; raise ProviderError if it does not."""
    secret = arrangement.secrets.get(arrangement.secret_name(), "")
    return greet_account(arrangement.settings, secret)


def with_signing(arrangement: Arrangement) -> Arrangement:
    """Return the same with a secret that signs links, unless there is one."""
    if arrangement.has_secret(SIGNING):
        return arrangement
    return arrangement.with_secret(SIGNING, randomness.token_urlsafe(32))


def write_down(arrangement: Arrangement) -> None:
    """Write settings and secrets; raise UsageError if somebody else wrote meanwhile."""
    root = arrangement.settings.root
    if read_settings(root) != arrangement.before:
        raise UsageError(
            say("newsletter.toml was changed in the meantime; nothing was written, run it again")
        )
    if arrangement.secrets:
        note_secrets(root, arrangement.secrets)
    if arrangement.text != arrangement.before:
        note_settings(root, arrangement.text)
