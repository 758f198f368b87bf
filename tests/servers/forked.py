"""Run the program in processes forked from one that has imported it: a second sooner each.

Each command has a process, an environment, a time zone and streams of its own. The interpreter was
started once for all of them: they share its imports, and so what modules compute when imported; the
seed of its hashes; and all that Python reads from the environment as it starts, such as PYTHONUTF8.
"""

import os
import runpy
import signal
import sys
import time
from collections.abc import Sequence
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from pkgutil import iter_modules
from subprocess import CompletedProcess, TimeoutExpired
from tempfile import TemporaryDirectory
from threading import Lock, Thread

import newsletter.cli

_STREAMS = ("stdin", "stdout", "stderr")  # by their descriptors
_COMMANDS = [module.name for module in iter_modules(newsletter.cli.__path__, "newsletter.cli.")]
_forkserver = get_context("forkserver")
_forkserver.set_forkserver_preload([__name__, *_COMMANDS])
# Starting a process also asks all others for their exit codes, which can be read but once.
_asking = Lock()


def run_forked(
    arguments: Sequence[str],
    *,
    answer: str,
    environment: dict[str, str],
    timeout: float,
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
        given = (module, list(arguments), paths, environment)
        process = _forkserver.Process(target=_become, args=given)
        try:
            code = _run(process, timeout)
        except TimeoutError:
            raise TimeoutExpired(arguments, timeout, _read(told), _read(complained)) from None
        if answered.exists():
            raise ChildProcessError(f"ended before it began, with exit code {code}")
        return CompletedProcess(arguments, code, _read(told), _read(complained))


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
    module: str, arguments: list[str], paths: list[Path], environment: dict[str, str]
) -> None:
    """Turn this process into one that runs a program."""
    for descriptor, path in enumerate(paths):
        file = os.open(path, os.O_RDWR)
        os.dup2(file, descriptor)
        os.close(file)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - for as long as it runs
    paths[0].unlink()  # tells that it has begun
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
