"""Waiting in tests: for what happens, and never for a number of seconds."""

import time
from collections.abc import Callable
from threading import Thread
from typing import TextIO

# Far more than anything takes, on a machine with eight times as much to do: whoever waits so long
# has found a fault. pytest's own limit of a test is longer, so that the wait tells what it was for.
PATIENCE = 300.0


def wait_until(is_so: Callable[[], object]) -> None:
    """Wait for something that others do: another process, a thread, a file."""
    latest = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < latest, "it did not happen in time"
        time.sleep(0.02)


def join(thread: Thread) -> None:
    """Wait for a thread to end; what hangs is named, and not waited for again."""
    thread.join(PATIENCE)
    assert not thread.is_alive(), f"{thread.name} did not end in time"


def read_until(stream: TextIO, words: str) -> str:
    """Read lines of what a program says until one holds these words; return that one."""
    for line in stream:
        if words in line:
            return line
    raise AssertionError(f"it ended without saying “{words}”")
