"""Finds the files about people that others on the machine can access."""

import glob
import shlex
from pathlib import Path

from newsletter.files import is_open_to_others
from newsletter.settings.schema import Settings

_COPIES = ("*.csv", "*.xlsx", "*.db")  # where an editor leaves lists and ledgers


def exposed_files(settings: Settings) -> list[Path]:
    """Return the files and folders about people that others on this machine can access."""
    root = settings.root.resolve()
    folders = [root / settings.provider.path, root / ".newsletter"]
    log = root / settings.statistics.log  # it tells of issues, and of nobody
    lists = [path for kind in _COPIES for path in sorted(root.glob(kind)) if path != log]
    files = [root / ".env", *lists]
    if database := settings.database_file:
        home = database.resolve().parent
        folders.insert(0, home)
        files += sorted(home.glob(f"{glob.escape(database.name)}*")) if home.is_dir() else ()
    own = [folder for folder in folders if folder not in (root, *root.parents)]
    exposed = [path for path in own if _holds_anything(path) and is_open_to_others(path)]
    apart = [path for path in files if path.parent not in exposed and path.is_file()]
    return exposed + [path for path in apart if is_open_to_others(path)]


def restrict_command(path: Path) -> str:
    """Return the command that makes a file or folder accessible to its owner alone."""
    option = "-R " if path.is_dir() else ""
    return f"chmod {option}go-rwx {shlex.quote(str(path))}"


def _holds_anything(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())
