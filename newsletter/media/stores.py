"""What a place for pictures can do, and which of them a setting names."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

# The only names that anything here is put under: the digest of a picture, and its kind.
_NAME = re.compile(r"[0-9a-f]{20}\.(?:gif|jpg|png|webp)", re.ASCII)
_SCHEMES = {"s3": "s3_store", "sftp": "sftp_store"}  # each with libraries that few need
FOLDER = "pictures"  # below the place, as below media_url


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where pictures are put, as the settings say it."""

    to: str  # a folder, s3://BUCKET/FOLDER or sftp://USER@HOST/FOLDER
    root: Path  # of the newsletter, from which a folder is named
    endpoint: str = ""
    region: str = ""
    host_key: str = ""
    key_file: str = ""
    secret: str = field(default="", repr=False)


class Store(ABC):
    """A place for pictures. It is open until closed."""

    def size_of(self, name: str) -> int | None:
        """Return the bytes of a picture there; None if there is none of that name."""
        return self._ask(safe_name(name))

    def put(self, name: str, data: bytes, media_type: str) -> None:
        """Put a picture there, whole or not at all."""
        self._write(safe_name(name), data, media_type)

    @abstractmethod
    def _ask(self, name: str) -> int | None: ...

    @abstractmethod
    def _write(self, name: str, data: bytes, media_type: str) -> None: ...

    def close(self) -> None:  # noqa: B027 - a folder has nothing to let go of
        """Close what is held open."""


@contextmanager
def open_store(target: Target) -> Iterator[Store]:
    """Open the place that a setting names; raise HostingError if it cannot be."""
    scheme = target.to.partition("://")[0] if "://" in target.to else ""
    module = import_module(f"newsletter.media.{_SCHEMES.get(scheme, 'folder_store')}")
    store: Store = module.open_place(target)
    try:
        yield store
    finally:
        store.close()


def safe_name(name: str) -> str:
    """Return the name of a picture; raise ValueError for whatever else could be a path."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"no name of a picture: {name!r}")
    return name
