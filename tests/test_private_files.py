"""Files about people are their owner's alone, whatever the umask, from the moment they are made."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from click.testing import CliRunner

from newsletter.cli.main import cli
from newsletter.delivery import Worker
from newsletter.files import (
    is_open_to_others,
    open_private,
    private_database,
    private_folder,
    write_private,
)
from newsletter.ledger import open_ledger
from tests.conftest import Site
from tests.waiting import PATIENCE


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=lambda umask: f"umask {umask:03o}")
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    """A mask under which new files are open to all, to read, or to nobody."""
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def rights_of(path: Path) -> str:
    """Return rights such as "600"."""
    return f"{stat.S_IMODE(path.stat().st_mode):o}"


def exposed_files(folder: Path) -> list[str]:
    """Return what others have any right to in a folder, and the folder itself."""
    return [str(path) for path in (folder, *folder.rglob("*")) if is_open_to_others(path)]


@pytest.mark.parametrize("mode", ["w", "a", "x"])
def test_a_file_is_private_before_a_word_is_in_it(
    tmp_path: Path, umask: int, mode: Literal["w", "a", "x"]
) -> None:
    with open_private(tmp_path / "people.csv", mode):
        assert rights_of(tmp_path / "people.csv") == "600"


def test_an_older_file_is_closed_before_a_new_word_is_in_it(tmp_path: Path, umask: int) -> None:
    file = tmp_path / "people.csv"
    file.write_text("old", encoding="utf-8")
    file.chmod(0o666)

    with open_private(file):
        assert rights_of(file) == "600"


def test_a_file_written_whole_is_private(tmp_path: Path, umask: int) -> None:
    left = tmp_path / "mail.eml.part"  # of a process that was killed, by an older version
    left.write_bytes(b"a longer text")
    left.chmod(0o644)

    write_private(tmp_path / "mail.eml", b"text")

    assert (tmp_path / "mail.eml").read_bytes() == b"text"
    assert [path.name for path in tmp_path.iterdir()] == ["mail.eml"]
    assert rights_of(tmp_path / "mail.eml") == "600"


@pytest.mark.parametrize("links", [1, 2])
def test_a_ledger_behind_a_link_that_leads_nowhere_yet_is_private(
    tmp_path: Path, umask: int, links: int
) -> None:
    target = tmp_path / "elsewhere"
    target.mkdir(mode=0o755)
    place = target / "people.db"
    for number in range(links):
        link = tmp_path / f"{number}.db"
        link.symlink_to(place)
        place = link

    open_ledger(place).close()

    assert {rights_of(path) for path in target.iterdir()} == {"600"}


def test_asking_whose_locks_can_be_seen_makes_no_folder_for_others(
    tmp_path: Path, umask: int
) -> None:
    ledger = open_ledger(tmp_path / "l.db")

    assert Worker(tmp_path / "l.workers", ledger).host

    assert rights_of(tmp_path / "l.workers") == "700"
    ledger.close()


def test_a_new_folder_is_private_and_so_are_those_above_it(tmp_path: Path, umask: int) -> None:
    private_folder(tmp_path / "a/b")

    assert [rights_of(tmp_path / name) for name in ("a", "a/b")] == ["700", "700"]


def test_a_folder_that_is_there_keeps_its_rights(tmp_path: Path) -> None:
    tmp_path.chmod(0o750)

    private_folder(tmp_path)

    assert rights_of(tmp_path) == "750"


def test_a_pipe_in_the_place_of_a_file_holds_nobody_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    private_database(tmp_path / "pipe")


def test_what_sqlite_lays_beside_the_ledger_is_private(tmp_path: Path, umask: int) -> None:
    folder = tmp_path / "people"

    ledger = open_ledger(folder / "newsletter.db")
    with ledger.read():
        names = {path.name for path in folder.iterdir()}
        found = exposed_files(folder)
    ledger.close()

    assert names == {"newsletter.db", "newsletter.db-wal", "newsletter.db-shm"}
    assert found == []


_WRITE_AND_GO = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=5)
connection.execute("CREATE TABLE elsewhere (n INTEGER)")
connection.close()
"""


def test_opening_a_ledger_twice_frees_no_lock_of_the_first(tmp_path: Path) -> None:
    """Without its locks, another process that ends takes the log of changes away from below it."""
    file = tmp_path / "newsletter.db"
    first = open_ledger(file)
    with first.read() as connection:
        connection.exec_driver_sql("SELECT 1")
        open_ledger(file).close()

        subprocess.run(
            [sys.executable, "-c", _WRITE_AND_GO, str(file)], check=True, timeout=PATIENCE
        )

        assert (tmp_path / "newsletter.db-wal").exists()
    first.close()


@pytest.mark.parametrize("ending", ["", "-wal", "-shm"])
def test_no_command_reads_or_writes_the_ledger_as_a_file(site: Site, ending: str) -> None:
    site.people(3)
    file = site.root / "subscribers" / f"newsletter.db{ending}"
    link = site.root / "people.csv"
    link.symlink_to(file)
    rows = site.write("rows.csv", "email\na@example.org\nnobody\n")

    for command in (
        ("subscribers", "export", str(file)),
        ("subscribers", "export", str(link)),
        ("subscribers", "import", str(rows), "--yes", "--refused", str(link)),
    ):
        done = site.run(*command, code=3)
        assert "is the ledger itself" in done.stderr

    listed = site.run("subscribers", "list", "--json").stdout
    assert len(json.loads(listed)) >= 3


def test_nothing_of_a_whole_month_lies_open(site: Site) -> None:
    (site.root / "subscribers").mkdir(mode=0o700)
    folders = ("subscribers", "outbox", ".newsletter", "exports")
    months = [
        ("subscribers", "add", "a@example.org", "--name", "Aino"),
        ("check", "2026-06"),
        ("send", "2026-06", "--yes"),
        ("subscribers", "export", str(site.root / "subscribers" / "people.csv")),
    ]

    before = os.umask(0)
    try:
        for command in months:
            done = CliRunner().invoke(cli, ["-C", str(site.root), *command])
            assert done.exit_code == 0, done.output
    finally:
        os.umask(before)

    made = [site.root / name for name in folders if (site.root / name).exists()]
    assert (site.root / "subscribers/people.csv").is_file()
    assert (site.root / "outbox/2026-06/a@example.org.eml").is_file()
    assert [name for folder in made for name in exposed_files(folder)] == []


def test_a_new_newsletter_has_a_private_folder_for_its_people(site: Site) -> None:
    site.run("init", str(site.root / "new"))

    assert rights_of(site.root / "new/subscribers") == "700"


def test_copies_of_lists_stay_out_of_git_and_are_found_lying_open(site: Site) -> None:
    site.run("init", str(site.root / "new"))
    ignored = (site.root / "new/.gitignore").read_text(encoding="utf-8").splitlines()
    for name in ("copy.db", "statistics.csv"):
        site.write(name, "x").chmod(0o644)

    told = site.run("doctor", code=None)

    assert {"*.csv", "*.xlsx", "*.db"} <= set(ignored)
    assert "copy.db" in told.stdout + told.stderr
    # It has figures of issues alone, for git and for whoever asks.
    assert "!/statistics.csv" in ignored
    assert "statistics.csv" not in told.stdout + told.stderr
