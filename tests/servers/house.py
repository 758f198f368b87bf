"""Run the test server of one provider in a process of its own, on loopback."""

import signal
import sys
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import BinaryIO, cast
from urllib.parse import urlsplit

from .account import Account, Manner
from .dialect import Dialect
from .faults import planned
from .served import ServedProcess, ordered
from .wire import Server

REPOSITORY = Path(__file__).parents[2]
SPECIFICATIONS = REPOSITORY.parent / "shared" / "openapi"
# The key tests use, for providers whose key is a pair.
PAIRED_KEYS = dict.fromkeys(("mailjet", "ses"), "test-key:test-secret")


def key_for(name: str) -> str:
    """Give the key tests use with a provider."""
    return PAIRED_KEYS.get(name, "test-key")


def dialect_named(name: str) -> type[Dialect]:
    """Find a dialect: the class that is called as its module, with a capital."""
    module = import_module(f"tests.servers.{name}")
    return cast(type[Dialect], getattr(module, name.capitalize()))


def specification(name: str) -> Path | None:
    """Find a provider's specification, where it is at hand."""
    file = dialect_named(name).spec
    return SPECIFICATIONS / file if file and (SPECIFICATIONS / file).exists() else None


def opened(manner: Manner, journal: BinaryIO) -> Account:
    """Open an account that writes a journal."""
    spec, key = manner.spec and Path(manner.spec), manner.api_key or key_for(manner.name)
    dialect = dialect_named(manner.name)(spec, key, **manner.options)
    dialect.visits_file = manner.visits and Path(manner.visits)
    return Account(manner, dialect, journal)


@dataclass(kw_only=True)
class Flags(Manner):
    """What the process of a server is told."""

    journal_file: Path
    port: int = 0  # 0: any; after a start, the one it got and will have again
    tls: tuple[Path, Path] | None = None  # certificate and key: serve HTTPS


@dataclass(kw_only=True)
class ProviderServer(Flags, ServedProcess):
    """The server of one provider; its faults are such as "2:429:1", "3+:500-before" or "*:401"."""

    module = "tests.servers.house"
    flags = Flags

    url: str = field(default="", init=False)

    def __post_init__(self) -> None:
        self.api_key = self.api_key or key_for(self.name)
        for fault in self.faults:
            planned(fault)  # here rather than in the process, so that the test is told

    def _serves(self, told: str) -> None:
        self.url, self.port = told, urlsplit(told).port or 0


def main() -> None:
    """Serve until told to end."""
    flags = ordered(Flags)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with (
        Path(flags.journal_file).open("ab") as journal,
        Server(opened(flags, journal), flags.port, flags.tls) as server,
    ):
        print(server.url, flush=True)
        server.serve_forever(poll_interval=0.05)


if __name__ == "__main__":
    main()
