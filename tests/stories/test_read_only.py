"""In a folder that may not be written, what only reads works, and what writes says what to do."""

import http.client
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Site
from tests.waiting import PATIENCE

# Root may write anywhere by these two capabilities alone: capabilities(7).
_RIGHTS = "-dac_override,-dac_read_search"
READERS = (
    ("check", "2026-06"),
    ("status",),
    ("status", "2026-06", "--recipients"),
    ("stats",),
    ("list",),
    ("templates",),
    ("subscribers", "list"),
    ("subscribers", "show", "person0@example.org"),
    ("subscribers", "undo", "--list"),
    ("send", "2026-06", "--dry-run"),
)
WRITERS = (
    ("build", "2026-06"),
    ("new", "2026-07"),
    ("send", "2026-06", "--yes"),
    ("subscribers", "add", "x@example.org"),
    ("subscribers", "undo", "--yes"),
    ("templates", "copy", "quote"),
    ("worker",),
)


@pytest.fixture
def closed(site: Site) -> Iterator[Site]:
    """A newsletter with two people and a rehearsal, in folders that nobody may write."""
    site.people(2)
    site.run("send", "2026-06", "--yes")
    places = [site.root, *site.root.rglob("*")]
    modes = {path: path.stat().st_mode for path in places}
    for path, mode in modes.items():
        path.chmod(mode & ~0o222)
    yield site
    for path, mode in modes.items():
        path.chmod(mode)


def denied(site: Site, *arguments: str) -> list[str]:
    """Return a command whose process has no more rights to files than their modes give it."""
    command = [sys.executable, "-m", "newsletter", "-C", str(site.root), *arguments]
    if os.geteuid() != 0:
        return command
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("root cannot be denied anything without setpriv")
    return [setpriv, f"--bounding-set={_RIGHTS}", f"--inh-caps={_RIGHTS}", *command]


def run(site: Site, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        denied(site, *arguments),
        env=site.full_environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


@pytest.mark.parametrize("command", READERS, ids=" ".join)
def test_what_only_reads_works(closed: Site, command: tuple[str, ...]) -> None:
    done = run(closed, *command)

    assert done.returncode == 0, done.stdout + done.stderr


def test_pages_are_built_elsewhere(closed: Site, tmp_path: Path) -> None:
    done = run(closed, "build", "2026-06", "--out", str(tmp_path / "out"))

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "2026-06.html").is_file()


@pytest.mark.parametrize("command", WRITERS, ids=" ".join)
def test_what_writes_names_the_place_and_the_cure(closed: Site, command: tuple[str, ...]) -> None:
    done = run(closed, *command)

    assert done.returncode == 3, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert re.search(r"^Error: .*(out|2026-07\.md|newsletter\.\w+|templates)", done.stderr, re.M)
    assert re.search(r"choose another|must be writable|allow yourself", done.stderr)


def test_the_list_is_read_while_another_process_has_it_open(closed: Site) -> None:
    """What was changed a moment ago lies in a log beside the file."""
    folder = closed.root / "subscribers"
    folder.chmod(0o700)
    for path in folder.iterdir():
        path.chmod(0o600)
    changing = (
        "import sqlite3, sys\n"
        "connection = sqlite3.connect(sys.argv[1])\n"
        "connection.execute('DELETE FROM changes')\n"
        "connection.commit()\n"
        "print('changed', flush=True)\n"
        "input()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", changing, str(folder / "newsletter.db")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout
        assert holder.stdout.readline() == "changed\n"
        folder.chmod(0o500)

        done = run(closed, "subscribers", "list")
    finally:
        folder.chmod(0o700)
        holder.communicate("\n", timeout=PATIENCE)

    assert done.returncode == 0, done.stderr
    assert "person0@example.org" in done.stdout


def test_an_issue_is_previewed(closed: Site) -> None:
    process = subprocess.Popen(
        denied(closed, "preview", "2026-06", "--no-open", "--port", "0"),
        env=closed.full_environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr
        told = re.search(r"http://([\d.]+):(\d+)", process.stderr.readline())
        assert told
        connection = http.client.HTTPConnection(told[1], int(told[2]), timeout=PATIENCE)
        connection.request("GET", "/issues/2026-06/mail")
        answer = connection.getresponse()
        page = answer.read().decode()
        connection.close()
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)

    assert answer.status == 200, page
