"""Waits for the files of a newsletter to change."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from threading import Event, Thread

from watchfiles import Change, watch

from newsletter.settings import FILE

# Milliseconds: what comes within a step of the last change is told with it.
_STEP = 8
_DEBOUNCE = 60
_LOOK = 500  # milliseconds between two looks whether a folder is still the same one

Told = Callable[[Iterable[Path]], None]


def start_watching(root: Path, told: Told, stop: Event) -> None:
    """Tell of every change of an issue, a picture, a template or the settings, until stopped.

    The folder itself is watched without what lies below it: the ledger and the outbox change
    with every mail, and an environment of Python holds thousands of folders.
    """
    for folder in (root / "issues", root / "templates"):
        Thread(target=_follow, args=(folder, told, stop), daemon=True).start()
    Thread(target=_watch_settings, args=(root, told, stop), daemon=True).start()


def _watch_settings(root: Path, told: Told, stop: Event) -> None:
    for paths in _changes(root, lambda _, path: Path(path).name == FILE, stop, recursive=False):
        if paths:
            told(paths)


def _follow(folder: Path, told: Told, stop: Event) -> None:
    """Tell of changes below a folder, which may come, go and be replaced by another."""
    is_new = False  # what was there from the beginning is no change
    while not stop.is_set():
        known = _identity(folder)
        if known is None:
            stop.wait(_LOOK / 1000)
        else:
            for paths in _changes(folder, _is_no_draft, stop, recursive=True):
                if paths or is_new:
                    told(paths or [folder])
                is_new = False
                # Where a new folder takes the place, it may even be given the number of the old.
                if folder in paths or _identity(folder) != known:
                    break
        is_new = True


def _changes(
    folder: Path, is_ours: Callable[[Change, str], bool], stop: Event, *, recursive: bool
) -> Iterator[list[Path]]:
    """Yield what changed, and now and then that nothing did."""
    for changes in watch(
        folder,
        watch_filter=is_ours,
        step=_STEP,
        debounce=_DEBOUNCE,
        rust_timeout=_LOOK,
        yield_on_timeout=True,
        stop_event=stop,
        recursive=recursive,
        raise_interrupt=False,
    ):
        yield [Path(path) for _, path in changes]


def _identity(folder: Path) -> tuple[int, int] | None:
    """Return what tells a folder from another one of its name; None where there is none."""
    try:
        found = folder.stat()
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if folder.is_dir() else None


def _is_no_draft(_change: Change, path: str) -> bool:
    """Leave out what editors put beside a file for a moment: swap files and backups."""
    name = Path(path).name
    return not (name.startswith((".", "#", "~")) or name.endswith(("~", ".swp", ".tmp", ".part")))
