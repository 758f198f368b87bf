"""Run the program in processes forked from one that has imported it: half a second sooner each.

Only the imports are shared; each command has a process, an environment and files of its own.
"""

import os
import runpy
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from pkgutil import iter_modules
from subprocess import CompletedProcess, TimeoutExpired
from tempfile import TemporaryDirectory

import newsletter.cli

_STREAMS = ("stdin", "stdout", "stderr")  # by their descriptors
_forkserver = get_context("forkserver")
_forkserver.set_forkserver_preload([__name__])

for _module in iter_modules(newsletter.cli.__path__, f"{newsletter.cli.__name__}."):
    import_module(_module.name)


def run_forked(
    arguments: Sequence[str], *, answer: str, environment: dict[str, str], timeout: float
) -> CompletedProcess[str]:
    """Run `newsletter ARGUMENTS` as `subprocess.run` would; raise TimeoutExpired, as it does."""
    with TemporaryDirectory() as folder:
        paths = [Path(folder, name) for name in _STREAMS]
        paths[0].write_text(answer, encoding="utf-8")
        process = _forkserver.Process(target=_become, args=(list(arguments), paths, environment))
        process.start()
        process.join(timeout)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise TimeoutExpired(arguments, timeout)
        _, told, complained = (path.read_text(encoding="utf-8") for path in paths)
        return CompletedProcess(arguments, process.exitcode, told, complained)


def _become(arguments: list[str], paths: list[Path], environment: dict[str, str]) -> None:
    """Turn this process into one that runs the program."""
    for descriptor, path in enumerate(paths):
        file = os.open(path, os.O_RDWR | os.O_CREAT)
        os.dup2(file, descriptor)
        os.close(file)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - for as long as it runs
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    sys.argv[1:] = arguments
    runpy.run_module("newsletter", run_name="__main__", alter_sys=True)
