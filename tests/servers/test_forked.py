"""A forked command behaves as a started one does, and never outlives its test."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from types import FrameType

import pytest

from tests.conftest import REPOSITORY, Site
from tests.servers.forked import run_forked

Run = Callable[..., subprocess.CompletedProcess[str]]

_SLEEP = """\
import os, pathlib, time
print("so far", flush=True)
pathlib.Path("{pid}").write_text(str(os.getpid()))
{then}
time.sleep(60)
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return what runs lines of Python in a forked process."""
    monkeypatch.syspath_prepend(tmp_path)
    numbers = count()

    def run(
        lines: str,
        *arguments: str,
        answer: str = "",
        timeout: float = 30,
        environment: dict[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        name = f"program{next(numbers)}"
        (tmp_path / f"{name}.py").write_text(lines, encoding="utf-8")
        return run_forked(
            arguments,
            answer=answer,
            environment=environment or {},
            timeout=timeout,
            module=name,
        )

    return run


def is_running(pid_file: Path) -> bool:
    """Return whether there is a process that wrote its number to a file."""
    try:
        os.kill(int(pid_file.read_text()), 0)
    except ProcessLookupError:
        return False
    return True


# --- as a started one ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("", 0),  # to its end
        ("raise SystemExit(3)", 3),  # as Python leaves
        ("import os; os._exit(4)", 4),  # as the program leaves
        ("1 / 0", 1),  # with a traceback
        ("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", -signal.SIGTERM),
    ],
)
def test_the_exit_code_is_the_commands(lines: str, code: int, run: Run) -> None:
    assert run(lines).returncode == code


def test_what_is_told_and_what_is_complained_of_are_kept_apart(run: Run) -> None:
    done = run("import sys; print('hyvä'); print('paha', file=sys.stderr)")

    assert (done.stdout, done.stderr) == ("hyvä\n", "paha\n")


def test_arguments_and_an_answer_reach_the_program(run: Run) -> None:
    done = run("import sys; print(sys.argv[1:], input(), sys.stdin.isatty())", "a", "b", answer="ä")

    assert done.stdout == "['a', 'b'] ä False\n"


def test_the_environment_is_replaced(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OF_THE_TEST", "1")

    done = run(
        "import os, time; print(dict(os.environ), time.tzname[0])",
        environment={"TZ": "EET-2", "A": "ä"},
    )

    assert done.stdout == "{'TZ': 'EET-2', 'A': 'ä'} EET\n"


def test_a_signal_reaches_the_program_while_it_waits(run: Run) -> None:
    """The thread that looks after the parent takes none away."""
    done = run(
        "import os, signal, sys, threading, time\n"
        "signal.signal(signal.SIGINT, lambda *_: sys.exit(5))\n"
        "threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()\n"
        "time.sleep(20)"
    )

    assert done.returncode == 5


def test_many_at_once_each_have_their_own_code(run: Run) -> None:
    with ThreadPoolExecutor(8) as pool:
        done = pool.map(
            lambda code: run("import sys; sys.exit(int(sys.argv[1]))", str(code)), range(32)
        )

    assert [process.returncode for process in done] == list(range(32))


def test_a_fresh_interpreter_builds_the_same_files(sample: Site) -> None:
    """It has another seed for its hashes: nothing in a mail may depend on the order of a set."""
    for out, forked in {"one": True, "two": False}.items():
        sample.run("build", "2021-06", "--out", str(sample.root / out), forked=forked)

    one, two = (
        {path.name: path.read_bytes() for path in (sample.root / out).glob("*.[ht]*")}
        for out in ("one", "two")
    )
    assert len(one) > 1
    assert one == two


@pytest.mark.parametrize("forked", [True, False])
def test_a_site_runs_either_way(forked: bool, site: Site) -> None:
    site.people(2)

    done = site.run("send", "2026-06", answer="no\n", code=1, forked=forked)

    assert "Kesäkuun kirje" in done.stderr


# --- an end to it -------------------------------------------------------------------------


def test_what_takes_too_long_is_killed_and_what_it_told_is_kept(run: Run, tmp_path: Path) -> None:
    pid = tmp_path / "pid"

    with pytest.raises(subprocess.TimeoutExpired) as caught:
        run(_SLEEP.format(pid=pid, then=""), timeout=2)

    assert caught.value.output == "so far\n"
    assert not is_running(pid)


class InterruptError(BaseException):
    """What the test is interrupted with."""


@pytest.fixture
def interrupts() -> Iterator[None]:
    """Make a signal interrupt the test, as Ctrl-C and pytest-timeout do."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise InterruptError

    before = signal.signal(signal.SIGUSR1, interrupt)
    yield
    signal.signal(signal.SIGUSR1, before)


@pytest.mark.usefixtures("interrupts")
def test_whatever_interrupts_the_waiting_kills(run: Run, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    then = f"os.kill({os.getpid()}, {int(signal.SIGUSR1)})"

    with pytest.raises(InterruptError):
        run(_SLEEP.format(pid=pid, then=then))

    assert not is_running(pid)


def test_a_command_ends_when_its_test_is_killed(tmp_path: Path) -> None:
    """It holds a pipe open, whose end is the end of the command."""
    held = tmp_path / "held"
    os.mkfifo(held)
    (tmp_path / "program.py").write_text(
        f"import time; file = open({str(held)!r}, 'w'); print('.', file=file, flush=True)\n"
        "time.sleep(60)"
    )
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; sys.path.insert(0, sys.argv[1])\n"
            "from tests.servers.forked import run_forked\n"
            "run_forked([], answer='', environment={}, timeout=60, module='program')",
            str(tmp_path),
        ],
        cwd=REPOSITORY,
    )

    with held.open() as file:
        assert file.readline() == ".\n"
        parent.kill()
        parent.wait()
        assert file.read() == ""


class Fatal(str):
    """An argument that a process does not survive being handed."""

    def __reduce__(self) -> tuple[Callable[[int], object], tuple[int]]:
        return os._exit, (7,)


def test_a_command_that_never_began_is_told_from_one_that_failed(run: Run) -> None:
    with pytest.raises(ChildProcessError, match="before it began, with exit code 7"):
        run("", Fatal("x"))
