"""Run programs in processes forked from one that is warm: a second sooner each.

Each program has a process, an environment, a time zone and streams of its own. The interpreter was
started once for all of them: they share its imports, and so what modules compute when imported;
what `warm` left in its caches; the seed of its hashes; and all that Python reads from the
environment as it starts, such as PYTHONUTF8.
"""

import os
import runpy
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import Pipe, get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from pkgutil import iter_modules
from subprocess import CompletedProcess, TimeoutExpired
from tempfile import TemporaryDirectory
from threading import Lock, Thread
from typing import TextIO

import newsletter.cli
from tests.waiting import PATIENCE, join

_STREAMS = ("stdin", "stdout", "stderr")  # by their descriptors
_COMMANDS = [module.name for module in iter_modules(newsletter.cli.__path__, "newsletter.cli.")]
_ENGINES = ["newsletter.jobs.local", "newsletter.jobs.postgres"]  # imported where they are used
_SERVERS = ["tests.servers.wire", "tests.servers.smtp_session"]
_forkserver = get_context("forkserver")
_forkserver.set_forkserver_preload(
    [__name__, *_COMMANDS, *_ENGINES, *_SERVERS, "tests.servers.warm"]
)
# Starting a process also asks all others for their exit codes, which can be read but once.
_asking = Lock()

Stream = Path | Connection | None  # None: that of the test


def run_forked(
    arguments: Sequence[str],
    *,
    answer: str,
    environment: dict[str, str],
    timeout: float = PATIENCE,
    module: str = "newsletter",
) -> CompletedProcess[str]:
    """Run `python -m MODULE ARGUMENTS` as `subprocess.run` would; raise TimeoutExpired, as it does.

    Whatever else is raised while waiting, the process is killed as well.
    """
    with TemporaryDirectory() as folder:
        answered, told, complained = paths = [Path(folder, name) for name in _STREAMS]
        for path in paths:
            path.touch()
        answered.write_text(answer, encoding="utf-8")
        process = _new_process(module, arguments, paths, environment)
        try:
            code = _run(process, timeout)
        except TimeoutError:
            raise TimeoutExpired(arguments, timeout, _read(told), _read(complained)) from None
        if answered.exists():
            raise ChildProcessError(f"ended before it began, with exit code {code}")
        return CompletedProcess(arguments, code, _read(told), _read(complained))


class Forked:
    """A program that goes on beside the test; it is used as a `subprocess.Popen` is."""

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        environment: dict[str, str],
        module: str = "newsletter",
        asks: bool = False,
        complains: bool = True,
        log: Path | None = None,
    ) -> None:
        """Start `python -m MODULE ARGUMENTS`.

        Where it `asks`, the test writes its stdin; unless it `complains` to the test, its stderr is
        that of pytest. With a `log`, an empty file, all it says is written there instead.
        """
        with (
            _pipe() as (answers, stdin),
            _pipe() as (stdout, told),
            _pipe() as (stderr, complained),
        ):
            streams: list[Stream] = [
                answers if asks else Path(os.devnull),
                log or told,
                log or (complained if complains else None),
            ]
            self._process = _new_process(module, arguments, streams, environment)
            with _asking:
                _start(self._process)
            self.stdin = os.fdopen(os.dup(stdin.fileno()), "w", encoding="utf-8")
            self.stdout, self.stderr = _reading(stdout), _reading(stderr)
        self.arguments = arguments
        self.pid = self._process.pid or 0

    @property
    def returncode(self) -> int | None:
        """Return the exit code, as a negative number that of a signal; None while it runs."""
        with _asking:
            return self._process.exitcode

    def poll(self) -> int | None:
        """Return the exit code; None while the program runs."""
        return self.returncode

    def wait(self, timeout: float = PATIENCE) -> int:
        """Wait for the end; raise TimeoutExpired if that takes longer."""
        if self.returncode is None and not wait([self._process.sentinel], timeout):
            raise TimeoutExpired(self.arguments, timeout)
        return self.returncode or 0

    def communicate(self, timeout: float = PATIENCE) -> tuple[str, str]:
        """Answer no more, wait for the end, and return what was not yet read of what was said."""
        said = ["", ""]
        with suppress(BrokenPipeError):
            self.stdin.close()

        def read(number: int, stream: TextIO) -> None:
            if not stream.closed:
                with stream:
                    said[number] = stream.read()

        streams = enumerate((self.stdout, self.stderr))
        readers = [Thread(target=read, args=each, daemon=True) for each in streams]
        for reader in readers:
            reader.start()
        self.wait(timeout)
        for reader in readers:
            join(reader)  # which somebody may keep waiting whom the program started
        return said[0], said[1]

    def send_signal(self, number: int) -> None:
        """Send a signal, unless the program has ended: its number may be another's by now."""
        if self.returncode is None:
            with suppress(ProcessLookupError):  # it ended, and we are about to hear of it
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask the program to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the program at once."""
        self.send_signal(signal.SIGKILL)

    def end(self) -> None:
        """Kill the program if it still runs, and leave nothing of it behind."""
        self.kill()
        self.wait()
        for stream in (self.stdin, self.stdout, self.stderr):
            with suppress(BrokenPipeError):
                stream.close()


@contextmanager
def _pipe() -> Iterator[tuple[Connection, Connection]]:
    """Open a pipe, to read and to write, for as long as it takes to hand its ends on."""
    reads, writes = Pipe(duplex=False)
    with reads, writes:
        yield reads, writes


def _reading(end: Connection) -> TextIO:
    return os.fdopen(os.dup(end.fileno()), encoding="utf-8", errors="replace")


def _new_process(
    module: str,
    arguments: Sequence[str],
    streams: Sequence[Stream],
    environment: dict[str, str],
) -> BaseProcess:
    given = (module, list(arguments), streams, environment)
    return _forkserver.Process(target=_become, args=given)


def _run(process: BaseProcess, timeout: float) -> int:
    """Return the exit code of a process that ends in time; else kill it and raise TimeoutError."""
    with _asking:
        _start(process)
    try:
        if not wait([process.sentinel], timeout):
            raise TimeoutError
    except BaseException:  # Ctrl-C and pytest-timeout, too
        process.kill()
        raise
    finally:
        wait([process.sentinel])  # not `join`, which would keep the others from asking
        with _asking:
            process.join()
    return process.exitcode or 0


def _start(process: BaseProcess) -> None:
    try:
        process.start()
    except (EOFError, ConnectionError) as err:
        raise ChildProcessError("no fork server: does all of newsletter.cli import?") from err


def _read(path: Path) -> str:
    """Return what was written to a stream; a process that is killed may stop within a letter."""
    return path.read_text(encoding="utf-8", errors="replace")


def _become(
    module: str, arguments: list[str], streams: Sequence[Stream], environment: dict[str, str]
) -> None:
    """Turn this process into one that runs a program."""
    for descriptor, stream in enumerate(streams):
        if isinstance(stream, Path):
            file = os.open(stream, os.O_RDWR)
            os.dup2(file, descriptor)
            os.close(file)
        elif stream:
            os.dup2(stream.fileno(), descriptor)
            stream.close()
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - for as long as it runs
    if isinstance(streams[0], Path) and streams[0].is_file():
        streams[0].unlink()  # tells that it has begun
    Thread(target=_end_with_parent, daemon=True).start()
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _end_with_parent() -> None:
    """End this process when the one that asked for it has ended, even if that was killed."""
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())  # they are for the program
    parent = parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)
