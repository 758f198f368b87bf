"""Waits for the files of a newsletter to change."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from threading import Event, Thread

from watchfiles import Change, watch

from newsletter.settings import FILE

# Milliseconds: changes within a step of the last one are reported with it.
_STEP = 8
_DEBOUNCE = 60
_LOOK = 500  # milliseconds between two checks that a folder is still the same one

OnChange = Callable[[Iterable[Path]], None]


def start_watching(root: Path, on_change: OnChange, stop: Event) -> None:
    """Report every change of an issue, a picture, a template or the settings, until stopped.

    The folder itself is watched without its subfolders: the ledger and the outbox change with every
    mail, and a Python environment has thousands of folders.
    """
    for folder in (root / "issues", root / "templates"):
        Thread(target=_follow, args=(folder, on_change, stop), daemon=True).start()
    Thread(target=_watch_settings, args=(root, on_change, stop), daemon=True).start()


def _watch_settings(root: Path, on_change: OnChange, stop: Event) -> None:
    for paths in _changes(root, lambda _, path: Path(path).name == FILE, stop, recursive=False):
        if paths:
            on_change(paths)


def _follow(folder: Path, on_change: OnChange, stop: Event) -> None:
    """Report changes below a folder, which may appear, vanish and be replaced by another."""
    is_new = False  # what was there from the beginning is not a change
    while not stop.is_set():
        known = _identity(folder)
        if known is None:
            stop.wait(_LOOK / 1000)
        else:
            for paths in _changes(folder, _is_no_draft, stop, recursive=True):
                if paths or is_new:
                    on_change(paths or [folder])
                is_new = False
                # A new folder in its place may even get the inode number of the old one.
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
    """Return what tells a folder from another of the same name; None if there is none."""
    try:
        found = folder.stat()
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if folder.is_dir() else None


def _is_no_draft(_change: Change, path: str) -> bool:
    """Return whether a file is not one that editors create for a moment: swap files and backups."""
    name = Path(path).name
    return not (name.startswith((".", "#", "~")) or name.endswith(("~", ".swp", ".tmp", ".part")))
