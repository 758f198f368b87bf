"""Tells living senders from dead ones: by a lock that ends with its process, or else by a lease."""

import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from itertools import count
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from uuid import uuid4

from filelock import FileLock, Timeout

from newsletter.errors import LedgerError
from newsletter.files import private_folder
from newsletter.ledger import KnownWorker, Ledger
from newsletter.ledger import workers as workers_of

# A call takes 720 s at the very most: that of SMTP, whose last message may wait 600 s for its
# reply. A worker that cannot renew its lease begins no call after FENCE; so when the LEASE is over,
# none of its calls can be under way.
BEAT, FENCE, LEASE = 10.0, 120.0, 900.0  # seconds
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class Worker:
    """A process that sends. Every claim records its name, with the number of a thread."""

    def __init__(
        self, folder: Path, ledger: Ledger, *, is_serving: bool = False, account: str = ""
    ) -> None:
        """Prepare a worker whose locks are files in `folder`, which must be on this machine."""
        self.name = uuid4().hex
        self._folder = folder
        self._ledger = ledger
        self.is_serving = is_serving
        self._account = account
        self._lock = FileLock(self._path(self.name), mode=0o600)
        self._runs = set[str]()  # the names of those under way
        self._numbers = count(1)
        self._beating = Event()
        self._seen = time.monotonic()

    def __enter__(self) -> "Worker":
        private_folder(self._folder)
        self._lock.acquire(timeout=0)
        self._enroll()
        if self._ledger.is_shared or self.is_serving:
            Thread(target=self._beat, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._beating.set()
        try:
            with self._ledger.write() as connection:
                workers_of.leave(connection, self.name)
        except LedgerError:
            pass  # its lease runs out
        self._lock.release()
        self._path(self.name).unlink(missing_ok=True)

    @contextmanager
    def running(self) -> Iterator[str]:
        """Yield the name under which one run of a send claims: what it leaves is an orphan's then.

        A worker that serves for months outlives its runs, however they end.
        """
        name = f"{self.name}/{next(self._numbers)}"
        self._runs.add(name)
        try:
            yield name
        finally:
            self._runs.remove(name)

    @property
    def is_fenced(self) -> bool:
        """Return whether this worker could not renew its lease, so that others may take over."""
        return self._ledger.is_shared and time.monotonic() - self._seen > FENCE

    @cached_property
    def host(self) -> str:
        """Return the name of the machine and folder whose processes see one another's locks."""
        private_folder(self._folder)
        return _host(self._folder)

    def is_living(self, name: str) -> bool:
        """Return whether the worker with this name may still be calling the provider.

        On this machine the operating system frees the lock of a process at once, however it ends.
        For a worker elsewhere only the lease can tell.
        """
        run, name = name.rpartition("/")[0], name.partition("/")[0]
        if name == self.name:
            return run in ("", name) or run in self._runs
        if not name:
            return False
        path = self._path(name)
        if path.exists():
            return _is_locked(path)
        if not self._ledger.is_shared:
            return False
        with self._ledger.read() as connection:
            known = workers_of.find_worker(connection, name)
        return known is not None and known.host != self.host and known.age < LEASE

    def finds_another(self, names: Iterable[str]) -> bool:
        """Return whether one of these names belongs to another living worker."""
        others = (name for name in names if name.partition("/")[0] != self.name)
        return any(self.is_living(name) for name in others)

    def finds_serving(self, known: KnownWorker) -> bool:
        """Return whether another worker serves sends: it was seen, and is not known to be dead."""
        # One that goes through another account leaves our sends alone.
        return known.account in ("", self._account) and self._serves(known)

    def finds_astray(self, known: KnownWorker) -> bool:
        """Return whether another worker serves sends, but those of another account than ours."""
        return known.account not in ("", self._account) and self._serves(known)

    def _serves(self, known: KnownWorker) -> bool:
        path = self._path(known.name)
        is_near = known.host == self.host or path.exists()
        is_dead = is_near and not (path.exists() and _is_locked(path))
        return known.is_serving and not (known.is_missed or is_dead)

    def _enroll(self) -> None:
        with self._ledger.write() as connection:
            workers_of.enroll(
                connection,
                self.name,
                host=self.host,
                is_serving=self.is_serving,
                account=self._account,
            )

    def _beat(self) -> None:
        """Renew the lease until told to end, by the clock of the database."""
        while not self._beating.wait(BEAT):
            try:
                begun = time.monotonic()
                self._enroll()
                self._seen = begun
            except LedgerError:
                continue  # `is_fenced` tells when this has gone on for too long

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.lock"


def _is_locked(path: Path) -> bool:
    probe = FileLock(path, mode=0o600)
    try:
        probe.acquire(timeout=0)
    except Timeout:
        return True
    probe.release()
    path.unlink(missing_ok=True)
    return False


def _host(folder: Path) -> str:
    """Return a name made of machine, boot and folder."""
    boot = _BOOT_ID.read_text().strip() if _BOOT_ID.exists() else ""
    place = folder.stat()
    return f"{socket.gethostname()}:{boot}:{place.st_dev}:{place.st_ino}"
