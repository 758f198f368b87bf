"""Reads the first lines of issue files: quick enough for a whole archive."""

import datetime as dt
from functools import lru_cache
from pathlib import Path
from typing import Any

import frontmatter

from newsletter.content.issuefiles import fault_of_file, list_files
from newsletter.content.plainyaml import PlainHandler
from newsletter.files import read_file
from newsletter.model import Head

_MOST = 64 * 1024  # bytes; front matter is never longer
_HANDLER = PlainHandler()


def list_heads(folder: Path, *, root: Path, language: str) -> list[Head]:
    """List the head of every issue in every language, oldest issue first.

    `language` is that of files whose name has none. A file without front matter has an empty head.
    """
    return [
        read_head(path, issue_id=issue_id, root=root, language=named or language)
        for issue_id, named, path in list_files(folder)
    ]


def read_head(path: Path, *, issue_id: str, root: Path, language: str) -> Head:
    """Read one head; cached for each file."""
    if fault_of_file(path):  # reported when the issue is read; a list shows it all the same
        name = path.relative_to(root).as_posix()
        return Head(id=issue_id, path=name, language=language, subject="")
    stat = path.stat()
    return _read(path, issue_id, root, language, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=2048)
def _read(path: Path, issue_id: str, root: Path, language: str, _mtime: int, _size: int) -> Head:
    data = read_file(path)[:_MOST]
    text = data.decode("utf-8-sig", "replace").replace("\r\n", "\n")
    values = _front_matter(text)
    date, number = values.get("date"), values.get("number")
    return Head(
        id=issue_id,
        path=path.relative_to(root).as_posix(),
        language=str(values.get("lang") or language),
        subject=" ".join(str(values.get("subject") or "").split()),
        preheader=" ".join(str(values.get("preheader") or "").split()),
        date=date if isinstance(date, dt.date) and not isinstance(date, dt.datetime) else None,
        number=number if isinstance(number, int) else None,
        sender=str(values.get("from") or ""),
    )


def _front_matter(text: str) -> dict[str, Any]:
    values, _ = frontmatter.parse(text, handler=_HANDLER)
    return values
