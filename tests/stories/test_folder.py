"""`newsletter -C DIR` works as if started in DIR, with all paths in options, as git does."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Site

LIST = "email,name\na@example.org,Aino\nnobody,B\n"
# Each option and argument that names a file or a folder, and what is written where.
WRITERS = {
    "build writes to out/": (("build", "2026-06"), "out/2026-06.html"),
    "build --out": (("build", "2026-06", "--out", "pages"), "pages/2026-06.html"),
    "check --sarif": (("check", "2026-06", "--sarif", "check.sarif"), "check.sarif"),
    "subscribers export": (("subscribers", "export", "all.csv"), "all.csv"),
    "subscribers import --refused": (
        ("subscribers", "import", "list.csv", "--yes", "--refused", "refused.csv"),
        "refused.csv",
    ),
    "stats --csv": (("stats", "--csv"), ""),
}


@pytest.mark.parametrize("case", WRITERS)
def test_paths_in_options_begin_in_the_folder(site: Site, tmp_path: Path, case: str) -> None:
    arguments, written = WRITERS[case]
    site.people(1)
    site.write("list.csv", LIST)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    subprocess.run(
        [sys.executable, "-m", "newsletter", "-C", "../site", *arguments],
        cwd=elsewhere,
        env=site.full_environment,
        capture_output=True,
        check=False,
    )

    assert list(elsewhere.iterdir()) == []
    assert (site.root / written).exists()


def test_a_folder_within_the_newsletter_is_where_files_go(site: Site) -> None:
    inner = Site(site.root / "issues", site.environment)

    told = inner.run("build", "2026-06")

    assert (inner.root / "out" / "2026-06.html").is_file()
    assert str(inner.root / "out" / "2026-06") in told.stderr  # as the editor's shell finds it


def test_a_new_newsletter_is_made_there_and_the_way_to_it_told(tmp_path: Path) -> None:
    told = Site(tmp_path).run("init", "kirje")

    assert (tmp_path / "kirje" / "newsletter.toml").is_file()
    assert f"cd {tmp_path / 'kirje'}" in told.stderr


def test_a_command_works_in_a_folder_though_that_of_its_start_is_gone(
    site: Site, tmp_path: Path
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    command = [sys.executable, "-P", "-m", "newsletter", "-C", str(site.root), "list", "--json"]

    told = subprocess.run(
        ["/bin/sh", "-c", 'rmdir "$0" && exec "$@"', str(gone), *command],
        cwd=gone,
        env=site.full_environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert told.returncode == 0, told.stderr
    assert "2026-06" in told.stdout
