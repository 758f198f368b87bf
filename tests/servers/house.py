"""Run the test server of one provider in a process of its own, on loopback."""

import argparse
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from .account import BODIES, Account, Settings
from .dialect import Dialect
from .faults import planned
from .served import ServedProcess
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


def name_and_value(text: str) -> tuple[str, str]:
    """Read NAME=VALUE."""
    name, is_given, value = text.partition("=")
    if not is_given:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name, value


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    flags = argparse.ArgumentParser(prog="python -m tests.servers.house", description=__doc__)
    flags.add_argument("name", help="the provider, such as postmark")
    flags.add_argument("--journal", type=Path, required=True, help="JSON lines are appended here")
    flags.add_argument("--spec", type=Path, help="the OpenAPI file, to validate each call")
    flags.add_argument("--port", type=int, default=0)
    flags.add_argument("--api-key", default="")
    flags.add_argument("--bodies", choices=BODIES, default="first")
    flags.add_argument("--window", type=float, default=900.0, help="seconds a key is remembered")
    flags.add_argument("--repeat-answer", choices=["same", "duplicate"], default="same")
    flags.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    flags.add_argument("--lag", type=float, default=0.0, help="seconds until look-ups find mail")
    flags.add_argument("--fault", type=planned, action="append", default=[])
    flags.add_argument("--option", type=name_and_value, action="append", default=[])
    flags.add_argument("--tls", type=Path, nargs=2, metavar=("CERT", "KEY"), help="serve HTTPS")
    return flags


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until told to end."""
    settings = Settings(**vars(parser().parse_args(arguments)))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    key = settings.api_key or key_for(settings.name)
    dialect = dialect_named(settings.name)(settings.spec, key, **dict(settings.option))
    with (
        settings.journal.open("ab") as journal,
        Server(Account(settings, dialect, journal)) as server,
    ):
        print(server.url, flush=True)
        server.serve_forever(poll_interval=0.05)


@dataclass(kw_only=True)
class ProviderServer(ServedProcess):
    """The server of one provider; its faults are such as "2:429:1", "3+:500-before" or "*:401"."""

    module = "tests.servers.house"

    name: str
    spec: Path | None = None
    api_key: str = ""  # "": the one of `key_for`
    bodies: str = "first"
    window: float = 900.0
    repeat_answer: str = "same"
    delay: float = 0.0
    lag: float = 0.0
    options: Mapping[str, str] = field(default_factory=dict)
    tls: tuple[Path, Path] | None = None
    url: str = field(default="", init=False)

    def __post_init__(self) -> None:
        self.api_key = self.api_key or key_for(self.name)

    def violations(self) -> list[str]:
        """Read what the server objected to."""
        return self._told("violation")

    def repeats(self) -> list[str]:
        """Read the idempotency keys that came again."""
        return self._told("repeat")

    def cancelled(self) -> list[str]:
        """Read what scheduled mail was called off."""
        return self._told("cancelled")

    def asked(self) -> list[str]:
        """Read the requests that were not for sending, such as "GET /stats/outbound?tag=a"."""
        return self._told("asked")

    def faulted(self) -> list[str]:
        """Read the faults that struck, in order."""
        return self._told("fault")

    def _told(self, key: str) -> list[str]:
        return [line[key] for line in self.journal() if key in line]

    def _flags(self) -> list[str]:
        flags = {
            "--journal": self.journal_file.resolve(),
            "--port": self.port,
            "--api-key": self.api_key,
            "--bodies": self.bodies,
            "--window": self.window,
            "--repeat-answer": self.repeat_answer,
            "--delay": self.delay,
            "--lag": self.lag,
            **({"--spec": self.spec.resolve()} if self.spec else {}),
        }
        given = [f"{flag}={value}" for flag, value in flags.items()]
        given += [f"--fault={fault}" for fault in self.faults]
        given += [f"--option={name}={value}" for name, value in self.options.items()]
        given += ["--tls", *(str(file.resolve()) for file in self.tls)] if self.tls else []
        return [self.name, *given]

    def _serves(self, told: str) -> None:
        self.url, self.port = told, urlsplit(told).port or 0


if __name__ == "__main__":
    main()
