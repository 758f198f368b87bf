"""Workers and their database are killed at any instant, and each job has its effect once.

A few rounds on each database; `make torture` plays hundreds.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from tests.torture.kinds import KINDS
from tests.torture.rounds import play
from tests.torture.stage import prepare

_SPAN = 2.0  # seconds that the sends take on a machine that has nothing else to do


@pytest.mark.parametrize(("name", "rounds"), [("jobs", 6), ("jobs-file", 4)])
def test_whoever_is_killed_each_job_has_its_effect_once(
    name: str, rounds: int, tmp_path: Path
) -> None:
    prepare(tmp_path)
    # It knows a call that is repeated, however late the first one comes in on a busy machine.
    kind = replace(KINDS[name], houses=("brevo",))
    one = partial(play, kind, base=tmp_path, seed=15, span=_SPAN)

    with ThreadPoolExecutor(rounds) as pool:  # they mostly wait until a dead worker is missed
        reports = list(pool.map(one, range(rounds)))

    assert [report.faults for report in reports] == [()] * rounds
    assert sum(report.kills for report in reports) >= rounds
