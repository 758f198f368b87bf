"""Opens the ledger that the settings name."""

import re
from pathlib import Path

from newsletter.ledger import Ledger, connect_ledger, open_ledger
from newsletter.settings import Settings, find_secret

_PASSWORD = "NEWSLETTER_DATABASE_PASSWORD"  # noqa: S105 - the name of the variable


def ledger_of(settings: Settings) -> Ledger:
    """Open the ledger of a newsletter; raise ConfigError if it cannot be used."""
    return ledger_at(settings, settings.database.url)


def ledger_at(settings: Settings, url: str) -> Ledger:
    """Open the ledger at an address as settings have it; raise ConfigError if it cannot be used."""
    file = file_at(settings, url)
    return open_ledger(file or url, password="" if file else password_of(settings))


def connected_at(settings: Settings, url: str) -> Ledger:
    """Open whatever is at an address, as it is: perhaps nothing, or a ledger that moves."""
    file = file_at(settings, url)
    return connect_ledger(file or url, password="" if file else password_of(settings))


def file_at(settings: Settings, url: str) -> Path | None:
    """Return the SQLite file that an address names; None for a server."""
    is_file = url.startswith("sqlite:///")
    return settings.root / url.removeprefix("sqlite:///") if is_file else None


def password_of(settings: Settings) -> str:
    """Return the password of the database's user; empty if libpq knows one by itself."""
    password = find_secret(settings.root, _PASSWORD)
    return password.reveal() if password else ""


def existing_ledger(settings: Settings) -> Ledger | None:
    """Open the ledger if there is one."""
    return ledger_of(settings) if settings.has_database else None


def as_written(url: str) -> str:
    """Return the address of a database as people write it, without the name of a driver."""
    return url.replace("postgresql+psycopg:", "postgresql:", 1)


def as_read(written: str) -> str:
    """Return the address of a database as the program uses it."""
    return re.sub("^postgresql:", "postgresql+psycopg:", written)
