"""A bounded mapping: what pages ask for by name must not fill the memory."""

from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Recent(dict[K, V]):
    """Keeps the most recently added items, up to a limit."""

    def __init__(self, most: int) -> None:
        """Prepare to keep `most` items."""
        super().__init__()
        self._most = most

    def __setitem__(self, key: K, value: V) -> None:
        self.pop(key, None)
        super().__setitem__(key, value)
        while len(self) > self._most:
            del self[next(iter(self))]
