"""Tells living senders from dead ones: each holds a lock that ends with its process."""

from pathlib import Path
from types import TracebackType
from uuid import uuid4

from filelock import FileLock, Timeout


class Worker:
    """A process that sends. Its name stands at every batch it claims."""

    def __init__(self, folder: Path) -> None:
        self.name = uuid4().hex
        self._folder = folder
        self._lock = FileLock(self._path(self.name))

    def __enter__(self) -> "Worker":
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lock.acquire(timeout=0)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lock.release()
        self._path(self.name).unlink(missing_ok=True)

    def is_living(self, name: str) -> bool:
        """Tell whether the worker of this name still runs on this machine.

        The operating system frees the lock of a process however it ends, at once.
        """
        if name == self.name:
            return True
        path = self._path(name)
        if not name or not path.exists():
            return False
        probe = FileLock(path)
        try:
            probe.acquire(timeout=0)
        except Timeout:
            return True
        probe.release()
        path.unlink(missing_ok=True)
        return False

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.lock"
