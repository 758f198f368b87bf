"""Finds files by the names people see, and keeps files about people private."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Literal, TextIO
from unicodedata import normalize

_OWNERS_FILE, _OWNERS_FOLDER = 0o600, 0o700
LARGEST_TEXT = 10_000_000  # bytes; a year of issues in one file is a tenth of that
_OTHERS = 0o077  # any right of the group and of everybody else
_BESIDE = ("-wal", "-shm", "-journal")  # files that SQLite puts next to a database
_databases: set[str] = set()  # real paths of the databases this process has opened


def find_file(folder: Path, name: str) -> Path:
    """Return the path of a file below a folder, whether it exists or not.

    Letters such as “ä” may be one character in the name and two in the folder, or the reverse: a
    Mac writes two, keyboards one (Unicode Standard Annex 15).
    """
    path = folder
    for part in PurePosixPath(name).parts:
        path = _beside(path, part)
    return path


def find_above(start: Path, name: str) -> Path | None:
    """Return the nearest file of a name at or above a folder, as git does; None if none is there.

    Raise OSError or RuntimeError where a link leads back to itself.
    """
    start = start.resolve()
    return next((f / name for f in (start, *start.parents) if (f / name).is_file()), None)


def leads_out(path: Path, root: Path) -> bool:
    """Return whether a file, links followed, lies outside of a folder.

    A loop of links leads nowhere; reading it will tell.
    """
    return not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))


def open_file(path: Path) -> BinaryIO:
    """Open a file that can be read; raise OSError, naming it, for a folder, a pipe or a device."""
    refuse_database(path)
    # Without O_NONBLOCK, a pipe of that name would wait here for a writer.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "is not a file that can be read", str(path))
    file = os.fdopen(handle, "rb")
    try:
        file.peek(1)
    except OSError as err:  # which does not name the file itself
        file.close()
        raise OSError(err.errno, err.strerror, str(path)) from err
    return file


def read_file(path: Path, *, at_most: int = LARGEST_TEXT) -> bytes:
    """Read a regular file; raise OSError as `open_file` does, and for more than `at_most` bytes."""
    with open_file(path) as file:
        data = file.read(at_most + 1)
    if len(data) > at_most:
        raise OSError(errno.EFBIG, f"is larger than {at_most / 1e6:.0f} MB", str(path))
    return data


def read_words(path: Path) -> str:
    """Read a file as text, whatever its encoding; raise OSError as `read_file` does."""
    return read_file(path).decode("utf-8-sig", "replace")


def private_folder(folder: Path) -> None:
    """Make a folder, and its missing parents, which only the owner may enter.

    An existing one keeps its rights: they may be intended.
    """
    if folder.is_dir():
        return
    if folder.parent != folder:
        private_folder(folder.parent)
    folder.mkdir(mode=_OWNERS_FOLDER, exist_ok=True)


def private_database(path: Path) -> None:
    """Make an empty file for SQLite, unless it exists, that only its owner may read and write.

    A link to a missing file creates that file: SQLite would make it readable by everybody. Nothing
    here or below ever opens a database as a file: when a process closes any handle of a file, the
    system frees all locks that the process holds on it, those of SQLite too, and the database is
    damaged (https://sqlite.org/howtocorrupt.html, 2.2).
    """
    path = Path(os.path.realpath(path))
    with suppress(FileExistsError):
        try:
            os.mknod(path, stat.S_IFREG | _OWNERS_FILE)
        except (AttributeError, PermissionError):  # Windows has none, a Mac only for root
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNERS_FILE))
    note_database(path)


def note_database(path: Path) -> None:
    """Remember where a database is, which nothing may open as a file from now on."""
    _databases.add(os.path.realpath(path))


def refuse_database(path: Path) -> None:
    """Raise OSError for a database, and for the files next to it that belong to it."""
    name = os.path.realpath(path)
    if name in _databases or any(name.removesuffix(end) in _databases for end in _BESIDE):
        raise OSError(errno.EBUSY, "is the ledger itself", str(path))


def open_private(
    path: Path, mode: Literal["w", "a", "x"] = "w", *, newline: str | None = None
) -> TextIO:
    """Open a UTF-8 text file for writing that from the start only its owner may read.

    Raise OSError, naming it, also for the ledger.
    """
    refuse_database(path)
    return open(path, mode, encoding="utf-8", newline=newline, opener=_open_private)


def write_private(path: Path, data: bytes) -> None:
    """Write a file for its owner alone, whole or not at all, whenever the process is killed."""
    part = path.with_name(path.name + ".part")
    with open(part, "wb", opener=_open_private) as file:
        file.write(data)
    os.replace(part, path)  # noqa: PTH105 - Path.replace is slower by a stat


def replace_file(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, whenever the process is killed; its rights stay.

    A link stays a link; a pipe or a device is written to at once. Raise OSError, naming the file.
    """
    target = Path(os.path.realpath(path))
    part = target.with_name(_part_name())
    try:
        if _is_stream(path):
            path.write_bytes(data)
            return
        part.write_bytes(data)
        with suppress(FileNotFoundError):
            part.chmod(stat.S_IMODE(target.stat().st_mode))
        part.replace(target)
    except OSError as err:
        raise OSError(err.errno, err.strerror, str(path)) from err
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


@contextmanager
def open_whole(path: Path) -> Iterator[TextIO]:
    """Open a UTF-8 text file that is written whole or not at all; only its owner may read it.

    The old file stays until the last byte is written: the disk may be full before. Line ends are
    not translated. A pipe or a device is written to at once. Raise OSError, naming the file.
    """
    refuse_database(path)
    if _is_stream(path):
        with open_private(path, newline="") as out:
            yield out
        return
    target = Path(os.path.realpath(path))  # a link stays a link
    part = target.with_name(_part_name())
    try:
        with open_private(part, "x", newline="") as out:
            yield out
        part.replace(target)
    except OSError as err:
        if err.filename in (None, str(part)):
            raise OSError(err.errno, err.strerror, str(path)) from err
        raise
    finally:
        part.unlink(missing_ok=True)


def is_open_to_others(path: Path) -> bool:
    """Return whether anybody but its owner has any right to a file or folder."""
    if os.name == "nt":  # permissions work differently there
        return False
    with suppress(OSError):
        return bool(path.stat().st_mode & _OTHERS)
    return False


def _is_stream(path: Path) -> bool:
    return path.exists() and not path.is_file()


def _part_name() -> str:
    """Return a name that no other file has."""
    return f".{os.urandom(8).hex()}.part"  # as `secrets` makes it, which loads OpenSSL: 10 ms


def _open_private(path: str, flags: int) -> int:
    file = os.open(path, flags, _OWNERS_FILE)
    # An older file keeps its rights when it is opened; a file system may not have any.
    with suppress(OSError, AttributeError):
        if stat.S_ISREG(os.fstat(file).st_mode):
            os.fchmod(file, _OWNERS_FILE)
    return file


def _beside(folder: Path, name: str) -> Path:
    path = folder / name
    if name.isascii() or path.exists() or not folder.is_dir():
        return path
    wanted = normalize("NFC", name)
    return next((p for p in folder.iterdir() if normalize("NFC", p.name) == wanted), path)
