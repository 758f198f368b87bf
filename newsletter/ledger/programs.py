"""PostgreSQL's own programs: found on PATH, of the right version, and what they complain of."""

import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from newsletter.errors import ConfigError, LedgerError
from newsletter.language import say

_UTC = {"TZ": "UTC", "PGTZ": "UTC"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Programs:
    """PostgreSQL's programs, and the environment that they are to find."""

    environment: Mapping[str, str]

    def run(self, name: str, *arguments: str) -> str:
        """Run one; return what it wrote. Raise LedgerError with what it complained of."""
        return self._run(name, arguments, subprocess.PIPE)

    def read_through(self, file: Path) -> None:
        """Let pg_restore read a whole dump; raise LedgerError if it cannot."""
        self._run("pg_restore", ["--file=-", str(file)], subprocess.DEVNULL)

    def verify(self, name: str, server: int) -> None:
        """Raise ConfigError for a program that is missing, or older than the server."""
        said = self.run(name, "--version")
        found = re.search(r"(\d+)(?:\.\d+)*", said)
        if found and int(found[1]) < server:
            raise ConfigError(
                say(
                    "{program} on PATH is of PostgreSQL {found}, older than the server, which is "
                    "{server}: install postgresql-client-{server}, or put its folder first on PATH",
                    program=name,
                    found=int(found[1]),
                    server=server,
                )
            )

    def _run(self, name: str, arguments: Sequence[str], stdout: int) -> str:
        done = subprocess.run(  # noqa: S603 - our arguments
            [self._find(name), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            env={**self.environment, **_UTC},
            check=False,
        )
        if done.returncode:
            raise LedgerError(say("{program}: {reason}", program=name, reason=_first(done.stderr)))
        return done.stdout or ""

    def _find(self, name: str) -> str:
        found = shutil.which(name, path=self.environment.get("PATH"))
        if found is None:
            raise ConfigError(
                say(
                    "{program} is not on PATH: install PostgreSQL’s client programs "
                    "(postgresql-client), of the server’s version or newer",
                    program=name,
                )
            )
        return found


def _first(said: str) -> str:
    """Return what a program complained of first, without its name."""
    lines = [line for line in said.splitlines() if line.strip()]
    return re.sub(r"^pg_\w+: (?:error: )?", "", lines[0]) if lines else "?"
