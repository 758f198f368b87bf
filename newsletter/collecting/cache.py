"""Keeps the last state of feeds and what was offered, in a folder that may be deleted."""

import base64
import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from newsletter.collecting.network import Page
from newsletter.files import private_folder, read_file, write_private

FEEDS = Path(".newsletter") / "feeds"  # where it is, in the newsletter's folder
_OFFERED = "offered.json"
_FAILING = "failing.json"
_PARTS = 2  # of what is kept of a statute: title and day
_MOST_KNOWN = 5_000
_LARGEST = 100_000_000  # bytes of one file; the largest feed takes a tenth of that


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of JSON files; without them everything is fetched and offered again."""

    folder: Path

    def find(self, url: str) -> Page | None:
        """Return what is stored of a feed; None if there is nothing, or the file is damaged."""
        values = self._read(self._name(url))
        with suppress(LookupError, TypeError, ValueError):
            values["body"] = base64.b64decode(values["body"], validate=True)
            return Page(**values)
        return None

    def keep(self, url: str, page: Page) -> None:
        """Store a feed until it changes."""
        body = base64.b64encode(page.body or b"").decode()
        self._write(self._name(url), {**asdict(page), "body": body})

    def offered(self) -> dict[str, list[str]]:
        """Return the keys of the items offered so far, by the id of the issue."""
        return {
            issue_id: [str(key) for key in keys]
            for issue_id, keys in self._read(_OFFERED).items()
            if isinstance(keys, list)
        }

    def offer(self, issue_id: str, keys: Iterable[str]) -> None:
        """Record which items were offered for an issue, replacing an earlier record."""
        self._write(_OFFERED, {**self.offered(), issue_id: list(keys)})

    def remembered(self, url: str) -> dict[str, list[str]]:
        """Return what was read of a source piece by piece; what is damaged is left out."""
        kept = self._read(f"known-{self._name(url)}")
        return {
            key: [str(part) for part in parts]
            for key, parts in kept.items()
            if isinstance(parts, list) and len(parts) == _PARTS
        }

    def remember(self, url: str, known: Mapping[str, Sequence[str]]) -> None:
        """Store what was read of a source piece by piece, the newest of it."""
        newest = dict(list(known.items())[-_MOST_KNOWN:])
        self._write(f"known-{self._name(url)}", newest)

    def failing(self) -> dict[str, dt.date]:
        """Return since which day sources cannot be read, by their addresses."""
        found = {}
        for url, day in self._read(_FAILING).items():
            with suppress(ValueError, TypeError):
                found[url] = dt.date.fromisoformat(day)
        return found

    def note_failing(self, urls: Iterable[str], today: dt.date) -> None:
        """Record which sources cannot be read now; those of before keep their first day."""
        before = self.failing()
        self._write(_FAILING, {url: before.get(url, today).isoformat() for url in urls})

    def _name(self, url: str) -> str:
        return hashlib.sha256(url.encode()).hexdigest()[:32] + ".json"

    def _read(self, name: str) -> dict[str, Any]:
        with suppress(OSError, ValueError, RecursionError):
            values = json.loads(read_file(self.folder / name, at_most=_LARGEST))
            if isinstance(values, dict):
                return values
        return {}

    def _write(self, name: str, values: dict[str, Any]) -> None:
        private_folder(self.folder)
        # Newsletters older than this folder do not have it in their .gitignore.
        (self.folder / ".gitignore").write_text("*\n", encoding="utf-8")
        write_private(self.folder / name, json.dumps(values, ensure_ascii=False).encode())
