"""What a command writes lies where it was told to, whole, and over nothing else of the editor's."""

import os
import subprocess
from pathlib import Path

import pytest

from newsletter.files import open_whole
from tests.conftest import Site
from tests.waiting import PATIENCE

LIST = "email,name\naino@example.org,Aino\nnobody,Nemo\n"


@pytest.fixture
def listed(site: Site) -> Site:
    """A newsletter with a list of which a row is refused."""
    site.write("people.csv", LIST)
    site.write("notes.txt", "Muista kahvit\n")
    site.write("templates/page.csv", "mine")
    site.people(3)
    return site


# Where a list would be written -> a word of why it is not.
FOREIGN = {
    "newsletter.toml": ".csv, .tsv, .txt",
    "issues/2026-06.md": ".csv, .tsv, .txt",
    "issues/new.csv": "belongs to the newsletter",
    "templates/page.csv": "belongs to the newsletter",
    "issues/../issues/x/y.txt": "belongs to the newsletter",
    "notes.txt": "no list that newsletter wrote",
    "toml.csv": "belongs to the newsletter",  # a link
    "plain": ".csv, .tsv, .txt",
    ".csv": ".csv, .tsv, .txt",
}


@pytest.mark.parametrize("name", FOREIGN)
def test_no_list_is_written_over_what_is_none(listed: Site, name: str) -> None:
    (listed.root / "toml.csv").symlink_to("newsletter.toml")
    file = listed.root / name
    before = file.read_bytes() if file.exists() else None

    exported = listed.run("subscribers", "export", str(file), code=2)
    taken = listed.run(
        "subscribers",
        "import",
        str(listed.root / "people.csv"),
        "--yes",
        "--refused",
        str(file),
        code=2,
    )

    assert FOREIGN[name] in exported.stderr
    assert FOREIGN[name] in taken.stderr
    assert (file.read_bytes() if file.exists() else None) == before
    assert "aino" not in listed.run("subscribers", "list").stdout


@pytest.mark.parametrize("name", ["people.csv", "link.csv", "hard.csv", "./people.csv"])
def test_refused_rows_are_not_written_over_their_own_list(listed: Site, name: str) -> None:
    (listed.root / "link.csv").symlink_to("people.csv")
    os.link(listed.root / "people.csv", listed.root / "hard.csv")
    words = ("subscribers", "import", str(listed.root / "people.csv"), "--yes", "--refused")

    done = listed.run(*words, str(listed.root / name), code=2)

    assert "the very list that is read" in done.stderr
    assert (listed.root / "people.csv").read_text(encoding="utf-8") == LIST


def test_an_older_export_is_replaced_also_behind_a_link(listed: Site) -> None:
    real, link = listed.root / "real.csv", listed.root / "all.csv"
    link.symlink_to("real.csv")
    listed.run("subscribers", "export", str(link))
    first = real.read_bytes()
    listed.run("subscribers", "add", "uusi@example.org")

    for excel in ((), ("--excel",), ()):
        listed.run("subscribers", "export", str(link), *excel)

    assert link.is_symlink()
    assert len(real.read_bytes()) > len(first)
    assert f"{real.stat().st_mode & 0o777:o}" == "600"


def test_a_file_that_cannot_be_finished_leaves_the_old_one(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("old", encoding="utf-8")

    def fail() -> None:
        with open_whole(file) as out:
            out.write("new")
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match=r"people\.csv"):
        fail()

    assert file.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["people.csv"]


@pytest.mark.parametrize("name", ["issues/2026-06.md", "newsletter.toml", "issues/x.sarif", "x"])
def test_no_report_is_written_over_what_is_none(site: Site, name: str) -> None:
    before = (site.root / "newsletter.toml").read_bytes()

    site.run("check", "2026-06", "--sarif", str(site.root / name), code=2)

    assert (site.root / "newsletter.toml").read_bytes() == before
    assert (site.root / "issues/2026-06.md").read_text(encoding="utf-8").startswith("---")


REPORTS = (
    ("subscribers", "export", "-"),
    ("subscribers", "export", "/dev/full"),
    ("subscribers", "list"),
    ("subscribers", "list", "--json"),
    ("subscribers", "show", "person1@example.org"),
    ("list",),
    ("status", "--json"),
    ("stats", "--csv"),
    ("check", "2026-06", "--sarif", "-"),
    ("check", "2026-06", "--sarif", "/dev/full"),
    ("--help",),
)


@pytest.mark.parametrize("words", REPORTS, ids=" ".join)
def test_a_full_disk_is_told_and_nothing_is_said_to_be_done(
    listed: Site, words: tuple[str, ...]
) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            listed.command(*words),
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env=listed.full_environment,
            timeout=PATIENCE,
            check=False,
        )

    assert done.returncode == 3
    assert (
        done.stderr.rstrip()
        .splitlines()[-1]
        .endswith("make room on the disk, then run the command again")
    )
    assert "Traceback" not in done.stderr
    assert "Wrote" not in done.stderr


@pytest.mark.parametrize("words", [r for r in REPORTS if "/dev/full" not in r][:3], ids=" ".join)
def test_nobody_who_reads_on_is_no_fault(site: Site, words: tuple[str, ...]) -> None:
    site.people(3000)
    process = site.start(*words)
    assert process.stdout
    assert process.stderr
    process.stdout.read(1)
    process.stdout.close()

    told = process.stderr.read()

    assert process.wait(60) in (0, 1)
    process.stderr.close()
    assert "Traceback" not in told
    assert "Error" not in told
