"""Accounts at providers, each a server process on loopback, and newsletters pointed at them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from tests.conftest import Site
from tests.servers.house import ProviderServer, specification
from tests.servers.smtp import SmtpServer
from tests.servers.smtp_session import read_message


class Account(Protocol):
    """What a provider got from us."""

    def messages(self) -> list[dict[str, Any]]:
        """Return the accepted messages, one for each person."""
        ...


class OutboxAccount:
    """The local outbox: its files are what people would get."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def messages(self) -> list[dict[str, Any]]:
        """Read the files of all issues."""
        return [
            {"email": path.stem, **read_message(path.read_bytes())}
            for path in sorted(self._folder.glob("*/*.eml"))
        ]


def violations(account: Account) -> list[str]:
    """Return what the provider objected to, where it can object."""
    return account.violations() if isinstance(account, ProviderServer) else []


@contextmanager
def opened(
    site: Site, name: str, *, extra: str = "", checked: bool = True, **flags: Any
) -> Iterator[Account]:
    """Open an account for the time of a `with` block, and point the newsletter at it.

    `extra` is further TOML for [provider]; `checked` says whether each call is held against the
    provider's own specification, where that is at hand; `flags` are the server's.
    """
    journal = site.root.parent / f"{name}.jsonl"
    if name == "outbox":
        site.settings(name=f'name = "outbox"\n{extra}')
        yield OutboxAccount(site.root / "outbox")
    elif name == "smtp":
        with SmtpServer(journal_file=journal, **flags) as server:
            where = f'host = "{server.host}"\nport = {server.port}\nsecurity = "none"'
            site.settings(name=f'name = "smtp"\n{where}\n{extra}')
            yield server
    else:
        spec = specification(name) if checked else None
        with ProviderServer(name=name, journal_file=journal, spec=spec, **flags) as house:
            site.environment["NEWSLETTER_API_KEY"] = house.api_key
            site.settings(name=f'name = "{name}"\nbase_url = "{house.url}"\n{extra}')
            yield house


def in_csv(rows: Sequence[Mapping[str, str]]) -> str:
    """Return rows as CSV, with every value in quotes."""
    names = list(rows[0])
    lines = [names, *([row.get(name, "") for name in names] for row in rows)]
    return "".join(
        ",".join('"' + value.replace('"', '""') + '"' for value in line) + "\n" for line in lines
    )
