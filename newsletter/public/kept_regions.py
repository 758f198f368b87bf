"""The regional networks as their file is now; while it is broken, as it was before."""

from collections.abc import Sequence
from pathlib import Path

from newsletter.content import read_regions
from newsletter.model.region import Region
from newsletter.public.told_faults import ToldFaults


class KeptRegions:
    """Reads regions anew whenever their file changes."""

    def __init__(self, root: Path, *, language: str) -> None:
        """Read nothing yet."""
        self._root, self._language = root, language
        self._kept: Sequence[Region] = ()
        self._faults = ToldFaults()

    def __call__(self) -> Sequence[Region]:
        """Return the regions in the order of their file."""
        found, faults = read_regions(self._root, language=self._language)
        self._faults.tell(faults, lambda _file: bool(self._kept))
        if not faults:
            self._kept = found
        return self._kept
