"""Finds files by the names people see."""

from pathlib import Path, PurePosixPath
from unicodedata import normalize


def find_file(folder: Path, name: str) -> Path:
    """Return the path of a file below a folder, whether it is there or not.

    Letters such as “ä” may be one sign in the name and two in the folder, or the reverse: a Mac
    writes two, keyboards one (Unicode Standard Annex 15).
    """
    path = folder
    for part in PurePosixPath(name).parts:
        path = _beside(path, part)
    return path


def _beside(folder: Path, name: str) -> Path:
    path = folder / name
    if name.isascii() or path.exists() or not folder.is_dir():
        return path
    wanted = normalize("NFC", name)
    return next((p for p in folder.iterdir() if normalize("NFC", p.name) == wanted), path)
