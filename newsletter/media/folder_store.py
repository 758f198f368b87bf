"""Puts pictures into a folder of this machine, such as one that a web server shows."""

import os
from contextlib import suppress
from pathlib import Path

from newsletter.errors import HostingError
from newsletter.language import reason_of_disk, say
from newsletter.media.stores import FOLDER, Store, Target

_FOR_ALL = 0o644  # a web server reads them as somebody else


class FolderStore(Store):
    """A folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _ask(self, name: str) -> int | None:
        file = self._folder / name
        try:
            return file.stat().st_size
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as err:
            raise _refusal(file, err) from err

    def _write(self, name: str, data: bytes, media_type: str) -> None:
        """Write a file beside, then give it its name."""
        del media_type  # a web server knows it by the name
        file = self._folder / name
        part = self._folder / f".{file.name}.{os.urandom(4).hex()}.part"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            part.write_bytes(data)
            part.chmod(_FOR_ALL)
            part.replace(file)
        except OSError as err:
            raise _refusal(file, err) from err
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)


def open_place(target: Target) -> Store:
    """Return the folder; it is made with the first picture."""
    return FolderStore(target.root / Path(target.to).expanduser() / FOLDER)


def _refusal(file: Path, err: OSError) -> HostingError:
    return HostingError(
        say(
            "cannot write {file}: {reason}; see [media] to in newsletter.toml",
            file=str(file),
            reason=reason_of_disk(err),
        )
    )
