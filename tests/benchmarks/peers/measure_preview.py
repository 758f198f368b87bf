"""Measures our own preview just as Maizzle's: python -m tests.benchmarks.peers.measure_preview."""

import sys
import tempfile
from pathlib import Path

from tests.benchmarks.peers.latency import FIRST, SEEN_IN_FRAME, measure, tell
from tests.conftest import make_sample
from tests.previewing import previewing


def main() -> int:
    """Preview the sample issue, save it again and again, tell the figures."""
    with tempfile.TemporaryDirectory() as folder:
        site = make_sample(Path(folder) / "sample")
        mail = site.root / "issues" / "2021-06.md"
        source = mail.read_text(encoding="utf-8")
        assert FIRST in source

        def save(n: int) -> None:
            mail.write_text(source.replace(FIRST, f"save {n}. {FIRST}", 1), encoding="utf-8")

        with previewing(site) as preview:
            taken = measure(f"{preview.origin}/issues/2021-06", save, SEEN_IN_FRAME)
    tell("newsletter preview: save to pixels", taken)
    return 0


if __name__ == "__main__":
    sys.exit(main())
