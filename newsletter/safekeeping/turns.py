"""Lets one process at a time write what others would write, too: a backup, or a ledger's place."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from newsletter.errors import ConfigError
from newsletter.language import say


@contextmanager
def alone_at(place: str, path: Path) -> Iterator[None]:
    """Let nobody else on this machine be in such a block for a place; raise ConfigError if one is.

    The lock is a file at a path, and the operating system's: however its holder ends, it is free.
    """
    lock = FileLock(path, mode=0o600)
    try:
        lock.acquire(timeout=0)
    except Timeout as err:
        raise ConfigError(
            say(
                "another process backs up, restores or moves {file}: wait for its end, then run "
                "the same command again",
                file=place,
            )
        ) from err
    try:
        yield
    finally:
        lock.release()
        path.unlink(missing_ok=True)
