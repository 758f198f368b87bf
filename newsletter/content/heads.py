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


def list_heads(root: Path, *, language: str) -> list[Head]:
    """List the head of every issue of a newsletter in every language, oldest issue first.

    `language` is that of files whose name has none. A file without front matter has an empty head.
    """
    return [
        _head(path, issue_id, path.relative_to(root).as_posix(), named or language)
        for issue_id, named, path in list_files(root / "issues")
    ]


def _head(path: Path, issue_id: str, name: str, language: str) -> Head:
    if fault_of_file(path):  # reported when the issue is read; a list shows it all the same
        return Head(id=issue_id, path=name, language=language, subject="")
    stat = path.stat()
    return _read(path, issue_id, name, language, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=2048)
def _read(path: Path, issue_id: str, name: str, language: str, _mtime: int, _size: int) -> Head:
    data = read_file(path)[:_MOST]
    values = _front_matter(data.decode("utf-8-sig", "replace").replace("\r\n", "\n"))
    date, number = values.get("date"), values.get("number")
    return Head(
        id=issue_id,
        path=name,
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
