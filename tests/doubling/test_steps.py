"""What a kind of input costs is counted in calls, of Python and of C, not in seconds."""

import gc
import sys
from collections.abc import Callable
from math import log2
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import make_site
from tests.doubling.kinds import KINDS, Kind

MOST = 2.5  # times what half of it costs
_NOTHING = 0.1  # of the smallest; what grows by less grows by chance


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_twice_the_input_takes_hardly_more_than_twice_the_steps(
    kind: Kind, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    site = make_site(tmp_path / "site")
    kind.work(site, kind.build(10))  # imports, compiled templates, what is said once

    small, middle, large = (
        steps(lambda size=size: kind.work(site, kind.build(size)))  # type: ignore[misc]
        for size in (kind.size, 2 * kind.size, 4 * kind.size)
    )

    # What is the same for any size is taken out: the second doubling adds twice the first.
    grown = (large - middle) / max(middle - small, small * _NOTHING)
    record_property("doubled", (kind.name, round(log2(max(grown, 1)), 2)))
    assert grown <= MOST, f"{kind.name}: {small:,}, {middle:,}, {large:,} steps"


def steps(work: Callable[[], Any]) -> int:
    """Return how many functions are called."""
    count = 0

    def note(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    gc.disable()  # finalizers are called when it likes
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
        gc.enable()
    return count
