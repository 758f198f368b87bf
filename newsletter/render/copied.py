"""Remembers what was copied into a folder of templates, as it was then.

It stands in one file beside the templates, which goes wherever they go. Old newsletters have none.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from newsletter.errors import ConfigError
from newsletter.files import read_file, replace_file
from newsletter.language import say
from newsletter.render.looks import digest_of
from newsletter.render.ownfiles import place_in

COPIED_FILE = "copied.json"
_ABOUT = (
    "What newsletter copied into this folder, as it was then. "
    "“newsletter templates update” needs it, so keep it with the templates."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a template was made from."""

    look: str  # where it was copied from, as newsletter.toml names it
    text: str  # all of it, with "\n" at the ends of its lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What is remembered of a template.

    A file and what is remembered of it cannot be written at once. So what comes is remembered
    first, with the file that it replaces: as long as that one is there, what was before holds.
    """

    origin: Origin
    replaced: str = ""  # the digest of the file that was, or is still, to be replaced
    earlier: Origin | None = None  # what that one was made from


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What is remembered of the templates in a folder."""

    folder: Path
    copies: Mapping[str, Copied] = field(default_factory=dict)  # by the name of the template

    def origin_of(self, name: str, content: bytes) -> Origin | None:
        """Return what a template was made from; None if that is not known."""
        copied = self.copies.get(name)
        if copied and copied.replaced == digest_of(content):
            return copied.earlier
        return copied.origin if copied else None

    def is_untouched(self, name: str, content: bytes) -> bool:
        """Return whether nobody has changed a template since it was copied."""
        origin = self.origin_of(name, content)
        return origin is not None and digest_of(origin.text.encode()) == digest_of(content)


def is_untouched(folder: Path, name: str, content: bytes) -> bool:
    """Return whether nobody has changed a template of a folder since it was copied there.

    Where nothing is remembered, or it cannot be read, nobody knows.
    """
    try:
        stat = (folder / COPIED_FILE).stat()
    except OSError:
        return False
    memory = _recalled(folder, stat.st_mtime_ns, stat.st_size)
    return memory is not None and memory.is_untouched(name, content)


@lru_cache(maxsize=8)  # it is asked for each template, at each keystroke of a preview
def _recalled(folder: Path, _written: int, _size: int) -> Memory | None:
    return recall_if_legible(folder)


def recall_if_legible(folder: Path) -> Memory | None:
    """Return what is remembered of a folder; None if that cannot be read."""
    try:
        return recall(folder)
    except (OSError, ConfigError):
        return None


def recall(folder: Path) -> Memory:
    """Return what is remembered of a folder; raise ConfigError if that cannot be read."""
    path = place_in(folder, COPIED_FILE)
    try:
        entries = json.loads(read_file(path).decode("utf-8-sig"))["copied"]
        return Memory(folder=folder, copies={name: _copied(e) for name, e in entries.items()})
    except (FileNotFoundError, NotADirectoryError):
        return Memory(folder=folder)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as err:
        raise ConfigError(
            say(
                "{file} cannot be read: it was changed by hand, or two versions of it were merged; "
                "take it from a backup, or delete it: then nobody knows any more "
                "what your templates were made from",
                file=str(path),
            )
        ) from err


def remember(
    memory: Memory, name: str, origin: Origin, *, before: bytes | None, after: bytes
) -> Memory:
    """Remember what a template is made from, before it is written; return the new memory."""
    copied = Copied(origin=origin)
    if before is not None and digest_of(before) != digest_of(after):
        earlier = memory.origin_of(name, before)
        copied = Copied(origin=origin, replaced=digest_of(before), earlier=earlier)
    return _noting(memory, name, copied)


def settle(memory: Memory, name: str) -> Memory:
    """Forget what a template was before, once it is written; return the new memory.

    From then on its owner may well write again what was there, and means it.
    """
    copied = memory.copies[name]
    return _noting(memory, name, Copied(origin=copied.origin)) if copied.replaced else memory


def _noting(memory: Memory, name: str, copied: Copied) -> Memory:
    copies = {**memory.copies, name: copied}
    entries = {name: dict(_entry(copies[name])) for name in sorted(copies)}
    text = json.dumps({"about": _ABOUT, "copied": entries}, ensure_ascii=False, indent=1)
    path = place_in(memory.folder, COPIED_FILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, f"{text}\n".encode())
    return Memory(folder=memory.folder, copies=copies)


def _copied(entry: Mapping[str, Any]) -> Copied:
    earlier = entry.get("earlier")
    return Copied(
        origin=_origin(entry),
        replaced=str(entry.get("replaced", "")),
        earlier=_origin(earlier) if earlier else None,
    )


def _origin(entry: Mapping[str, Any]) -> Origin:
    """Return an origin as it is noted; raise ValueError if its text is not what it was."""
    text = "\n".join(entry["text"])
    if digest_of(text.encode()) != entry["digest"]:
        raise ValueError(entry["digest"])
    return Origin(look=str(entry["look"]), text=text)


def _entry(copied: Copied) -> Iterator[tuple[str, Any]]:
    yield from _noted(copied.origin)
    if copied.replaced:
        yield "replaced", copied.replaced
    if copied.earlier:
        yield "earlier", dict(_noted(copied.earlier))


def _noted(origin: Origin) -> Iterator[tuple[str, Any]]:
    yield "look", origin.look
    yield "digest", digest_of(origin.text.encode())
    yield "text", origin.text.split("\n")  # line by line, so that git shows what changes
