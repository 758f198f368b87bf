"""Output files named by the editor: never written over another file of the newsletter."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from newsletter.errors import UsageError
from newsletter.files import (
    note_database,
    open_file,
    open_whole,
    refuse_database,
    replace_file,
    write_private,
)
from newsletter.language import say
from newsletter.settings import FILE, Settings

STDOUT = Path("-")
_LISTS = (".csv", ".tsv", ".txt")
_REPORTS = (".sarif", ".json")
_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".ods", ".numbers"})
_KEPT = ("issues", "templates", "material")  # folders with what the editor writes
_BEGINNINGS = (b"email", b"line")  # of the lists that this program writes
_PAGE = 1000  # bytes of a page within which its mark stands
_BOM = b"\xef\xbb\xbf"


def check_list(settings: Settings, file: Path, *, heads: bytes = b"") -> None:
    """Raise UsageError for a file that no list of people may overwrite but one with such heads."""
    if file == STDOUT or _is_stream(file):
        return
    if settings.database_file:
        note_database(settings.database_file)
    refuse_database(file)
    if file.suffix.lower() in _WORKBOOKS:
        raise UsageError(
            say(
                "an export is CSV, which {name} would not open as; write {csv}, "
                "with --excel for Excel",
                name=file.name,
                csv=str(file.with_suffix(".csv")),
            )
        )
    if file.suffix.lower() not in _LISTS:
        raise UsageError(
            say(
                "{file}: a list is written to a file named {endings}, or to -",
                file=str(file),
                endings=", ".join(_LISTS),
            )
        )
    _check_place(settings, file)
    if file.is_file() and not _is_ours(file, heads):
        raise UsageError(
            say(
                "{file} is there, and no list that newsletter wrote; name another file, or move it",
                file=str(file),
            )
        )


def check_report(settings: Settings, file: Path) -> None:
    """Raise UsageError for a file that no report for machines may overwrite."""
    if file == STDOUT or _is_stream(file):
        return
    if file.suffix.lower() not in _REPORTS:
        raise UsageError(
            say("{file}: a report is written to a file named .sarif or .json", file=str(file))
        )
    _check_place(settings, file)


def check_page(settings: Settings, file: Path, suffix: str, mark: bytes) -> None:
    """Raise UsageError for a file that no page may overwrite, but one that has its mark."""
    if file == STDOUT or _is_stream(file):
        return
    if file.suffix.lower() != suffix:
        raise UsageError(
            say("{file}: it is written to a file named {suffix}", file=str(file), suffix=suffix)
        )
    _check_place(settings, file)
    if file.is_file() and mark not in _beginning(file, _PAGE):
        raise UsageError(
            say(
                "{file} is there, and no report that newsletter wrote; name another file, or move "
                "it",
                file=str(file),
            )
        )


def check_other(file: Path, source: Path) -> None:
    """Raise UsageError if a file would overwrite the one it is made from."""
    is_same = False
    try:
        read = os.fstat(sys.stdin.fileno()) if source == STDOUT else source.stat()
        is_same = os.path.samestat(read, file.stat())
    except OSError:
        return  # one of them does not exist
    if is_same:
        raise UsageError(
            say("{file} is the very list that is read; name another file", file=str(file))
        )


@contextmanager
def written(file: Path) -> Iterator[TextIO]:
    """Open an output file for a list, written whole or not at all, the same on every system."""
    if file != STDOUT:
        with open_whole(file) as out:
            yield out
        return
    sys.stdout.flush()
    with open(sys.stdout.fileno(), "w", encoding="utf-8", newline="", closefd=False) as out:
        yield out


def write_page(file: Path, data: bytes, *, is_private: bool = False) -> None:
    """Write a page whole or not at all, for its owner alone if it is private; - is stdout."""
    if file == STDOUT:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        return
    if is_private and not _is_stream(file):
        write_private(file, data)
    else:
        replace_file(file, data)


def _check_place(settings: Settings, file: Path) -> None:
    """Raise UsageError for a file of the newsletter, which is never overwritten."""
    target, root = Path(os.path.realpath(file)), Path(os.path.realpath(settings.root))
    kept = [root / FILE, root / ".env", *(Path(os.path.realpath(root / name)) for name in _KEPT)]
    for own in kept:
        if target == own or own in target.parents:
            raise UsageError(
                say("{file} belongs to the newsletter itself; name another file", file=str(file))
            )
    if not target.parent.is_dir():
        raise UsageError(
            say(
                "{file}: there is no folder {folder}; make it, or name another",
                file=str(file),
                folder=str(file.parent),
            )
        )


def _is_stream(file: Path) -> bool:
    """Return whether a file is a pipe or a device, such as that of >(gzip)."""
    return file.exists() and not file.is_file() and not file.is_dir()


def _is_ours(file: Path, heads: bytes) -> bool:
    beginning = _beginning(file, _PAGE + len(heads)).removeprefix(_BOM)
    ours = (*_BEGINNINGS, heads) if heads else _BEGINNINGS
    return not beginning or beginning.startswith(ours)


def _beginning(file: Path, length: int) -> bytes:
    with open_file(file) as old:
        return old.read(length)
