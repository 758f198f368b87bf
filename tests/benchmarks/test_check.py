"""What a check costs: cold, as an editor waits for it, and over fifty years of long issues."""

import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.benchmarks.long_issues import write_long_issues
from tests.conftest import REPOSITORY, Site

_PROGRAM = str(Path(sys.executable).with_name("newsletter"))
_COUNT = 600  # twelve a year for fifty years
_EARLY = 100  # issues after which memory is first looked at


def _seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def _medians(*commands: list[str], times: int) -> list[float]:
    """Return the medians of commands run in turns, so that all see the same machine."""
    for command in commands:
        _seconds(command)
    taken = [[_seconds(command) for command in commands] for _ in range(times)]
    return [statistics.median(column) for column in zip(*taken, strict=True)]


# What a check loaded before it was parted from what sends: all of the program but its pages.
_ALL = "import newsletter.cli.check, newsletter.pipeline, newsletter.checkup, newsletter.intake;"
_ADAPTERS = "from newsletter.providers import PROVIDERS; list(PROVIDERS.values())"


def test_a_cold_check_takes_at_most_a_second(sample: Site) -> None:
    check = [_PROGRAM, "-C", str(sample.root), "check", "2021-06"]
    imports = [sys.executable, "-c", "import newsletter.cli.check"]
    everything = [sys.executable, "-c", f"{_ALL} {_ADAPTERS}"]

    taken, importing, all_of_it = _medians(check, imports, everything, times=11)

    print(
        f"\ncheck cold: {taken * 1000:.0f} ms, {taken / importing:.2f} times its imports alone "
        f"({importing * 1000:.0f} ms), {taken / all_of_it:.2f} times those of the whole program",
        end="",
    )
    assert taken <= 1.0
    assert taken <= 0.95 * all_of_it


@pytest.mark.timeout(1200)  # six hundred issues, on whatever machine
def test_memory_does_not_grow_over_600_long_issues(tmp_path: Path) -> None:
    shutil.copy(REPOSITORY / "newsletter.toml", tmp_path)
    ids = write_long_issues(tmp_path, _COUNT)
    sizes = [(tmp_path / "issues" / f"{id}.md").stat().st_size for id in ids]

    start = time.perf_counter()
    memory, moments = _watch(Site(tmp_path), ids)

    first = moments[_EARLY] - start
    last = moments[_COUNT] - moments[_COUNT - _EARLY]
    print(
        f"\n{_COUNT} issues of {statistics.mean(sizes) / 1000:.0f} kB: "
        f"{(moments[_COUNT] - start) / _COUNT * 1000:.0f} ms each "
        f"(the first {_EARLY}: {first / _EARLY * 1000:.0f} ms, the last: "
        f"{last / _EARLY * 1000:.0f} ms); {memory[_EARLY] / 1024:.0f} MiB after {_EARLY}, "
        f"{memory[_COUNT] / 1024:.0f} MiB after {_COUNT} "
        f"({memory[_COUNT] / memory[_EARLY] - 1:+.1%})",
        end="",
    )
    assert memory[_COUNT] <= 1.1 * memory[_EARLY]


def _watch(site: Site, ids: list[str]) -> tuple[dict[int, int], dict[int, float]]:
    """Check the issues; return KiB and moments by number of issues done, as stderr tells them."""
    memory: dict[int, int] = {}
    moments: dict[int, float] = {}
    with subprocess.Popen(
        site.command("check", *ids),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=site.full_environment,
    ) as process:
        assert process.stderr
        for line in process.stderr:
            done = len(memory)
            if done < len(ids) and line.startswith(f"{ids[done]}: "):
                memory[done + 1] = _resident(process.pid)
                moments[done + 1] = time.perf_counter()
    assert process.returncode in (0, 1)
    assert len(memory) == len(ids)
    return memory, moments


def _resident(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])
