"""A provider that any process can open: it writes down in a folder who called it, and for whom."""

import errno
import logging
import os
import signal
import time
from multiprocessing import active_children, parent_process
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import ClassVar

from newsletter.errors import ProviderError, Verdict
from newsletter.language import say
from newsletter.model import Call, Form, Letter, Outcome, State
from newsletter.providers import Capabilities, Options, Provider
from tests.waiting import PATIENCE, wait_until

FAILED = "failed"  # file that tells that a call could not be composed
STUCK = "stuck"  # file that tells the number of a process whose call never ends


class Scribe(Provider):
    """Takes every call; the first ones wait until two processes have made one."""

    name = "scribe"
    capabilities: ClassVar[Capabilities] = Capabilities(batch_size=10)
    processes = 2

    def __init__(self, options: Options) -> None:
        self.folder = options.folder
        self.first = int((options.folder / "first").read_text())  # who has the ledger

    @property
    def is_further(self) -> bool:
        """Return whether this is another process than the one that has the ledger."""
        return os.getpid() != self.first

    def send(self, call: Call) -> tuple[Outcome, ...]:
        """Write the call down, and wait for the others."""
        with (self.folder / f"{os.getpid()}.calls").open("a", encoding="utf-8") as journal:
            journal.write("".join(f"{message.address}\n" for message in call.messages))
        self.wait()
        self.act(call)
        return tuple(Outcome(m.delivery, State.ACCEPTED, f"id{m.delivery}") for m in call.messages)

    def wait(self) -> None:
        """Wait until so many processes have made a call."""
        wait_until(lambda: len(list(self.folder.glob("*.calls"))) >= self.processes)

    def act(self, call: Call) -> None:
        """Do what a kind of scribe does besides."""


class Tired(Scribe):
    """A further process of it is killed during its first call."""

    def act(self, call: Call) -> None:
        """End this process as the system does that has no memory left."""
        if self.is_further:
            os.kill(os.getpid(), signal.SIGKILL)


class Outlived(Scribe):
    """The first process of it is still at its first call when the further one has ended."""

    def act(self, call: Call) -> None:
        """Wait for the end of the other."""
        if not self.is_further:
            wait_until(lambda: not further_processes(self.folder))


class Repeatable(Tired):
    """It recognises a repeated call."""

    capabilities = Capabilities(batch_size=10, idempotency_window=900)


class Disturbed(Scribe):
    """Its further process gets the signals of its terminal."""

    def act(self, call: Call) -> None:
        """Send this process what Ctrl-C and a service's end send to all of a group."""
        if self.is_further:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                os.kill(os.getpid(), number)


class Particular(Scribe):
    """It refuses one reader, and every call with them."""

    def act(self, call: Call) -> None:
        """Refuse a call with this reader in it."""
        if any(message.address == "p3@example.org" for message in call.messages):
            raise ProviderError(say("no"), provider=self.name, verdict=Verdict.REJECT, status=422)


class Homebound(Scribe):
    """It cannot be opened in a further process."""

    processes = 1

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        if self.is_further:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


class Clumsy(Scribe):
    """Calls cannot be composed for it in a further process; the first one waits for that."""

    @classmethod
    def form(cls, letter: Letter, options: Options) -> Form | None:
        """Fail as a fault of the program does."""
        if parent_process():
            (options.folder / FAILED).touch()
            raise RuntimeError("person@example.org")
        return super().form(letter, options)

    def wait(self) -> None:
        """Wait until the further process has failed."""
        wait_until((self.folder / FAILED).exists)


class Stillborn(Scribe):
    """A further process of it is killed as it is opened there."""

    processes = 1

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        if self.is_further:
            os.kill(os.getpid(), signal.SIGKILL)


class Talkative(Scribe):
    """A library of its warns of each reader in a further process."""

    def act(self, call: Call) -> None:
        """Warn as libraries do."""
        if self.is_further:
            logging.getLogger("urllib3").warning("no room for %s", call.messages[0].address)


class Stuck(Scribe):
    """Its calls never end in a further process."""

    def act(self, call: Call) -> None:
        """Tell who it is, and hang."""
        if self.is_further:
            (self.folder / STUCK).write_text(str(os.getpid()))
            time.sleep(10 * PATIENCE)


def further_processes(folder: Path) -> list[BaseProcess]:
    """Return the living processes, started by this one, that called from a folder."""
    callers = {int(file.stem) for file in folder.glob("*.calls")}
    return [process for process in active_children() if process.pid in callers]


class Desks:
    """Where scribes of a kind write, and what all of them wrote."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        (folder / "first").write_text(str(os.getpid()))
        self.options = Options(folder=folder)

    def calls(self) -> dict[int, list[str]]:
        """Return the addresses that each process called with."""
        files = self.options.folder.glob("*.calls")
        return {int(file.stem): file.read_text().split() for file in files}

    def addresses(self) -> list[str]:
        """Return everybody in a call, once for each."""
        return sorted(address for called in self.calls().values() for address in called)
