"""Values of labels: each makes a time series of its own, so their number has a limit."""

from threading import Lock

_MOST = 50  # values of a label; there are nine providers, and as many jobs as the table has
OTHER = "other"


class Labels:
    """The values that labels had so far; any further than so many count together."""

    def __init__(self) -> None:
        self._known: dict[str, set[str]] = {}
        self._lock = Lock()

    def bound(self, label: str, value: str) -> str:
        """Return the value under which something is counted."""
        with self._lock:
            known = self._known.setdefault(label, set())
            if value in known or len(known) < _MOST:
                known.add(value)
                return value
        return OTHER
