"""Waits for the files of a newsletter to change."""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from threading import Event, Thread

from watchfiles import Change, watch

from newsletter.errors import ConfigError
from newsletter.press import look_of
from newsletter.render.looks import KINDS
from newsletter.settings import FILE, Settings

# Milliseconds: changes within a step of the last one are reported with it.
_STEP = 8
_DEBOUNCE = 60
_LOOK = 500  # milliseconds between two checks that a folder is still the same one

# Of a folder that holds a look, and may hold more.
_OF_LOOK = (*KINDS, ".toml", ".png", ".jpg", ".jpeg", ".gif", ".webp")

OnChange = Callable[[Iterable[Path]], None]
_IsOurs = Callable[[Change, str], bool]


def house_folders(settings: Settings) -> list[Path]:
    """Return the folders of the house looks in use; of a faulty one, where it may be mended."""
    try:
        return [house.folder for house in look_of(settings).houses]
    except ConfigError as err:
        beside = [Path(finding.path).parent for finding in err.findings if finding.path != FILE]
        named = [Path(settings.newsletter.look), *beside]
        return [Path(os.path.normpath(settings.root / folder)) for folder in named]


def start_watching(
    root: Path,
    on_change: OnChange,
    stop: Event,
    *,
    houses: Callable[[], Iterable[Path]] = tuple,
    pictures: Callable[[], Iterable[Path]] = tuple,
) -> None:
    """Report changes of what an issue is made of, and of the settings, until stopped.

    The folder itself is watched without its subfolders: the ledger and the outbox change with every
    mail, and a Python environment has thousands of folders. `houses` returns the folders of looks
    that are used just now; others may be named later. `pictures` returns the files of pictures that
    templates name, which may lie in other folders, or not be there yet.
    """
    for name in ("issues", "meetings", "surveys", "templates"):
        folder = root / name
        _start(_follow, folder, on_change, stop, _is_no_draft)
    _start(_watch_settings, root, on_change, stop)
    _start(_watch_houses, houses, on_change, stop)
    _start(_watch_pictures, root, pictures, on_change, stop)


def _start(work: Callable[..., None], *given: object) -> None:
    Thread(target=work, args=given, daemon=True).start()


def _watch_houses(houses: Callable[[], Iterable[Path]], on_change: OnChange, stop: Event) -> None:
    followed = set[Path]()
    while not stop.is_set():
        for folder in set(houses()) - followed:
            followed.add(folder)
            _start(_follow, folder, on_change, stop, _is_of_look)
        stop.wait(_LOOK / 1000)


def _watch_pictures(
    root: Path, pictures: Callable[[], Iterable[Path]], on_change: OnChange, stop: Event
) -> None:
    """Look at a handful of files now and then: where they lie may hold thousands of others."""
    known: dict[Path, tuple[int, int] | None] = {}
    followed = (root / "issues", root / "templates")
    while not stop.is_set():
        files = (f for f in pictures() if not any(f.is_relative_to(one) for one in followed))
        states = {file: _state(file) for file in files}
        if changed := [file for file in states if known.get(file, states[file]) != states[file]]:
            on_change(changed)
        known = states
        stop.wait(_LOOK / 1000)


def _state(file: Path) -> tuple[int, int] | None:
    """Return when a file was written and how long it is; None if it is not there."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _watch_settings(root: Path, on_change: OnChange, stop: Event) -> None:
    for paths in _changes(root, lambda _, path: Path(path).name == FILE, stop, recursive=False):
        if paths:
            on_change(paths)


def _follow(folder: Path, on_change: OnChange, stop: Event, is_ours: _IsOurs) -> None:
    """Report changes below a folder, which may appear, vanish and be replaced by another."""
    is_new = False  # what was there from the beginning is not a change
    while not stop.is_set():
        known = _identity(folder)
        if known is None:
            stop.wait(_LOOK / 1000)
        else:
            for paths in _changes(folder, is_ours, stop, recursive=True):
                if paths or is_new:
                    on_change(paths or [folder])
                is_new = False
                # A new folder in its place may even get the inode number of the old one.
                if folder in paths or _identity(folder) != known:
                    break
        is_new = True


def _changes(
    folder: Path, is_ours: _IsOurs, stop: Event, *, recursive: bool
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


def _is_of_look(change: Change, path: str) -> bool:
    return _is_no_draft(change, path) and path.lower().endswith(_OF_LOOK)
