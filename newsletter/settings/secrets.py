"""Secrets from the environment, from files it names or from `.env`; none is ever shown."""

import os
import re
from io import StringIO
from pathlib import Path

from dotenv import dotenv_values

from newsletter.errors import ConfigError
from newsletter.files import read_file
from newsletter.language import Wording, reason_of_disk, say
from newsletter.masking import STARS, keep_secret
from newsletter.settings.faults import not_utf8, refusal

SECRETS = (
    "NEWSLETTER_API_KEY",
    "NEWSLETTER_SECRET",
    "NEWSLETTER_WEBHOOK_SECRET",
    "NEWSLETTER_WEBHOOK_KEY",
    "NEWSLETTER_SMTP_PASSWORD",
    "NEWSLETTER_IMAP_PASSWORD",
    "NEWSLETTER_IMAP_CLIENT_SECRET",
    "NEWSLETTER_DATABASE_PASSWORD",
    "NEWSLETTER_MEDIA_SECRET",
)


class Secret:
    """A value that is never shown: its repr and str are stars."""

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the value, to be used at once and not kept."""
        return self._value

    def __repr__(self) -> str:
        return f"Secret('{STARS}')"

    __str__ = __repr__


def load_secret(root: Path, name: str, *, purpose: Wording) -> Secret:
    """Return a secret from the environment or `.env`; raise ConfigError if there is none."""
    secret = find_secret(root, name)
    if secret is None:
        raise ConfigError(
            say(
                "{purpose} needs {name}: set it in the environment or write “{name}=...” into "
                "{file} (git ignores that file)",
                purpose=purpose,
                name=name,
                file=str(root / ".env"),
            )
        )
    return secret


def find_secret(root: Path, name: str) -> Secret | None:
    """Return a secret from the environment or `.env`, or None; raise ConfigError for a bad one."""
    try:
        value = os.environ.get(name) or _from_named_file(name) or _from_file(root / ".env", name)
    except UnicodeDecodeError as err:
        raise refusal(root, not_utf8(".env", None)) from err
    except OSError as err:
        fault = say(
            "{file}: {reason}; put a file in its place",
            file=str(root / ".env"),
            reason=reason_of_disk(err),
        )
        raise ConfigError(fault) from err
    if not value:
        return None
    value = value.strip()
    if not re.fullmatch(r"[ -~]+", value):
        raise ConfigError(
            say("{name} has characters that no key can have; copy it again", name=name)
        )
    keep_secret(value)
    return Secret(value)


def environment_with(name: str, value: str) -> dict[str, str]:
    """Return the environment for a program that is started, with a secret where there is one."""
    return {**os.environ, **({name: value} if value else {})}


def _from_named_file(name: str) -> str | None:
    """Return what is in the file that NAME_FILE names, as containers are given secrets."""
    variable = f"{name}_FILE"
    file = os.environ.get(variable)
    if not file:
        return None
    try:
        return read_file(Path(file)).decode()
    except (OSError, UnicodeDecodeError) as err:
        fault = say(
            "{variable} names {file}, which cannot be read: {reason}; name the file that holds "
            "the secret and nothing else",
            variable=variable,
            file=file,
            reason=reason_of_disk(err) if isinstance(err, OSError) else say("it is no text"),
        )
        raise ConfigError(fault) from err


def _from_file(path: Path, name: str) -> str | None:
    try:
        text = read_file(path).decode("utf-8-sig")
    except FileNotFoundError:
        return None
    return dotenv_values(stream=StringIO(text)).get(name)
