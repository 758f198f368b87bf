"""Waits for the files of a newsletter to change."""

from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Event, Thread

from watchfiles import Change, watch

from newsletter.config import FILE

# Milliseconds: what comes within a step of the last change is told with it.
_STEP = 8
_DEBOUNCE = 60

Told = Callable[[Iterable[Path]], None]


def start_watching(root: Path, told: Told, stop: Event) -> None:
    """Tell of every change of an issue, a picture, a template or the settings, until stopped.

    The folder itself is watched without what lies below it: the ledger and the outbox change
    with every mail, and an environment of Python holds thousands of folders.
    """
    watched = [root / "issues", root / "templates"]
    below = [folder for folder in watched if folder.is_dir()]
    names = {FILE, *(folder.name for folder in watched if folder not in below)}

    def is_ours(_change: Change, path: str) -> bool:
        return Path(path).name in names

    Thread(target=_watch, args=(below, told, stop, _is_no_draft, True), daemon=True).start()
    Thread(target=_watch, args=([root], told, stop, is_ours, False), daemon=True).start()


def _watch(
    paths: list[Path],
    told: Told,
    stop: Event,
    is_ours: Callable[[Change, str], bool],
    recursive: bool,  # noqa: FBT001 - given to a thread
) -> None:
    if not paths:
        return
    for changes in watch(
        *paths,
        watch_filter=is_ours,
        step=_STEP,
        debounce=_DEBOUNCE,
        rust_timeout=500,
        stop_event=stop,
        recursive=recursive,
        raise_interrupt=False,
    ):
        told([Path(path) for _, path in changes])


def _is_no_draft(_change: Change, path: str) -> bool:
    """Leave out what editors put beside a file for a moment: swap files and backups."""
    name = Path(path).name
    return not (name.startswith((".", "#", "~")) or name.endswith(("~", ".swp", ".tmp", ".part")))
