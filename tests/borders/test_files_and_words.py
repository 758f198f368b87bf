"""Broken files, values, words and names over every border, into the real commands."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.borders.borders import BORDERS, Border
from tests.borders.runner import Ending, run_trials

CONTRACT = (0, 1, 2, 3, 4, 130)


@pytest.mark.timeout(900)  # hundreds of commands; on a busy machine each takes seconds
@pytest.mark.parametrize("border", BORDERS, ids=lambda border: border.name)
def test_nothing_broken_ends_in_a_traceback_a_hang_or_a_crash(
    border: Border, tmp_path: Path, share: int, record_property: Callable[[str, object], None]
) -> None:
    trials = list(border.trials(tmp_path))
    endings = run_trials(trials[BORDERS.index(border) % share :: share])

    record_property("tried", (border.name, len(endings)))
    assert endings
    assert [
        f"{e.name}: {fault}\n{e.said[-1500:]}"
        for e in endings
        if (fault := fault_of(e, border.names))
    ] == []


def fault_of(ending: Ending, names: str) -> str:
    """Return what is wrong with how a trial ended; "" for nothing.

    `names` are words of which a failure says one, with strokes between them.
    """
    faults = {
        "hangs": ending.is_hung,
        f"crashes by signal {-ending.code}": ending.code < 0,
        "traceback": "Traceback (most recent call last)" in ending.said,
        f"exit code {ending.code}": ending.code not in CONTRACT,
        "no word is said": ending.code and not ending.said.strip(),
        f"“{names}” is not named": ending.code
        and not any(name in ending.said for name in names.split("|")),
    }
    return next((fault for fault, is_so in faults.items() if is_so), "")
