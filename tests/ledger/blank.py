"""Empty ledgers in files: made once in each process, then copied."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from newsletter.ledger import Ledger, open_ledger


def open_blank(file: Path) -> Ledger:
    """Open an empty ledger in a file that is not there yet."""
    put_blank(file)
    return open_ledger(file)


def put_blank(file: Path) -> None:
    """Put an empty ledger in the place of whatever is there; nobody may have it open."""
    for beside in ("", "-wal", "-shm"):
        Path(f"{file}{beside}").unlink(missing_ok=True)
    file.touch(mode=0o600)
    file.write_bytes(_blank())


@cache
def _blank() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder, "blank.db")
        open_ledger(file).close()
        return file.read_bytes()
