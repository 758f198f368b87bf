"""Servers in processes of their own, for the time of a `with` block, with a journal to read."""

import json
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import TimeoutExpired
from typing import Any, ClassVar, Self

from tests.waiting import PATIENCE

from .forked import Forked

_TIDY = 30.0  # seconds that a server may take to end when it is told to


@dataclass(kw_only=True)
class ServedProcess:
    """A server that says in a line where it serves; fields are its flags."""

    module: ClassVar[str]

    journal_file: Path
    port: int = 0  # 0: any; after a start, the one it got and will have again
    faults: Sequence[str] = ()
    exit_code: int | None = field(default=None, init=False)  # once it was told to end
    _process: Forked | None = field(default=None, init=False, repr=False)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start the process and wait until it serves."""
        process = Forked(
            self._flags(), module=self.module, environment=dict(os.environ), complains=False
        )
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

    def messages(self) -> list[dict[str, Any]]:
        """Read the lines of accepted messages, one per recipient."""
        return [line for line in self.journal() if "email" in line]

    def _flags(self) -> list[str]:
        raise NotImplementedError

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
