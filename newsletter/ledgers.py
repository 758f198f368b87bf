"""Opens the ledger that the settings name."""

from newsletter.ledger import Ledger, open_ledger
from newsletter.settings import Settings, find_secret

_PASSWORD = "NEWSLETTER_DATABASE_PASSWORD"  # noqa: S105 - the name of the variable


def ledger_of(settings: Settings) -> Ledger:
    """Open the ledger of a newsletter; raise ConfigError if it cannot be used."""
    file = settings.database_file
    if file is not None:
        return open_ledger(file)
    password = find_secret(settings.root, _PASSWORD)
    return open_ledger(settings.database.url, password=password.reveal() if password else "")


def existing_ledger(settings: Settings) -> Ledger | None:
    """Open the ledger if there is one."""
    return ledger_of(settings) if settings.has_database else None
