"""Run the test server of one provider in a process of its own, on loopback."""

import argparse
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Self, cast
from urllib.parse import urlsplit

from .account import BODIES, Account, Settings
from .dialect import Dialect
from .faults import planned
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
    flags.add_argument("--parent", action="store_true", help="end when stdin is closed")
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
        if settings.parent:
            threading.Thread(target=end_with_parent, args=(server,), daemon=True).start()
        print(server.url, flush=True)
        server.serve_forever(poll_interval=0.05)


def end_with_parent(server: Server) -> None:
    """Shut down once nobody holds the other end of stdin any more."""
    while os.read(0, 1024):
        pass
    server.shutdown()


@dataclass(kw_only=True)
class ProviderServer:
    """A server in a process of its own for the time of a `with` block; fields are its flags."""

    name: str
    journal_file: Path
    spec: Path | None = None
    port: int = 0  # 0: any; after a start, the one it got and will have again
    api_key: str = ""  # "": the one of `key_for`
    bodies: str = "first"
    window: float = 900.0
    repeat_answer: str = "same"
    delay: float = 0.0
    lag: float = 0.0
    faults: Sequence[str] = ()  # such as "2:429:1", "3+:500-before" or "*:401"
    options: Mapping[str, str] = field(default_factory=dict)
    tls: tuple[Path, Path] | None = None
    url: str = field(default="", init=False)
    exit_code: int | None = field(default=None, init=False)  # once it was told to end
    _process: subprocess.Popen[str] | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        self.api_key = self.api_key or key_for(self.name)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start the process and wait until it serves, half a minute at most."""
        command, pipe = self._command(), subprocess.PIPE
        process = subprocess.Popen(command, cwd=REPOSITORY, stdin=pipe, stdout=pipe, text=True)
        self._process = process
        limit = threading.Timer(30, process.kill)
        limit.start()
        self.url = process.stdout.readline().strip() if process.stdout else ""
        limit.cancel()
        if not self.url:
            self.stop()
            raise RuntimeError(f"the server did not start: exit code {process.returncode}")
        self.port = urlsplit(self.url).port or 0

    def stop(self) -> None:
        """End the process that was started, and no other."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.communicate(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
        self.exit_code = process.returncode

    def kill(self) -> None:
        """End the process without a chance to tidy up; `start` begins a new one there."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def journal(self) -> list[dict[str, Any]]:
        """Read every complete line the server has written."""
        text = self.journal_file.read_text(encoding="utf-8") if self.journal_file.exists() else ""
        return [json.loads(line) for line in text.split("\n")[:-1]]

    def messages(self) -> list[dict[str, Any]]:
        """Read the lines of accepted messages, one per recipient."""
        return [line for line in self.journal() if "email" in line]

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

    def _command(self) -> list[str]:
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
        return [sys.executable, "-m", "tests.servers.house", self.name, "--parent", *given]


if __name__ == "__main__":
    main()
