"""Puts the files of an archive into a folder, and takes away those that it no longer has."""

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from newsletter.archive.static_site import StaticFile
from newsletter.errors import ConfigError
from newsletter.files import read_file
from newsletter.language import reason_of_disk, say

MANIFEST = ".newsletter-archive.json"  # the files that the last run wrote


def is_strange(folder: Path) -> bool:
    """Return whether a folder has files that no archive wrote."""
    return folder.is_dir() and not (folder / MANIFEST).is_file() and any(folder.iterdir())


def write_folder(folder: Path, files: Iterable[StaticFile]) -> list[str]:
    """Write the files, and return their names; raise ConfigError where that cannot be.

    A page of an earlier run that is no longer there, such as of a hidden issue, is deleted.
    """
    before, now = _manifest(folder), list[str]()
    for file in files:
        _write(folder / file.name, file.data)
        now.append(file.name)
    for name in before - set(now):
        with suppress(OSError):
            (folder / name).unlink()
    _write(folder / MANIFEST, json.dumps(sorted(now), ensure_ascii=False, indent=0).encode())
    return now


def _manifest(folder: Path) -> set[str]:
    """Return the files that the last run wrote, as far as they lie in the folder."""
    try:
        names = json.loads(read_file(folder / MANIFEST))
    except (OSError, ValueError):
        return set()
    listed = {name for name in names if isinstance(name, str)} if isinstance(names, list) else set()
    root = Path(os.path.realpath(folder))
    return {n for n in listed if Path(os.path.realpath(root / n)).is_relative_to(root)}


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: it may be served meanwhile."""
    beside = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as err:
        raise ConfigError(
            say(
                "cannot write {file}: {reason}; choose another --out",
                file=str(path),
                reason=reason_of_disk(err),
            )
        ) from err
