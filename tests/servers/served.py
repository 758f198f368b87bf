"""Servers in processes of their own, for the time of a `with` block, with a journal to read."""

import json
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from pathlib import Path
from subprocess import TimeoutExpired
from typing import Any, ClassVar, Self, TypeVar

from tests.waiting import PATIENCE

from .forked import Forked
from .journal import Journal

_TIDY = 30.0  # seconds that a server may take to end when it is told to
_Flags = TypeVar("_Flags")


@dataclass(kw_only=True)
class ServedProcess(Journal):
    """A server that says in a line where it serves."""

    module: ClassVar[str]
    flags: ClassVar[type[Any]]  # a dataclass; the server has its fields, and they are handed over

    journal_file: Path
    exit_code: int | None = field(default=None, init=False)  # once it was told to end
    _process: Forked | None = field(default=None, init=False, repr=False)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start the process and wait until it serves."""
        flags = {each.name: getattr(self, each.name) for each in fields(self.flags)}
        words = [json.dumps(flags, default=lambda path: str(path.resolve()))]
        environment = dict(os.environ)
        process = Forked(words, module=self.module, environment=environment, complains=False)
        self._process = process
        limit = threading.Timer(PATIENCE, process.kill)
        limit.start()
        told = process.stdout.readline().strip()
        limit.cancel()
        if not told:
            self.stop()
            raise RuntimeError(f"the server did not start: exit code {process.returncode}")
        self._serves(told)

    def stop(self) -> None:
        """End the process that was started, and no other."""
        self._end(Forked.terminate)

    def kill(self) -> None:
        """End the process without a chance to tidy up; `start` begins a new one there."""
        self._end(Forked.kill)

    def journal(self) -> list[dict[str, Any]]:
        """Read every complete line the server has written."""
        text = self.journal_file.read_text(encoding="utf-8") if self.journal_file.exists() else ""
        return [json.loads(line) for line in text.split("\n")[:-1]]

    def _serves(self, told: str) -> None:
        raise NotImplementedError

    def _end(self, how: Callable[[Forked], None]) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        how(process)
        try:
            self.exit_code = process.wait(_TIDY)
        except TimeoutExpired:
            pass
        finally:
            process.end()


def ordered(flags: type[_Flags]) -> _Flags:
    """Read what this process was told, which is the server."""
    return flags(**json.loads(sys.argv[1]))
