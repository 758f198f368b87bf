"""Run the program many times, each in a fork of a process that is warm.

`tests.borders.runner TRIALS`, forked itself, reads trials as JSON and writes an ending for each.
"""

import json
import os
import resource
import select
import sys
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from newsletter.cli.main import main
from tests.servers.forked import run_forked

CPU_SECONDS = 40  # of one trial, far more than any takes; not of the clock: machines are busy
WALL_SECONDS = 120  # of one trial that waits for something
_MEMORY = 3 * 1024**3  # bytes
_SHOWN = 4000  # characters of each stream that are kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One broken thing, fed to the program."""

    name: str
    root: str  # the newsletter's folder
    arguments: Sequence[str]
    environment: Mapping[str, str]
    answer: str = ""  # bytes on stdin, each as the letter of its number


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a trial ended."""

    name: str
    code: int  # exit code; the negative number of a signal
    is_hung: bool
    said: str


def run_trials(trials: Sequence[Trial]) -> list[Ending]:
    """Run trials one after the other, in a process of their own."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "trials.json")
        file.write_text(json.dumps([asdict(trial) for trial in trials]), encoding="ascii")
        done = run_forked(
            [str(file)],
            answer="",
            environment=dict(os.environ),
            timeout=len(trials) * WALL_SECONDS,
            module="tests.borders.runner",
        )
    assert done.returncode == 0, done.stderr
    return [Ending(**ending) for ending in json.loads(done.stdout)]


def _endings(trials: Sequence[Trial], folder: Path) -> Iterator[Ending]:
    for trial in trials:
        streams = [folder / name for name in ("stdin", "stdout", "stderr")]
        streams[0].write_bytes(trial.answer.encode("latin-1"))
        for stream in streams[1:]:
            stream.write_bytes(b"")
        process = os.fork()
        if process == 0:
            _become(trial, streams)
        status, is_hung = _wait(process)
        said = "\n".join(_read(stream) for stream in streams[1:])
        yield Ending(
            name=trial.name, code=os.waitstatus_to_exitcode(status), is_hung=is_hung, said=said
        )


def _become(trial: Trial, streams: Sequence[Path]) -> None:
    """Be the program, and end with it."""
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        for number, stream in enumerate(streams):
            opened = os.open(stream, os.O_RDWR)
            os.dup2(opened, number)
            os.close(opened)
        encoding = {"encoding": "utf-8", "closefd": False}
        sys.stdin = open(0, errors="surrogateescape", **encoding)  # type: ignore[call-overload] # noqa: SIM115
        sys.stdout = open(1, "w", **encoding)  # type: ignore[call-overload] # noqa: SIM115
        sys.stderr = open(2, "w", errors="backslashreplace", **encoding)  # type: ignore[call-overload] # noqa: SIM115
        os.environ.clear()
        os.environ.update(trial.environment)
        time.tzset()
        os.chdir(trial.root)
        sys.argv = ["newsletter", "-C", trial.root, *trial.arguments]
        main()
    except SystemExit as end:
        os._exit(end.code if isinstance(end.code, int) else 1)
    except BaseException:  # what an interpreter does with what nobody caught
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)


def _wait(process: int) -> tuple[int, bool]:
    handle = os.pidfd_open(process)
    ended, _, _ = select.select([handle], [], [], WALL_SECONDS)
    os.close(handle)
    if not ended:
        os.kill(process, 9)
    return os.waitpid(process, 0)[1], not ended


def _read(stream: Path) -> str:
    text = stream.read_bytes().decode("utf-8", "replace")
    return text if len(text) <= _SHOWN else text[:1000] + " … " + text[-_SHOWN:]


if __name__ == "__main__":
    given = [Trial(**values) for values in json.loads(Path(sys.argv[1]).read_text("ascii"))]
    answers = os.dup(1)  # the trials have files for it
    with TemporaryDirectory() as work:
        told = json.dumps([asdict(ending) for ending in _endings(given, Path(work))])
    os.write(answers, told.encode())
