"""Remembers for a day which links worked, so that a second check does not request them again."""

import datetime as dt
import json
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from newsletter.files import private_folder, read_file

LIFETIME = dt.timedelta(hours=24)
_FORMAT = 1  # increased when the fields of Visit change


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What following a link led to."""

    hops: tuple[str, ...] = ()  # the addresses it was redirected to; the last is where it ended
    status: int = 0  # of the last answer; 0 if there was none
    trouble: str = ""  # why there was no answer: a Cause, or "acts"
    words: str = ""  # the same in words, following the link in a sentence
    fragment: bool | None = None  # whether the page has the fragment; None if it was not checked

    @property
    def is_fine(self) -> bool:
        """Return whether a page answered."""
        return not self.trouble and self.status < 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """A visit and when it was made."""

    visit: Visit
    at: dt.datetime  # UTC


def recall(path: Path | None, now: dt.datetime) -> dict[str, Remembered]:
    """Return the visits of the last day; none if the file cannot be read."""
    if path is None:
        return {}
    try:
        stored = json.loads(read_file(path))
        if stored["format"] != _FORMAT:
            return {}
        visits = {url: _remembered(value) for url, value in stored["visits"].items()}
        return {url: v for url, v in visits.items() if dt.timedelta() <= now - v.at < LIFETIME}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {}


def remember(path: Path | None, visits: Mapping[str, Remembered]) -> None:
    """Write the successful visits, all or nothing; a read-only folder is no error."""
    if path is None:
        return
    stored = {
        "format": _FORMAT,
        "visits": {
            url: {"at": seen.at.astimezone(dt.UTC).isoformat(), **asdict(seen.visit)}
            for url, seen in sorted(visits.items())
            if seen.visit.is_fine
        },
    }
    with suppress(OSError):
        private_folder(path.parent)
        _replace(path, json.dumps(stored, ensure_ascii=False, indent=1))


def _remembered(value: dict[str, Any]) -> Remembered:
    at = dt.datetime.fromisoformat(value.pop("at"))
    hops, status, fragment = tuple(value.pop("hops")), value.pop("status"), value.pop("fragment")
    texts = {name: value[name] for name in ("trouble", "words")}
    fits = (
        at.tzinfo is not None
        and all(isinstance(text, str) for text in (*hops, *texts.values()))
        and isinstance(status, int)
        and fragment in (True, False, None)
    )
    if not fits:
        raise ValueError("not a visit")
    return Remembered(at=at, visit=Visit(hops=hops, status=status, fragment=fragment, **texts))


def _replace(path: Path, text: str) -> None:
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, prefix=path.name, suffix=".new", delete=False
    ) as file:
        fresh = Path(file.name)
        try:
            file.write(text)
        except OSError:
            fresh.unlink(missing_ok=True)
            raise
    fresh.replace(path)
