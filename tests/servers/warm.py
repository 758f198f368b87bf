"""Importing this does most of what the program can do, once, for all processes forked from here.

They find its modules imported, its templates compiled and its tables read: a command takes a third
of the time. Nothing of it is theirs: the newsletter is a copy of the sample, and gone.
"""

import gc
import shutil
import threading
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from newsletter.cli.main import cli
from tests.servers.house import dialect_named, key_for, specification

_REPOSITORY = Path(__file__).parents[2]
_ISSUE = "2021-06"
_MONTH = (
    ["subscribers", "import", "subscribers/example.csv", "--yes"],
    ["check", _ISSUE],
    ["build", _ISSUE, "--out", "out"],
    ["send", _ISSUE, "--test", "me@example.org", "--yes"],
    ["status"],
    ["subscribers", "list"],
    ["list"],
)


def warm_up() -> None:
    """Tell the month of the sample newsletter."""
    with TemporaryDirectory() as folder, redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        root = Path(folder)
        for name in ("issues", "templates", "subscribers"):
            shutil.copytree(_REPOSITORY / name, root / name)
        shutil.copy(_REPOSITORY / "newsletter.toml", root)
        for command in _MONTH:
            words = [str(root / word) if "/" in word or word == "out" else word for word in command]
            cli.main(["-C", folder, *words], standalone_mode=False)


def read_specifications() -> None:
    """Read the providers' specifications that take longest, once for all servers."""
    for name in ("brevo", "mailgun"):
        dialect_named(name)(specification(name), key_for(name))


warm_up()
read_specifications()
assert threading.active_count() == 1, "a fork takes no threads along, but the locks they hold"
gc.freeze()  # so that no process copies all this when it looks for garbage
