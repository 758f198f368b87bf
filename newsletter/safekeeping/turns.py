"""Lets one process at a time write what others would write, too: a backup, or a ledger's place."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout

from newsletter.errors import ConfigError
from newsletter.language import say
from newsletter.ledger import Ledger, handing


@contextmanager
def alone_at(place: str, file: Path) -> Iterator[None]:
    """Let nobody else on this machine be in such a block for a file; raise ConfigError if one is.

    The lock lies beside it, and is the operating system's: however its holder ends, it is free.
    """
    path = file.with_name(f".{file.name}.lock")
    lock = FileLock(path, mode=0o600)
    with open(path, "ab", opener=partial(os.open, mode=0o600)) as known:
        try:
            lock.acquire(timeout=0)
        except Timeout as err:
            raise _taken(place) from err
        try:
            # Its last holder may have deleted it just before: whoever comes next locks a new one.
            if not _is_at(known.fileno(), path):
                raise _taken(place)
            try:
                yield
            finally:
                with suppress(OSError):  # Windows deletes nothing that is open
                    path.unlink()
        finally:
            lock.release()


@contextmanager
def alone_on(place: str, ledger: Ledger) -> Iterator[None]:
    """Let nobody on another machine move or reopen a ledger of a server; raise ConfigError so."""
    with handing.turn_at(ledger) as is_ours:
        if not is_ours:
            raise _taken(place)
        yield


def _is_at(handle: int, path: Path) -> bool:
    """Return whether a file that was opened at a path is there still."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _taken(place: str) -> ConfigError:
    return ConfigError(
        say(
            "another process backs up, restores or moves {file}: wait for its end, then run "
            "the same command again",
            file=place,
        )
    )
