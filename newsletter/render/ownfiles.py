"""Reads and writes files in a folder of templates, a newsletter's own or a house look's.

Whoever may change the folder may put a link there, so links that lead out of it are not followed.
"""

import os
from itertools import count
from pathlib import Path

from newsletter.errors import ConfigError, UsageError
from newsletter.files import leads_out, read_file, replace_file
from newsletter.language import say
from newsletter.render.chain import LARGEST, LOOK_FILE


def place_in(folder: Path, name: str) -> Path:
    """Return where a file of a folder lies; raise ConfigError if that is somewhere else."""
    path = folder / name
    # A folder of templates belongs to a newsletter's folder, a house look to nobody else.
    root = folder if (folder / LOOK_FILE).exists() else folder.parent
    if leads_out(path, root):
        raise ConfigError(
            say(
                "{file}: this is a link to a file outside of {folder}, which is neither read nor "
                "written; put the file itself there",
                file=str(path),
                folder=str(root),
            )
        )
    return path


def read_own(folder: Path, name: str) -> bytes | None:
    """Return what is in a file; None if there is none. Raise OSError if it cannot be read."""
    if not os.path.lexists(folder / name):
        return None
    return read_file(place_in(folder, name), at_most=LARGEST)


def text_in(content: bytes, path: Path) -> str:
    """Return what is in a file as text; raise ConfigError, with the line, if it is none."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as err:
        line = content.count(b"\n", 0, err.start) + 1
        fault = say(
            "{file}:{line}: not UTF-8 text; save the file as UTF-8", file=str(path), line=line
        )
        raise ConfigError(fault) from err


def expect_own(folder: Path, name: str, content: bytes) -> None:
    """Raise UsageError if a file has not the content any more that it had a moment ago."""
    if read_own(folder, name) != content:
        file = str(folder / name)
        raise UsageError(say("{file} was changed a moment ago; run the command again", file=file))


def write_own(folder: Path, name: str, content: bytes) -> None:
    """Write a file whole or not at all."""
    path = place_in(folder, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, content)


def keep_before(folder: Path, name: str, content: bytes) -> str:
    """Keep what a file held under a name beside it; return that name. No file is replaced."""
    for number in count(1):
        kept = f"{name}.before{number if number > 1 else ''}"
        there = read_own(folder, kept)
        if there is None:
            write_own(folder, kept, content)
        if there in (None, content):
            return kept
    raise AssertionError
